"""Eight months of twenty simulated people; writes docs/eight-months.md.

``python -m benchmarks.eight_months``; with ``--print`` nothing is written.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from lift_monitor.clinic.store import Clinic
from lift_monitor.practice.course import SESSIONS, Course, SimulatedClock, run_course
from lift_monitor.practice.people import CLINICIAN, PEOPLE
from lift_monitor.practice.promises import Done, broken, working_days
from lift_monitor.programme.plan import ExerciseKind, Phase, PlanExercise
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.record import SetKind, Verdict
from lift_monitor.programme.rules import RULES
from lift_monitor.programme.shipped import PLANS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "eight-months.md"
SEEDS = (1, 2, 3)
LONG = 24
"""Sessions without any change of load that are told."""

_HEAD = f"""# Eight months, simulated

Made by `python -m benchmarks.eight_months`; do not edit by hand. Failures are included.

Twenty made-up people (`lift_monitor/practice/people.py`) go through all {SESSIONS} planned
sessions of 35 weeks: what is prescribed is lifted by a simulated body, stored, proposed on by the
rules {RULES.version}, and decided on by a simulated clinician who accepts most proposals and now
and then changes one to less, or rejects it. The bodies gain strength, tire, have good and bad
days, hurt, stay away; sensors fail. **This shows how the rules behave. It is no evidence of what
the programme does to people**: the bodies were made up by those who made up the rules.

What must hold all along (`lift_monitor/practice/promises.py`) is looked up in the record of every
course: a load rises by one step at most, never after a red flag, never on missing data; in training
it lies within the plan's band of the accepted maximum, within one plate step; nothing is done that
is barred or stopped; nothing changes without a decision; every proposal tells its facts, its rule
with its source, and what would have changed it.
"""

_LETTERS = {
    Action.STOP_AND_REFER: "X",
    Action.REFAMILIARISE: "r",
    Action.STEP_DOWN: "-",
    Action.HOLD: "=",
    Action.RETEST: "?",
    Action.STEP_UP: "+",
}


def run(seed: int) -> list[Course]:
    """Everybody's course in a clinic of its own."""
    with tempfile.TemporaryDirectory() as folder:
        clock = SimulatedClock()
        with Clinic.open(Path(folder) / "c.sqlite", now=clock, durable=False) as clinic:
            clinic.mark_simulated(CLINICIAN)
            return [run_course(clinic, clock, p, PLANS[p.plan], seed=seed) for p in PEOPLE]


def page(courses: Sequence[Course], others: Sequence[tuple[int, Sequence[Course]]]) -> str:
    """The whole page."""
    every = [(SEEDS[0], courses), *others]
    parts = [_HEAD, _promises(every), _standstills(every), "## Who, and what became of it\n"]
    parts += [_table(courses), _holds(courses), _strips(courses)]
    return "\n".join(parts)


def _promises(every: Sequence[tuple[int, Sequence[Course]]]) -> str:
    rows = []
    for seed, courses in every:
        found = [s for course in courses for s in broken(course, PLANS[course.person.plan])]
        proposals = sum(len(day.proposals) for c in courses for day in c.days)
        rows.append(
            f"* Chances {seed}: {len(courses)} courses, {proposals} proposals, "
            f"{len(found)} broken promises."
        )
        rows += [f"  * {sentence}" for sentence in found]
    return "## Promises\n\n" + "\n".join(rows) + "\n"


def _standstills(every: Sequence[tuple[int, Sequence[Course]]]) -> str:
    rows = [
        f"* Chances {seed}, {sentence}"
        for seed, courses in every
        for course in courses
        for sentence in _stuck(course)
    ]
    head = (
        f"## Standstills\n\nMore than {LONG} sessions in a row with a lift and without a proposal "
        "of anything but *hold* mean that the rules ask nobody a question; each is told. Two are "
        "meant: at the limit of a clearance only the clinician who set it can go on, and who never "
        "says how hard a set was is never given more by a rule.\n\n"
    )
    return head + ("\n".join(rows) or "* None.") + "\n"


def _stuck(course: Course) -> Iterator[str]:
    for exercise in _lifts(course):
        longest, since, why = 0, 0, ""
        for day in course.days:
            mine = [p for p in day.proposals if p.exercise == exercise.key]
            done = any(s.new.exercise == exercise.key for s in day.sets)
            if any(p.action is not Action.HOLD for p in mine):
                since = 0
            elif done:
                since += 1
                if since > longest:
                    longest, why = since, mine[-1].headline if mine else ""
        if longest > LONG:
            yield f"{course.person.pseudonym}: {longest} sessions. Last: *{why}*"


