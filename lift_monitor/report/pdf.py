"""A page as PDF/UA: accessible, and the same bytes for the same data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import typst

from lift_monitor.recordings.atomic import atomic_path
from lift_monitor.report.blocks import clean
from lift_monitor.report.data import ReportData
from lift_monitor.report.errors import ReportError
from lift_monitor.report.page import page

UNPRINTABLE: Final = "▯"
"""Stands for a character that no typeface at hand has."""
_NOTE: Final = (
    "The sign ▯ stands for a character that no typeface of this computer has; "
    "the records hold it unchanged."
)
_PROBE: Final = b"""
#set document(title: "probe")
#set text(font: ("Inter",), lang: "en")
#json(bytes(sys.inputs.data)).join(" ")
"""


def write_pdf(data: ReportData, out: Path) -> None:
    """Write a report as PDF/UA-1.

    Parameters
    ----------
    data : ReportData
    out : Path
        Written whole or not at all; a file that exists is replaced.

    Raises
    ------
    ReportError
        If the page cannot be set or the file cannot be written.
    """
    pdf = pdf_of(data)
    try:
        with atomic_path(out) as part:
            part.write_bytes(pdf)
    except OSError as error:
        raise ReportError(
            f"{out} cannot be written ({error.strerror or error}); "
            "check the folder and the room on the disk."
        ) from None


def pdf_of(data: ReportData) -> bytes:
    """The report as the bytes of a PDF.

    The same data give the same bytes; the document's date is the day on which the report was
    written, as the data say.

    Raises
    ------
    ReportError
        If the page cannot be set.
    """
    pdf = _compile(data, "pdf")
    assert isinstance(pdf, bytes)
    return pdf


def pictures(data: ReportData, ppi: float = 144.0) -> tuple[bytes, ...]:
    """The report's pages as PNG: to look at, and for the documentation.

    At two pixels a point charts keep their letters; at a broken number some would lose a stroke.
    """
    made = _compile(data, "png", ppi)
    return tuple(made) if isinstance(made, list) else (made,)


def _compile(data: ReportData, form: typst.OutputFormat, ppi: float = 144.0) -> bytes | list[bytes]:
    document, system_fonts = printable_document(page(data))
    written = datetime.combine(data.head.written_on, time(12), tzinfo=UTC)
    template = resources.files("lift_monitor.report") / "template.typ"
    compiler = typst.Compiler(
        template.read_bytes(),
        font_paths=_fonts(system_fonts=system_fonts),
        sys_inputs={"data": json.dumps(document, ensure_ascii=False, sort_keys=True)},
    )
    try:
        made = compiler.compile(
            format=form,
            ppi=ppi,
            pdf_standards=["ua-1"] if form == "pdf" else [],
            timestamp=written,
        )
    except typst.TypstError as error:
        raise ReportError(
            f"The report cannot be set ({error.message}); please report it."
        ) from error
    if made is None:
        raise ReportError(
            "The report cannot be set (the typesetter gave nothing); please report it."
        )
    return made


def printable_document(document: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """Replace what cannot be printed; say so in the document.

    Returns
    -------
    tuple
        The document, and whether the typefaces of this computer are needed for it. Without
        need they are left alone, so that all computers print the same.
    """
    cleaned: dict[str, Any] = clean(document)
    unusual = {c for c in _characters(cleaned) if not _usual(c)}
    missing = _unprintable(unusual, system_fonts=False)
    if not missing:
        return cleaned, False
    lacking = _unprintable(missing, system_fonts=True)
    if lacking:
        cleaned = _replaced(cleaned, lacking)
        cleaned["sections"][-1]["blocks"].append({"type": "text", "text": _NOTE, "muted": True})
    return cleaned, lacking != missing


def _usual(character: str) -> bool:
    """Letters of Latin, Greek and Cyrillic, and what the report itself is made of."""
    return character in _OWN or " " <= character <= "~" or "\u00a1" <= character <= "\u017f"


_OWN: Final = frozenset("\n\u00a0\u200b\u200e\u202f–—−→…±≥≤×’‘“”°▯")


def _characters(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield from value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _characters(item)
    elif isinstance(value, list):
        for item in value:
            yield from _characters(item)


def _unprintable(characters: Iterable[str], *, system_fonts: bool) -> frozenset[str]:
    """Those that the typefaces lack: asked of the typesetter itself, by halves."""
    ordered = sorted(characters)
    if not ordered or _prints("".join(f"{c} " for c in ordered), system_fonts=system_fonts):
        return frozenset()
    if len(ordered) == 1:
        return frozenset(ordered)
    half = len(ordered) // 2
    return _unprintable(ordered[:half], system_fonts=system_fonts) | _unprintable(
        ordered[half:], system_fonts=system_fonts
    )


@cache
def _prints(characters: str, *, system_fonts: bool) -> bool:
    try:
        typst.compile(
            _PROBE,
            font_paths=_fonts(system_fonts=system_fonts),
            sys_inputs={"data": json.dumps(characters.split(" "))},
            pdf_standards=["ua-1"],
            timestamp=datetime(2000, 1, 1, tzinfo=UTC),
        )
    except typst.TypstError:
        return False
    return True


def _replaced(value: Any, lacking: frozenset[str]) -> Any:
    if isinstance(value, str):
        return "".join(UNPRINTABLE if c in lacking else c for c in value)
    if isinstance(value, dict):
        return {key: _replaced(item, lacking) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, lacking) for item in value]
    return value


@cache
def _fonts(*, system_fonts: bool) -> typst.Fonts:
    """The program's typeface and the typesetter's own; those of the computer if asked for."""
    own = resources.files("lift_monitor") / "ui" / "fonts"
    return typst.Fonts(include_system_fonts=system_fonts, font_paths=[str(own)])
