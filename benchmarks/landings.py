"""Landings on the reference recordings of other people; writes docs/landings.md.

``python -m benchmarks.landings``; with ``--print`` nothing is written.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.landing_clips import (
    landing_rows,
    landing_section,
    other_movement,
    other_section,
    resampled_rows,
    resampled_section,
)
from benchmarks.landing_drops import smooth_section
from benchmarks.landing_forces import hip_peaks, hip_section, running_rows, running_section

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "landings.md"

_METHODS = """# Landings

Made by `python -m benchmarks.landings`; do not edit by hand. Failures are included.

## What is measured, and how

One trunk sensor is enough (`lift_monitor/signal/landing*.py`). A landing is three things together:
the trunk is **light** (the last 0.06 s before contact below 0.5 g on average, 0.1 s or more below
0.6 g), the force is there **suddenly** (within 0.11 s of contact), and it is **large** (2.0 g after
the 20 Hz low-pass). Squats come too slowly, steps and walking are too small or not light enough,
and the dip before a jump is followed by a push-off that is too slow. Heel drops and stomps have
no flight; they are found only where they are the exercise. No orientation of the sensor is needed
for this.

* **Contact**: the first step of the rise along the direction of the impact, 18 g/s over 0.02 s.
* **Flight time**: how long the trunk was light before; swaying for less than 0.07 s does not end
  it. An estimate: a trunk that turns is not weightless.
* **Peak acceleration**: the largest resultant of the samples as received within 0.25 s of contact,
  gravity included; and the same after the 20 Hz low-pass (Butterworth, order 4, both ways).
* **Peak force, Newton**: the largest vertical specific force of the sensor after a 10 Hz low-pass;
  1 g is one body weight.
* **Peak force, regression**: for the pelvis, from the 20 Hz peak p and the body mass m,
  `b0 + b1 p + b2 m + b3 p m`, the coefficients for jumping of [1]; `back` for a sensor on the
  sacrum, `hip` for one at the side.
* **Difference** of the two: the least that must be believed of the uncertainty.
* **Loading rate**: the steepest rise of Newton's force before its peak. An indication only: no
  accelerometer method reads it within 65 % [2], and the low-pass limits it.
* **Osteogenic index**: mean peak force in body weights times ln(N + 1) over the N landings of a
  session [3].

The peaks are "at least" where a sample reached the sensor's range, or an axis held one extreme for
three samples. Confidence is low with a clipped peak, a hole of more than 0.03 s or fewer than 50
samples a second in the landing, without a second estimate, where the two are more than 1.0 body
weight apart, less than 2 s after the stream began, and always for the thorax: no regression is
published for it, and by Newton's law it reads too high [4]. A session's target band is the
clinician's; 3 to 4 body weights is offered, because more than 3 is linked with bone before the
menopause [5].

**Which of the two to believe.** The regression flattens: it reads soft landings too high and
hard ones too low, and the coefficients for jumping stand in the program only (the paper behind
them could not be read). Newton's estimate takes the whole body to move like its pelvis; the
10 Hz low-pass takes out shaking that the body does not share [6], and with it any force that
lasts less than about 0.05 s. So at hard, stiff landings the true first peak can be higher than
both.
"""

_LIMITS = """## What has not been validated

* No public recording joins a trunk sensor, a landing and a force plate: forces of *landings* rest
  on running at a force plate (above), on a published regression, and on the agreement of the two.
* The landings are those of one young person. None is of an older woman, none after a chin-up;
  heel drops and stomps are simulated only.
* The contact is compared with a reading of the pelvis signal by eye. A thorax sensor feels the
  contact about 0.01 s later than the pelvis.
* A drop without any sudden touch, braked evenly for 0.25 s and more, is timed 0.02 s late (table
  above).
* Below 100 Hz the first touch of the foot can fall between two samples: now and then a contact is
  then timed late, or a landing is missed. At any rate the sway of the trunk just before contact can
  be taken for it; one clip in eight is so close that noise decides.
* Running and hopping have a flight and an impact too: their steps count as landings.

## Sources

1. Veras et al., impactr 0.4 (MIT); filter and peaks: Osteoporos Int 31:1239–1250, 2020,
   doi:10.1007/s00198-020-05295-2; walking and running: Eur J Sport Sci 2022,
   doi:10.1080/17461391.2022.2102437
2. Kiernan, Ng & Hawkins 2023, Sensors 23:8719, doi:10.3390/s23218719
3. Turner & Robling 2003, Exerc Sport Sci Rev 31:45–50, doi:10.1097/00003677-200301000-00009
4. Sacrum, back and chest in jumping: doi:10.3389/fbioe.2023.1112866
5. Clissold et al. 2019, doi:10.1016/j.clinbiomech.2019.12.025
6. Kiernan et al. 2024, Sensors 24:656, doi:10.3390/s24020656
"""

_NOT_MEASURED = "The reference recordings were not beside the checkout: nothing was measured.\n"


def page() -> str:
    """The whole page, measured anew."""
    lines = [_METHODS]
    if DATA.is_dir():
        lines += landing_section(landing_rows(DATA))
        lines += resampled_section(resampled_rows(DATA))
        lines += other_section(other_movement(DATA))
        lines += running_section(running_rows(DATA))
        lines += hip_section(*hip_peaks(DATA))
    else:
        lines += [_NOT_MEASURED]
    return "\n".join([*lines, *smooth_section(), _LIMITS])


def main() -> None:
    """Measure everything and rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="print, do not write")
    text = page()
    if parser.parse_args().print:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
