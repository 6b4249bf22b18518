import pytest

from lift_monitor.drivers.packet import Packet
from lift_monitor.drivers.source import MemorySource
from lift_monitor.samples import Role, SensorInfo

SENSOR = SensorInfo("bar", Role.BAR, "float-rows")


def test_packets_come_sorted_and_from_the_beginning_each_time() -> None:
    late, early = Packet("bar", "imu", 20, b"2"), Packet("bar", "imu", 10, b"1")
    source = MemorySource([SENSOR], [late, early])
    assert list(source.packets()) == [early, late]
    assert list(source.packets()) == [early, late]
    assert source.sensors == (SENSOR,)
    assert source.duration_s == pytest.approx(20e-9)


def test_packets_of_one_moment_keep_their_order() -> None:
    packets = [Packet("bar", "imu", 5, bytes([k])) for k in range(10)]
    assert list(MemorySource([SENSOR], packets).packets()) == packets


def test_unknown_and_doubled_sensors_are_refused() -> None:
    with pytest.raises(ValueError, match="'thorax', which is not among the sensors"):
        MemorySource([SENSOR], [Packet("thorax", "imu", 0, b"")])
    with pytest.raises(ValueError, match="share an identifier"):
        MemorySource([SENSOR, SENSOR], [])


def test_no_packets_last_no_time() -> None:
    assert MemorySource([SENSOR], []).duration_s == 0.0