def _table(courses: Sequence[Course]) -> str:
    rows = [
        (
            "Each lift: working load when training began (and in which session) → at the end; the "
            "accepted one-repetition maximum at both times; and in brackets the true one of the "
            "simulated body on an ordinary day, which nobody in the course knows.\n"
        ),
        "| person | came | deadlift | back squat | overhead press | impacts |",
        "|---|---|---|---|---|---|",
    ]
    for course in courses:
        plan = PLANS[course.person.plan]
        lifts = {e.key: _lift_cell(course, e) for e in _lifts(course)}
        impacts = [_impact_cell(course, e) for e in plan.exercises if e.kind is ExerciseKind.IMPACT]
        cells = [lifts.get(key, "–") for key in ("deadlift", "back_squat", "overhead_press")]
        rows.append(
            f"| **{course.person.pseudonym}.** {course.person.story} | {course.attended} | "
            + " | ".join([*cells, *(impacts or ["–"])])
            + " |"
        )
    return "\n".join(rows) + "\n"


def _lift_cell(course: Course, exercise: PlanExercise) -> str:
    done = [d for d in working_days(course, exercise.key) if d.working]
    training = [d for d in done if d.stood.phase is Phase.TRAINING]
    assert exercise.measured_as is not None
    first = course.person.gift.maximum_kg(exercise.measured_as)
    true = f"({first:.0f} → {course.strength_kg[exercise.measured_as]:.0f})"
    if not done:
        return "not done"
    if not training:
        return f"{done[0].top_kg:g} → {done[-1].top_kg:g} kg, never training {true}"
    return f"{_load(training[0])} (session {training[0].day.number}) → {_load(done[-1])} {true}"


def _load(done: Done) -> str:
    accepted = done.stood.maximum_kg
    return f"{done.top_kg:g} kg" + (f" of {accepted:.0f}" if accepted is not None else "")


def _impact_cell(course: Course, exercise: PlanExercise) -> str:
    done = working_days(course, exercise.key)
    if not done:
        return "not done"
    landings = sum(s.landings or 0 for d in done for s in d.sets)
    return f"rung {done[0].rung + 1} → {done[-1].rung + 1} of {len(exercise.ladder)}, {landings}"


def _holds(courses: Sequence[Course]) -> str:
    actions: Counter[Action] = Counter()
    rules: Counter[tuple[str, str]] = Counter()
    verdicts: Counter[Verdict] = Counter()
    for course in courses:
        lifts = {e.key for e in _lifts(course)}
        for day in course.days:
            for proposal in day.proposals:
                if proposal.exercise in lifts:
                    actions[proposal.action] += 1
                    rules[proposal.action.value, proposal.rule.key] += 1
            verdicts.update(d.verdict for d in day.decisions if d.action)
    told = ", ".join(f"{a.value.replace('_', ' ')} {n}" for a, n in actions.most_common())
    said = ", ".join(f"{v.value} {n}" for v, n in verdicts.most_common())
    rows = ["| proposal | rule | times |", "|---|---|---|"]
    rows += [f"| {a.replace('_', ' ')} | {key} | {n} |" for (a, key), n in rules.most_common()]
    return (
        f"## What was proposed\n\nFor lifts: {told}. What the clinician said: {said}.\n\n"
        + "\n".join(rows)
        + "\n"
    )


def _strips(courses: Sequence[Course]) -> str:
    parts = [
        (
            "## Session by session\n\nPhase (F familiarisation, T training, ? re-test, R return), "
            "working load in kg (of a re-test: its test sets), and the proposal: `+` step up, `=` "
            "hold, `-` step down, `?` re-test, `r` return, `X` stop. `.` did not come, `b` is "
            "blocked.\n"
        )
    ]
    for course in courses:
        parts.append(f"### {course.person.pseudonym}\n\n{course.person.story}\n\n```")
        for exercise in _lifts(course):
            strip = " ".join(_mark(course, exercise.key, n) for n in range(len(course.days)))
            parts.append(f"{exercise.name}\n{_folded(strip)}")
        parts.append("```\n")
    return "\n".join(parts)


def _mark(course: Course, exercise: str, index: int) -> str:
    day = course.days[index]
    said = "".join(_LETTERS[p.action] for p in day.proposals if p.exercise == exercise)
    done = [
        s.new for s in day.sets if s.new.exercise == exercise and s.new.kind is not SetKind.WARM_UP
    ]
    if not day.attended:
        return "." + said
    if not done:
        return "b" + said
    stood = next(s for s in day.stood if s.exercise == exercise)
    tests = [f"{s.load_kg:g}" for s in done if s.kind is SetKind.TEST]
    load = "/".join(tests) or f"{done[-1].load_kg:g}"
    phase = "?" if stood.phase is Phase.RETEST else stood.phase.value[0].upper()
    return f"{phase}{load}{said}"


def _folded(strip: str, width: int = 96) -> str:
    lines, line = [], ""
    for word in strip.split():
        if len(line) + len(word) + 1 > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return "\n".join(f"  {each}" for each in [*lines, line])


def _lifts(course: Course) -> list[PlanExercise]:
    plan = PLANS[course.person.plan]
    return [e for e in plan.exercises if e.kind is ExerciseKind.LIFT]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="write nothing")
    wanted = parser.parse_args()
    first = run(SEEDS[0])
    text = page(first, [(seed, run(seed)) for seed in SEEDS[1:]])
    if wanted.print:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
