"""Octets that are no messages, and connections that say nothing (RFC 8156 sections 5.1, 10)."""

import os
import struct
import time

from ..framing import frame
from ..game import Game, scenario
from ..golden_messages import state_options
from ..message_codec import Message, encode_message
from ..numbers import FAILOVER_TYPES, MessageType
from ..option_codec import option
from ..session import Session
from .checks import check, status_of

BOTH = ("secondary", "primary")
_SILENT_LIMIT_SECONDS = 45


@scenario("messages that come octet by octet are read by the {server} as if they came whole", *BOTH)
def octet_by_octet(game: Game) -> None:
    partner = game.reach_normal()
    state = state_options(partner.state, int(partner.flags), partner.since)
    message = Message(MessageType.STATE, 4711, partner.session.now(), state)
    request = Message(MessageType.UPDREQ, 4712, partner.session.now(), [])
    for octet in frame(encode_message(message)) + frame(encode_message(request)):
        partner.session.link.send_octets(bytes([octet]))
        time.sleep(0.005)
    check(partner.reply_to(4712).type == MessageType.UPDDONE, "the second message was not understood")


@scenario("several messages in one packet are all read by the {server}", *BOTH)
def many_in_one_packet(game: Game) -> None:
    partner = game.reach_normal()
    ids = range(100, 120)
    requests = (Message(MessageType.UPDREQ, xid, partner.session.now(), []) for xid in ids)
    partner.session.link.send_octets(b"".join(frame(encode_message(each)) for each in requests))
    for xid in ids:
        check(partner.reply_to(xid).type == MessageType.UPDDONE, f"request {xid} was not answered")


@scenario("a frame of the largest size that holds no message does not bring down the {server}", *BOTH)
def largest_frame(game: Game) -> None:
    partner = game.reach_normal()
    contact = encode_message(Message(MessageType.CONTACT, 7, partner.session.now(), []))
    for body in (bytes(65_535), contact + b"\xff" * (65_535 - len(contact)), b"\x18" + os.urandom(65_534)):
        partner.session.link.send_octets(frame(body))
        partner.play(0.3)
    _check_still_serves(game)


@scenario("a message-size below the smallest message ends the connection with the {server}", *BOTH)
def impossible_size(game: Game) -> None:
    for size in range(4):
        partner = game.reach_normal()
        partner.session.link.send_octets(struct.pack("!H", size) + bytes(size))
        partner.session.expect_end()


@scenario("garbage after an orderly opening, and instead of one, does not bring down the {server}", *BOTH)
def garbage(game: Game) -> None:
    for at in range(6):
        session = game.reach_normal().session if at % 2 == 0 else game.connection()
        session.link.send_octets(b"GET / HTTP/1.1\r\n\r\n" if at < 2 else os.urandom(3000))
        session.link.close()
    _check_still_serves(game)


@scenario("malformed options in each message are counted by the {server} and answered by nothing that harms", *BOTH)
def malformed_options(game: Game) -> None:
    for kind in MessageType:
        if kind in (MessageType.REPLY, MessageType.STARTTLS):
            continue
        partner = game.reach_normal()
        head = encode_message(Message(kind, 9, partner.session.now(), []))
        for tail in (b"\x00", b"\x00\x2d\x00\xff\x00", b"\x00\x7a\x00\x03\x00\x00\x01", b"\x00\x2d\x00\x04\x00\x01\x00\x09"):
            partner.session.link.send_octets(frame(head + tail))
        partner.play(0.2)
        partner.session.close()
    _check_still_serves(game)


@scenario("a message type that does not exist, or does not belong here, is passed over by the {server}", *BOTH)
def foreign_types(game: Game) -> None:
    partner = game.reach_normal()
    for kind in (0, 1, 3, 12, 13, 14, 22, 36, 200, 255):
        partner.session.link.send_octets(frame(bytes([kind, 0, 0, 1]) + struct.pack("!I", partner.session.now())))
    partner.play(0.5)
    _check_still_serves(game)


@scenario(
    "a message of the opening in mid-talk ends the connection with the {server}; an answer unasked does not",
    *BOTH,
)
def out_of_turn(game: Game) -> None:
    """Decision 0028. POOLREQ is the secondary's to send, so a secondary that gets one has nothing to answer."""
    for kind in _OPENING:
        partner = game.reach_normal()
        partner.session.send(kind)
        goodbye = partner.session.expect_end()
        is_failover = kind in FAILOVER_TYPES
        check(not is_failover or status_of(goodbye) is not None, f"{kind.name} in mid-talk was answered by {goodbye}")
    partner = game.reach_normal()
    partner.play(0.5)
    at = len(partner.received)
    for kind in (MessageType.POOLRESP, MessageType.UPDDONE, *((MessageType.POOLREQ,) if game.we_are_primary else ())):
        partner.session.send(kind)
        partner.play(0.5)
        check(not partner.session.link.is_over, f"{kind.name} ended the connection")
    answers = (MessageType.POOLRESP, MessageType.UPDDONE, MessageType.REPLY)
    answered = [each for each in partner.received[at:] if each.type in answers]
    check(answered == [], f"the server answered {answered}")


_OPENING = (MessageType.CONNECT, MessageType.CONNECTREPLY, MessageType.STARTTLS, MessageType.REPLY)


@scenario("unknown options in messages that have none change nothing for the {server}", *BOTH)
def unknown_options_anywhere(game: Game) -> None:
    partner = game.reach_normal()
    extra = option(0xFFF0, octets=b"\x00\x01\x02")
    partner.session.send(MessageType.CONTACT, extra)
    for kind in (MessageType.UPDREQ, MessageType.UPDREQALL, *(() if game.we_are_primary else (MessageType.POOLREQ,))):
        partner.reply_to(partner.session.send(kind, extra), limit_seconds=20)
    partner.session.send(MessageType.DISCONNECT, extra)
    partner.session.expect_end()


@scenario("a connection that never speaks, and one that stops within a frame, are closed by the secondary", "secondary")
def silent_connections(game: Game) -> None:
    silent, halting = game.tcp(), game.tcp()
    halting.link.send_octets(b"\x00\x40\x1f")
    begun = time.monotonic()
    for session in (silent, halting):
        session.expect_end(max(1.0, _SILENT_LIMIT_SECONDS - (time.monotonic() - begun)))
    _check_still_serves(game)


@scenario("many connections at once do not keep the partner out", "secondary")
def many_connections(game: Game) -> None:
    held: list[Session] = []
    for _ in range(5):
        held.append(game.tcp())
    _check_still_serves(game)


@scenario("a partner that takes the connection and says nothing is left by the primary", "primary")
def silent_secondary(game: Game) -> None:
    session = game.connection()
    session.expect(MessageType.CONNECT)
    session.expect_end(_SILENT_LIMIT_SECONDS)
    _check_still_serves(game)


def _check_still_serves(game: Game) -> None:
    """The server is there, and takes us back."""
    partner = game.reach_normal()
    update = game.active(partner, number=14)
    answer = partner.reply_to(partner.send_update(update))
    check(answer.type == MessageType.BNDREPLY, "the server answers an update")
