"""A simulated clinician: accepts most proposals, and says why where not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lift_monitor.programme.proposal import Action, Proposal
from lift_monitor.programme.record import Verdict

_CHANGES: Final = 0.04
_REJECTS: Final = 0.02
_CAUTION: Final = (
    "slept badly, stays where it is today",
    "wants one more session to feel sure",
    "the last repetitions looked hurried",
)
_REFUSALS: Final = (
    "long journey tomorrow, nothing new today",
    "asked to leave it as it is",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the clinician says to a proposal."""

    verdict: Verdict
    load_kg: float | None = None
    """Where the load is changed."""
    rung: int | None = None
    reason: str = ""


def answer(proposal: Proposal, rng: np.random.Generator) -> Answer:
    """Answer a proposal: a step up now and then with less or with no; all else is accepted.

    The clinician never asks for more than what is proposed.
    """
    if proposal.action is not Action.STEP_UP:
        return Answer(Verdict.ACCEPTED)
    roll = float(rng.random())
    if roll < _CHANGES:
        reason = _CAUTION[int(rng.integers(len(_CAUTION)))]
        return Answer(
            Verdict.CHANGED, load_kg=proposal.load_before_kg, rung=proposal.rung_before,
            reason=reason,
        )  # fmt: skip
    if roll < _CHANGES + _REJECTS:
        return Answer(Verdict.REJECTED, reason=_REFUSALS[int(rng.integers(len(_REFUSALS)))])
    return Answer(Verdict.ACCEPTED)
