"""What is said of a sensor's stream, and for how long."""

from __future__ import annotations

from lift_monitor.drivers.packet import Packet
from lift_monitor.road import UnreadablePackets
from lift_monitor.samples import ImuChunk, Role, SensorInfo
from lift_monitor.station_health import SensorHealth
from lift_monitor.station_words import SensorStatus


def test_refused_packets_are_told_while_they_are_news() -> None:
    health = SensorHealth(SensorInfo("b", Role.BAR, "open-imu"))

    def at(now_s: float, refused: int) -> SensorStatus:
        health.arrived(Packet("b", "imu", round(now_s * 1e9), b""), ImuChunk.empty())
        return health.status(
            now_s, playing=True, unreadable=UnreadablePackets(refused, "too short")
        )

    assert at(1.0, 0).state == "ok"
    told = at(2.0, 3)
    assert (told.state, told.text) == ("check", "3 packets could not be read: too short.")
    assert "3 packets" in at(11.0, 3).text
    later = at(12.5, 3)
    assert (later.state, later.text) == ("ok", "")
    assert "2 packets" in at(13.0, 5).text
