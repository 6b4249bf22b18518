"""Set up .venv from the lock, once; say in one sentence what is missing where it cannot.

``python tools/bootstrap.py`` needs nothing but the standard library and is what every make
target calls first.  It does nothing when the environment already matches the lock.  Options:
``--display`` also checks what a window on an X11 display needs, ``--system`` also installs
missing system libraries (as root, with apt-get; for CI machines).
"""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):  # before anything that an old Python lacks
    sys.exit(
        "lift_monitor needs Python 3.11, 3.12 or 3.13, but this is Python {}.{}: name another "
        "one, for example `make PYTHON=python3.12 demo`.".format(*sys.version_info)
    )

import ctypes
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "lift_monitor-setup.txt"

# library -> package, by package manager; what PySide6-Essentials expects of a Linux system.
QT_LIBRARIES = {
    "libEGL.so.1": {"apt-get": "libegl1", "dnf": "libglvnd-egl"},
    "libGL.so.1": {"apt-get": "libgl1", "dnf": "libglvnd-glx"},
    "libxkbcommon.so.0": {"apt-get": "libxkbcommon0", "dnf": "libxkbcommon"},
    "libdbus-1.so.3": {"apt-get": "libdbus-1-3", "dnf": "dbus-libs"},
    "libfontconfig.so.1": {"apt-get": "libfontconfig1", "dnf": "fontconfig"},
    "libglib-2.0.so.0": {"apt-get": "libglib2.0-0", "dnf": "glib2"},
}
X11_LIBRARIES = {
    "libxcb-cursor.so.0": {"apt-get": "libxcb-cursor0", "dnf": "xcb-util-cursor"},
    "libxcb-icccm.so.4": {"apt-get": "libxcb-icccm4", "dnf": "xcb-util-wm"},
    "libxcb-image.so.0": {"apt-get": "libxcb-image0", "dnf": "xcb-util-image"},
    "libxcb-keysyms.so.1": {"apt-get": "libxcb-keysyms1", "dnf": "xcb-util-keysyms"},
    "libxcb-render-util.so.0": {"apt-get": "libxcb-render-util0", "dnf": "xcb-util-renderutil"},
    "libxcb-xkb.so.1": {"apt-get": "libxcb-xkb1", "dnf": "libxcb"},
    "libxkbcommon-x11.so.0": {"apt-get": "libxkbcommon-x11-0", "dnf": "libxkbcommon-x11"},
}
QT_PROBE = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6 import QtGui, QtWidgets
QtWidgets.QApplication([])
"""


def version() -> str:
    """Return the version of this Python as 3.x."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def wanted_stamp() -> str:
    """Return what the environment is made from; any difference calls for a new set-up."""
    sources = (LOCK, ROOT / "pyproject.toml")
    hashes = [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in sources]
    return "\n".join([f"python {version()}", f"at {ROOT}", *hashes]) + "\n"


def is_sound(venv_python: Path) -> bool:
    """Tell whether the environment runs, here, with this very version of Python."""
    probe = "import sys, pip; print(sys.version_info[:2] == (%d, %d), sys.prefix)"
    try:
        done = subprocess.run(
            [venv_python, "-c", probe % sys.version_info[:2]],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return False
    ok, _, prefix = done.stdout.strip().partition(" ")
    return done.returncode == 0 and ok == "True" and Path(prefix).resolve() == VENV.resolve()


def make_environment() -> None:
    """Create .venv; an unsound one is replaced."""
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        sys.exit(
            f"This Python ({sys.executable}) comes without venv: install it first, on Debian and "
            f"Ubuntu with `{sudo()}apt-get install -y python{version()}-venv`."
        )
    venv.EnvBuilder(with_pip=True, clear=True, symlinks=os.name != "nt").create(VENV)


def pip(*arguments: str) -> None:
    """Run the environment's pip, quietly where nobody watches; stop where it fails."""
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    if not sys.stdout.isatty():
        command.append("--quiet")
    done = subprocess.run([*command, "--no-input", *arguments], check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(
            "Setting up stopped because pip could not install the packages (its reason stands "
            "above): check the network connection, then run the same command again."
        )


def set_up() -> None:
    """Bring .venv to what the lock says, unless it is there already."""
    stamp = wanted_stamp()
    if STAMP.exists() and STAMP.read_text("utf-8") == stamp and VENV_PYTHON.exists():
        return
    print("Setting up .venv (once; about 180 MB of packages) ...", flush=True)
    STAMP.unlink(missing_ok=True)
    if not is_sound(VENV_PYTHON):
        make_environment()
    pip("--require-hashes", "-r", str(LOCK))
    # The build tool comes from the lock too, so this step fetches nothing.
    pip("--no-deps", "--no-index", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(stamp, "utf-8")


def sudo() -> str:
    """Return the word that a user who is not root has to put before an install command."""
    return "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "


def missing_libraries(*, display: bool) -> dict[str, dict[str, str]]:
    """Return the libraries that Qt needs and this Linux does not have, with their packages."""
    if sys.platform != "linux":
        return {}
    wanted = dict(QT_LIBRARIES)
    if display and os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        wanted.update(X11_LIBRARIES)
    missing = {}
    for library, packages in wanted.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing[library] = packages
    return missing


def install_command(missing: dict[str, dict[str, str]]) -> str:
    """Return the one command that installs what is missing, for this system."""
    for manager in ("apt-get", "dnf"):
        if shutil.which(manager):
            names = " ".join(sorted({packages[manager] for packages in missing.values()}))
            return f"{sudo()}{manager} install -y {names}"
    return "your package manager, for " + ", ".join(sorted(missing))


def check_system_libraries(*, display: bool) -> None:
    """Stop, naming the one command that helps, where Qt's system libraries are missing."""
    missing = missing_libraries(display=display)
    if missing:
        names = ", ".join(missing)
        sys.exit(
            f"Qt needs system libraries that are missing here ({names}): install them with "
            f"`{install_command(missing)}`, then run the same command again."
        )


def install_system_libraries() -> None:
    """As root with apt-get, install what is missing; elsewhere leave it to the check."""
    missing = missing_libraries(display=False)
    if not missing or sudo() or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    names = sorted(packages["apt-get"] for packages in missing.values())
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names],
        check=False,
        env=environment,
    )


def check_qt() -> None:
    """Stop where Qt cannot start although its known libraries are there."""
    done = subprocess.run(
        [VENV_PYTHON, "-c", QT_PROBE], capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        sys.exit(f"Qt does not start here ({reason}): see 'If Qt does not start' in README.md.")


def main(arguments: list[str]) -> None:
    """Check, set up, check again."""
    if "--system" in arguments:
        install_system_libraries()
    # Before the long download, so that nobody waits for a refusal.
    check_system_libraries(display="--display" in arguments)
    was_ready = STAMP.exists()
    set_up()
    if not was_ready:
        try:
            check_qt()
        except SystemExit:
            STAMP.unlink(missing_ok=True)  # looked at again next time
            raise


if __name__ == "__main__":
    main(sys.argv[1:])
