"""A monkey at the window of a clinic: it presses, types and lifts at random, on fixed seeds.

Whatever it does, nothing is raised, Escape leads out, the audit only grows, and a set goes to
the person and the exercise that it was told for.
"""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from shutil import copyfile
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from lift_monitor.clinic.store import Clinic
from lift_monitor.clinic.words import Person
from lift_monitor.events import RepetitionCompleted, SetEnded, SetStarted
from lift_monitor.practice.demo import demo_clinic, demo_people, start_before
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.station import Mode, StationConfig
from lift_monitor.ui.clinic_window import ClinicWindow
from lift_monitor.ui.people.people_table import PeopleTable
from lift_monitor.ui.report_desk import ReportWish
from lift_monitor.ui.session import LiveSetup, LoadedSession, SessionChoice
from tests.ui import scenes
from tests.ui.desk import desk

W = TypeVar("W", bound=QWidget)

STEPS = 60
KEYS = (
    *(Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Up),
    *(Qt.Key.Key_Delete, Qt.Key.Key_PageDown, Qt.Key.Key_S, Qt.Key.Key_P, Qt.Key.Key_V),
    *(Qt.Key.Key_M, Qt.Key.Key_Q, Qt.Key.Key_B, Qt.Key.Key_Z, Qt.Key.Key_E),
)
TEXTS = ("", "0", "-1", "12", "62.5", "1e9", "nan", "2026-11-22", "left knee", "🏋🦴" * 9, "A" * 400)
WANTED = ("Begin", "Accept", "End", "Store", "Go on", "Confirm", "Keep", "Decide", "Reasons")


