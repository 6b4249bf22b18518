"""Files of others: read exactly when they are right, refused in one sentence when not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from lift_monitor.drivers.clock import SessionClock
from lift_monitor.drivers.formats import make_decoder
from lift_monitor.drivers.source import PacketSource
from lift_monitor.recordings.container import Recording, RecordingError, save_recording
from lift_monitor.recordings.errors import InputFileError
from lift_monitor.recordings.importers import (
    ImportedFile,
    import_csv,
    import_metamotion,
    open_any,
)
from lift_monitor.samples import ImuChunk, Quality, Role
from lift_monitor.units import RADPS_PER_DPS, STANDARD_GRAVITY_MPS2, FloatArray

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
NAMES = ("t_s", "acc_x_mps2", "acc_y_mps2", "acc_z_mps2", "gyr_x_radps", "gyr_y_radps")
HEADER = (*NAMES, "gyr_z_radps")
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public recordings (../shared/data) are not on this machine"
)


def rows(n: int = 60, rate_hz: float = 100.0) -> FloatArray:
    rng = np.random.default_rng(5)
    values = rng.normal(0.0, 0.3, (n, 7))
    values[:, 3] += STANDARD_GRAVITY_MPS2
    values[:, 0] = np.arange(n) / rate_hz
    return np.round(values, 6)


def text(
    values: FloatArray, header: Sequence[str] = HEADER, mark: str = ",", end: str = "\n"
) -> str:
    lines = [mark.join(header)]
    lines += [mark.join(f"{value:.6f}" for value in row) for row in values]
    return end.join(lines) + end


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bar.csv"


def decoded(source: PacketSource) -> ImuChunk:
    decoder, clock = make_decoder(source.sensors[0]), SessionClock()
    return ImuChunk.concatenate(
        [clock.to_session(decoder.feed(packet)) for packet in source.packets()]
    )


def imu_rows(source: PacketSource) -> FloatArray:
    chunk = decoded(source)
    return np.column_stack([chunk.time_s, chunk.acc_sensor_mps2, chunk.gyr_sensor_radps])


def refused(path: Path, content: str | bytes) -> str:
    """The one sentence that says no, checked for what every such sentence must hold."""
    if isinstance(content, str):
        content = content.encode()
    path.write_bytes(content)
    with pytest.raises(InputFileError) as error:
        open_any(path)
    said = str(error.value)
    assert str(path) in said
    assert "\n" not in said
    assert said.endswith(".")
    assert len(said) < 500 + len(str(path))
    assert list(path.parent.iterdir()) == [path]
    return said


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_every_number_arrives_unchanged(path: Path, mark: str, end: str, bom: bytes) -> None:
    values = rows(700)
    path.write_bytes(bom + text(values, mark=mark, end=end).encode())
    source = open_any(path, Role.PELVIS)
    np.testing.assert_array_equal(imu_rows(source), values)
    assert source.sensors[0].role is Role.PELVIS
    assert source.duration_s == pytest.approx(6.99)


def test_packets_are_short_and_arrive_with_their_last_row(path: Path) -> None:
    values = rows(9000, rate_hz=4000.0)
    path.write_text(text(values), encoding="utf-8")
    at_s, start = [], 0
    for packet in import_csv(path).packets():
        count = len(packet.payload) // 56
        start += count
        assert 1 <= count <= 256
        assert packet.host_time_ns == round(values[start - 1, 0] * 1e9)
        at_s.append(packet.host_time_ns * 1e-9)
    assert start == 9000
    assert np.max(np.diff(at_s)) < 0.11


@pytest.mark.parametrize("comma", [False, True])
def test_units_order_and_other_columns_are_read_from_the_header(path: Path, comma: bool) -> None:
    values = rows()
    other = values.copy()
    other[:, 0] *= 1000
    other[:, 1:4] /= STANDARD_GRAVITY_MPS2
    other[:, 4:7] /= RADPS_PER_DPS
    header = ["t_ms", "acc_x_g", "acc_y_g", "acc_z_g", "GYR_X_dps", "gyr_y_dps", ' "gyr_z_dps" ']
    order = [6, 2, 0, 1, 3, 5, 4]
    lines = [",".join(['"a, b"', *(header[i] for i in order), "Müller"])]
    lines += [
        ",".join(['"é,"' if comma else "é", *(f"{row[i]:.9f}" for i in order), "1"])
        for row in other
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    source = import_csv(path)
    np.testing.assert_allclose(imu_rows(source), values, atol=1e-6)
    assert source.ignored_columns == ("a, b", "Müller")
    assert "Müller" in source.session().notes["ignored_columns"]


def test_decimal_commas_blank_lines_and_quotes_are_understood(path: Path) -> None:
    values = rows()
    lines = text(values, mark=";").replace(".", ",").splitlines()
    path.write_text("\n\n".join(lines) + "\n\n\n", encoding="utf-8")
    np.testing.assert_array_equal(imu_rows(import_csv(path)), values)
    quoted = [",".join(f'"{cell}"' for cell in line.split(",")) for line in text(values).split()]
    path.write_text("\n".join(quoted), encoding="utf-8")
    np.testing.assert_array_equal(imu_rows(import_csv(path)), values)


def test_equal_times_and_holes_are_let_through(path: Path) -> None:
    values = rows()
    values[10:13, 0] = values[10, 0]
    values[30:, 0] += 8.0
    path.write_text(text(values), encoding="utf-8")
    np.testing.assert_array_equal(imu_rows(import_csv(path)), values)


@pytest.mark.parametrize("zero_s", [-12.5, 1_547_579_049.161])
def test_time_that_begins_before_zero_or_at_a_date_is_counted_from_the_start(
    path: Path, zero_s: float
) -> None:
    values = rows()
    values[:, 0] += zero_s
    path.write_text(text(values), encoding="utf-8")
    source = import_csv(path)
    np.testing.assert_allclose(decoded(source).time_s, rows()[:, 0], atol=1e-6)
    assert source.time_zero_s == pytest.approx(zero_s)


def test_an_import_becomes_a_recording_and_stays_the_same(path: Path, tmp_path: Path) -> None:
    path.write_text(text(rows(300)), encoding="utf-8")
    source = import_csv(path)
    out = tmp_path / "bar.mcap"
    count = save_recording(out, source.session(), source)
    recording = open_any(out)
    assert isinstance(recording, Recording)
    assert list(recording.packets()) == list(source.packets())
    assert count == len(list(source.packets()))
    assert recording.session.notes["imported_from"] == "bar.csv"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["bar.csv", "bar.mcap"]


def swapped(lines: list[str]) -> str:
    lines[20], lines[30] = lines[30], lines[20]
    return "\n".join(lines)


GOOD = text(rows())
LINES = GOOD.splitlines()
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 40


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("\n\n1,2\n", "line 1 is not a header"),
        (LINES[0], "no rows"),
        (LINES[0] + "\n\n  \n", "no rows"),
        (JPEG, "JPEG"),
        (b"PK\x03\x04" + bytes(300), "Excel"),
        (b"\xff\xfe" + GOOD.encode("utf-16-le"), "UTF-16"),
        (bytes(range(256)) * 50, "not a text file"),
        (GOOD.encode()[:400] + b"\0\0\0" + GOOD.encode()[400:], "not a text file"),
        ("\n".join(LINES[1:]), "line 1 is not a header"),
        (",".join(f"column_{i}" for i in range(100_000)) + "\n1,2\n", "100000 columns"),
        (GOOD.replace(",gyr_z_radps", ",spin"), "no column gyr_z_radps"),
        (GOOD.replace("acc_y_mps2", "acc_y_furlongs"), "acc_y_mps2 or acc_y_g"),
        (GOOD.replace("acc_y_mps2", "acc_y"), "acc_y_mps2 or acc_y_g"),
        (GOOD.replace("acc_y_mps2", "acc_x_g"), "two columns"),
        (GOOD.replace("t_s", "time"), "no column t_s"),
        (swapped(LINES[:]), "line 22, column t_s: time runs backwards"),
        ("\n".join([LINES[0], *reversed(LINES[1:])]), "line 3, column t_s: time runs backwards"),
        (GOOD.replace("\n0.100000,", "\nnan,"), "line 12, column t_s"),
        (GOOD.replace("\n0.100000,", "\n,"), "line 12, column t_s is empty"),
        (GOOD.replace("\n0.100000,", "\ninf,"), "line 12, column t_s"),
        (GOOD.replace("\n0.100000,", "\n0x1p3,"), "line 12, column t_s: '0x1p3'"),
        (GOOD.replace("\n0.100000,", "\n0_1,"), "line 12, column t_s: '0_1'"),
        (GOOD.replace("\n0.100000,", "\n" + "9" * 900 + ","), "line 12, column t_s"),
        (GOOD.replace("\n0.100000,", "\n0.1,0.1,"), "line 12 has 8 cells"),
        ("\n".join(LINES[:-1]) + "\n0.59,1.0", "line 61 has 2 cells"),
        ('\n'.join(LINES[:9]) + '\n"0.08,1,2,3\n' + "\n".join(LINES[10:]), "cells"),
        (GOOD + '"' + "x" * 200_000, "line 62"),
        (text(rows() * [1, 0.1, 0.1, 0.1, 1, 1, 1]), "acc_x_g"),
        (GOOD.replace("_mps2", "_g"), "acc_x_mps2"),
        (text(rows() * [1, 100, 100, 100, 1, 1, 1]), "milli-g"),
        (text(np.add(rows(), [0, 0, 0, 0, 120, 0, 0])), "gyr_x_dps"),
        (GOOD.replace(",0.", ",98765432.", 1), "is not what a sensor measures"),
        (text(rows() * [1e4, 1, 1, 1, 1, 1, 1]), "too large"),
        (text(rows() * [1e-4, 1, 1, 1, 1, 1, 1]), "too small"),
        (GOOD.replace("\n0.590000", "\n1e300"), "too large"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_in_one_sentence(
    path: Path, content: str | bytes, said: str
) -> None:
    assert said in refused(path, content)


@pytest.mark.parametrize(
    "content", [b"", JPEG, b"\x89MCAP0\r\n", b"\x89MC", GOOD.encode(), bytes(5000)]
)
def test_what_is_called_mcap_and_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    refused(tmp_path / "session.mcap", content)


def test_a_recording_opens_under_any_name(tmp_path: Path, path: Path) -> None:
    path.write_text(GOOD, encoding="utf-8")
    source = import_csv(path)
    save_recording(tmp_path / "session.dat", source.session(), source)
    assert isinstance(open_any(tmp_path / "session.dat"), Recording)


def test_folders_and_missing_files_are_named(tmp_path: Path) -> None:
    for name in ("gone.csv", "gone.mcap"):
        with pytest.raises(InputFileError, match="does not exist"):
            open_any(tmp_path / name)
    with pytest.raises(InputFileError, match="folder"):
        open_any(tmp_path)
    with pytest.raises(RecordingError, match="does not exist"):
        Recording.open(tmp_path / "gone.mcap")


# --- the MetaMotion app ------------------------------------------------------------------

APP_ACC = "epoch (ms),time (01:00),elapsed (s),x-axis (g),y-axis (g),z-axis (g)"
APP_GYR = APP_ACC.replace("(g)", "(deg/s)")
EPOCH_MS = 1_700_000_000_000


def app_file(folder: Path, stamp: str, word: str, rate: str, *, first_ms: int, n: int) -> Path:
    period_ms = round(1000 / float(rate))
    header, unit = (APP_ACC, 1.0) if word == "Accelerometer" else (APP_GYR, 90.0)
    lines = [header]
    for i in range(n):
        at_ms = EPOCH_MS + first_ms + i * period_ms
        lines.append(f"{at_ms},2023-11-14T22:13:20.000,{i * period_ms / 1000},{i / 100},0,{unit}")
    path = folder / f"squat_{stamp}_{word}_{rate}Hz_1.4.4.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def app_pair(folder: Path, gyr_stamp: str = "2023-11-14T22.13.20.100") -> tuple[Path, Path]:
    acc_stamp = "2023-11-14T22.13.20.100"
    return (
        app_file(folder, acc_stamp, "Accelerometer", "12.500", first_ms=80, n=50),
        app_file(folder, gyr_stamp, "Gyroscope", "25.000", first_ms=0, n=105),
    )


@pytest.mark.parametrize("gyr_stamp", ["2023-11-14T22.13.20.100", "2023-11-14T22.13.21.733"])
def test_a_metamotion_pair_opens_from_either_file(tmp_path: Path, gyr_stamp: str) -> None:
    pair = app_pair(tmp_path, gyr_stamp)
    app_file(tmp_path, "2023-11-14T22.14.19.999", "Gyroscope", "25.000", first_ms=0, n=9)
    for path in pair:
        source = open_any(path)
        assert isinstance(source, ImportedFile)
        chunk = decoded(source)
        # Zero is the first rotation; those before the first acceleration have no partner.
        np.testing.assert_allclose(chunk.time_s[:3], [0.08, 0.12, 0.16], atol=1e-12)
        np.testing.assert_allclose(chunk.gyr_sensor_radps[:, 2], 90 * RADPS_PER_DPS)
        np.testing.assert_allclose(
            chunk.acc_sensor_mps2[:3, 0],
            np.array([0, 0.005, 0.01]) * STANDARD_GRAVITY_MPS2,
            atol=1e-12,
        )
        assert chunk.quality[:3].tolist() == [0, int(Quality.INTERPOLATED), 0]
        assert source.sensors[0].nominal_rate_hz == 25.0
        assert source.started_at.timestamp() == EPOCH_MS / 1000


def test_a_metamotion_file_without_its_partner_says_which_one_is_missing(tmp_path: Path) -> None:
    acc, gyr = app_pair(tmp_path)
    gyr.rename(tmp_path / "gyr.csv")
    with pytest.raises(InputFileError, match=r"no gyroscope file.*put both files"):
        open_any(acc)
    with pytest.raises(InputFileError, match="does not bear the name"):
        open_any(tmp_path / "gyr.csv")
    assert import_metamotion(acc, partner=tmp_path / "gyr.csv").duration_s == pytest.approx(4.16)
    with pytest.raises(InputFileError, match="both hold the accelerometer"):
        import_metamotion(acc, partner=acc)


def test_metamotion_files_of_two_sessions_are_not_mixed(tmp_path: Path) -> None:
    acc, _ = app_pair(tmp_path)
    stamp = "2023-11-14T22.13.20.100"
    app_file(tmp_path, stamp, "Gyroscope", "25.000", first_ms=3_600_000, n=50)
    with pytest.raises(InputFileError, match="not recorded at the same time"):
        open_any(acc)


def test_a_fault_in_the_partner_names_the_partner(tmp_path: Path) -> None:
    acc, gyr = app_pair(tmp_path)
    lines = gyr.read_text(encoding="utf-8").splitlines()
    lines[5], lines[6] = lines[6], lines[5]
    gyr.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputFileError, match=r"Gyroscope.*line 7, .*backwards"):
        open_any(acc)
    gyr.write_text("\n".join(lines).replace("z-axis", "w-axis"), encoding="utf-8")
    with pytest.raises(InputFileError, match=r"Gyroscope.*line 1"):
        open_any(acc)


# --- recordings of real movement ---------------------------------------------------------


@needs_data
def test_every_public_imu_file_opens_with_its_own_times() -> None:
    folders = ("bar_ble_lifts", "optical_motion", "waist_squat_form", "back_three_imus")
    paths = [path for folder in folders for path in sorted((DATA / folder).glob("*.csv"))]
    paths = [path for path in paths if path.name != "truth.csv" and "optical.csv" not in path.name]
    assert len(paths) > 100
    for path in paths:
        expected = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
        np.testing.assert_array_equal(imu_rows(import_csv(path)), expected, err_msg=path.name)


@needs_data
def test_every_public_metamotion_pair_opens() -> None:
    folder = DATA / "wrist_metamotion_lifts"
    stems = [line.split(",")[0] for line in (folder / "truth.csv").read_text().split()[1:]]
    assert len(stems) == 27
    for stem in stems:
        (acc,) = folder.glob(f"{stem}_Accelerometer*.csv")
        (gyr,) = folder.glob(f"{stem}_Gyroscope*.csv")
        one, other = decoded(open_any(acc)), decoded(open_any(gyr))
        np.testing.assert_array_equal(one.time_s, other.time_s)
        np.testing.assert_array_equal(one.time_s, one.sensor_time_s)
        assert len(one) > 0.9 * (len(gyr.read_text().split()) - 2)
        size = np.median(np.linalg.norm(one.acc_sensor_mps2, axis=1))
        assert abs(size - STANDARD_GRAVITY_MPS2) < 0.2 * STANDARD_GRAVITY_MPS2
