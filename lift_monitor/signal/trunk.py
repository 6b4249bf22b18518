"""The trunk of one lifter: sensors on thorax and pelvis to angles, flags and landings.

Each sensor walks alone up to its steps of 10 ms; here they meet each other and the state of
the load.  A step is judged when all sensors know it.  One that is late or lost is waited for
briefly, then the rest is judged without it, and the numbers that need it are withdrawn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from lift_monitor.events import Event, Exercise, ExerciseChanged
from lift_monitor.samples import ImuChunk, Role, SensorInfo
from lift_monitor.signal.arrival import LATE_S
from lift_monitor.signal.commands import Command, SetExercise
from lift_monitor.signal.landing_contact import landing_rules_of
from lift_monitor.signal.load_line import LoadLine
from lift_monitor.signal.spine import Spine, SpineBlock
from lift_monitor.signal.trunk_align import NOTHING_YET, Alignment
from lift_monitor.signal.trunk_assess import assess
from lift_monitor.signal.trunk_calibration import CalibrationError, Window, calibrate_hinge
from lift_monitor.signal.trunk_channel import ChannelOutput, TrunkChannel
from lift_monitor.signal.trunk_flags import FlagTracker
from lift_monitor.signal.trunk_rules import rules_for
from lift_monitor.signal.trunk_steps import STEPS_PER_S, TrunkSteps
from lift_monitor.signal.trunk_words import (
    Calibrate,
    SetLoad,
    TrunkConfig,
    TrunkOutput,
    calibrated_event,
    flag_event,
)
from lift_monitor.technique import CalibrationRefused, LoadChanged
from lift_monitor.units import FloatArray, IndexArray, LoadArray

CLOCK_HOLD_S: Final = 2.5
"""The first samples of a stream wait for so long, at most, until their clock is known."""
HISTORY_S: Final = 300.0
"""Of steps, for a calibration that tells when it was; the guided minute is one. Design default."""
_END: Final = 1 << 62
"""Number of a step after all others."""
_FAR: Final = 1e15
"""A moment further away, in steps, is none of this session."""


class TrunkPipeline:
    """Streaming; identical events and steps however the streams are cut and interleaved.

    Parameters
    ----------
    sensors : iterable of SensorInfo
        Thorax and pelvis, one of each at most; none is allowed.
    config : TrunkConfig, optional
    exercise : Exercise
        Tells what is taken for a landing.
    has_bar : bool
        Whether the state of the load comes from a sensor.
    keep_steps : bool
        Keep all steps, so that :meth:`assess` can be asked for at the end.

    Raises
    ------
    ValueError
        If a role is given twice.
    """

    def __init__(
        self,
        sensors: Iterable[SensorInfo],
        config: TrunkConfig | None = None,
        *,
        exercise: Exercise = Exercise.FREE,
        has_bar: bool = False,
        keep_steps: bool = False,
    ) -> None:
        config = config or TrunkConfig()
        infos = tuple(sensors)
        roles = {info.role for info in infos}
        if len(roles) != len(infos):
            raise ValueError("Two trunk sensors have the same role; give each its own.")
        # Both would tell every landing; the pelvis is nearer to the centre of mass.
        lander = Role.PELVIS if Role.PELVIS in roles else Role.THORAX
        self._channels = {
            info.role: TrunkChannel(
                info,
                body_mass_kg=config.body_mass_kg,
                landing_rules=landing_rules_of(exercise),
                lands=info.role is lander,
            )
            for info in infos
        }
        self._config = config
        self._alignment = Alignment(self._channels)
        self._load = LoadLine()
        self._streams = (*self._channels, *((Role.BAR,) if has_bar else ()))
        self._away: set[Role] = set()
        self._settled: set[Role] = set()
        self._commands: list[Command] = []
        self._spine: Spine | None = None
        self._flags: FlagTracker | None = None
        self._history: deque[tuple[IndexArray, dict[Role, TrunkSteps]]] = deque()
        self._kept_loads: list[LoadArray] | None = [] if keep_steps else None
        self._events: list[Event] = []
        self._told = NOTHING_YET

    @property
    def roles(self) -> tuple[Role, ...]:
        """The trunk sensors."""
        return tuple(self._channels)

    @property
    def channels(self) -> Mapping[Role, TrunkChannel]:
        """The way of each trunk sensor."""
        return self._channels

    @property
    def told_s(self) -> float:
        """Session time up to which everything was told; minus infinity at the beginning."""
        return -np.inf if self._told == NOTHING_YET else self._told / STEPS_PER_S

    # --- what comes in ---

    def feed(self, role: Role, chunk: ImuChunk) -> None:
        """Take the next samples of a trunk sensor; :meth:`advance` judges them."""
        self._took(role, self._channels[role].feed(chunk))

    def _took(self, role: Role, output: ChannelOutput) -> None:
        if output.known is not None:
            self._settled.add(role)
            self._alignment.take(role, output.steps, output.known)
        self._events += output.events

    def note_bar(self, chunk: ImuChunk) -> None:
        """Take the times of the bar's samples, before the load that they tell."""
        if self._channels:
            self._load.note_arrival(chunk.time_s, chunk.host_time_s)

    def feed_load(self, time_s: FloatArray, load: LoadArray) -> None:
        """Take the state of the load at steps of the bar, (n,) each."""
        if not time_s.shape[0]:
            return
        self._settled.add(Role.BAR)
        if self._channels:
            self._load.take(time_s, load)
        else:
            self._load.pass_by(time_s)

    def note_load_change(self, event: LoadChanged) -> None:
        """Take what the bar's sensor tells, for when the load is no longer said by hand."""
        self._load.note_change(event)

    def link_changed(self, role: Role, host_time_s: float, *, up: bool) -> None:
        """The link of a sensor broke, or was made anew."""
        if not up:
            self._away.add(role)
            return
        self._away.discard(role)
        self._settled.discard(role)
        if role is Role.BAR:
            self._load.reconnected(host_time_s)
        elif role in self._channels:
            self._channels[role].reconnected(host_time_s)

    def command(self, command: Command) -> None:
        """Do something at a moment of the session that has not been told yet."""
        self._commands.append(command)
        self._commands.sort(key=lambda known: known.at_s)
        if isinstance(command, SetLoad):
            self._load.set_by_hand(command.at_s, command.load)
        elif isinstance(command, SetExercise):
            for channel in self._channels.values():
                channel.change_landing_rules(command.at_s, landing_rules_of(command.exercise))

    def by_hand(self, at_s: float) -> bool:
        """Whether the state of the load is said by hand at a moment."""
        return self._load.by_hand(at_s) is not None

    # --- what becomes known ---

    def advance(self, now_s: float | None = None) -> TrunkOutput:
        """Judge the steps that all sensors know.

        Parameters
        ----------
        now_s : float, optional
            Host time up to which everything that arrived was fed. A sensor that is further
            behind is not waited for. Without it every sensor is waited for.
        """
        if not self._channels:
            return TrunkOutput(tuple(self._walk_commands(self._without_trunk(now_s))))
        limits = [self._limit(role, now_s) for role in self._streams]
        known = [limit for limit in limits if limit is not None]
        if not known:
            known = [self._known(role) for role in self._streams]
        return self._tell(min(known))

    def finish(self) -> TrunkOutput:
        """End of all streams: judge the rest; flags that stand end."""
        for role, channel in self._channels.items():
            self._took(role, channel.finish())
        output = self._tell(max((self._known(role) for role in self._streams), default=NOTHING_YET))
        # What was commanded after the last sample is still answered.
        late, spine = self._walk_commands(_END), output.spine
        ended = self._flags.finish() if self._flags is not None else ()
        return TrunkOutput((*output.events, *late, *map(flag_event, ended)), spine)

    def assess(self, neutral: Window | None = None) -> TrunkOutput:
        """Angles and flags of everything kept, calibrated afterwards from the movement itself.

        See :func:`lift_monitor.signal.trunk_assess.assess`.

        Raises
        ------
        CalibrationError
            If it cannot be calibrated.
        ValueError
            If the steps were not kept.
        """
        if self._kept_loads is None:
            raise ValueError("the steps were not kept: pass keep_steps=True")
        index = np.concatenate([np.empty(0, np.intp), *(part for part, _ in self._history)])
        load = np.concatenate([np.empty(0, np.int8), *self._kept_loads])
        steps = {role: self.kept_steps(role) for role in self._channels}
        return assess(index, steps, load, self._config.rules, neutral)

    def kept_steps(self, role: Role) -> TrunkSteps:
        """The steps of a sensor that are still held."""
        return TrunkSteps.concatenate([steps[role] for _, steps in self._history])

    # --- inside ---

    def _known(self, role: Role) -> int:
        return self._load.known if role is Role.BAR else self._alignment.known[role]

    def _without_trunk(self, now_s: float | None) -> int:
        """Up to which step commands are obeyed where only a bar, or nothing, tells anything."""
        now = _END if now_s is None else _step(now_s)
        if Role.BAR in self._streams and (now_s is None or Role.BAR in self._settled):
            limit = self._limit(Role.BAR, now_s)
            return now if limit is None else min(now, limit)
        return now

    def _limit(self, role: Role, now_s: float | None) -> int | None:
        """Up to which step may be judged as far as one sensor goes; ``None``: any."""
        known = self._known(role)
        if now_s is None:
            return known
        if role in self._away and role in self._settled:
            return None
        wait_s = LATE_S if role in self._settled else LATE_S + CLOCK_HOLD_S
        return max(known, _step(now_s - wait_s))

    def _tell(self, stop: int) -> TrunkOutput:
        events, self._events = self._events, []
        blocks = []
        index, steps = self._alignment.until(stop)
        self._told = max(self._told, stop)
        while index.size:
            cut = int(np.searchsorted(index, self._next_command_step()))
            if cut:
                found, block = self._judge(
                    index[:cut], {role: part.part(0, cut) for role, part in steps.items()}
                )
                events += found
                blocks.append(block)
                index, steps = index[cut:], {r: p.part(cut, len(p)) for r, p in steps.items()}
            if index.size:
                events += self._walk_commands(int(index[0]))
        if stop != NOTHING_YET:
            events += self._walk_commands(stop)
        return TrunkOutput(tuple(events), SpineBlock.concatenate(blocks))

    def _next_command_step(self) -> int:
        return _step_from(self._commands[0].at_s) if self._commands else _END

    def _walk_commands(self, until: int) -> list[Event]:
        """Obey what is commanded up to a step; by its number, for seconds round both ways."""
        events: list[Event] = []
        while self._commands and self._next_command_step() <= until:
            command = self._commands.pop(0)
            if isinstance(command, SetLoad):
                load = self._load.of_bar(command.at_s) if command.load is None else command.load
                by_hand = command.load is not None
                events.append(LoadChanged(command.at_s, load, command.at_s, by_hand))
            elif isinstance(command, SetExercise):
                events.append(
                    ExerciseChanged(
                        command.at_s,
                        command.exercise,
                        command.load_kg,
                        command.target_reps,
                        command.target_sets,
                    )
                )
            else:
                events += self._calibrate(command)
        return events

    def _judge(
        self, index: IndexArray, steps: dict[Role, TrunkSteps]
    ) -> tuple[list[Event], SpineBlock]:
        self._keep(index, steps)
        load = self._load.at(index)
        if self._kept_loads is not None:
            self._kept_loads.append(load)
        if self._spine is None or self._flags is None:
            return [], SpineBlock.empty()
        found = self._spine.feed(index, steps)
        flags = self._flags.feed(found.block, load)
        events: list[Event] = [*found.slips, *map(flag_event, flags)]
        return sorted(events, key=lambda event: event.at_s), found.block

    def _keep(self, index: IndexArray, steps: dict[Role, TrunkSteps]) -> None:
        self._history.append((index, steps))
        if self._kept_loads is None:
            while self._history[0][0][-1] < index[-1] - HISTORY_S * STEPS_PER_S:
                self._history.popleft()

    def _calibrate(self, command: Calibrate) -> list[Event]:
        minute = command.minute
        steps = {role: self.kept_steps(role) for role in self._channels}
        try:
            calibration = calibrate_hinge(
                steps.get(Role.THORAX),
                steps.get(Role.PELVIS),
                minute.stand,
                minute.hinge,
                minute.stand_again,
            )
        except CalibrationError as error:
            return [CalibrationRefused(command.at_s, str(error))]
        ended = self._flags.finish() if self._flags is not None else ()
        self._spine = Spine(calibration)
        self._flags = FlagTracker(rules_for(len(steps), self._config.rules))
        return [*map(flag_event, ended), calibrated_event(calibration, command.at_s)]


def _step(time_s: float) -> int:
    """Number of the last shared step up to a time."""
    return int(np.floor(time_s * STEPS_PER_S))


def _step_from(time_s: float) -> int:
    """Number of the first shared step from a time on."""
    return int(np.clip(np.ceil(time_s * STEPS_PER_S), -_FAR, _FAR))


def trunk_sensors(infos: Sequence[SensorInfo]) -> tuple[SensorInfo, ...]:
    """The first sensor of each trunk role."""
    first: dict[Role, SensorInfo] = {}
    for info in infos:
        if info.role is not Role.BAR:
            first.setdefault(info.role, info)
    return tuple(first.values())
