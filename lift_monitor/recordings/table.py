"""Numbers out of a delimited text file: fast when it is right, precise when it is not.

NumPy reads the numbers; only when it cannot, a second, slow pass in Python looks for the
line and the column to name, or finds that the text was well-formed after all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from lift_monitor.recordings.errors import InputFileError
from lift_monitor.recordings.sniff import describe, read_head, unreadable
from lift_monitor.units import FloatArray

_BOM: Final = b"\xef\xbb\xbf"
_LARGEST_BYTES: Final = 1 << 28
"""Ten hours at 100 Hz."""
_MOST_COLUMNS: Final = 1000
_NEWLINE: Final = ord("\n")
_SHOWN: Final = 24
_DECIMAL_COMMA: Final = bytes.maketrans(b",", b".")


@dataclass(frozen=True, slots=True, eq=False)
class TextTable:
    """A text file of one header line and rows of cells (make one with :meth:`open`).

    Attributes
    ----------
    path : Path
    names : tuple of str
        Cells of the header, without quotes and surrounding space.
    """

    path: Path
    names: tuple[str, ...]
    _body: bytes
    _delimiter: str

    @classmethod
    def open(cls, path: Path) -> TextTable:
        """Read a file and its header; comma, semicolon and tab are understood.

        Raises
        ------
        InputFileError
            If the file is missing, empty, too large, no text, or has no plausible header.
        """
        head = read_head(path)
        if describe(head) not in ("plain text", "of an unknown kind"):
            raise InputFileError(
                f"{path} is {describe(head)}, not a CSV; save the data as CSV (UTF-8) and "
                "open that."
            )
        try:
            if path.stat().st_size > _LARGEST_BYTES:
                raise InputFileError(
                    f"{path} is larger than 256 MiB; cut it into shorter sessions first."
                )
            text = path.read_bytes().removeprefix(_BOM)
        except OSError as error:
            raise unreadable(path, error) from None
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        header, _, body = text.partition(b"\n")
        delimiter = next((mark for mark in "\t;" if mark.encode() in header), ",")
        count = header.count(delimiter.encode()) + 1
        if count > _MOST_COLUMNS:
            raise InputFileError(
                f"{path}, line 1 has {count} columns and at most {_MOST_COLUMNS} are read; "
                "export one sensor with its own columns only."
            )
        if b"\0" in text or not _is_text(header):
            raise InputFileError(
                f"{path} is not a text file; save the data as CSV (UTF-8) and open that."
            )
        return cls(path, _split(header.decode(), delimiter, path), body, delimiter)

    def numbers(self, columns: Sequence[int]) -> FloatArray:
        """Read some columns as numbers.

        Returns
        -------
        (n, len(columns)) array
            Finite values; blank lines are left out.

        Raises
        ------
        InputFileError
            If there are no rows, a row has not as many cells as the header, or a cell is
            empty, no number, or not finite; the message names line and column.
        """
        if not self._body.strip():
            raise InputFileError(
                f"{self.path} has a header and no rows; record or export it again."
            )
        rows = self._fast(columns)
        return self._slow(columns) if rows is None else rows

    def line_of(self, row: int) -> int:
        """Line number in the file (the header is 1) of a row that :meth:`numbers` gave."""
        lines = (number for number, line in enumerate(self._lines(), start=2) if line.strip())
        for _ in range(row):
            next(lines)
        return next(lines)

    def _lines(self) -> Iterator[str]:
        return iter(self._body.decode("utf-8", "replace").split("\n"))

    def _fast(self, columns: Sequence[int]) -> FloatArray | None:
        if b'"' in self._body or not self._is_even():
            return None
        body = self._body.translate(_DECIMAL_COMMA) if self._has_decimal_comma() else self._body
        try:
            rows = np.loadtxt(
                io.BytesIO(body),
                delimiter=self._delimiter,
                usecols=list(columns),
                comments=None,
                ndmin=2,
                encoding="latin-1",  # text in other columns may be anything
            )
        except ValueError:
            return None
        return rows if np.isfinite(rows).all() else None

    def _is_even(self) -> bool:
        """Whether every line that is not blank has as many cells as the header."""
        body = self._body if self._body.endswith(b"\n") else self._body + b"\n"
        letters = np.frombuffer(body, np.uint8)
        ends = np.flatnonzero(letters == _NEWLINE)
        blank = np.diff(ends, prepend=-1) == 1
        marks = np.flatnonzero(letters == ord(self._delimiter))
        cells = np.diff(np.searchsorted(marks, ends), prepend=0) + 1
        return bool((cells[~blank] == len(self.names)).all())

    def _has_decimal_comma(self) -> bool:
        first = self._body.lstrip(b"\n").partition(b"\n")[0]
        return self._delimiter != "," and b"," in first

    def _slow(self, columns: Sequence[int]) -> FloatArray:
        comma = self._has_decimal_comma()
        rows: list[list[float]] = []
        reader = csv.reader(self._lines(), delimiter=self._delimiter)
        try:
            for cells in reader:
                if not any(cell.strip() for cell in cells) and len(cells) <= 1:
                    continue
                where = f"{self.path}, line {reader.line_num + 1}"
                if len(cells) != len(self.names):
                    raise InputFileError(
                        f"{where} has {len(cells)} cells where the header has "
                        f"{len(self.names)}; the file may be cut there, remove or complete "
                        "the line."
                    )
                rows.append([self._number(cells[i], self.names[i], where, comma) for i in columns])
        except csv.Error as error:
            raise InputFileError(
                f"{self.path}, line {reader.line_num + 1} cannot be read ({error}); "
                "correct or remove the line."
            ) from None
        return np.array(rows, dtype=np.float64).reshape(-1, len(columns))

    @staticmethod
    def _number(cell: str, name: str, where: str, decimal_comma: bool) -> float:
        text = cell.strip()
        if not text:
            raise InputFileError(
                f"{where}, column {name} is empty; fill in the value or remove the line."
            )
        try:
            value = float(text.replace(",", ".") if decimal_comma else text.replace("_", "?"))
        except ValueError:
            raise InputFileError(
                f"{where}, column {name}: {shorten(text)} is not a number; "
                "correct the value or remove the line."
            ) from None
        if not np.isfinite(value):
            raise InputFileError(
                f"{where}, column {name}: {shorten(text)} is not a finite number; "
                "remove the line (a hole is found and marked by itself)."
            )
        return value


def shorten(text: str) -> str:
    """Quote a piece of a file for a message, however long it is."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def _split(header: str, delimiter: str, path: Path) -> tuple[str, ...]:
    try:
        cells = next(csv.reader([header], delimiter=delimiter, skipinitialspace=True), [""])
    except csv.Error as error:
        raise InputFileError(
            f"{path}, line 1 cannot be read ({error}); export the file again."
        ) from None
    return tuple(cell.strip() for cell in cells) or ("",)


def _is_text(header: bytes) -> bool:
    try:
        return header.decode().replace("\t", " ").isprintable()
    except UnicodeDecodeError:
        return False
