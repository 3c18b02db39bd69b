"""Messages to bytes and back (RFC 8156 section 5.2; STARTTLS and its REPLY as in RFC 7653 and RFC 8415)."""

import struct
from dataclasses import dataclass, field

from .malformed import Malformed
from .numbers import FAILOVER_TYPES, MessageType
from .option_codec import Option, decode_options, encode_options, first

_BASE_HEADER_OCTETS = 4
_SENT_TIME_OCTETS = 4


@dataclass(frozen=True)
class Message:
    """One message. `sent_time` is an absolute time, and None exactly in STARTTLS and REPLY, which have none."""

    type: MessageType
    transaction_id: int
    sent_time: int | None = None
    options: list[Option] = field(default_factory=list)

    def find(self, code: int) -> Option | None:
        """The first top-level option of that code."""
        return first(self.options, code)


def encode_message(message: Message) -> bytes:
    """The message without its frame. Raises ValueError where a field does not belong to the type or does not fit."""
    if (message.type in FAILOVER_TYPES) != (message.sent_time is not None):
        raise ValueError(f"{message.type.name} and its sent-time {message.sent_time} do not go together")
    if not 0 <= message.transaction_id < 1 << 24:
        raise ValueError("a transaction id has 24 bits")
    header = struct.pack("!I", message.type << 24 | message.transaction_id)
    sent = b"" if message.sent_time is None else struct.pack("!I", message.sent_time)
    return header + sent + encode_options(message.options)


def decode_message(wire: bytes) -> Message:
    """The message in `wire`, which has no frame. Raises Malformed."""
    if len(wire) < _BASE_HEADER_OCTETS:
        raise Malformed("a message is shorter than its header")
    head = struct.unpack_from("!I", wire)[0]
    try:
        kind = MessageType(head >> 24)
    except ValueError as error:
        raise Malformed(f"message type {head >> 24} does not belong on a failover connection") from error
    at = _BASE_HEADER_OCTETS
    sent_time = None
    if kind in FAILOVER_TYPES:
        if len(wire) < at + _SENT_TIME_OCTETS:
            raise Malformed("a failover message is shorter than its header")
        sent_time = struct.unpack_from("!I", wire, at)[0]
        at += _SENT_TIME_OCTETS
    return Message(kind, head & 0xFFFFFF, sent_time, decode_options(wire[at:]))
