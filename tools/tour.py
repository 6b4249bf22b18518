"""A clinician's first day, in the real window on emulated sensors, with a picture at each step.

``python tools/tour.py [FOLDER]`` writes the pictures and the page that tells them; by default
into ``docs/tour``. Nothing is set behind the window's back: a hand presses and types, and can
use only what is to be seen. The lifter is emulated; one repetition is done with a bent back,
and one sensor falls silent in the second set.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from PySide6.QtCore import QLocale  # noqa: E402

from lift_monitor.cli.live import sensor_desk  # noqa: E402
from lift_monitor.cli.programme import report_writer  # noqa: E402
from lift_monitor.clinic.store import Clinic  # noqa: E402
from lift_monitor.sound.player import SilentPlayer  # noqa: E402
from lift_monitor.ui.app import application  # noqa: E402
from lift_monitor.ui.clinic_window import ClinicWindow  # noqa: E402
from lift_monitor.ui.collecting import collected_here  # noqa: E402
from lift_monitor.ui.session import LiveSetup  # noqa: E402
from tools.tour_album import Album  # noqa: E402
from tools.tour_day import FirstDay  # noqa: E402
from tools.tour_hand import Hand  # noqa: E402
from tools.tour_lifter import TourLifter  # noqa: E402

SIZE = (1280, 720)


def run(folder: Path) -> None:
    """Live through the day; write pictures and page into a folder."""
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    application()
    with tempfile.TemporaryDirectory() as kept, collected_here():
        clinic = Clinic.open(Path(kept) / "clinic.sqlite")
        clinic.mark_simulated("tour")
        lifter = TourLifter()
        with clinic, sensor_desk(lifter, Path(kept), led=True) as (desk, begin):
            window = ClinicWindow(
                clinic,
                live=LiveSetup(desk, begin),
                write_report=report_writer(clinic),
                reduce_motion=True,
                sound=SilentPlayer(),
            )
            try:
                window.resize(*SIZE)
                window.show()
                album = Album(Hand(window), folder)
                FirstDay(window, album, lifter, Path(kept)).live()
                album.write_page()
            finally:
                window.close()
                window.deleteLater()


if __name__ == "__main__":
    run(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "tour")
