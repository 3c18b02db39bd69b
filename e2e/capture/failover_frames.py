"""The outer form of failover messages: framing, type, transaction id and sent-time (digest of RFC 8156, sections 1 and 2)."""

from dataclasses import dataclass

from capture_file import NotOk

REPLY = 7
BNDUPD, BNDREPLY, POOLREQ, POOLRESP, UPDREQ, UPDREQALL, UPDDONE = range(24, 31)
CONNECT, CONNECTREPLY, DISCONNECT, STATE, CONTACT = range(31, 36)
NAMES = {
    BNDUPD: "BNDUPD",
    BNDREPLY: "BNDREPLY",
    POOLREQ: "POOLREQ",
    POOLRESP: "POOLRESP",
    UPDREQ: "UPDREQ",
    UPDREQALL: "UPDREQALL",
    UPDDONE: "UPDDONE",
    CONNECT: "CONNECT",
    CONNECTREPLY: "CONNECTREPLY",
    DISCONNECT: "DISCONNECT",
    STATE: "STATE",
    CONTACT: "CONTACT",
}
# Which question each answer belongs to; all others are initiations.
ANSWERS = {BNDREPLY: (BNDUPD,), POOLRESP: (POOLREQ,), UPDDONE: (UPDREQ, UPDREQALL), CONNECTREPLY: (CONNECT,)}
EXPECTS_ANSWER = (BNDUPD, POOLREQ, UPDREQ, UPDREQALL, CONNECT)
ONLY_PRIMARY = (POOLRESP, CONNECT)
ONLY_SECONDARY = (POOLREQ, CONNECTREPLY)

DHCP_EPOCH = 946684800
# Stamped "as near to transmission as possible", in whole seconds.
SENT_TIME_TOLERANCE = 1.5
SMALLEST_MESSAGE = 8


@dataclass
class Message:
    connection: int
    from_primary: bool
    # When its last octet was captured.
    time: float
    type: int
    transaction_id: int
    sent_time: int
    options: bytes
    # Where each octet of the frame, size octets included, stands in the capture file.
    offsets: list
    question: "Message | None" = None

    @property
    def name(self):
        return NAMES[self.type]

    def __str__(self):
        side = "primary" if self.from_primary else "secondary"
        return f"{self.name} {self.transaction_id:06x} of the {side} on connection {self.connection}"


def read_messages(connections):
    messages = []
    for number, connection in enumerate(connections):
        messages += messages_of(number, True, connection.from_primary)
        messages += messages_of(number, False, connection.from_secondary)
    return sorted(messages, key=lambda message: message.time)


def messages_of(connection, from_primary, pieces):
    stream = b"".join(piece.data for piece in pieces)
    offsets = [piece.offset + index for piece in pieces for index in range(len(piece.data))]
    times = [piece.time for piece in pieces for _ in piece.data]
    messages, at = [], 0
    while at < len(stream):
        if at + 2 > len(stream):
            raise NotOk(f"connection {connection} ends inside of a message-size")
        size = int.from_bytes(stream[at : at + 2], "big")
        end = at + 2 + size
        if size < SMALLEST_MESSAGE:
            raise NotOk(f"connection {connection} has a message-size of {size}, too small for any failover message")
        if end > len(stream):
            raise NotOk(f"connection {connection} ends inside of a message of {size} octets")
        body = stream[at + 2 : end]
        if body[0] not in NAMES:
            raise NotOk(f"connection {connection} has a message of type {body[0]}, which is no failover message")
        messages.append(
            Message(
                connection,
                from_primary,
                times[end - 1],
                body[0],
                int.from_bytes(body[1:4], "big"),
                int.from_bytes(body[4:8], "big"),
                body[8:],
                offsets[at:end],
            )
        )
        at = end
    return messages


def check_frames(messages):
    """Direction, sent-time, order of the first messages, and who answers what."""
    for message in messages:
        check_direction(message)
        check_sent_time(message)
    for number in {message.connection for message in messages}:
        check_conversation([message for message in messages if message.connection == number])


def check_direction(message):
    if message.type in ONLY_PRIMARY and not message.from_primary:
        raise NotOk(f"{message}: only a primary sends it")
    if message.type in ONLY_SECONDARY and message.from_primary:
        raise NotOk(f"{message}: only a secondary sends it")


def check_sent_time(message):
    captured = message.time - DHCP_EPOCH
    if not -0.1 <= captured - message.sent_time <= 1 + SENT_TIME_TOLERANCE:
        raise NotOk(f"{message}: sent-time is {captured - message.sent_time:.1f} s before its capture")


def check_conversation(messages):
    check_beginning(messages)
    outstanding = {True: {}, False: {}}
    for message in messages:
        mine, partners = outstanding[message.from_primary], outstanding[not message.from_primary]
        if message.type in ANSWERS:
            message.question = partners.pop(message.transaction_id, None)
            if message.question is None or message.question.type not in ANSWERS[message.type]:
                raise NotOk(f"{message}: answers nothing that is outstanding")
        elif message.transaction_id in mine:
            raise NotOk(f"{message}: its transaction id is still outstanding in {mine[message.transaction_id]}")
        elif message.type in EXPECTS_ANSWER:
            mine[message.transaction_id] = message
    bounds = [message for message in messages if message.type == DISCONNECT]
    for goodbye in bounds:
        after = [each for each in messages if each.from_primary == goodbye.from_primary and each.time > goodbye.time]
        if after:
            raise NotOk(f"{after[0]}: follows the DISCONNECT of its own side")


def check_beginning(messages):
    primary = [message.type for message in messages if message.from_primary]
    secondary = [message.type for message in messages if not message.from_primary]
    if primary[:1] != [CONNECT]:
        raise NotOk(f"connection {messages[0].connection}: the primary does not begin with CONNECT")
    if secondary and secondary[0] != CONNECTREPLY:
        raise NotOk(f"connection {messages[0].connection}: the secondary does not begin with CONNECTREPLY")
    # STATE is the first message after an accepted CONNECT, on both sides (digest, 1.5).
    for side in (primary, secondary):
        if len(side) > 1 and side[1] not in (STATE, DISCONNECT):
            raise NotOk(f"connection {messages[0].connection}: {NAMES[side[1]]} comes before the first STATE")
