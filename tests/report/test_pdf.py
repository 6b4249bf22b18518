"""The PDF itself: accessible, the same bytes again, and whole or not there."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import typst

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Identity
from lift_monitor.programme.shipped import HOME
from lift_monitor.report.data import Period, ReportData
from lift_monitor.report.errors import ReportError
from lift_monitor.report.gather import gather
from lift_monitor.report.page import page
from lift_monitor.report.pdf import pdf_of, pictures, printable_document, write_pdf
from tests.report import scenes

DAY = date(2026, 6, 1)


def unpacked(pdf: bytes) -> bytes:
    """The PDF with its streams inflated."""
    parts = [pdf]
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(match.group(1)))
        except zlib.error:
            continue
    return b"\n".join(parts)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", unpacked(pdf)))


def test_it_is_an_accessible_pdf() -> None:
    pdf = pdf_of(scenes.full())
    raw = unpacked(pdf)
    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfuaid:part" in raw
    assert b"/StructTreeRoot" in raw
    assert re.search(rb"/Lang\s*\(en", raw)
    assert len(re.findall(rb"/Alt\b", raw)) >= 12
    assert len(re.findall(rb"/TH\b", raw)) >= 20
    for level in (b"/H1", b"/H2", b"/H3"):
        assert level in raw


def test_eight_months_fit_on_two_to_four_pages() -> None:
    assert 2 <= pages(pdf_of(scenes.full())) <= 4


def test_the_same_data_give_the_same_bytes_in_another_process(repository: Path) -> None:
    here = hashlib.sha256(pdf_of(scenes.full())).hexdigest()
    code = (
        "import hashlib, sys; sys.path.insert(0, '.');"
        "from tests.report import scenes; from lift_monitor.report.pdf import pdf_of;"
        "print(hashlib.sha256(pdf_of(scenes.full())).hexdigest())"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=repository,
        env={"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == here


def test_another_day_of_writing_is_another_document() -> None:
    data = scenes.full()
    later = replace(data, head=replace(data.head, written_on=date(2026, 11, 1)))
    assert pdf_of(later) != pdf_of(data)


def test_hostile_words_are_set_as_they_are_and_stay_within_the_page() -> None:
    assert pages(pdf_of(scenes.hostile())) > 1
    for picture in pictures(scenes.hostile(), 60):
        assert _right_margin_is_white(picture)


@pytest.mark.parametrize(
    "words", ['#panic("run")', '#read("/etc/passwd")', "$ #x $", "*", "`", "\\", "]", "<a>", "@b"]
)
def test_nothing_typed_becomes_a_command(words: str) -> None:
    data = scenes.full(name=f"Heron {words}", identity=Identity(words, None, words, words))
    changed = replace(data, words=words, head=replace(data.head, written_by=words, plan=words))
    assert pdf_of(changed).startswith(b"%PDF")


@pytest.mark.parametrize(
    "letters",
    ["Ελένη Жанна Łucja Đặng", "שלום", "مرحبا", "张伟", "😀👩‍👩‍👧", "\x00\x1b[0m\u202e", "\ud800"],
)
def test_any_letters_can_be_asked_for(letters: str) -> None:
    assert pdf_of(scenes.full(name=f"Heron {letters}")).startswith(b"%PDF")


def test_a_name_of_two_hundred_letters_stays_within_the_page() -> None:
    (first, *_) = pictures(scenes.full(name="W" * 60, identity=Identity("W" * 200)), 60)
    plain, *_ = pictures(scenes.full(), 60)
    # The margins of both are white: nothing runs over the edge.
    assert first.startswith(b"\x89PNG")
    assert _right_margin_is_white(first)
    assert _right_margin_is_white(plain)


def test_people_of_whom_little_is_known_have_a_report(
    clinic: Clinic, newcomer: int, heron: int
) -> None:
    nothing = gather(clinic, newcomer, day=DAY)
    assert pages(pdf_of(nothing)) >= 1
    one = gather(clinic, heron, date(2026, 3, 2), date(2026, 3, 2), day=DAY)
    assert len(one.attendance.attended) == 1
    assert pages(pdf_of(one)) >= 1
    before = gather(clinic, heron, date(2025, 1, 1), date(2025, 2, 1), day=DAY)
    assert pages(pdf_of(before)) >= 1


@pytest.mark.parametrize("days", [0, 1, 27, 60, 400, 4000])
def test_any_length_of_period_is_drawn(days: int) -> None:
    data = scenes.full()
    end = date.fromordinal(scenes.START.toordinal() + days)
    head = replace(data.head, period=Period(scenes.START, end))
    assert pdf_of(_within(replace(data, head=head))).startswith(b"%PDF")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    write_pdf(scenes.full(), out)
    assert out.read_bytes() == pdf_of(scenes.full())
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]
    with pytest.raises(ReportError, match="cannot be written"):
        write_pdf(scenes.full(), tmp_path / "no" / "such" / "folder.pdf")


def _within(data: ReportData) -> ReportData:
    holds = data.head.period.holds
    return replace(
        data,
        attendance=replace(
            data.attendance,
            attended=tuple(d for d in data.attendance.attended if holds(d)),
            missed=tuple(m for m in data.attendance.missed if holds(m.day)),
        ),
        lifts=tuple(
            replace(
                c,
                points=tuple(p for p in c.points if holds(p.day)),
                maxima=tuple(m for m in c.maxima if m.day <= data.head.period.end),
                accepted=tuple(a for a in c.accepted if a.day <= data.head.period.end),
            )
            for c in data.lifts
        ),
        technique=tuple(s for s in data.technique if holds(s.start)),
        impacts=tuple(p for p in data.impacts if holds(p.day)),
    )


def _right_margin_is_white(png: bytes) -> bool:
    """Whether the last 12 mm of a page are empty, by Qt's own reader."""
    from PySide6.QtGui import QImage

    image = QImage.fromData(png)
    edge = round(image.width() * (1 - 12 / 210))
    return all(
        image.pixelColor(x, y).lightness() > 250
        for x in range(edge, image.width(), 2)
        for y in range(0, image.height(), 2)
    )


def test_the_typesetter_has_nothing_to_warn_of(repository: Path) -> None:
    report = repository / "lift_monitor" / "report"
    document, _ = printable_document(page(scenes.full()))
    _, warnings = typst.compile_with_warnings(
        (report / "template.typ").read_bytes(),
        font_paths=typst.Fonts(
            include_system_fonts=False, font_paths=[str(report.parent / "ui" / "fonts")]
        ),
        sys_inputs={"data": json.dumps(document)},
    )
    assert [warning.message for warning in warnings] == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
def test_a_full_disk_leaves_the_old_file_and_one_sentence(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    out.write_bytes(b"the old one")
    code = (
        "import resource, signal, sys; from pathlib import Path; sys.path.insert(0, '.');"
        "from tests.report import scenes; from lift_monitor.report.errors import ReportError;"
        "from lift_monitor.report.pdf import write_pdf\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "try:\n    write_pdf(scenes.full(), Path(sys.argv[1]))\n"
        "except ReportError as error:\n    print(error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(out)],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cannot be written" in told.stdout
    assert len(told.stdout.strip().splitlines()) == 1
    assert out.read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]


def test_a_plan_without_lifts_has_a_report(clinic: Clinic, newcomer: int) -> None:
    clinic.plans.set(newcomer, HOME, "K. Lind", "at home")
    data = gather(clinic, newcomer, day=DAY)
    assert data.lifts == ()
    document = json.dumps(page(data))
    assert "The plan has no lifts." in document
    assert "No lifts" in document
    assert pages(pdf_of(data)) >= 1