@pytest.fixture(scope="module")
def practised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic of two simulated people in the middle of their programme."""
    path = tmp_path_factory.mktemp("practised") / "clinic.sqlite"
    demo_clinic(path, people=demo_people(2), sessions=8, start=start_before(date.today(), 8))
    return path


@pytest.fixture
def clinic(practised: Path, tmp_path: Path) -> Iterator[Clinic]:
    copyfile(practised, tmp_path / "clinic.sqlite")
    with Clinic.open(tmp_path / "clinic.sqlite", durable=False) as opened:
        yield opened


class Monkey:
    """Does one thing after another."""

    def __init__(self, clinic: Clinic, path: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.path = path
        self.did: list[str] = []
        self.feed: scenes.ScriptedFeed | None = None
        self.now_s, self.told = 1.0, 0
        self.window = ClinicWindow(
            clinic,
            live=LiveSetup(desk("all_done"), self._begin),
            write_report=self._report,
            by="AB",
            reduce_motion=True,
        )
        self.audit, self.sets, self.decisions = self._counts()

    def _begin(self, choice: SessionChoice) -> LoadedSession:
        config = StationConfig(
            choice.exercise,
            alias=choice.alias,
            load_kg=choice.load_kg,
            body_mass_kg=choice.body_mass_kg,
            impact_band=choice.impact_band,
            flag_rules=choice.flag_rules,
        )
        self.feed = scenes.ScriptedFeed(Mode.SIMULATED, config)
        return LoadedSession(self.feed)

    @staticmethod
    def _report(_whose: Person, _wish: ReportWish, path: Path, _by: str) -> Path:
        raise ValueError(f"{path.name} cannot be written; choose another folder.")

    # -- what it does -----------------------------------------------------------------------------

    def act(self) -> None:
        """Do one thing."""
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            self._note(f"Escape from {type(dialog).__name__}")
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            assert not dialog.isVisible(), "Escape leads out of every dialog"
            return
        deeds = {
            self._press: 10,
            self._key: 3,
            self._type: 3,
            self._lift: 3,
            self._go: 2,
            self._choose: 1,
            self._look: 1,
        }
        self.random.choices([*deeds], [*deeds.values()])[0]()

    def _press(self) -> None:
        buttons = self._seen(QAbstractButton)
        wanted = [b for b in buttons if b.accessibleName().startswith(WANTED)]
        if buttons:
            button = self.random.choice(
                wanted if wanted and self.random.random() < 0.5 else buttons
            )
            self._note(f"press {button.accessibleName() or button.text()}")
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _key(self) -> None:
        key = self.random.choice(KEYS)
        ctrl = self.random.random() < 0.2
        modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        self._note(f"key {key.name} {ctrl=}")
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def _type(self) -> None:
        fields: list[QLineEdit | QPlainTextEdit] = self._seen(QLineEdit)
        fields += self._seen(QPlainTextEdit)
        fields = [field for field in fields if not field.isReadOnly()]
        if fields:
            field, text = self.random.choice(fields), self.random.choice(TEXTS)
            self._note(f"type {text[:9]!r} into {field.accessibleName()}")
            field.setFocus()
            field.selectAll()
            field.insert(text) if isinstance(field, QLineEdit) else field.insertPlainText(text)

    def _choose(self) -> None:
        boxes = self._seen(QComboBox)
        if boxes:
            box = self.random.choice(boxes)
            self._note(f"choose in {box.accessibleName()}")
            box.setCurrentIndex(self.random.randrange(max(box.count(), 1)))

    def _look(self) -> None:
        what = self.random.choice(("theme", "full_screen", "resize"))
        self._note(what)
        if what == "resize":
            self.window.resize(*self.random.choice(((1024, 600), (1280, 720), (1920, 1080))))
        else:
            self.window.do(what)

    def _go(self) -> None:
        """To somebody, from wherever it is: what a hand at random does too seldom."""
        window = self.window
        self._note("go to somebody")
        window.do("people")
        tables = [t for t in self._seen(PeopleTable) if t.rowCount()]
        if tables:
            row = self.random.randrange(tables[0].rowCount())
            tables[0].setCurrentCell(row, 0)
            QTest.keyClick(tables[0], Qt.Key.Key_Return)
        for name in self.random.choice(
            (
                ("Begin session", "Begin the session"),
                ("Begin a session without",),
                ("Decide", "Reasons"),
            )
        ):
            found = [b for b in self._seen(QAbstractButton) if b.accessibleName().startswith(name)]
            if found:
                QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)

    def _lift(self) -> None:
        """A set, or the beginning of one; the sensors are there or not."""
        if self.feed is None:
            return
        self.told += 1
        start_s = self.now_s + self.random.choice((1.0, 10.0, 90.0))
        means = [self.random.uniform(0.2, 0.6) for _ in range(self.random.randint(1, 7))]
        reps = scenes.reps_of(means, set_number=self.told, start_s=start_s)
        events = [SetStarted(start_s, self.told, reps[0].exercise, start_s, None)]
        told = [*events, *(RepetitionCompleted(r.end_s, r) for r in reps)]
        self.now_s = reps[-1].end_s + 12.0
        if self.random.random() < 0.7:
            told.append(SetEnded(self.now_s, scenes.finished(self.told, means, start_s)))
        lost = scenes.LOST if self.random.random() < 0.3 else {}
        self._note(f"lift {len(reps)}, {len(lost)=}")
        self.feed.tell(
            PipelineOutput(tuple(told)),
            scenes.status(self.now_s, Mode.SIMULATED, sensors=scenes.three_sensors(**lost)),
        )

    def _seen(self, kind: type[W]) -> list[W]:
        return [w for w in self.window.findChildren(kind) if w.isVisible() and w.isEnabled()]

    def _note(self, what: str) -> None:
        self.did.append(what)

    # -- what must be so --------------------------------------------------------------------------

    def _rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as other:
            return other.execute(query).fetchall()

    def _counts(self) -> tuple[int, int, int]:
        query = "SELECT " + ", ".join(
            f"(SELECT COUNT(*) FROM {table})" for table in ("audit", "sets", "decisions")
        )
        ((audit, sets, decisions),) = self._rows(query)
        assert isinstance(audit, int)
        assert isinstance(sets, int)
        assert isinstance(decisions, int)
        return audit, sets, decisions

    def check(self) -> None:
        """What must be so after every deed."""
        window = self.window
        audit, sets, decisions = self._counts()
        assert audit - self.audit >= (sets - self.sets) + (decisions - self.decisions)
        assert sets >= self.sets
        assert self._rows("SELECT id FROM decisions WHERE trim(\"by\") = ''") == []
        if sets > self.sets:
            self._check_newest(sets - self.sets)
        self.audit, self.sets, self.decisions = audit, sets, decisions
        shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isModal()]
        assert len(shown) <= 1
        live, now = window.stage, window.desk
        if now is not None and now.measured:
            assert live is not None
            assert live.session.station.config.alias == now.visit.person.pseudonym
        if window.visits.isVisible():
            assert now is not None
            assert now.flow.aside.isVisible()

    def _check_newest(self, count: int) -> None:
        rows = self._rows(
            "SELECT s.exercise, t.person_id FROM sets s JOIN training_sessions t"
            f" ON t.id = s.session_id ORDER BY s.id DESC LIMIT {count}"
        )
        now = self.window.desk
        for exercise, person in rows:
            if now is not None:
                assert person == now.visit.person.id
                assert now.visit.prescription(str(exercise)).exercise == exercise


@pytest.mark.parametrize("seed", [1, 9, 10])
def test_whatever_is_pressed_and_typed_the_record_holds(
    clinic: Clinic, tmp_path: Path, qtbot: QtBot, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkey = Monkey(clinic, tmp_path / "clinic.sqlite", seed)
    window = monkey.window
    qtbot.addWidget(window)
    window.resize(1280, 720)
    window.show()
    try:
        with qtbot.captureExceptions() as raised:
            for _ in range(STEPS):
                monkey.act()
                for thread in threading.enumerate():
                    if thread.name == "lift-loader":
                        thread.join()  # so that a seed is always the same course of deeds
                QApplication.processEvents()
                window.tick()
                QApplication.processEvents()
                monkey.check()
                assert not raised
    except AssertionError as error:
        error.add_note("; ".join(monkey.did[-12:]))
        raise
    finally:
        for dialog in window.findChildren(QFileDialog):
            dialog.close()
        if not window.close():
            window.close()
    assert window.stage is None or not window.isVisible()
