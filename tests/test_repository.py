"""The repository keeps its own promises: portable, reproducible, nobody else's data."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import lift_monitor


@pytest.fixture(scope="module")
def tracked(repository: Path) -> list[Path]:
    """Every file that git knows and that exists."""
    if shutil.which("git") is None or not (repository / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=repository, capture_output=True, check=True
    ).stdout.decode()
    paths = [repository / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file()]


@pytest.fixture(scope="module")
def project(repository: Path) -> dict[str, Any]:
    """The parsed pyproject.toml."""
    return tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def locked(repository: Path) -> dict[str, Version]:
    """Package name to the version that the lock pins."""
    text = (repository / "requirements.lock").read_text("utf-8")
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, flags=re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in pins}


def text_of(path: Path) -> str | None:
    """Return the text of a file, or None where it is not text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def test_no_file_names_a_place_on_somebodys_machine(tracked: list[Path]) -> None:
    # Written in pieces, so that this file does not find itself.
    places = ["/" + "work/", "/" + "root/", "/" + "tmp/", "/" + "home/", "/" + "Users/"]
    pattern = re.compile(r"(?<![\w.~*}])(?:" + "|".join(map(re.escape, places)) + r")\w")
    found = []
    for path in tracked:
        for number, line in enumerate((text_of(path) or "").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.name}:{number}: {line.strip()[:100]}")
    assert not found, "\n".join(found)


def test_text_files_end_lines_the_same_way(tracked: list[Path]) -> None:
    bad = [
        str(path)
        for path in tracked
        if text_of(path) is not None and path.suffix not in {".csv", ".svg"}
        if b"\r\n" in path.read_bytes() and sys.platform != "win32"
    ]
    assert not bad


def test_readme_and_makefile_agree_on_the_commands(repository: Path) -> None:
    targets = set(
        re.findall(r"^([a-z-]+):", (repository / "Makefile").read_text("utf-8"), re.MULTILINE)
    )
    readme = (repository / "README.md").read_text("utf-8")
    named = set(re.findall(r"\bmake ([a-z-]+)", readme))
    assert {"demo", "test"} <= named
    assert named <= targets, f"the README names targets that do not exist: {named - targets}"


def test_links_inside_the_documentation_lead_somewhere(tracked: list[Path]) -> None:
    dead = []
    for page in (path for path in tracked if path.suffix == ".md"):
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                dead.append(f"{page.name}: {target}")
    assert not dead, "\n".join(dead)


def requirements(project: dict[str, Any]) -> list[Requirement]:
    """Return the direct dependencies, those of the development group included."""
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    return [Requirement(line) for line in lines]


def test_lock_satisfies_every_direct_dependency(
    project: dict[str, Any], locked: dict[str, Version]
) -> None:
    for requirement in requirements(project):
        version = locked.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not locked: run `make lock`"
        assert version in requirement.specifier, f"{requirement}, but {version} is locked"


def test_lock_pins_by_hash_and_names_no_host(repository: Path, locked: dict[str, Version]) -> None:
    text = (repository / "requirements.lock").read_text("utf-8")
    assert "://" not in text
    assert "file:" not in text
    assert not re.search(r"^\s*--(?!hash=)", text, flags=re.MULTILINE)
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked)
    for entry in entries:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_environment_is_what_the_lock_says(
    project: dict[str, Any], locked: dict[str, Version], repository: Path
) -> None:
    if not (repository / ".venv" / "lift_monitor-setup.txt").exists():
        pytest.skip("not set up by make")
    from importlib.metadata import version

    differing = {
        requirement.name: (
            version(requirement.name),
            str(locked[canonicalize_name(requirement.name)]),
        )
        for requirement in requirements(project)
        if Version(version(requirement.name)) != locked[canonicalize_name(requirement.name)]
    }
    assert not differing


def test_imports_and_declared_dependencies_agree(project: dict[str, Any], repository: Path) -> None:
    declared = {
        canonicalize_name(Requirement(line).name)
        for lines in (
            project["project"]["dependencies"],
            *project["project"]["optional-dependencies"].values(),
        )
        for line in lines
    }
    imported: set[str] = set()
    for path in (repository / "lift_monitor").rglob("*.py"):
        imported |= top_level_imports(path)
    distributions = {"PySide6": "pyside6-essentials", "shiboken6": "pyside6-essentials"}
    third_party = {
        distributions.get(name, canonicalize_name(name))
        for name in imported - sys.stdlib_module_names - {"lift_monitor"}
    }
    assert third_party == declared


def top_level_imports(path: Path) -> set[str]:
    """Return the first names of every absolute import of a module."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_version_is_told_once_and_in_the_changelog(
    project: dict[str, Any], repository: Path
) -> None:
    version = project["project"]["version"]
    assert lift_monitor.__version__ == version
    changelog = (repository / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## \[?{re.escape(version)}\]?", changelog, re.MULTILINE)


def test_no_reference_recording_was_copied_in(tracked: list[Path], shared_data: Path) -> None:
    sizes: dict[int, list[Path]] = {}
    for path in tracked:
        sizes.setdefault(path.stat().st_size, []).append(path)
    copies = []
    for original in shared_data.rglob("*"):
        if not original.is_file() or original.stat().st_size == 0:
            continue
        for path in sizes.get(original.stat().st_size, []):
            if digest(path) == digest(original):
                copies.append(f"{path.name} is {original.name}")
    assert not copies


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_wheel_carries_the_program_its_typeface_and_the_sample_sessions(
    repository: Path, tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=repository,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {path.relative_to(repository).as_posix() for path in package_files(repository)}
    wanted |= {
        f"lift_monitor/sample_recordings/{path.name}"
        for path in (repository / "recordings").glob("*.mcap")
    }
    assert wanted <= names, f"not in the wheel: {wanted - names}"
    strangers = {name.split("/")[0] for name in names} - {"lift_monitor"}
    assert all(name.endswith(".dist-info") for name in strangers), strangers


def package_files(repository: Path) -> list[Path]:
    """Return what has to be in the wheel: code, type marker, typeface and its licence."""
    package = repository / "lift_monitor"
    return [
        path
        for path in package.rglob("*")
        if path.suffix in {".py", ".otf", ".typ"} or path.name in {"py.typed", "OFL.txt"}
    ]


@pytest.mark.skipif(os.name == "nt", reason="Qt finds its libraries in its own folder there")
def test_bootstrap_names_the_one_command_where_a_library_is_missing(
    repository: Path, tmp_path: Path
) -> None:
    script = f"""
import sys
sys.path.insert(0, {str(repository / "tools")!r})
import bootstrap
bootstrap.sys.platform = "linux"
bootstrap.QT_LIBRARIES = {{
    "libnosuch.so.1": {{"apt-get": "libnosuch1", "dnf": "nosuch"}},
}}
bootstrap.shutil.which = lambda name: name if name == "dnf" else None
bootstrap.check_system_libraries(display=False)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 1
    assert "libnosuch.so.1" in done.stderr
    assert "dnf install -y nosuch`" in done.stderr
    assert done.stderr.count("\n") == 1
