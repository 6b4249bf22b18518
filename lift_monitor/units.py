"""Units, constants and array types that every other module speaks in.

All quantities inside the program are SI; a unit or a frame that is not obvious stands in
the name (``acc_world_mps2``).  Time is on the first axis, quaternions are ``w, x, y, z``,
and the world frame has z up.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
QualityArray: TypeAlias = NDArray[np.uint16]
BoolArray: TypeAlias = NDArray[np.bool_]
IndexArray: TypeAlias = NDArray[np.intp]
LoadArray: TypeAlias = NDArray[np.int8]

STANDARD_GRAVITY_MPS2: Final = 9.80665
"""One g by definition (CGPM 1901)."""

RADPS_PER_DPS: Final = np.pi / 180.0
