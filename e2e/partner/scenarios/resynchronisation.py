"""UPDREQ, UPDREQALL and UPDDONE both ways (RFC 8156 sections 5.3.5 to 5.3.7, 8.5)."""

from ..bindings import rejection, reply_to
from ..endpoint import Behaviour, Endpoint
from ..game import Game, scenario
from ..lease_table import leases_in
from ..message_codec import Message
from ..numbers import MessageType, ServerFlag, State, StatusCode
from .checks import check, check_accepted

BOTH = ("secondary", "primary")


def _open(game: Game, partner: Endpoint) -> None:
    if game.we_are_primary:
        partner.open_as_primary()
    else:
        partner.open_as_secondary()


def _names(messages: list[Message]) -> set[str]:
    updates = [each for each in messages if each.type == MessageType.BNDUPD]
    return {lease.name for each in updates for lease in leases_in(each.options[0])}


@scenario("UPDREQALL brings every lease of the {server}, and UPDDONE only after our last answer", *BOTH)
def everything(game: Game) -> None:
    partner = game.reach_normal()
    mine = [game.active(partner, at) for at in range(7)]
    for update in mine:
        check_accepted(partner.reply_to(partner.send_update(update)), update)
    partner.play(0.3)
    partner.behaviour.answers_updates = False
    at = len(partner.received)
    xid = partner.session.send(MessageType.UPDREQALL)
    answered = 0
    for _ in range(200):
        partner.play(0.25)
        updates = [each for each in partner.received[at:] if each.type == MessageType.BNDUPD]
        done = [each for each in partner.received[at:] if each.type == MessageType.UPDDONE]
        check(done == [] or answered == len(updates), "UPDDONE came before our last answer")
        if done:
            break
        for each in updates[answered:]:
            partner.session.send(MessageType.BNDREPLY, reply_to(each.options[0]), xid=each.transaction_id)
        answered = len(updates)
    check(partner.reply_to(xid).type == MessageType.UPDDONE, "UPDDONE has the id of the request")
    wanted = {game.address(number, odd=partner.is_primary) for number in range(7)}
    check(wanted <= _names(partner.received[at:]), "leases are missing in the dump")


@scenario("UPDREQ of a partner that knows all brings nothing from the {server} but UPDDONE", *BOTH)
def nothing_owed(game: Game) -> None:
    partner = game.reach_normal()
    partner.play(0.5)
    at = len(partner.received)
    xid = partner.session.send(MessageType.UPDREQ)
    check(partner.reply_to(xid).type == MessageType.UPDDONE, "the answer is UPDDONE")
    check(_names(partner.received[at:]) == set(), "what we had acknowledged was told again")


@scenario("a dump whose updates we all reject still ends with UPDDONE of the {server}", *BOTH)
def rejected_dump(game: Game) -> None:
    partner = game.reach_normal()
    update = game.active(partner)
    check_accepted(partner.reply_to(partner.send_update(update)), update)
    no = rejection(StatusCode.CONFIGURATION_CONFLICT, "none of it")
    partner.behaviour.judge = lambda told: [reply_to(told.options[0], reject_all=no)]
    xid = partner.session.send(MessageType.UPDREQALL)
    check(partner.reply_to(xid).type == MessageType.UPDDONE, "the answer is UPDDONE")


@scenario("two requests of one partner are both answered by the {server}", *BOTH)
def two_requests(game: Game) -> None:
    partner = game.reach_normal()
    first = partner.session.send(MessageType.UPDREQ)
    second = partner.session.send(MessageType.UPDREQALL)
    check(partner.reply_to(second).type == MessageType.UPDDONE, "the later request is answered")
    check(partner.reply_to(first).type == MessageType.UPDDONE, "the earlier request is answered")


@scenario("an UPDDONE that nobody asked for changes nothing at the {server}", *BOTH)
def unasked_done(game: Game) -> None:
    partner = game.reach_normal()
    for xid in (0, 5, 0xFFFFFF):
        partner.session.send(MessageType.UPDDONE, xid=xid)
    partner.play(0.5)
    check(game.api.state() == "normal", "the server left NORMAL")


@scenario(
    "a {server} whose storage is lost asks a partner that remembers it for everything, and learns it",
    *BOTH, fresh=True,
)
def lost_storage(game: Game) -> None:
    """It also asks again after a break, waits out the MCLT, and leaves a partner that never comes to UPDDONE."""
    partner = game.endpoint(Behaviour(ends_dumps=False))
    mine = [game.active(partner, at, seconds_ago=at) for at in range(9)]
    for update in mine:
        game.leases.learn(update)
    _open(game, partner)
    check(partner.partner_state == State.RECOVER, "a server without storage begins in RECOVER")
    check(ServerFlag.COMMUNICATED not in partner.partner_flags, "it has no record of us")
    partner.until_message(MessageType.UPDREQALL)
    partner.until("the end of the connection", lambda: _over(partner), 20)
    again = game.endpoint()
    _open(game, again)
    again.until_message(MessageType.UPDREQALL)
    again.until("RECOVER-WAIT", lambda: again.partner_state in (State.RECOVER_WAIT, State.RECOVER_DONE, State.NORMAL))
    for number in range(9):
        name = game.address(number, odd=partner.is_primary)
        lease = game.api.lease(name)
        check(lease is not None and lease["state"] == "active", f"{name} was not learned: {lease}")
    game.until_normal(again, limit_seconds=30)


def _over(partner: Endpoint) -> bool:
    partner.pump(0.2)
    return partner.session.link.is_over
