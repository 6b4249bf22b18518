"""``lift-monitor analyze`` as a user and a program meet it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lift_monitor.cli import main
from tests.signal.landings import Drop, trunk_sensor, weight_g
from tests.signal.streams import steady
from tests.signal.trunk_streams import ramp, segment

HEADER = "t_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyr_x_radps,gyr_y_radps,gyr_z_radps"
REP_FIELDS = {
    "number",
    "start_s",
    "end_s",
    "concentric_start_s",
    "concentric_end_s",
    "mean_velocity_mps",
    "mean_propulsive_velocity_mps",
    "peak_velocity_mps",
    "rom_m",
    "confidence",
}


def write_lifts(path: Path, *, lifts: int = 5, first_s: float = 0.0) -> Path:
    """A CSV of a bar that is lifted by half a metre some times."""
    time_s = np.arange(int((8 + 4 * lifts) * 100)) / 100.0
    acc_up = np.zeros_like(time_s)
    for start_s in 4.0 + 4.0 * np.arange(lifts):
        for begin_s, sign in ((start_s, 1.0), (start_s + 1.5, -1.0)):
            inside = (time_s >= begin_s) & (time_s < begin_s + 1.0)
            acc_up[inside] += sign * np.pi * np.sin(2 * np.pi * (time_s[inside] - begin_s))
    rows = np.random.default_rng(2).normal(0, 0.02, (time_s.shape[0], 7))
    rows[:, 0] = time_s + first_s
    rows[:, 3] += 9.80665 + acc_up
    np.savetxt(path, rows, fmt="%.6f", delimiter=",", header=HEADER, comments="")
    return path


def document(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert main(["analyze", *(str(word) for word in arguments), "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    read = json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} in the document"))
    assert isinstance(read, dict)
    return read


def complaint(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The one sentence on stderr of a command that ends with status 2."""
    assert main([str(word) for word in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.endswith(".\n")
    assert "Traceback" not in err
    return err


def test_the_document_keeps_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bar = write_lifts(tmp_path / "bar.csv")
    found = document(capsys, "--bar", bar, "--exercise", "deadlift", "--load", 60)
    assert found["schema"] == 1
    assert found["software"]["version"]
    assert found["sensors"]["bar"]["samples"] == 2800
    assert found["sensors"]["bar"]["mean_rate_hz"] == pytest.approx(100.0, rel=0.01)
    assert found["duration_s"] == pytest.approx(27.99)
    assert (found["landings"], found["flags"], found["notes"]) == ([], [], [])
    (lift_set,) = found["sets"]
    assert lift_set["exercise"] == "deadlift"
    assert lift_set["confidence"] in ("high", "low")
    assert [rep["number"] for rep in lift_set["reps"]] == [1, 2, 3, 4, 5]
    for number, rep in enumerate(lift_set["reps"]):
        assert set(rep) >= REP_FIELDS
        assert rep["concentric_start_s"] == pytest.approx(4.0 + 4.0 * number, abs=0.25)
        assert rep["mean_velocity_mps"] == pytest.approx(0.5, abs=0.08)
        assert rep["rom_m"] == pytest.approx(0.5, abs=0.06)


def test_a_recording_gives_what_its_csv_gives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bar, recording = write_lifts(tmp_path / "bar.csv"), tmp_path / "session.mcap"
    assert main(["import", str(bar), str(recording), "--exercise", "deadlift"]) == 0
    capsys.readouterr()
    by_csv = document(capsys, "--bar", bar, "--exercise", "deadlift")
    assert document(capsys, recording) == by_csv
    assert document(capsys, recording, "--exercise", "free")["exercise"] == "free"
    assert document(capsys, bar)["exercise"] == "free"


def test_traces_have_the_columns_of_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bar, out = write_lifts(tmp_path / "bar.csv", first_s=3.0), tmp_path / "traces.csv"
    document(capsys, "--bar", bar, "--exercise", "deadlift", "--traces", out)
    with out.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    wanted = {"t_s", "bar_velocity_mps", "bar_height_m", "bar_up_x", "bar_up_y", "bar_up_z"}
    assert wanted <= set(rows[0])
    assert len(rows) > 2500
    values = np.array([[float(row[name]) for name in sorted(wanted)] for row in rows])
    assert float(rows[0]["t_s"]) >= 3.0 - 0.02
    assert np.nanmax(values[:, sorted(wanted).index("bar_velocity_mps")]) == pytest.approx(
        1.0, abs=0.1
    )
    assert float(rows[500]["bar_up_z"]) == pytest.approx(1.0, abs=0.01)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_without_json_a_person_can_read_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bar = write_lifts(tmp_path / "bar.csv")
    assert main(["analyze", "--bar", str(bar), "--exercise", "deadlift"]) == 0
    out = capsys.readouterr().out
    assert "2800 samples" in out
    assert "5 repetitions" in out
    assert "confidence" in out
    # No flags here is not the same as none: nobody watched.
    assert "Technique was not watched: there is no sensor on the thorax or the pelvis." in out


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["analyze", *(str(word) for word in arguments)]) == 0
    return capsys.readouterr().out


def test_no_flags_are_told_apart_from_technique_that_nobody_watched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "trunk.mcap"
    assert main(["simulate", str(path), "--trunk", "--sets", "1", "--reps", "3"]) == 0
    assert "No flag of technique; watched throughout." in printed(capsys, path)

    thorax, pelvis = write_trunk(tmp_path)
    bent = printed(capsys, "--thorax", thorax, "--pelvis", pelvis)
    assert "Flags of technique:" in bent
    assert "No flag" not in bent
    alone = printed(capsys, "--thorax", thorax)
    assert "Lumbar flexion was not watched: there is one trunk sensor only." in alone


def test_a_set_in_which_the_spine_was_not_known_throughout_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bar = write_lifts(tmp_path / "bar.csv")
    time_s = steady(28.0)
    paths = tmp_path / "thorax.csv", tmp_path / "pelvis.csv"
    lean = ramp(time_s, (1.0, 0.0), (1.5, 40.0), (2.0, 40.0), (2.5, 0.0))
    for number, path in enumerate(paths):
        chunk = segment(time_s, lean, seed=number)
        rows = np.column_stack([chunk.time_s, chunk.acc_sensor_mps2, chunk.gyr_sensor_radps])
        if number:
            rows = rows[(time_s < 13.0) | (time_s > 16.0)]
        np.savetxt(path, rows, fmt="%.6f", delimiter=",", header=HEADER, comments="")
    out = printed(
        capsys, "--bar", bar, "--thorax", paths[0], "--pelvis", paths[1],
        "--exercise", "deadlift",
    )  # fmt: skip
    assert "Set 1 was not watched throughout: the angle of the spine was not known for 3" in out
    assert "No flag of technique" not in out


def write_trunk(folder: Path) -> tuple[Path, Path]:
    """CSVs of thorax and pelvis: a bend of the lower back by 30 degrees in a hinge of 40."""
    time_s = steady(12.0)
    pelvis = ramp(time_s, (3.0, 0.0), (4.5, 40.0), (7.0, 40.0), (8.5, 0.0))
    thorax = pelvis + ramp(time_s, (4.5, 0.0), (5.0, 30.0), (6.5, 30.0), (7.0, 0.0))
    paths = folder / "thorax.csv", folder / "pelvis.csv"
    for number, (path, lean) in enumerate(zip(paths, (thorax, pelvis), strict=True)):
        chunk = segment(time_s, lean, seed=number)
        rows = np.column_stack([chunk.time_s, chunk.acc_sensor_mps2, chunk.gyr_sensor_radps])
        np.savetxt(path, rows, fmt="%.6f", delimiter=",", header=HEADER, comments="")
    return paths


def trace_table(path: Path) -> dict[str, np.ndarray]:
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def test_two_trunk_sensors_give_lumbar_flexion_and_its_flags(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    thorax, pelvis = write_trunk(tmp_path)
    found = document(
        capsys, "--thorax", thorax, "--pelvis", pelvis, "--neutral", "0:2",
        "--traces", tmp_path / "traces.csv",
    )  # fmt: skip
    trace = trace_table(tmp_path / "traces.csv")
    assert set(trace) == {"t_s", "lumbar_flexion_deg", "trunk_lean_deg", "axial_rate_dps"} | {
        f"{role}_up_{axis}" for role in ("thorax", "pelvis") for axis in "xyz"
    }
    assert np.interp(5.8, trace["t_s"], trace["lumbar_flexion_deg"]) == pytest.approx(30.0, abs=2.0)
    assert np.interp(1.0, trace["t_s"], trace["lumbar_flexion_deg"]) == pytest.approx(0.0, abs=1.0)
    assert np.interp(5.8, trace["t_s"], trace["trunk_lean_deg"]) == pytest.approx(70.0, abs=2.0)
    flags = {(flag["kind"], flag["severity"]): flag for flag in found["flags"]}
    assert set(flags) == {("lumbar_flexion", "amber"), ("lumbar_flexion", "red")}
    red = flags["lumbar_flexion", "red"]
    assert 4.5 < red["start_s"] < 5.0
    assert 6.5 < red["end_s"] < 7.3
    assert red["peak"] == pytest.approx(30.0, abs=2.0)
    assert (red["unit"], red["under_load"], red["confidence"]) == ("deg", None, "low")
    assert found["trunk"]["calibration"]["method"] == "movement"
    assert any("No hinge was taught" in note for note in found["notes"])


def test_one_trunk_sensor_gives_trunk_lean_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    thorax, _ = write_trunk(tmp_path)
    found = document(capsys, "--thorax", thorax, "--traces", tmp_path / "traces.csv")
    trace = trace_table(tmp_path / "traces.csv")
    assert set(trace) == {"t_s", "trunk_lean_deg", *(f"thorax_up_{axis}" for axis in "xyz")}
    assert {flag["kind"] for flag in found["flags"]} == {"trunk_lean"}
    assert any("cannot tell a hip hinge from a bent spine" in note for note in found["notes"])


def test_landings_are_told_with_both_estimates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    time_s = steady(12.0, 200.0)
    chunk = trunk_sensor(time_s, weight_g(time_s, [Drop(5.0), Drop(9.0, peak_g=5.0)]))
    rows = np.column_stack([chunk.time_s, chunk.acc_sensor_mps2, chunk.gyr_sensor_radps])
    pelvis = tmp_path / "pelvis.csv"
    np.savetxt(pelvis, rows, fmt="%.6f", delimiter=",", header=HEADER, comments="")
    arguments = ("--pelvis", pelvis, "--exercise", "jumping_chin_up", "--body-mass", 65)
    found = document(capsys, *arguments)
    assert [landing["contact_s"] for landing in found["landings"]] == pytest.approx(
        [5.0, 9.0], abs=0.02
    )
    first, second = found["landings"]
    assert first["flight_s"] == pytest.approx(0.3, abs=0.05)
    assert second["peak_acc_g"] > first["peak_acc_g"]
    assert first["grf_method"].startswith("newton_pelvis")
    assert first["difference_bw"] == pytest.approx(
        abs(first["peak_grf_bw"] - first["second_grf_bw"]), abs=1e-5
    )
    assert found["trunk"]["landing_dose"]["count"] == 2
    assert main(["analyze", *(str(word) for word in arguments)]) == 0
    assert "body weights" in capsys.readouterr().out


def test_landings_without_a_trunk_sensor_are_said_not_to_be_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bar = write_lifts(tmp_path / "bar.csv", lifts=1)
    found = document(capsys, "--bar", bar, "--exercise", "drop_landing", "--neutral", "0:2")
    assert found["landings"] == []
    assert any("does not mean that there were none" in note for note in found["notes"])
    assert any("--neutral was not used" in note for note in found["notes"])


def test_a_neutral_stretch_without_data_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    thorax, _ = write_trunk(tmp_path)
    said = complaint(capsys, "analyze", "--thorax", thorax, "--neutral", "90:95")
    assert "--neutral 90:95" in said
    assert "no data from 90.0 s to 95.0 s" in said


def test_a_cut_recording_is_read_as_far_as_it_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bar, recording = write_lifts(tmp_path / "bar.csv"), tmp_path / "session.mcap"
    assert main(["import", str(bar), str(recording)]) == 0
    capsys.readouterr()
    whole = recording.read_bytes()
    cut = tmp_path / "cut.mcap"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    found = document(capsys, cut)
    assert any("cut or damaged" in note for note in found["notes"])
    assert cut.read_bytes() == whole[: len(whole) * 2 // 3]


def test_a_file_that_counts_from_a_date_says_where_its_times_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bar = write_lifts(tmp_path / "bar.csv", first_s=1_700_000_000.0)
    found = document(capsys, "--bar", bar)
    assert any("1700000000.000 s" in note for note in found["notes"])


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "Name a recording"),
        (["nowhere.mcap"], "nowhere.mcap does not exist"),
        (["--bar", "nowhere.csv"], "nowhere.csv does not exist"),
        (["--bar", "."], "is a folder"),
        (["--bar", "bar.csv", "--exercise", "curl"], "'curl'"),
        (["--bar", "bar.csv", "--load", "nan"], "--load nan"),
        (["--bar", "bar.csv", "--body-mass", "-3"], "--body-mass -3"),
        (["--bar", "bar.csv", "--neutral", "soon"], "--neutral soon"),
        (["--bar", "bar.csv", "--neutral", "5:2"], "START before END"),
        (["bar.csv", "--bar", "bar.csv"], "not both"),
        (["--bar", "bar.csv", "--traces", "bar.csv"], "is an input"),
        (["--bar", "bar.csv", "--traces", "no/such/out.csv"], "does not exist; make it first"),
        (["--wat"], "--wat"),
    ],
)
def test_a_wrong_command_is_told_in_one_sentence(
    arguments: list[str],
    part: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write_lifts(Path("bar.csv"), lifts=1)
    before = Path("bar.csv").read_bytes()
    assert part in complaint(capsys, "analyze", *arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["bar.csv"]
    assert Path("bar.csv").read_bytes() == before


def _rows(path: Path) -> list[str]:
    return write_lifts(path, lifts=1).read_text().splitlines()


def _hostile(kind: str, folder: Path) -> Path:
    path = folder / "bad.csv"
    rows = _rows(folder / "good.csv")
    (folder / "good.csv").unlink()
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "header only":
        path.write_text(HEADER + "\n")
    elif kind == "shuffled":
        body = rows[1:]
        np.random.default_rng(1).shuffle(body)
        path.write_text("\n".join([rows[0], *body]) + "\n")
    elif kind == "backwards":
        path.write_text("\n".join([rows[0], *rows[:0:-1]]) + "\n")
    elif kind == "wrong columns":
        path.write_text("\n".join(["time,ax,ay,az,gx,gy,gz", *rows[1:]]) + "\n")
    elif kind == "wrong units":
        path.write_text("\n".join([rows[0].replace("mps2", "furlongs"), *rows[1:]]) + "\n")
    elif kind == "g called mps2":
        scaled = [
            ",".join([row.split(",")[0], *(str(float(v) / 9.80665) for v in row.split(",")[1:])])
            for row in rows[1:]
        ]
        path.write_text("\n".join([rows[0], *scaled]) + "\n")
    elif kind == "words":
        path.write_text("\n".join([*rows[:50], "a,b,c,d,e,f,g", *rows[50:]]) + "\n")
    elif kind == "truncated row":
        path.write_text("\n".join(rows)[:-30])
    elif kind == "100 000 columns":
        path.write_text(",".join(f"c{k}" for k in range(100_000)) + "\n" + "0," * 99_999 + "0\n")
    elif kind == "jpeg called mcap":
        path = folder / "bad.mcap"
        path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40)
    elif kind == "empty mcap":
        path = folder / "bad.mcap"
        path.write_bytes(b"")
    elif kind == "binary":
        path.write_bytes(np.random.default_rng(0).bytes(5000))
    return path


@pytest.mark.parametrize(
    "kind",
    [
        "empty",
        "header only",
        "shuffled",
        "backwards",
        "wrong columns",
        "wrong units",
        "g called mps2",
        "words",
        "truncated row",
        "100 000 columns",
        "jpeg called mcap",
        "empty mcap",
        "binary",
    ],
)
def test_hostile_files_end_in_one_sentence_and_leave_nothing(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _hostile(kind, tmp_path)
    before = path.read_bytes()
    traces, recording = tmp_path / "traces.csv", tmp_path / "out.mcap"
    sentence = complaint(capsys, "analyze", path, "--json", "--traces", traces)
    assert path.name in sentence
    assert len(sentence) < 400
    if path.suffix == ".csv":
        complaint(capsys, "analyze", "--bar", path, "--json")
    complaint(capsys, "import", path, recording)
    complaint(capsys, "export", path, "--repetitions", tmp_path / "reps.csv")
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == before


def test_values_that_are_no_numbers_never_reach_the_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = _rows(tmp_path / "good.csv")
    for k in range(300, 320):
        cells = rows[k].split(",")
        rows[k] = ",".join([cells[0], "nan", "inf", *cells[3:]])
    bad = tmp_path / "nan.csv"
    bad.write_text("\n".join(rows) + "\n")
    status = main(["analyze", "--bar", str(bad), "--json"])
    out, err = capsys.readouterr()
    if status == 2:
        assert "nan.csv" in err
    else:
        assert status == 0
        assert "NaN" not in out
        assert "Infinity" not in out
