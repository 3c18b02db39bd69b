"""How a connection ends: DISCONNECT, silence, shutdown (RFC 8156 sections 5.3.10, 6.5, 6.6, 8.8.2)."""

import os
import signal
import time

from ..endpoint import Behaviour
from ..game import Game, scenario
from ..numbers import Code, MessageType, StatusCode
from ..option_codec import option
from .checks import check, check_status, in_one_of_three_seconds, status_of, wait_for_a_new_second

BOTH = ("secondary", "primary")
_CODES = (*StatusCode, 99)


@scenario("DISCONNECT ends contact for the {server} whatever its code, is not answered, and we may come back", *BOTH)
def disconnect(game: Game) -> None:
    for code in (*_CODES[:: 3 if not game.we_are_primary else 1], None):
        partner = game.reach_normal()
        said = [] if code is None else [option(Code.STATUS_CODE, status=code, message="tschüß")]
        partner.session.send(MessageType.DISCONNECT, *said)
        goodbye = partner.session.expect_end()
        check(goodbye is None, f"DISCONNECT was answered by {goodbye}")
        game.api.until_state("communications-interrupted")


@scenario("a partner that falls silent is dead to the {server} after the keepalive time of its own", *BOTH)
def silence(game: Game) -> None:
    partner = game.reach_normal(Behaviour(keepalive_seconds=60, sends_contact=False))
    partner.session.last_sent_at = time.monotonic()
    begun = time.monotonic()
    partner.session.expect_end(12.0)
    waited = time.monotonic() - begun
    check(2.5 < waited < 9.0, f"the server waited {waited:.1f} s, and its keepalive time is 4 s")
    game.api.until_state("communications-interrupted")


@scenario("any message of ours keeps the connection of the {server} alive", *BOTH)
def any_message_counts(game: Game) -> None:
    partner = game.reach_normal(Behaviour(sends_contact=False))
    for _ in range(4):
        partner.tell_state()
        partner.play(1.8)
        check(not partner.session.link.is_over, "the connection ended although we spoke")


@scenario("an idle {server} sends CONTACT four times in the keepalive time that we told it", *BOTH)
def contacts(game: Game) -> None:
    partner = game.reach_normal(Behaviour(keepalive_seconds=4))
    partner.play(0.5)
    contacts = [each for each in partner.play(5.0) if each.type == MessageType.CONTACT]
    check(4 <= len(contacts) <= 7, f"in five seconds {len(contacts)} CONTACTs came, and one a second was due")


@scenario("a {server} that is stopped says ServerShuttingDown in its DISCONNECT", *BOTH, fresh=True)
def shutdown(game: Game) -> None:
    partner = game.endpoint()
    if game.we_are_primary:
        partner.open_as_primary()
    else:
        partner.open_as_secondary()
    os.kill(game.place.server_pid, signal.SIGTERM)
    goodbye = partner.session.expect_end()
    check(goodbye is not None, "a server that is stopped sends DISCONNECT")
    check_status("the DISCONNECT", goodbye, StatusCode.SERVER_SHUTTING_DOWN)
    status = None if goodbye is None else goodbye.find(Code.STATUS_CODE)
    check(status is not None and status["message"] != "", "a DISCONNECT has a text (section 5.3.10)")


@scenario(
    "a later message that is more than five seconds off ends the connection with the {server}, and says why",
    *BOTH,
)
def skew_in_contact(game: Game) -> None:
    for offset in (8, -8):
        partner = game.reach_normal()
        partner.session.clock_offset_seconds = offset
        partner.session.send(MessageType.CONTACT)
        goodbye = partner.session.expect_end()
        check(
            goodbye is None or status_of(goodbye) == StatusCode.EXCESSIVE_TIME_SKEW,
            f"the DISCONNECT said {goodbye}",
        )
        game.api.until_state("communications-interrupted")


@scenario("a later message that is exactly five seconds off is in order for the {server}", *BOTH)
def five_seconds_in_contact(game: Game) -> None:
    for offset in (5, -5):
        check(in_one_of_three_seconds(lambda offset=offset: _survives(game, offset)), f"{offset} s ended the connection")


def _survives(game: Game, offset: int) -> bool:
    partner = game.reach_normal()
    wait_for_a_new_second()
    partner.session.clock_offset_seconds = offset
    partner.session.send(MessageType.CONTACT)
    partner.session.clock_offset_seconds = 0
    partner.play(0.5)
    is_open = not partner.session.link.is_over
    partner.session.close()
    return is_open
