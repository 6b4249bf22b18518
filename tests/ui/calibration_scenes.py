"""States of the calibration of the trunk, brought about as a person would bring them about."""

from __future__ import annotations

from dataclasses import replace

from lift_monitor.events import Confidence
from lift_monitor.samples import Role
from lift_monitor.sensors.calibration import FlowState
from lift_monitor.sensors.calibration_guide import GuideState, Pose
from lift_monitor.signal.pipeline import PipelineOutput
from lift_monitor.signal.trace_block import TraceBlock
from lift_monitor.station import Mode, SensorStatus, StationStatus
from lift_monitor.technique import CalibrationRefused, SensorSlipped, TrunkCalibrated
from lift_monitor.ui.session import LoadedSession
from lift_monitor.ui.window import MonitorWindow
from tests.ui import scenes
from tests.ui.scenes import ScriptedFeed

BOTH = (Role.THORAX, Role.PELVIS)
STATUS_S = 0.5
"""Between two statuses: rarer than a station's, and so harder on the guide."""
LOW = (
    "The thorax sensor stood 9° differently after the hinge; sit it tight and calibrate again.",
    "The hinge reached only 22° of trunk lean (30° are wanted), so deeper neutral is a guess.",
    "The pelvis turned about an axis 21° away from that of a hinge; do not twist, and repeat.",
)
REFUSAL = (
    "The thorax sensor delivered 0.4 s of the 1.5 s without a hole that standing still needs; "
    "bring it nearer to the computer and calibrate again."
)
SLIP = "The pelvis sensor jumped by 14° while the thorax did not; press it on and calibrate again."


def sensors(*roles: Role, silent: Role | None = None) -> tuple[SensorStatus, ...]:
    """The bar's sensor and those of the trunk; one of them may have stopped sending."""
    return tuple(
        replace(one, state="lost", age_s=3.0) if one.role is silent else one
        for one in scenes.three_sensors()
        if one.role in (Role.BAR, *roles)
    )


def status(
    now_s: float, roles: tuple[Role, ...] = BOTH, silent: Role | None = None
) -> StationStatus:
    """A live station before its first set."""
    return scenes.status(now_s, sensors=sensors(*roles, silent=silent))


def session(roles: tuple[Role, ...] = BOTH, *, now_s: float = 10.0) -> LoadedSession:
    """A live session before its first set."""
    return LoadedSession(ScriptedFeed(Mode.LIVE, updates=[status(now_s, roles)]))


def calibrated(
    at_s: float,
    roles: tuple[Role, ...] = BOTH,
    confidence: Confidence = Confidence.HIGH,
    reasons: tuple[str, ...] = (),
) -> PipelineOutput:
    """The station's good or doubtful answer."""
    event = TrunkCalibrated(at_s, roles, "hinge", confidence, reasons)
    return PipelineOutput((event,), TraceBlock.empty())


def refused(at_s: float, sentence: str = REFUSAL) -> PipelineOutput:
    """The station's other answer."""
    return PipelineOutput((CalibrationRefused(at_s, sentence),), TraceBlock.empty())


def slipped(at_s: float) -> PipelineOutput:
    """A sensor came loose."""
    return PipelineOutput((SensorSlipped(at_s, Role.PELVIS, True, SLIP),), TraceBlock.empty())


class Led:
    """A window on a scripted session, and its time.

    Parameters
    ----------
    window : MonitorWindow
        On :func:`session`.
    roles : tuple of Role
        Those of the trunk in that session.
    silent : Role, optional
        Which of them stops sending when time runs.
    """

    def __init__(
        self,
        window: MonitorWindow,
        roles: tuple[Role, ...] = BOTH,
        silent: Role | None = None,
        now_s: float = 10.0,
    ) -> None:
        self.window, self.roles, self.silent, self.now_s = window, roles, silent, now_s
        feed = window.session.station
        assert isinstance(feed, ScriptedFeed)
        self.feed = feed
        assert window.stage is not None
        self.page = window.stage.calibration
        self.flow = self.page.flow

    def tell(self, *updates: PipelineOutput) -> None:
        """Let the station say something."""
        self.feed.tell(*updates, status(self.now_s, self.roles, self.silent))
        self.window.tick()

    def go_to(self, time_s: float) -> None:
        """Let session time run to a moment, in the steps of a status."""
        while self.now_s < time_s - 1e-9:
            self.now_s = min(time_s, self.now_s + STATUS_S)
            self.tell()

    def run(self, seconds: float) -> None:
        """Let session time run."""
        self.go_to(self.now_s + seconds)

    def until(self, pose: Pose, state: GuideState, seconds: float = 0.0) -> None:
        """Let time run to some seconds into getting ready or being measured."""
        guide = self.flow.guide
        while self.flow.state is FlowState.GUIDED and (guide.step.pose, guide.state) != (
            pose,
            state,
        ):
            self.run(STATUS_S)
        self.run(seconds)

    def finish(self) -> None:
        """Let the whole guide run until the station is asked."""
        while self.flow.state is FlowState.GUIDED:
            self.run(STATUS_S)


