"""lift_monitor: watches a heavy lift through inertial sensors, together with the clinician."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("lift-monitor")
except PackageNotFoundError:  # a checkout on the path that was never installed
    __version__ = "0.0.0+unknown"

__all__ = ["__version__"]
