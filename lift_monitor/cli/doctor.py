"""``lift-monitor doctor``: what this computer offers, one line each.

Looks only; opens no window, no radio and no bus, so that it answers anywhere.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

_LEAST_FREE_GB = 1.0
_LIBRARIES = (
    "numpy",
    "scipy",
    "vqf",
    "mcap",
    "pyarrow",
    "pyqtgraph",
    "sqlalchemy",
    "alembic",
    "typst",
    "typer",
)


def doctor() -> None:
    """Say what this computer offers: versions, screen, Bluetooth, disk."""
    for good, topic, text in checks():
        typer.echo(f"{'ok   ' if good else 'check'}  {topic:<10} {text}")


def checks() -> Iterator[tuple[bool, str, str]]:
    """Walk the checks: whether all is well, the topic, one line of text."""
    import lift_monitor

    yield True, "version", f"lift-monitor {lift_monitor.__version__}"
    yield True, "python", f"{platform.python_version()} ({platform.python_implementation()})"
    yield True, "system", f"{platform.system()} {platform.release()} on {platform.machine()}"
    found = {name: _version(name) for name in _LIBRARIES}
    missing = [name for name, number in found.items() if number is None]
    listed = ", ".join(f"{name} {number or 'missing'}" for name, number in found.items())
    yield not missing, "libraries", listed
    yield _screen()
    yield _bluetooth()
    yield _samples()
    yield _disk()


def has_display() -> bool:
    """Whether a window can be shown, as far as the environment tells."""
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in ("offscreen", "minimal"):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def sample_folder() -> Path | None:
    """Folder of the sample sessions: of the installed program or of the checkout."""
    import lift_monitor

    package = Path(lift_monitor.__file__).parent
    for folder in (package / "sample_recordings", package.parent / "recordings"):
        if any(folder.glob("*.mcap")):
            return folder
    return None


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _screen() -> tuple[bool, str, str]:
    number = _version("PySide6-Essentials")
    if number is None:
        return False, "screen", "PySide6 is missing; install lift-monitor again"
    if number.startswith("6.12.0") and sys.version_info[:2] == (3, 11):
        return False, "screen", "PySide6 6.12.0 crashes on Python 3.11; install 6.11"
    chosen = os.environ.get("QT_QPA_PLATFORM")
    if not has_display():
        return True, "screen", f"Qt {number}, no display: pictures are drawn offscreen"
    return True, "screen", f"Qt {number}, platform {chosen or _usual_platform()}"


def _usual_platform() -> str:
    if sys.platform == "win32":
        return "windows"
    if sys.platform == "darwin":
        return "cocoa"
    return "wayland" if os.environ.get("WAYLAND_DISPLAY") else "xcb"


def _bluetooth() -> tuple[bool, str, str]:
    number = _version("bleak")
    if number is None:
        return False, "bluetooth", "bleak is missing; install lift-monitor again"
    if sys.platform == "win32":
        return True, "bluetooth", f"bleak {number} on WinRT"
    if sys.platform == "darwin":
        return True, "bluetooth", f"bleak {number} on CoreBluetooth (macOS asks for permission)"
    adapters = sorted(path.name for path in Path("/sys/class/bluetooth").glob("hci*"))
    if not adapters:
        return False, "bluetooth", f"bleak {number} on BlueZ, but no adapter was found"
    if not any(Path(bus).exists() for bus in ("/run/dbus/system_bus_socket", "/var/run/dbus")):
        return False, "bluetooth", f"bleak {number}, {adapters[0]}, but D-Bus is not running"
    return True, "bluetooth", f"bleak {number} on BlueZ, {', '.join(adapters)}"


def _samples() -> tuple[bool, str, str]:
    folder = sample_folder()
    if folder is None:
        return False, "samples", "no sample session was found; demo simulates one"
    return True, "samples", f"{len(list(folder.glob('*.mcap')))} sample sessions"


def _disk() -> tuple[bool, str, str]:
    try:
        free_gb = shutil.disk_usage(Path.cwd()).free / 1e9
    except OSError as error:
        return False, "disk", f"the current folder cannot be looked at: {error.strerror}"
    text = f"{free_gb:.1f} GB free in the current folder"
    if not os.access(Path.cwd(), os.W_OK):
        return False, "disk", f"{text}, but nothing may be written here"
    return free_gb >= _LEAST_FREE_GB, "disk", text
