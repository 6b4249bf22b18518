"""Steps of a lift when nothing speaks against one: learning, training, and the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from lift_monitor.programme import say
from lift_monitor.programme.draft import Draft
from lift_monitor.programme.lift_case import NOISE_KG, LiftCase, kept
from lift_monitor.programme.plan import Learning, Phase
from lift_monitor.programme.plates import loadable
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.reasons import to_do, would_hold, would_rise
from lift_monitor.programme.told import told


def base_draft(case: LiftCase) -> Draft:
    """What is proposed if no careful rule applies.

    A step if all conditions are met, else hold. A maximum that does not hold any more is found
    anew also where a step is not due, if only the effort speaks against one: on a plateau too.
    """
    if case.seen.good:
        return _step(case)
    step = _step(case)
    left, hard = case.seen.open(), case.seen.hard
    if step.action is Action.RETEST and _long_ago(case) and case.seen.testable:
        stands = f"With a maximum that holds: hold {say.load(case.load_kg)}, {left[0].lacking}."
        return replace(step, would_change=(stands, *step.would_change[1:]))
    return _draft(
        case,
        Action.HOLD,
        "too_hard_once" if hard else "not_all_met",
        ", ".join(sign.text for sign in hard) if hard else left[0].lacking,
        (
            *would_rise(left, told(case.planned, _step(_all_met(case)), case.load_kg)),
            *to_do(left, case.seen.unknown_for),
        ),
        doubts=case.seen.doubts(),
    )


def _all_met(case: LiftCase) -> LiftCase:
    """The case as if the last session had been clean, or one more done if there is none."""
    stand = case.stand
    if case.seen.judged:
        stand = replace(stand, clean_in_a_row=stand.clean_if_last)
    else:
        stand = replace(
            stand,
            learned_sessions=stand.learned_sessions + 1,
            clean_in_a_row=stand.clean_in_a_row + 1,
        )
    return replace(case, stand=stand)


def _long_ago(case: LiftCase) -> bool:
    """Whether the maximum was not even tried to be measured for as long as one holds."""
    tried, last = case.known.tried, case.away.last
    if tried is None or last is None:
        return True
    return last - tried > timedelta(weeks=case.plan.retest_weeks)


def _step(case: LiftCase) -> Draft:
    """What the phase has next, as if all conditions were met."""
    known, learning = case.known, case.planned.learning
    if known.kg is not None and case.load_kg > max(0.0, case.high_kg(known.kg) + NOISE_KG):
        if case.phase is Phase.FAMILIARISATION and not _gate_open(case):
            return _gate(case)
        if case.share_binds:
            return _within_cap(case, known.kg)
        return _anew(
            case,
            ("top_of_band", "retest_top"),
            f"the maximum is only known to be at least {say.mass(known.kg)}",
            "With a set to the last clean repetition the maximum would have been known.",
        )
    if case.phase is Phase.FAMILIARISATION and learning is not None:
        return _learning_step(case, learning)
    if case.phase is Phase.RETURN:
        return _return_step(case)
    return _training_step(case)


def _learning_step(case: LiftCase, learning: Learning) -> Draft:
    known, ready = case.known, _gate_open(case)
    done = case.stand.learned_sessions >= case.plan.gate.sessions
    maximum_kg = case.lead_kg
    entry = None if maximum_kg is None else case.entry_kg(maximum_kg)
    if maximum_kg is not None and entry is not None:
        if entry <= 0.0:
            return _too_weak(case, maximum_kg)
        if case.load_kg < entry - NOISE_KG and case.above(learning.step_kg, None) is None:
            return _no_step(case, learning.step_kg)
    if done and not known.holds and (case.load_kg > 0.0 or not ready):
        if ready:
            return _retest(
                case,
                "retest_gate",
                f"the gate is open, {known.lapsed}",
                "With a maximum that holds: loads go on by it.",
            )
        return _gate(case)
    if maximum_kg is None or entry is None:
        up = case.above(learning.step_kg, None)
        if up is None:
            return _no_step(case, learning.step_kg)
        return _up(case, up, Phase.FAMILIARISATION, case.accepted_kg, "step_learning")
    if known.kg is None or not known.holds or not ready:
        # Below the band until the gate is open.
        up = case.above(learning.step_kg, case.low_kg(maximum_kg) - 2.0 * NOISE_KG)
        if up is None and ready:
            return _no_test(case)
        if up is None:
            return _gate(case)
        return _up(case, up, Phase.FAMILIARISATION, case.accepted_kg, "step_learning")
    if case.load_kg >= entry - NOISE_KG:
        return _enter(case, case.load_kg, known.kg, "enter_training")
    up = case.above(learning.step_kg, entry)
    if up is None:
        return _no_step(case, learning.step_kg)
    if up >= entry - NOISE_KG:
        return _enter(case, up, known.kg, "enter_training")
    return _up(case, up, Phase.FAMILIARISATION, case.accepted_kg, "step_learning")


def _return_step(case: LiftCase) -> Draft:
    known, step = case.known, case.planned.step_kg
    maximum_kg = case.lead_kg
    if maximum_kg is None:
        return _retest_old(case)
    entry = case.entry_kg(maximum_kg)
    if entry <= 0.0:
        return _too_weak(case, maximum_kg)
    reached = case.load_kg >= entry - NOISE_KG
    up = case.load_kg if reached else case.above(step, entry)
    if up is None:
        return _no_step(case, step)
    if up < entry - NOISE_KG:
        return _up(case, up, Phase.RETURN, case.accepted_kg, "step_return")
    if known.kg is None or not known.holds:
        return _retest_old(case)
    return _enter(case, up, known.kg, "resume_training")


def _training_step(case: LiftCase) -> Draft:
    known, step = case.known, case.planned.step_kg
    if known.kg is None:
        return _retest_old(case)
    free = case.above(step, None)
    up = case.above(step, case.high_kg(known.kg))
    if free is None:
        return _no_step(case, step)
    if up is None:
        return _top(case, known.kg, free)
    if not known.holds:
        return _retest_old(case)
    accepted = case.accepted_kg or known.kg
    reach = kept(up * 100.0 / case.band.low_pct)
    return _up(case, up, Phase.TRAINING, min(known.kg, max(accepted, reach)), "step_training")


def _top(case: LiftCase, known_kg: float, next_kg: float) -> Draft:
    """At the top of the band: find the maximum anew, but not too often."""
    passing = f"{say.kg(next_kg)} would pass {case.band.high_pct:g} % of {say.mass(known_kg)}"
    enough = say.enough(next_kg * 100.0 / case.band.high_pct)
    change = f"With a measured maximum of {enough} or more: step up to {say.kg(next_kg)}."
    return _anew(case, ("top_of_band", "retest_top"), passing, change)


def _too_weak(case: LiftCase, maximum_kg: float) -> Draft:
    """No bar is light enough for the band: the maximum has to grow first."""
    lightest = min(case.plan.rack.bars_kg, default=0.0)
    needed = say.enough(lightest * 100.0 / case.band.high_pct)
    return _anew(
        case,
        ("no_smaller_step", "retest_top"),
        f"the lightest bar is above the band of {say.mass(maximum_kg)}",
        f"With a measured maximum of {needed} or more, or a lighter bar: step up.",
    )


def _no_test(case: LiftCase) -> Draft:
    """No bar is below the band, and without one the maximum cannot be found anew."""
    return _draft(
        case,
        Action.HOLD,
        "no_smaller_step",
        f"{case.known.lapsed or 'the maximum is in doubt'}, and without a bar it cannot be found",
        ("With a maximum entered by the clinician, or a lighter bar: loads go on by it.",),
    )


def _anew(case: LiftCase, rules: tuple[str, str], because: str, change: str) -> Draft:
    """Hold while the last measurement is young, then find the maximum anew."""
    again = timedelta(days=case.rules.retest_again_days.value)
    newest, last = case.known.newest, case.away.last
    if case.load_kg <= 0.0:  # nothing can be tested without a bar
        return _draft(case, Action.HOLD, rules[0], because, (change,))
    if newest is not None and last is not None and last - newest < again:
        later = f"From {say.day(newest + again)} on: find the maximum anew."
        return _draft(case, Action.HOLD, rules[0], because, (change, later))
    return _retest(case, rules[1], because, change)


def _retest_old(case: LiftCase) -> Draft:
    weeks = case.plan.retest_weeks
    return _retest(
        case,
        "retest_old",
        case.known.lapsed,
        f"With a maximum of the last {weeks} weeks, and no long absence since: loads go on by it.",
    )


def _retest(case: LiftCase, rule: str, because: str, would_change: str) -> Draft:
    hold = would_hold(case.seen.conditions, "no re-test")
    how = (
        ("Restricted: the test is a set of clean repetitions, not one maximal repetition.",)
        if case.restricted
        else ()
    )
    return _draft(case, Action.RETEST, rule, because, (would_change, *hold[:1], *how))


def _gate_open(case: LiftCase) -> bool:
    """Enough sessions were done, and the last ones were watched and clean."""
    stand, gate = case.stand, case.plan.gate
    enough = stand.learned_sessions >= gate.sessions
    return enough and stand.clean_in_a_row >= gate.clean_in_a_row


def _gate(case: LiftCase) -> Draft:
    stand, gate = case.stand, case.plan.gate
    left = []
    if stand.learned_sessions < gate.sessions:
        sessions = say.times(gate.sessions, "session")
        done = f"{stand.learned_sessions} of {sessions}"
        left.append((done, f"Needed: {sessions} with this exercise ({done} done)."))
    if stand.clean_in_a_row < gate.clean_in_a_row:
        clean = f"{stand.clean_in_a_row} of the last {gate.clean_in_a_row}"
        needed = f"Needed: the last {gate.clean_in_a_row} watched and clean ({clean} were)."
        left.append((f"{clean} clean", needed))
    both = "both" if len(left) > 1 else "this"
    return _draft(
        case,
        Action.HOLD,
        "gate",
        f"the gate is not open: {', '.join(short for short, _ in left)}",
        (*(needed for _, needed in left), f"With {both}: heavier loads may be proposed."),
    )


def _no_step(case: LiftCase, step_kg: float) -> Draft:
    above = case.load_kg + step_kg
    if case.cap_kg is not None and above > case.cap_kg:
        higher = f"With a higher cap in the clearance, or none: step up to {say.kg(above)} at most."
        because = f"the clearance allows {say.mass(case.cap_kg)}"
        if not case.share_binds:
            return _draft(case, Action.HOLD, "cap", because, (higher,))
        best = case.known.best
        found = f" of the maximum of {say.day(best.day)}" if best is not None else ""
        return _draft(case, Action.HOLD, "cap", f"{because}{found}", (higher, *_WITHIN_CAP))
    if case.load_kg >= max(loadable(case.plan.rack), default=0.0) > 0.0:
        more = ("With more plates in the rack: step up.",)
        return _draft(case, Action.HOLD, "no_smaller_step", "all plates are on the bar", more)
    return _draft(
        case,
        Action.HOLD,
        "no_smaller_step",
        f"the plates allow no step of {say.kg(step_kg)} or less",
        (
            "With smaller plates or a lighter bar in the rack: step up.",
            "With a larger step in the plan: step up.",
        ),
    )


def _within_cap(case: LiftCase, known_kg: float) -> Draft:
    """A good re-test under a cap says *at least*, and no re-test under it can say more."""
    shown = (
        f"a re-test under the cap of {case.cap_pct:g} % shows only at least {say.mass(known_kg)}"
    )
    return _draft(case, Action.HOLD, "cap", shown, _WITHIN_CAP)


_WITHIN_CAP: Final = (
    "With a higher maximum, entered by the clinician: loads go on by it.",
    "A re-test under the cap cannot show a higher one: the load holds until you decide otherwise.",
)


def _enter(case: LiftCase, load_kg: float, maximum_kg: float, rule: str) -> Draft:
    reach = kept(load_kg * 100.0 / case.band.low_pct)
    return _up(case, load_kg, Phase.TRAINING, min(maximum_kg, reach), rule)


def _up(case: LiftCase, load_kg: float, phase: Phase, maximum_kg: float | None, rule: str) -> Draft:
    return Draft(
        action=Action.STEP_UP,
        phase=phase,
        load_kg=load_kg,
        rung=None,
        maximum_kg=maximum_kg,
        rule=rule,
        because="training begins" if phase is Phase.TRAINING and phase is not case.phase else "",
        would_change=would_hold(case.seen.conditions, "no step up"),
    )


def _draft(
    case: LiftCase,
    action: Action,
    rule: str,
    because: str,
    would_change: tuple[str, ...],
    doubts: tuple[str, ...] = (),
) -> Draft:
    """A draft that leaves the load where it is."""
    return Draft(
        action=action,
        phase=Phase.RETEST if action is Action.RETEST else case.phase,
        load_kg=case.load_kg,
        rung=None,
        maximum_kg=case.accepted_kg,
        rule=rule,
        because=because,
        would_change=would_change,
        doubts=doubts,
    )
