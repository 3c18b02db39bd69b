"""A partner that plays by the rules: state machine, updates both ways, keepalive (RFC 8156 sections 6 to 8).

A scenario that wants to play wrongly changes one of the behaviours, or sends by hand what it wants to send.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from . import absolute_time
from .bindings import reply_to
from .golden_messages import connect_options, state_options
from .lease_table import LeaseTable
from .message_codec import Message
from .numbers import FIXED_PD_LENGTH, Code, MessageType, ServerFlag, State, StatusCode
from .option_codec import Option, option
from .session import RECEIVE_SECONDS, Session, Unexpected
from .state_matrix import asks_for_updates, next_state

RELATIONSHIP = "alpha-beta"


@dataclass
class Behaviour:
    """What can be played wrongly."""

    mclt_seconds: int = 20
    keepalive_seconds: int = 4
    answers_updates: bool = True
    ends_dumps: bool = True
    sends_contact: bool = True
    follows_matrix: bool = True
    judge: Callable[[Message], list[Option]] = field(default=lambda update: [reply_to(update.options[0])])
    """The options of the BNDREPLY to an update."""


class Endpoint:
    """One side of the relationship, over one session; the lease table may come from an earlier one."""

    def __init__(self, is_primary: bool, session: Session, behaviour: Behaviour, leases: LeaseTable) -> None:
        self.is_primary = is_primary
        self.session = session
        self.behaviour = behaviour
        self.leases = leases
        self.state = State.COMMUNICATIONS_INTERRUPTED
        self.since = session.now()
        self.flags = ServerFlag.COMMUNICATED
        self.partner_state: State | None = None
        self.partner_flags = ServerFlag(0)
        self.partner_max_unacked = 1
        self.received: list[Message] = []
        self._unacked: dict[int, Option] = {}
        self._queue: list[Option] = []
        self._dump_id: int | None = None

    # The opening -----------------------------------------------------------------------------------------------

    def connect_options(self, name: str | None) -> list[Option]:
        """What our CONNECT or CONNECTREPLY carries."""
        mclt, keepalive = self.behaviour.mclt_seconds, self.behaviour.keepalive_seconds
        return connect_options(name, mclt, keepalive, FIXED_PD_LENGTH)

    def open_as_primary(self) -> Message:
        """CONNECT, CONNECTREPLY, and the first STATE each way. Gives the CONNECTREPLY."""
        xid = self.session.send(MessageType.CONNECT, *self.connect_options(RELATIONSHIP))
        reply = self.session.expect(MessageType.CONNECTREPLY)
        if reply.transaction_id != xid or reply.find(Code.STATUS_CODE) is not None:
            raise Unexpected(f"the CONNECTREPLY to {xid} was {reply}")
        mclt = reply.find(Code.F_MCLT)
        if mclt is None or mclt["seconds"] != self.behaviour.mclt_seconds:
            raise Unexpected("the MCLT of a CONNECTREPLY is that of the CONNECT (section 6.1.2)")
        self._remember_partner(reply)
        self._exchange_states()
        return reply

    def open_as_secondary(self) -> Message:
        """The same from the other side. Gives the CONNECT."""
        connect = self.session.expect(MessageType.CONNECT)
        self._remember_partner(connect)
        mclt = connect.find(Code.F_MCLT)
        self.behaviour.mclt_seconds = self.behaviour.mclt_seconds if mclt is None else mclt["seconds"]
        self.session.send(
            MessageType.CONNECTREPLY, *self.connect_options(None), xid=connect.transaction_id
        )
        self._exchange_states()
        return connect

    def _remember_partner(self, opening: Message) -> None:
        unacked = opening.find(Code.F_MAX_UNACKED_BNDUPD)
        self.partner_max_unacked = 1 if unacked is None else unacked["updates"]

    def _exchange_states(self) -> None:
        """The secondary tells its state first; the primary answers with its own."""
        if self.is_primary:
            first = self.session.expect(MessageType.STATE)
            self.tell_state()
            self.take(first)
        else:
            self.tell_state()
            self.take(self.session.expect(MessageType.STATE))

    # What we tell -----------------------------------------------------------------------------------------------

    def tell_state(self, state: State | None = None) -> None:
        """Moves to a state, if one is given, and sends STATE."""
        if state is not None:
            self._enter(state)
        down_since = self.since if self.state == State.PARTNER_DOWN else None
        self.session.send(MessageType.STATE, *state_options(self.state, int(self.flags), self.since, down_since))

    def _enter(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self.since = self.session.now()

    def send_update(self, container: Option) -> int:
        """One BNDUPD at once, whatever the flow control says; gives its transaction id."""
        xid = self.session.send(MessageType.BNDUPD, container)
        self._unacked[xid] = container
        return xid

    def _queue_updates(self, containers: list[Option]) -> None:
        self._queue += containers
        self._send_queued()

    def _send_queued(self) -> None:
        while self._queue and len(self._unacked) < self.partner_max_unacked:
            self.send_update(self._queue.pop(0))
        if self._dump_id is not None and not self._queue and not self._unacked and self.behaviour.ends_dumps:
            self.session.send(MessageType.UPDDONE, xid=self._dump_id)
            self._dump_id = None

    # What we hear ------------------------------------------------------------------------------------------------

    def pump(self, seconds: float) -> Message | None:
        """Handles the next message, if one comes in time, and keeps the connection alive meanwhile."""
        ends_at = time.monotonic() + seconds
        contact_every = min(1.0, self.behaviour.keepalive_seconds / 4)
        while True:
            if self.behaviour.sends_contact and time.monotonic() - self.session.last_sent_at >= contact_every:
                self.session.send(MessageType.CONTACT)
            left = ends_at - time.monotonic()
            message = self.session.receive(max(0.0, min(left, contact_every / 2)))
            if message is not None:
                self.take(message)
                return message
            if left <= 0 or self.session.link.is_over:
                return None

    def until(self, what: str, holds: Callable[[], bool], limit_seconds: float = RECEIVE_SECONDS) -> None:
        """Plays on until something holds."""
        ends_at = time.monotonic() + limit_seconds
        while not holds():
            if self.session.link.is_over:
                raise Unexpected(f"waited for {what}: the connection ended")
            if time.monotonic() > ends_at:
                raise Unexpected(
                    f"waited {limit_seconds} s for {what}: we are in {self.state.name},"
                    f" the server in {'no state' if self.partner_state is None else self.partner_state.name}"
                )
            self.pump(min(0.2, max(0.0, ends_at - time.monotonic())))

    def play(self, seconds: float) -> list[Message]:
        """Plays on for a while; gives what came."""
        at = len(self.received)
        ends_at = time.monotonic() + seconds
        while (left := ends_at - time.monotonic()) > 0 and not self.session.link.is_over:
            self.pump(left)
        return self.received[at:]

    def until_message(self, kind: MessageType, limit_seconds: float = RECEIVE_SECONDS) -> Message:
        """Plays on until a message of this kind comes; what came before the call does not count."""
        at = len(self.received)
        self.until(kind.name, lambda: any(each.type == kind for each in self.received[at:]), limit_seconds)
        return next(each for each in self.received[at:] if each.type == kind)

    def reply_to(self, xid: int, limit_seconds: float = RECEIVE_SECONDS) -> Message:
        """The BNDREPLY (or POOLRESP, or UPDDONE) to one of our messages, whether it has come or not."""
        answers = (MessageType.BNDREPLY, MessageType.POOLRESP, MessageType.UPDDONE)

        def found() -> Message | None:
            return next((m for m in self.received if m.type in answers and m.transaction_id == xid), None)

        self.until(f"the answer to {xid}", lambda: found() is not None, limit_seconds)
        answer = found()
        assert answer is not None
        return answer

    def take(self, message: Message) -> None:
        """What a partner does with a message."""
        self.received.append(message)
        taken = {
            MessageType.STATE: self._take_state,
            MessageType.BNDUPD: self._take_update,
            MessageType.BNDREPLY: self._take_reply,
            MessageType.UPDREQ: self._take_request,
            MessageType.UPDREQALL: self._take_request,
            MessageType.UPDDONE: self._take_done,
            MessageType.POOLREQ: self._take_pool_request,
        }.get(message.type)
        if taken is not None:
            taken(message)

    def _take_state(self, message: Message) -> None:
        state, flags = message.find(Code.F_SERVER_STATE), message.find(Code.F_SERVER_FLAGS)
        since = message.find(Code.F_START_TIME_OF_STATE)
        if state is None or flags is None or since is None:
            raise Unexpected("a STATE lacks what it MUST have (section 6.3)")
        if state["state"] == State.STARTUP:
            raise Unexpected("STARTUP never travels as a state (section 5.5.16)")
        is_down = message.find(Code.F_PARTNER_DOWN_TIME) is not None
        if is_down != (state["state"] == State.PARTNER_DOWN):
            raise Unexpected("the time of PARTNER-DOWN belongs to that state and to no other (section 6.3)")
        self.partner_state = State(state["state"])
        self.partner_flags = ServerFlag(flags["flags"])
        is_starting = ServerFlag.STARTUP in self.partner_flags
        self.flags = self.flags & ~ServerFlag.ACK_STARTUP | (ServerFlag.ACK_STARTUP if is_starting else ServerFlag(0))
        if is_starting or not self.behaviour.follows_matrix:
            return
        if asks_for_updates(self.state, self.partner_state, self.is_primary):
            self.session.send(MessageType.UPDREQ)
            return
        self.move_to(next_state(self.state, self.partner_state, self.is_primary))

    def move_to(self, state: State) -> None:
        """Enters a state with what its entry asks for; telling it comes first."""
        if state == self.state:
            return
        self.tell_state(state)
        if state == State.NORMAL:
            self._queue_updates(list(self.leases.owed.values()))
            if not self.is_primary:
                self.session.send(MessageType.POOLREQ)
        elif state == State.POTENTIAL_CONFLICT and self.is_primary:
            self.session.send(MessageType.UPDREQ)

    def _take_update(self, message: Message) -> None:
        if not self.behaviour.answers_updates:
            return
        options = self.behaviour.judge(message)
        if not any(each.code == Code.STATUS_CODE for each in options[0].options):
            self.leases.learn(message.options[0])
        self.session.send(MessageType.BNDREPLY, *options, xid=message.transaction_id)

    def _take_reply(self, message: Message) -> None:
        container = self._unacked.pop(message.transaction_id, None)
        if container is not None:
            self.leases.owed = {name: each for name, each in self.leases.owed.items() if each is not container}
        self._send_queued()

    def _take_request(self, message: Message) -> None:
        """UPDREQ wants what we owe, UPDREQALL all that we have."""
        self._dump_id = message.transaction_id
        chosen = self.leases.owed if message.type == MessageType.UPDREQ else self.leases.containers
        self._queue_updates(list(chosen.values()))

    def _take_done(self, _: Message) -> None:
        if self.state == State.RECOVER:
            self.move_to(State.RECOVER_WAIT)
            # Our lifetimes are over: this partner has not been running, so its wait has long passed.
            self.move_to(State.RECOVER_DONE)
            if self.partner_state is not None:
                self.move_to(next_state(self.state, self.partner_state, self.is_primary))
        elif self.state == State.POTENTIAL_CONFLICT:
            self.move_to(State.CONFLICT_DONE if self.is_primary else State.NORMAL)

    def _take_pool_request(self, message: Message) -> None:
        self.session.send(MessageType.POOLRESP, xid=message.transaction_id)

    # The end -----------------------------------------------------------------------------------------------------

    def leave(self, status: StatusCode = StatusCode.SERVER_SHUTTING_DOWN) -> None:
        """DISCONNECT, then the end of the connection."""
        self.session.send(MessageType.DISCONNECT, option(Code.STATUS_CODE, status=status, message="bye"))
        self.session.close()

    def ago(self, seconds: int) -> int:
        """An absolute time in the past (or, negative, in the future)."""
        return absolute_time.plus(absolute_time.now(), -seconds)
