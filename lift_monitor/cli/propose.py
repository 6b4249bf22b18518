"""``lift-monitor propose``: a person's history to proposals with their reasons."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from lift_monitor.cli.common import UserError, console, day_of, require_file

if TYPE_CHECKING:
    from lift_monitor.programme.proposal import Proposal
    from lift_monitor.programme.record import History

_MOST_BYTES: Final = 20_000_000


def propose(
    history: Annotated[
        Path, typer.Argument(metavar="HISTORY.json", help="A history as JSON (docs/programme.md).")
    ],
    day: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of the proposal; today if left.")
    ] = None,
    exercise: Annotated[
        str | None, typer.Option(metavar="KEY", help="Only this exercise of the plan.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Propose the next step for each exercise of a history, with its reasons; change nothing."""
    require_file(history)
    on = date.today() if day is None else day_of("--day", day)

    import lift_monitor
    from lift_monitor.programme.documents import DocumentError, to_document
    from lift_monitor.programme.history_json import history_from
    from lift_monitor.programme.progression import propose_all
    from lift_monitor.programme.rules import RULES

    data = _read(history)
    try:
        told = history_from(data)
    except DocumentError as error:
        raise UserError(f"{history}: {error}") from error
    _check_day(history, told, on)
    keys = [planned.key for planned in told.plan.exercises]
    if exercise is not None and exercise not in keys:
        raise UserError(f"--exercise {exercise} is not in the plan; there are {', '.join(keys)}.")
    found = [
        proposal
        for proposal in propose_all(told, on)
        if exercise is None or proposal.exercise == exercise
    ]
    if as_json:
        document = {
            "schema": 1,
            "software": {"version": lift_monitor.__version__},
            "rules_version": RULES.version,
            "day": on.isoformat(),
            "plan": {"key": told.plan.key, "version": told.plan.version},
            "proposals": [to_document(proposal) for proposal in found],
        }
        typer.echo(json.dumps(document, indent=1, allow_nan=False))
        return
    for proposal in found:
        _show(proposal)
    screen = console()
    screen.print(
        f"Rules {RULES.version}. These are proposals; a clinician decides.",
        markup=False,
        soft_wrap=True,
    )


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UserError(
                f"{path} is larger than {_MOST_BYTES // 1_000_000} MB; that is no history of one "
                "person."
            )
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text, object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is no text in UTF-8 (byte {error.start}); save it so.") from None
    except json.JSONDecodeError as error:
        raise UserError(
            f"{path} is no JSON: line {error.lineno}, column {error.colno}: {error.msg}; mend it."
        ) from None
    except _TwiceError as error:
        raise UserError(f"{path} {error}") from None
    except (RecursionError, ValueError):
        raise UserError(f"{path} is no history: it is nested too deeply or too large.") from None


class _TwiceError(ValueError):
    """A name stands twice in one object: of two facts one would be lost."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _TwiceError(f"names {twice[:40]!r} twice in one object; leave one of them.")
    return found


def _check_day(path: Path, told: History, on: date) -> None:
    from lift_monitor.programme.history_json import last_day

    last = last_day(told)
    if last is not None and last > on:
        raise UserError(
            f"{path} tells of {last.isoformat()}, after {on.isoformat()}; "
            f"give --day {last.isoformat()} or later."
        )


def _show(proposal: Proposal) -> None:
    screen = console()

    def line(text: str) -> None:
        screen.print(text, markup=False, soft_wrap=True)

    line(proposal.headline)
    line(f"  proposal: {proposal.action.value.replace('_', ' ')}")
    line(f"  rule: {proposal.rule.text} [{proposal.rule.source}]")
    for fact in proposal.facts:
        against = f" ({fact.limit})" if fact.limit else ""
        on = f", {fact.day.isoformat()}" if fact.day else ""
        line(f"  fact: {fact.name}: {fact.value}{against}{on}")
    for change in proposal.would_change:
        line(f"  otherwise: {change}")
    line(f"  confidence: {proposal.confidence.value}")
    for reason in proposal.confidence_reasons:
        line(f"    - {reason}")
    line("")