SCENES = (
    "intro",
    "intro_one",
    "intro_silent",
    "intro_old",
    "intro_slipped",
    "intro_none",
    "stand_ready",
    "stand",
    "hinge_ready",
    "hinge_down",
    "hinge_hold",
    "hinge_one",
    "again_ready",
    "again",
    "awaiting",
    "good",
    "good_one",
    "low",
    "refused",
    "refused_again",
    "unanswered",
    "badge_none",
    "badge_skipped",
    "badge_good",
    "badge_low",
    "badge_old",
    "badge_slipped",
)
"""What :func:`show` knows; those of the badge show the dashboard."""


def roles_of(scene: str) -> tuple[Role, ...]:
    """Trunk sensors of a scene."""
    if scene == "intro_none":
        return ()
    return (Role.THORAX,) if scene.endswith("_one") else BOTH


def show(window: MonitorWindow, scene: str) -> Led:
    """Bring a window on :func:`session` into a state of :data:`SCENES`."""
    led = Led(window, roles_of(scene))
    if scene.startswith("badge"):
        _badge(led, scene)
        return led
    window.do("calibrate")
    if scene.startswith("intro"):
        _intro(led, scene)
        return led
    led.page.go_on()
    ready, measuring = GuideState.READY, GuideState.MEASURING
    moments = {
        "stand_ready": (Pose.STAND, ready, 2.0),
        "stand": (Pose.STAND, measuring, 3.5),
        "hinge_ready": (Pose.HINGE, ready, 3.0),
        "hinge_down": (Pose.HINGE, measuring, 3.5),
        "hinge_hold": (Pose.HINGE, measuring, 7.0),
        "hinge_one": (Pose.HINGE, measuring, 11.0),
        "again_ready": (Pose.STAND_AGAIN, ready, 1.0),
        "again": (Pose.STAND_AGAIN, measuring, 4.0),
    }
    if scene in moments:
        led.until(*moments[scene])
        return led
    led.finish()
    _answer(led, scene)
    return led


def _intro(led: Led, scene: str) -> None:
    if scene == "intro_silent":
        led.silent = Role.PELVIS
        led.run(0.1)
    if scene in ("intro_old", "intro_slipped"):
        led.tell(calibrated(led.now_s))
        led.now_s += 5700.0 if scene == "intro_old" else 900.0
        led.tell(*([slipped(led.now_s)] if scene == "intro_slipped" else []))


def _answer(led: Led, scene: str) -> None:
    match scene:
        case "good" | "good_one":
            led.tell(calibrated(led.now_s, led.roles))
            led.run(2.0)
        case "low":
            led.tell(calibrated(led.now_s, confidence=Confidence.LOW, reasons=LOW))
        case "refused":
            led.tell(refused(led.now_s))
        case "refused_again":
            led.tell(calibrated(led.now_s))
            led.page.leave_off()  # again
            led.finish()
            led.tell(refused(led.now_s))
        case "unanswered":
            led.run(11.0)


def _badge(led: Led, scene: str) -> None:
    match scene:
        case "badge_skipped":
            led.window.do("calibrate")
            led.page.leave_off()
        case "badge_good" | "badge_old" | "badge_slipped":
            led.tell(calibrated(led.now_s))
            led.now_s += 5700.0 if scene == "badge_old" else 725.0
            led.tell(*([slipped(led.now_s)] if scene == "badge_slipped" else []))
        case "badge_low":
            led.tell(calibrated(led.now_s, confidence=Confidence.LOW, reasons=LOW))
    led.run(0.1)
