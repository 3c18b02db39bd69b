"""Framing: a two-octet message-size before each message, itself not counted (RFC 5460 section 5.1)."""

import struct

from .numbers import MESSAGE_SIZE_MAX


def frame(message: bytes) -> bytes:
    """The message with its size before it. Raises ValueError above 65 535 octets."""
    if len(message) > MESSAGE_SIZE_MAX:
        raise ValueError(f"a message has at most {MESSAGE_SIZE_MAX} octets, this one {len(message)}")
    return struct.pack("!H", len(message)) + message


class FrameReader:
    """Cuts a byte stream into messages, however the network cut it into pieces."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Adds bytes and gives every message that is now complete, in order."""
        self._pending += data
        messages = []
        while len(self._pending) >= 2:
            size = struct.unpack_from("!H", self._pending)[0]
            if len(self._pending) < 2 + size:
                break
            messages.append(bytes(self._pending[2 : 2 + size]))
            del self._pending[: 2 + size]
        return messages

    @property
    def pending_octets(self) -> int:
        """How many octets of an unfinished frame are waiting."""
        return len(self._pending)
