"""Every rule of progression in words, as proposals and the documentation show it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lift_monitor.programme.plan import DESIGN_DEFAULT, PlanExercise
from lift_monitor.programme.proposal import Rule
from lift_monitor.programme.rules import RULES, ProgressionRules

_HOUSE: Final = "rule of this program: the software proposes, the clinician decides"
_MISSING: Final = "rule of this program: missing data never speaks for more load"
_BAND: Final = "band"

_WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "stop": (
            (
                "Sudden new back pain, a serious adverse event or a new fracture stops every "
                "exercise, pain of {pain_stop:g} or more the exercise in which it was felt "
                "({impact_pain_stop:g} during impacts), until a clinician decides with a "
                "reason how to go on."
            ),
            DESIGN_DEFAULT,
        ),
        "barred": ("What the clearance bars is not done.", _HOUSE),
        "free": (
            "Exercises with body weight or small weights are not progressed by number.",
            _HOUSE,
        ),
        "undecided": ("Without a decided load there is nothing to change.", _HOUSE),
        "cap": ("The load stays under the cap of the clearance.", DESIGN_DEFAULT),
        "absence": (
            (
                "After {away_days:g} days without the exercise it goes on with {away_pct:g} %"
                " less, after {away_long_days:g} with {away_long_pct:g} % less and a new "
                "maximum, after {away_very_long_days:g} it is learnt again with "
                "{away_very_long_pct:g} % less."
            ),
            DESIGN_DEFAULT,
        ),
        "maximum_lower": (
            "When a new maximum is lower, the load goes down into the band of it.",
            _BAND,
        ),
        "maximum_doubted": (
            (
                "A maximum that is likely a slip of the pen raises nothing until a clinician has "
                "confirmed it with a reason, or has entered another."
            ),
            DESIGN_DEFAULT,
        ),
        "too_hard_twice": (
            (
                "{sessions_down:g} sessions in a row that were too hard lower the load: by "
                "{down_pct:g} % after too much effort, by {down_technique_pct:g} % after pain or "
                "red flags, in familiarisation by one learning step. Too hard is: less than "
                "{enough_pct:g} % of the repetitions wanted that day, effort of {rpe_hard:g} or "
                "more, velocity loss above {loss_hard_pct:g} % in any set, red flags in "
                "{red_many:g} repetitions or more, pain of {pain_hold:g} or more."
            ),
            DESIGN_DEFAULT,
        ),
        "too_hard_once": ("One session that was too hard holds the load.", DESIGN_DEFAULT),
        "not_all_met": (
            "The load rises only if every condition is met and known; else it holds.",
            _MISSING,
        ),
        "step_learning": (
            (
                "In familiarisation one clean and complete session, with an effort within the"
                " plan's limit, allows one learning step."
            ),
            DESIGN_DEFAULT,
        ),
        "enter_training": (
            (
                "When the gate is open and the load reaches the band of the measured maximum,"
                " training begins."
            ),
            _BAND,
        ),
        "gate": (
            (
                "Loads of the band wait until enough sessions were done and the last ones "
                "were watched and clean."
            ),
            DESIGN_DEFAULT,
        ),
        "retest_gate": (
            (
                "When the gate is open, the one-repetition maximum is found before the load "
                "rises further."
            ),
            DESIGN_DEFAULT,
        ),
        "step_training": (
            (
                "In training {sessions_up:g} sessions in a row at one load allow one step: "
                "all repetitions, watched without a red flag, effort of at most "
                "{highest_rpe:g}, velocity loss of at most {highest_loss_pct:g} % in the middle "
                "set, pain below {pain_hold:g}; the load stays in the band of the maximum, "
                "which is accepted no further than the step reaches."
            ),
            _BAND,
        ),
        "retest_old": (
            (
                "A maximum that does not hold any more (older than the plan's weeks, or from "
                "before a long absence) is found anew before the load rises, and on a plateau: "
                "where only the effort speaks against a step up."
            ),
            DESIGN_DEFAULT,
        ),
        "retest_top": (
            (
                "Where the next load would pass the band, the maximum is found anew first, at"
                " the earliest {retest_again_days:g} days after the last time."
            ),
            _BAND,
        ),
        "top_of_band": (
            (
                "The load holds at the top of the band until the maximum may be found anew, "
                "{retest_again_days:g} days after the last time."
            ),
            _BAND,
        ),
        "no_smaller_step": (
            "The load holds where the plates allow no step as small as the plan's.",
            _HOUSE,
        ),
        "step_return": (
            (
                "After an absence one clean and complete session allows one step, until the "
                "band is reached again."
            ),
            DESIGN_DEFAULT,
        ),
        "resume_training": (
            "When the load reaches the band again, training goes on.",
            _BAND,
        ),
        "impact_up": (
            (
                "{impact_sessions_up:g} sessions in a row on one rung, with all landings and "
                "without any pain, allow the next rung: first more landings, then harder "
                "ones. Harder ones need every landing measured, none over the person's ceiling."
            ),
            DESIGN_DEFAULT,
        ),
        "impact_pain": (
            (
                "Pain during impacts lowers the rung; the lowest one is kept until a session is "
                "free of pain."
            ),
            DESIGN_DEFAULT,
        ),
        "impact_too_hard_twice": (
            "{sessions_down:g} sessions in a row that were too hard lower the rung.",
            DESIGN_DEFAULT,
        ),
        "impact_top": ("The highest rung is reached; it is kept.", DESIGN_DEFAULT),
        "impact_absence": (
            (
                "After {away_days:g} days without impacts they go on one rung lower, after "
                "{away_long_days:g} two, after {away_very_long_days:g} they begin anew."
            ),
            DESIGN_DEFAULT,
        ),
    }
)


def rule(key: str, rules: ProgressionRules = RULES, planned: PlanExercise | None = None) -> Rule:
    """A rule as it is told.

    Parameters
    ----------
    key
        One of :func:`keys`.
    rules
        Whose thresholds it names.
    planned
        The exercise that it is told of: where the rule keeps to its band, the band's source is
        named.
    """
    text, source = _WORDS[key]
    values = {name: threshold.value for name, threshold in rules.thresholds().items()}
    if source == _BAND:
        source = DESIGN_DEFAULT
        if planned is not None and planned.band is not None:
            source = f"band: {planned.source_of('band')}; the rest: {DESIGN_DEFAULT}"
    return Rule(key, text.format(**values), source)


def keys() -> tuple[str, ...]:
    """All rules."""
    return tuple(_WORDS)
