"""Steps of a lift when nothing speaks against one: learning, training, and the way back."""

from __future__ import annotations

from datetime import timedelta

from lift_monitor.programme import say
from lift_monitor.programme.draft import Draft
from lift_monitor.programme.lift_case import NOISE_KG, LiftCase, kept
from lift_monitor.programme.plan import Learning, Phase
from lift_monitor.programme.proposal import Action
from lift_monitor.programme.reasons import would_hold, would_rise


def base_draft(case: LiftCase) -> Draft:
    """What is proposed if no careful rule applies.

    A step if all conditions are met, else hold. A maximum that does not hold any more is found
    anew also where a step is not due, if only the effort speaks against one: on a plateau too.
    """
    if case.seen.good:
        return _step(case)
    step = _step(case)
    if step.action is Action.RETEST and _long_ago(case) and case.seen.testable:
        return step
    left, hard = case.seen.open(), case.seen.hard
    return _draft(
        case,
        Action.HOLD,
        "too_hard_once" if hard else "not_all_met",
        ", ".join(sign.text for sign in hard) if hard else left[0].lacking,
        would_rise(left, _told(case, step)),
        doubts=case.seen.doubts(),
    )


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
                "With a maximum that holds: step up.",
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
    enough = say.mass(next_kg * 100.0 / case.band.high_pct)
    change = f"With a measured maximum of {enough} or more: step up to {say.kg(next_kg)}."
    return _anew(case, ("top_of_band", "retest_top"), passing, change)


def _too_weak(case: LiftCase, maximum_kg: float) -> Draft:
    """No bar is light enough for the band: the maximum has to grow first."""
    lightest = min(case.plan.rack.bars_kg, default=0.0)
    needed = say.mass(lightest * 100.0 / case.band.high_pct)
    return _anew(
        case,
        ("no_smaller_step", "retest_top"),
        f"the lightest bar is above the band of {say.mass(maximum_kg)}",
        f"With a measured maximum of {needed} or more, or a lighter bar: step up.",
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
        f"With a maximum measured within {weeks} weeks, and no long absence since: step up.",
    )


def _retest(case: LiftCase, rule: str, because: str, would_change: str) -> Draft:
    hold = would_hold(case.seen.conditions, f"hold {say.load(case.load_kg)}")
    return _draft(case, Action.RETEST, rule, because, (would_change, *hold[:1]))


def _gate_open(case: LiftCase) -> bool:
    """Enough sessions were done, and the last ones were watched and clean."""
    stand, gate = case.stand, case.plan.gate
    enough = stand.learned_sessions >= gate.sessions
    return enough and stand.clean_in_a_row >= gate.clean_in_a_row


def _gate(case: LiftCase) -> Draft:
    stand, gate = case.stand, case.plan.gate
    sessions = f"{stand.learned_sessions} of {say.times(gate.sessions, 'session')}"
    clean = f"{min(stand.clean_in_a_row, gate.clean_in_a_row)} of the last {gate.clean_in_a_row}"
    return _draft(
        case,
        Action.HOLD,
        "gate",
        f"the gate is not open: {sessions}, {clean} clean",
        (
            f"Needed: {say.times(gate.sessions, 'session')} with this exercise ({sessions} done).",
            f"Needed: the last {gate.clean_in_a_row} watched and clean ({clean} were).",
            "With both: heavier loads may be proposed.",
        ),
    )


def _no_step(case: LiftCase, step_kg: float) -> Draft:
    above = case.load_kg + step_kg
    if case.cap_kg is not None and above > case.cap_kg:
        best = case.known.best
        found = f" of the maximum of {say.day(best.day)}" if best is not None else ""
        return _draft(
            case,
            Action.HOLD,
            "cap",
            f"the clearance allows {say.mass(case.cap_kg)}{found}",
            (
                f"With a higher cap in the clearance, or none: step up to {say.kg(above)} at most.",
                "With a higher maximum, entered by the clinician: step up.",
                "A re-test under the cap cannot show a higher one.",
            ),
        )
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
        would_change=would_hold(case.seen.conditions, f"hold {say.load(case.load_kg)}"),
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


def _told(case: LiftCase, draft: Draft) -> str:
    """What would have been proposed, in a few words."""
    if draft.action is Action.STEP_UP:
        if draft.load_kg == case.load_kg:
            return f"training begins with {say.load(draft.load_kg)}"
        return f"step up to {say.load(draft.load_kg)}"
    if draft.action is Action.RETEST:
        return "find the one-repetition maximum"
    return f"hold all the same, {draft.because}"
