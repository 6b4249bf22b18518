"""``python -m lift_monitor`` is the same as the command ``lift-monitor``."""

import sys

from lift_monitor.cli import main

sys.exit(main())
