"""What can go wrong with a clinic's records."""

from __future__ import annotations


class ClinicError(Exception):
    """One clear sentence for the user: what is wrong, where, what to do. Data are untouched."""


class DamagedError(ClinicError):
    """A file or a record is not what was once written.

    Parameters
    ----------
    what : str
        What is wrong and where.
    hint : str
        What to do if it is the clinic's file that is used.
    """

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(f"{what}; {hint}.")
        self.what = what
        """Without the hint: of a backup there is another one."""


class BusyError(ClinicError):
    """Another program holds the database; nothing of the step was kept, and it can be repeated."""
