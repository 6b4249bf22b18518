"""An open connection as a sensor family sees it, and what can go wrong on it.

Family drivers know this door only: the same driver runs over bleak, over an emulated radio
and straight against an emulated peripheral in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

Receiver: TypeAlias = Callable[[bytes], None]
"""Called with each value that a characteristic sends, in the order of arrival."""

_SIG_BASE: Final = "0000{:04x}-0000-1000-8000-00805f9b34fb"


def sig_uuid(number: int) -> str:
    """Write a 16-bit number of the Bluetooth SIG as a whole UUID."""
    return _SIG_BASE.format(number)


BATTERY_SERVICE: Final = sig_uuid(0x180F)
BATTERY_LEVEL: Final = sig_uuid(0x2A19)
DEVICE_SERVICE: Final = sig_uuid(0x180A)
MODEL_NUMBER: Final = sig_uuid(0x2A24)
SERIAL_NUMBER: Final = sig_uuid(0x2A25)
FIRMWARE_REVISION: Final = sig_uuid(0x2A26)


class LinkError(Exception):
    """The connection cannot do what was asked; one sentence for the user."""


class MissingCharacteristicError(LinkError):
    """The sensor has no such characteristic: another model, or another firmware."""


class AnswerError(LinkError):
    """The sensor answered something else than its family does, or not at all."""


class Link(Protocol):
    """One open connection. UUIDs are whole and in lower case."""

    @property
    def name(self) -> str:
        """The advertised name, for sentences."""
        ...

    def has(self, characteristic: str) -> bool:
        """Whether the sensor offers a characteristic."""
        ...

    async def read(self, characteristic: str) -> bytes:
        """Read a value.

        Raises
        ------
        LinkError
            If it is missing, refused, or the link broke.
        """
        ...

    async def write(self, characteristic: str, data: bytes, *, response: bool = True) -> None:
        """Write a value (errors as :meth:`read`)."""
        ...

    async def listen(self, characteristic: str, receiver: Receiver) -> None:
        """Have every notification or indication given to ``receiver`` (errors as :meth:`read`)."""
        ...

    async def unlisten(self, characteristic: str) -> None:
        """End :meth:`listen`; nothing happens if it was not begun."""
        ...
