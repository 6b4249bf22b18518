from __future__ import annotations

import io
import itertools
import wave
from pathlib import Path

import numpy as np
import pytest

from lift_monitor.sound.earcons import EARCONS, RATE_HZ, Earcon, Pulse, samples_of
from lift_monitor.sound.wav import wav_bytes, write_wavs
from lift_monitor.sound.words import CueKind
from lift_monitor.units import FloatArray

KINDS = list(EARCONS)
PULSES = [(kind, pulse) for kind, earcon in EARCONS.items() for pulse in earcon.pulses]


def cut(sound: FloatArray, pulse: Pulse, rate_hz: int = RATE_HZ) -> FloatArray:
    return sound[round(pulse.start_s * rate_hz) : round(pulse.end_s * rate_hz)]


def loudness(kind: CueKind) -> float:
    """Root mean square while it sounds."""
    parts = np.concatenate([cut(samples_of(kind), pulse) for pulse in EARCONS[kind].pulses])
    return float(np.sqrt(np.mean(parts**2)))


@pytest.mark.parametrize("rate_hz", [48_000, 44_100, 16_000])
@pytest.mark.parametrize(("kind", "pulse"), PULSES)
def test_each_pulse_has_the_frequency_that_is_written_down(
    kind: CueKind, pulse: Pulse, rate_hz: int
) -> None:
    part = cut(samples_of(kind, rate_hz), pulse, rate_hz)
    padded = 1 << 17
    power = np.abs(np.fft.rfft(part * np.hanning(part.size), padded))
    strongest_hz = float(np.argmax(power)) * rate_hz / padded
    assert strongest_hz == pytest.approx(pulse.frequency_hz, rel=0.01)


@pytest.mark.parametrize("kind", KINDS)
def test_energy_lies_where_old_ears_and_small_loudspeakers_still_work(kind: CueKind) -> None:
    sound = samples_of(kind)
    power = np.abs(np.fft.rfft(sound)) ** 2
    hz = np.fft.rfftfreq(sound.size, 1 / RATE_HZ)
    inside = power[(hz > 250.0) & (hz < 4200.0)].sum()
    assert inside / power.sum() > 0.99


@pytest.mark.parametrize("kind", KINDS)
def test_pulses_last_as_written_with_silence_between(kind: CueKind) -> None:
    earcon, sound = EARCONS[kind], samples_of(kind)
    assert sound.size == round(earcon.duration_s * RATE_HZ)
    heard = np.zeros(sound.size, bool)
    for pulse in earcon.pulses:
        heard[round(pulse.start_s * RATE_HZ) : round(pulse.end_s * RATE_HZ)] = True
        middle = cut(sound, pulse)[round(0.3 * pulse.duration_s * RATE_HZ) :][:200]
        assert np.abs(middle).max() > 0.3 * earcon.level
    assert not sound[~heard].any()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_clips_and_the_level_is_the_one_written_down(kind: CueKind) -> None:
    earcon = EARCONS[kind]
    peak = np.abs(samples_of(kind)).max()
    assert earcon.level < 1.0
    assert 0.8 * earcon.level < peak <= earcon.level


