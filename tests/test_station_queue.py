import numpy as np

from lift_monitor.events import Event, Phase, PhaseChanged
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.station import Mode, StationReset, StationStatus
from lift_monitor.station_queue import History, UpdateQueue


def block(start_s: float, rows: int) -> TraceBlock:
    time_s = np.asarray(start_s + np.arange(rows) * 0.01, dtype=np.float64)
    return TraceBlock(
        time_s, time_s * 2, time_s * 3, np.zeros((rows, 3)), np.zeros(rows, np.uint16)
    )


def event(at_s: float) -> Event:
    return PhaseChanged(at_s, Phase.UP)


def status(now_s: float) -> StationStatus:
    return StationStatus(Mode.REPLAY, now_s, None, 1.0, True, None, 0.0, None, (), None, False, 0)


def test_outputs_merge_and_only_the_latest_status_stays() -> None:
    queue = UpdateQueue()
    queue.put(PipelineOutput((event(1.0),), block(0, 10)))
    queue.put_status(status(1.0))
    queue.put(PipelineOutput((event(2.0),), block(0.1, 5)))
    queue.put_status(status(2.0))
    output, told = queue.drain()
    assert isinstance(output, PipelineOutput)
    assert [e.at_s for e in output.events] == [1.0, 2.0]
    np.testing.assert_allclose(output.trace.time_s, np.arange(15) * 0.01)
    assert told == status(2.0)
    assert queue.drain() == []


def test_a_slow_listener_loses_old_rows_and_no_event() -> None:
    queue = UpdateQueue(most_trace_rows=100)
    for k in range(1000):
        queue.put(PipelineOutput((event(float(k)),), block(k * 0.1, 10)))
    (output,) = queue.drain()
    assert isinstance(output, PipelineOutput)
    assert len(output.events) == 1000
    assert len(output.trace) == 100
    assert output.trace.time_s[-1] == block(99.9, 10).time_s[-1]
    assert queue.dropped == 9900


def test_a_reset_comes_first_and_drops_what_was_before() -> None:
    queue = UpdateQueue()
    queue.put(PipelineOutput((event(9.0),), block(9, 10)))
    queue.put_reset(StationReset(5.0), PipelineOutput((event(4.0),), block(4, 10)))
    queue.put(PipelineOutput((event(6.0),)))
    reset, output = queue.drain()
    assert reset == StationReset(5.0)
    assert isinstance(output, PipelineOutput)
    assert [e.at_s for e in output.events] == [4.0, 6.0]


def test_a_limit_leaves_the_rest_for_later() -> None:
    queue = UpdateQueue()
    queue.put_reset(StationReset(5.0), PipelineOutput((event(4.0),)))
    queue.put_status(status(5.0))
    assert queue.drain(0) == []
    assert queue.drain(1) == [StationReset(5.0)]
    assert len(queue.drain(2)) == 2


def test_history_keeps_all_events_and_the_latest_stretch() -> None:
    history = History()
    for k in range(600):
        history.add(PipelineOutput((event(float(k)),), block(k * 0.1, 10)))
    told = history.told_again()
    assert len(told.events) == 600
    assert told.trace.time_s[-1] - told.trace.time_s[0] <= 12.0
    assert len(told.trace) >= 1200
