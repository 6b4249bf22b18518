"""What can go wrong with a report."""

from __future__ import annotations


class ReportError(ValueError):
    """One clear sentence for the user: why there is no report, and what to do."""
