"""What a database complains of, as one sentence for the user."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from lift_monitor.clinic.errors import BusyError, ClinicError, DamagedError

RESTORE: Final = "restore a backup with lift-monitor restore"

_BUSY: Final = (
    "{where} is in use by another program, which does not let go; close it and try again."
)
_FULL: Final = (
    "The disk of {where} is full: nothing of this step was kept; make room on the disk and do it "
    "again."
)
_READ_ONLY: Final = (
    "{where} cannot be written to: the file or its folder is read-only; ask for the right to "
    "write there, or name another place."
)
_DAMAGED: Final = "{where} is damaged"
_SHUT: Final = "{where} cannot be opened; check that its folder is there and may be written to."
_FAILING: Final = (
    "The disk of {where} does not take what is written: nothing of this step was kept; check "
    "that the disk is neither full nor failing."
)
_AWAY: Final = (
    "{where} cannot be reached; check that the database's server runs and that this computer may "
    "use it."
)
_TOO_LARGE: Final = "A number has too many digits to be kept; check it."
_BY_TEXT: Final = (
    (("out of range",), _TOO_LARGE),
    (("connection failed", "could not connect", "connection refused"), _AWAY),
    (("is locked", "busy"), _BUSY),
    (("disk is full", "no space left"), _FULL),
    (("readonly", "read-only", "permission denied"), _READ_ONLY),
    (("malformed", "not a database", "could not decode"), _DAMAGED),
    (("unable to open",), _SHUT),
    (("disk i/o error",), _FAILING),
)


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn a database's errors into :class:`ClinicError`.

    Parameters
    ----------
    where
        What the database is called in the sentence: its file or its URL without a password.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise fault(error, where) from error
    except OverflowError as error:
        raise ClinicError(_TOO_LARGE) from error
    except UnicodeEncodeError as error:
        raise ClinicError("A text has a character that cannot be kept; type it anew.") from error
    except (ValueError, TypeError) as error:
        # Every value is checked before it is written: what cannot be read was damaged since.
        raise DamagedError(f"A record in {where} cannot be read ({error})", RESTORE) from error


def fault(error: Exception, where: str) -> ClinicError:
    """An error of a database, told in one sentence."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    text = " ".join(str(cause).split())
    for signs, told_as in _BY_TEXT:
        if any(sign in text.lower() for sign in signs):
            what = told_as.format(where=where)
            if told_as is _DAMAGED:
                return DamagedError(what, f"close lift-monitor and {RESTORE}")
            return (BusyError if told_as is _BUSY else ClinicError)(what)
    return ClinicError(f"{where} refused this step, and nothing of it was kept: {text}.")
