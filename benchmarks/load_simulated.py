"""The state of the load against simulated truth: when it changed, and when that was known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from benchmarks.simulated import EXERCISES
from lift_monitor.drivers.simulated import SensorModel, SessionPlan, Truth, simulate_session
from lift_monitor.drivers.source import PacketSource
from lift_monitor.events import Exercise
from lift_monitor.road import Road
from lift_monitor.technique import Load, LoadChanged

RATES_HZ = (60.0, 100.0, 200.0)
MODELS: dict[str, Callable[[float], SensorModel]] = {
    "realistic": SensorModel.realistic,
    "harsh": SensorModel.harsh,
}
NEAR_S = 0.3
_FROM_FLOOR = (Exercise.DEADLIFT, Exercise.ROMANIAN_DEADLIFT, Exercise.BENT_OVER_ROW)
_BEGINNING_S = 1.5
"""The first word of a stream that begins with a bar at rest is no edge."""


@dataclass(frozen=True, slots=True)
class LoadJob:
    """One session to simulate."""

    exercise: Exercise
    model: str
    seed: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A true edge and the event that tells of it; ``None`` if none does."""

    job: LoadJob
    load: Load
    at_s: float
    since_error_s: float | None
    late_s: float | None

    @property
    def near(self) -> bool:
        """Within :data:`NEAR_S`."""
        return self.since_error_s is not None and abs(self.since_error_s) <= NEAR_S


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One session: its edges, and events that tell of nothing true."""

    job: LoadJob
    edges: tuple[Edge, ...]
    false: tuple[LoadChanged, ...]


def jobs(seeds: Iterable[int]) -> list[LoadJob]:
    """Every exercise with every seed; the sensor models take turns."""
    models = tuple(MODELS)
    return [LoadJob(e, models[seed % len(models)], seed) for e in EXERCISES for seed in seeds]


def changes(source: PacketSource, exercise: Exercise) -> list[LoadChanged]:
    """What the whole road tells of the load."""
    road = Road(source.sensors, exercise)
    road.decode_all(source.packets())
    events = (*road.advance().events, *road.finish().events)
    return [event for event in events if isinstance(event, LoadChanged)]


def session(job: LoadJob) -> LoadRow:
    """Simulate one session and compare; one in ten fails, one in ten ends in a drop."""
    rng = np.random.default_rng([job.seed, 7])
    failing, dropping = rng.random() < 0.1, rng.random() < 0.1
    plan = SessionPlan(
        exercise=job.exercise,
        sets=1,
        reps=int(rng.integers(2, 6)),
        failed_in_sets=(1,) if failing else (),
        drop_at_end=bool(dropping) and job.exercise in _FROM_FLOOR,
    )
    model = MODELS[job.model](RATES_HZ[job.seed // len(MODELS) % len(RATES_HZ)])
    simulated = simulate_session(plan, model, job.seed)
    return compare(job, simulated.truth, changes(simulated.source, job.exercise))


def compare(job: LoadJob, truth: Truth, told: list[LoadChanged]) -> LoadRow:
    """Match true edges with the nearest event of their kind, each used once."""
    free = list(told)
    edges = []
    for start_s, end_s in truth.borne_spans():
        for load, at_s in ((Load.LOADED, start_s), (Load.UNLOADED, end_s)):
            event = min(
                (e for e in free if e.load is load),
                key=lambda e: abs(e.since_s - at_s),
                default=None,
            )
            if event is None:
                edges.append(Edge(job, load, at_s, None, None))
                continue
            edge = Edge(job, load, at_s, event.since_s - at_s, event.at_s - at_s)
            edges.append(edge)
            if edge.near:
                free.remove(event)
    return LoadRow(job, tuple(edges), tuple(e for e in free if e.at_s > _BEGINNING_S))


def measure(seeds: Iterable[int]) -> list[LoadRow]:
    """All sessions, in parallel."""
    with ProcessPoolExecutor() as pool:
        return list(pool.map(session, jobs(seeds), chunksize=4))
