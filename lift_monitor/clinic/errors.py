"""What can go wrong with a clinic's records."""

from __future__ import annotations


class ClinicError(Exception):
    """One clear sentence for the user: what is wrong, where, what to do. Data are untouched."""


class BusyError(ClinicError):
    """Another program holds the database; nothing of the step was kept, and it can be repeated."""
