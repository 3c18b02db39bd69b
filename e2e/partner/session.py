"""One failover connection: transaction ids, sent-times, a record of all that was said (RFC 8156 5.2, 5.4)."""

import time
from collections.abc import Callable

from . import absolute_time
from .link import Link
from .malformed import Malformed
from .message_codec import Message, decode_message, encode_message
from .numbers import FAILOVER_TYPES, MAX_TRANSACTION_ID, Code, MessageType, State, StatusCode
from .option_codec import Option

RECEIVE_SECONDS = 8.0
"""How long the server may take on a busy machine; what must not come is awaited for QUIET_SECONDS."""
QUIET_SECONDS = 0.7


class Unexpected(AssertionError):
    """The server did something else than the scenario expects of it."""


class Session:
    """Sends and receives typed messages over a link. `clock_offset_seconds` makes our clock wrong."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.clock_offset_seconds = 0
        self.transcript: list[str] = []
        self._next_id = 1
        self.last_sent_at = time.monotonic()

    def now(self) -> int:
        """Absolute time by our own clock, which may be wrong on purpose."""
        return absolute_time.plus(absolute_time.now(), self.clock_offset_seconds)

    def new_transaction_id(self) -> int:
        """A number that is not outstanding: no scenario is long enough for the counter to come round."""
        self._next_id = self._next_id % MAX_TRANSACTION_ID + 1
        return self._next_id

    def send(self, kind: MessageType, *options: Option, xid: int | None = None) -> int:
        """Sends a message, stamped now, and gives its transaction id."""
        transaction_id = self.new_transaction_id() if xid is None else xid
        sent_time = self.now() if kind in FAILOVER_TYPES else None
        message = Message(kind, transaction_id, sent_time, list(options))
        self._note("->", message)
        self.link.send(encode_message(message))
        self.last_sent_at = time.monotonic()
        return transaction_id

    def receive(self, limit_seconds: float) -> Message | None:
        """The next message, None for none in time or the end (see `link.is_over`). A malformed one is an error."""
        octets = self.link.receive(limit_seconds)
        if octets is None:
            return None
        try:
            message = decode_message(octets)
        except Malformed as error:
            raise Unexpected(f"the server sent {octets.hex()}: {error}") from error
        self._note("<-", message)
        if message.sent_time is not None:
            self._check_sent_time(message)
        return message

    def _check_sent_time(self, message: Message) -> None:
        away = abs(absolute_time.difference(absolute_time.now(), message.sent_time or 0))
        if away > 2:
            raise Unexpected(f"the sent-time of {message.type.name} is {away} s away, on one and the same machine")

    def expect(self, kind: MessageType, limit_seconds: float = RECEIVE_SECONDS) -> Message:
        """The next message of this kind; CONTACTs before it are passed over, anything else is an error."""
        return self.expect_where(lambda message: message.type == kind, kind.name, limit_seconds)

    def expect_where(
        self,
        matches: Callable[[Message], bool],
        what: str,
        limit_seconds: float = RECEIVE_SECONDS,
        passing: tuple[MessageType, ...] = (MessageType.CONTACT,),
    ) -> Message:
        """The next message that matches; only kinds in `passing` may come before it."""
        ends_at = time.monotonic() + limit_seconds
        while True:
            message = self.receive(max(0.0, ends_at - time.monotonic()))
            if message is None:
                why = "the connection ended" if self.link.is_over else f"nothing came in {limit_seconds} s"
                raise Unexpected(f"expected {what}: {why}")
            if matches(message):
                return message
            if message.type not in passing:
                raise Unexpected(f"expected {what}, and {message.type.name} came")

    def expect_end(self, limit_seconds: float = RECEIVE_SECONDS) -> Message | None:
        """Waits for the end of the connection; gives the DISCONNECT that announced it, if one did."""
        ends_at = time.monotonic() + limit_seconds
        goodbye = None
        while time.monotonic() < ends_at:
            message = self.receive(max(0.0, ends_at - time.monotonic()))
            if message is not None and message.type == MessageType.DISCONNECT:
                goodbye = message
            if self.link.is_over:
                return goodbye
        raise Unexpected(f"the connection is still open after {limit_seconds} s")

    def expect_no_end(self, seconds: float = QUIET_SECONDS) -> list[Message]:
        """All that comes meanwhile; the connection must stay open."""
        ends_at = time.monotonic() + seconds
        messages = []
        while (left := ends_at - time.monotonic()) > 0:
            message = self.receive(left)
            if message is not None:
                messages.append(message)
            elif self.link.is_over:
                raise Unexpected("the connection ended")
        return messages

    def close(self) -> None:
        """Closes without a DISCONNECT."""
        self.link.close()

    def _note(self, arrow: str, message: Message) -> None:
        self.transcript.append(f"{time.strftime('%H:%M:%S')} {arrow} {describe(message)}")


def describe(message: Message) -> str:
    """One line for a transcript."""
    parts = [message.type.name, f"xid {message.transaction_id}"]
    state = message.find(Code.F_SERVER_STATE)
    flags = message.find(Code.F_SERVER_FLAGS)
    if state is not None:
        number = state["state"]
        parts.append(State(number).name if number in State._value2member_map_ else f"state {number}")
    if flags is not None:
        parts.append(f"flags {flags['flags']}")
    parts += [_describe_container(each) for each in message.options if each.code in (Code.CLIENT_DATA, Code.IAPREFIX)]
    status = message.find(Code.STATUS_CODE)
    if status is not None:
        parts.append(_describe_status(status))
    return " ".join(parts)


def _describe_status(status: Option) -> str:
    code = status["status"]
    name = StatusCode(code).name if code in StatusCode._value2member_map_ else str(code)
    return f"{name} {status['message']!r}"


def _describe_container(container: Option) -> str:
    found = []
    for each in _inside(container):
        if each.code in (Code.IAADDR, Code.IAPREFIX):
            found.append(str(each.fields.get("address", each.fields.get("prefix"))))
        elif each.code == Code.F_BINDING_STATUS:
            found.append(f"status {each['bindingStatus']}")
        elif each.code == Code.STATUS_CODE:
            found.append(_describe_status(each))
    return f"[{' '.join(found)}]"


def _inside(container: Option) -> list[Option]:
    found = [container]
    for each in container.options:
        found += _inside(each)
    return found