@pytest.mark.parametrize(("kind", "pulse"), PULSES)
def test_pulses_fade_in_and_out(kind: CueKind, pulse: Pulse) -> None:
    earcon, part = EARCONS[kind], cut(samples_of(kind), pulse)
    assert part[0] == 0.0
    assert abs(part[-1]) < 0.01 * earcon.level
    # A quarter into an edge the envelope is at 15 %, at its end at 100 %.
    for edge_s, side in ((earcon.attack_s, part), (earcon.release_s, part[::-1])):
        edge = round(edge_s * RATE_HZ)
        assert np.abs(side[: edge // 4]).max() < 0.16 * earcon.level


@pytest.mark.parametrize("kind", list(CueKind))
def test_no_step_is_larger_than_the_tones_themselves_make(kind: CueKind) -> None:
    sound = samples_of(kind)
    # A click is a step: the steepest a band below 4 kHz can be, from its highest harmonic.
    steepest = max(
        e.level * 2 * np.pi * p.frequency_hz * len(e.harmonics) / RATE_HZ
        for e in EARCONS.values()
        for p in e.pulses
    )
    assert sound[0] == sound[-1] == 0.0
    assert np.abs(np.diff(sound)).max() < steepest


def test_earcons_differ_in_rhythm_or_contour() -> None:
    def shape(earcon: Earcon) -> tuple[object, ...]:
        pulses = earcon.pulses
        steps = tuple(
            int(np.sign(b.frequency_hz - a.frequency_hz)) for a, b in itertools.pairwise(pulses)
        )
        return len(pulses), steps

    assert len({shape(EARCONS[kind]) for kind in KINDS}) == len(KINDS)


def test_the_more_pressing_the_louder() -> None:
    order = (CueKind.STOP, CueKind.CHECK, CueKind.COUNT)
    levels = [EARCONS[kind].level for kind in order]
    assert levels == sorted(levels, reverse=True)
    assert max(KINDS, key=loudness) is CueKind.STOP


def test_stop_is_two_bursts_of_three_and_two_and_check_one_of_three() -> None:
    stop = EARCONS[CueKind.STOP].pulses
    assert len(stop) == 10
    gaps = [b.start_s - a.end_s for a, b in itertools.pairwise(stop)]
    assert gaps == pytest.approx([0.1, 0.1, 0.3, 0.1, 0.5, 0.1, 0.1, 0.3, 0.1])
    assert len(EARCONS[CueKind.CHECK].pulses) == 3


def test_a_fault_falls_and_its_end_rises() -> None:
    fault, restored = EARCONS[CueKind.FAULT].pulses, EARCONS[CueKind.RESTORED].pulses
    assert fault[0].frequency_hz > fault[-1].frequency_hz
    assert restored[0].frequency_hz < restored[-1].frequency_hz


def test_the_sound_test_lets_every_earcon_be_heard() -> None:
    test = samples_of(CueKind.TEST)
    energy = np.concatenate([[0.0], np.cumsum(test**2)])
    for kind in KINDS:
        part, size = samples_of(kind), 1 << 19
        alike = np.fft.irfft(np.fft.rfft(test, size) * np.conj(np.fft.rfft(part, size)), size)
        # Squared distance of the part to each stretch of the test.
        away = np.sum(part**2) - 2 * alike[: test.size - part.size + 1]
        away += energy[part.size :] - energy[: test.size - part.size + 1]
        at = int(np.argmin(away))
        assert np.array_equal(test[at : at + part.size], part)


def test_samples_cannot_be_altered_for_the_next_one_who_plays_them() -> None:
    with pytest.raises(ValueError, match="read-only"):
        samples_of(CueKind.STOP)[100] = 1.0


def test_a_pulse_too_short_for_its_edges_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        Earcon((Pulse(0.0, 0.02, 440.0),), 0.5, 0.015, 0.015, (1.0,))


def test_a_rate_that_cannot_carry_the_harmonics_is_refused() -> None:
    with pytest.raises(ValueError, match="8000"):
        samples_of(CueKind.STOP, 8000)


def test_wav_files_hold_the_samples(tmp_path: Path) -> None:
    paths = write_wavs(tmp_path / "sounds")
    assert {path.stem for path in paths} == {kind.value for kind in CueKind}
    with wave.open(io.BytesIO((tmp_path / "sounds" / "stop.wav").read_bytes())) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 48_000)
        read = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32767.0
    assert np.allclose(read, samples_of(CueKind.STOP), atol=1e-4)


def test_a_sound_beyond_full_scale_is_not_written() -> None:
    with pytest.raises(ValueError, match="full scale"):
        wav_bytes(np.array([0.0, 1.2, 0.0]))
