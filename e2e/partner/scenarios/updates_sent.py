"""BNDUPDs of the server, and what it makes of our BNDREPLYs, right and wrong (RFC 8156 sections 4.4, 6.1, 7.4, 7.7)."""

import time

from .. import absolute_time
from ..bindings import rejection, reply_to
from ..endpoint import Behaviour, Endpoint
from ..game import VALID_SECONDS, Game, scenario
from ..lease_table import leases_in
from ..message_codec import Message
from ..numbers import BindingStatus, Code, MessageType, StatusCode
from ..option_codec import Option
from .checks import check

MCLT_SECONDS = 20


def _updates(partner: Endpoint, name: str, since: int = 0) -> list[Message]:
    """The BNDUPDs that tell of one lease."""
    return [
        each
        for each in partner.received[since:]
        if each.type == MessageType.BNDUPD and any(lease.name == name for lease in leases_in(each.options[0]))
    ]


def _update_of(partner: Endpoint, name: str, status: BindingStatus, since: int = 0) -> Message:
    """Waits for the BNDUPD that tells this status of a lease."""

    def found() -> Message | None:
        for each in _updates(partner, name, since):
            if any(lease.name == name and lease.status == status for lease in leases_in(each.options[0])):
                return each
        return None

    partner.until(f"the update: {name} is {status.name}", lambda: found() is not None)
    update = found()
    assert update is not None
    return update


@scenario("a lease of the primary is told with all that section 7.4 asks for, after the client has it", "primary")
def content_of_an_update(game: Game) -> None:
    partner = game.reach_normal()
    client = game.client()
    held = client.acquire()
    check(held.option["address"].packed[15] & 1 == 1, "the primary gives odd addresses only (section 4.2.1.1)")
    check(held.option["validLifetime"] <= MCLT_SECONDS, "a first lease is no longer than the MCLT (section 4.4)")
    container = _update_of(partner, held.name, BindingStatus.ACTIVE).options[0]
    duid, base = container.find(Code.CLIENTID), container.find(Code.LQ_BASE_TIME)
    check(duid is not None and duid["duid"] == client.duid, "the client is named")
    check(base is not None and abs(absolute_time.difference(base["time"], partner.ago(0))) <= 2, "the base time is now")
    check(container.find(Code.VSS) is None, "no OPTION_VSS for the global VPN")
    ia = container.find(Code.IA_NA)
    check(ia is not None and ia["iaid"] == 1 and 0 < ia["t1"] <= ia["t2"], "IAID, T1 and T2 are those of the client")
    lease = leases_in(container)[0]
    check(lease.option["validLifetime"] == held.option["validLifetime"], "the lifetimes are those of the client")
    for code in (
        Code.F_START_TIME_OF_STATE,
        Code.F_STATE_EXPIRATION_TIME,
        Code.F_PARTNER_LIFETIME,
        Code.F_EXPIRATION_TIME,
    ):
        check(lease.moment(code) is not None, f"{code.name} is there")
    check(lease.option.find(Code.CLT_TIME) is not None, "the client was heard, so CLT_TIME is there")
    expiration = lease.moment(Code.F_STATE_EXPIRATION_TIME) or 0
    told = lease.moment(Code.F_PARTNER_LIFETIME) or 0
    check(absolute_time.is_later(told, expiration), "the partner lifetime reaches beyond what the client got")


@scenario("what we acknowledge lets the next renewal be as long as configured; what we do not, does not", "primary")
def acknowledged_lifetime(game: Game) -> None:
    partner = game.reach_normal()
    client = game.client()
    held = client.acquire()
    _update_of(partner, held.name, BindingStatus.ACTIVE)
    partner.play(0.5)
    renewed = client.renew(held)
    check(
        renewed["validLifetime"] > MCLT_SECONDS and renewed["validLifetime"] <= VALID_SECONDS,
        f"after the acknowledgement {renewed['validLifetime']} s were given",
    )
    partner.behaviour.answers_updates = False
    other = game.client(1)
    unheard = other.acquire()
    _update_of(partner, unheard.name, BindingStatus.ACTIVE)
    again = other.renew(unheard)
    check(again["validLifetime"] <= MCLT_SECONDS, f"without it {again['validLifetime']} s were given")


@scenario("no more updates are under way than we said that we take", "primary")
def flow_control(game: Game) -> None:
    """We take 32 (our CONNECTREPLY), hold back every answer, and let 34 clients come."""
    partner = game.reach_normal(Behaviour(answers_updates=False))
    for number in range(34):
        game.client(number).acquire()
        partner.pump(0.0)
    partner.play(0.5)
    waiting = [each for each in partner.received if each.type == MessageType.BNDUPD]
    check(len(waiting) == 32, f"{len(waiting)} updates are under way, and we take 32")
    for each in waiting[:2]:
        partner.session.send(MessageType.BNDREPLY, reply_to(each.options[0]), xid=each.transaction_id)
    partner.play(0.5)
    more = [each for each in partner.received if each.type == MessageType.BNDUPD]
    check(len(more) == 34, f"two answers let two more come, and there are {len(more)}")
    check(len({each.transaction_id for each in more}) == 34, "transaction ids are unique among what is outstanding")


@scenario("an answer to no update, and the same answer twice, do no harm", "primary")
def unknown_and_doubled_replies(game: Game) -> None:
    partner = game.reach_normal()
    held = game.client().acquire()
    update = _update_of(partner, held.name, BindingStatus.ACTIVE)
    answer = reply_to(update.options[0])
    for xid in (update.transaction_id, update.transaction_id, 0xABCDEF):
        partner.session.send(MessageType.BNDREPLY, answer, xid=xid)
    partner.play(0.5)
    next_one = game.client(1).acquire()
    _update_of(partner, next_one.name, BindingStatus.ACTIVE)
    check(game.api.state() == "normal", "the server left NORMAL")


@scenario("a rejection at any of its three levels is taken as one, and brings no storm", "primary")
def rejections(game: Game) -> None:
    partner = game.reach_normal()
    for at, level in enumerate(("container", "ia", "lease")):
        partner.behaviour.judge = lambda update, level=level: [_rejecting(update.options[0], level)]
        client = game.client(at)
        held = client.acquire()
        _update_of(partner, held.name, BindingStatus.ACTIVE)
        partner.play(1.2)
        count = len(_updates(partner, held.name))
        check(count <= 2, f"a rejection in the {level} brought {count} updates in a second")
        renewed = client.renew(held)
        check(
            renewed["validLifetime"] <= MCLT_SECONDS,
            f"a rejection in the {level} was taken for an acknowledgement: {renewed['validLifetime']} s were given",
        )
    check(game.api.state() == "normal", "the server left NORMAL")


def _rejecting(container: Option, level: str) -> Option:
    status = rejection(StatusCode.CONFIGURATION_CONFLICT, "not here")
    if level == "lease" or container.code == Code.IAPREFIX:
        return reply_to(container, reject_lease=status)
    if level == "container":
        return reply_to(container, reject_all=status)
    options = [
        Option(each.code, {**each.fields, "options": [status, *each.options]})
        if each.code in (Code.IA_NA, Code.IA_PD)
        else each
        for each in reply_to(container).options
    ]
    return Option(container.code, {"options": options})


@scenario("a BNDREPLY without a container, with two, or with another kind acknowledges nothing", "primary")
def replies_without_sense(game: Game) -> None:
    for at in range(3):
        partner = game.reach_normal(Behaviour(answers_updates=False))
        client = game.client(at)
        held = client.acquire()
        update = _update_of(partner, held.name, BindingStatus.ACTIVE)
        answer = reply_to(update.options[0])
        other = game.clientless(partner, "2001:db8:8000:f000::", BindingStatus.FREE_BACKUP)
        containers = [[], [answer, answer], [other]][at]
        partner.session.send(MessageType.BNDREPLY, *containers, xid=update.transaction_id)
        partner.play(0.5)
        renewed = client.renew(held)
        check(renewed["validLifetime"] <= MCLT_SECONDS, f"answer {at + 1} was taken for an acknowledgement")
        partner.session.close()


@scenario("a partner that acknowledges nothing is left after the configured time", "primary")
def never_acknowledging(game: Game) -> None:
    partner = game.reach_normal(Behaviour(answers_updates=False))
    game.client().acquire()
    begun = time.monotonic()
    partner.until("the end of the connection", lambda: _over(partner), 15)
    check(time.monotonic() - begun > 2, "the server did not wait for its configured time")
    game.api.until_state("communications-interrupted")


def _over(partner: Endpoint) -> bool:
    """`until` itself complains when the connection ends, so this asks first."""
    partner.pump(0.2)
    return partner.session.link.is_over


@scenario("what we have not acknowledged comes again when we come back, and what we have does not", "primary")
def told_again(game: Game) -> None:
    partner = game.reach_normal()
    known = game.client().acquire()
    _update_of(partner, known.name, BindingStatus.ACTIVE)
    partner.play(0.3)
    partner.behaviour.answers_updates = False
    owed = game.client(1).acquire()
    _update_of(partner, owed.name, BindingStatus.ACTIVE)
    partner.session.close()
    again = game.reach_normal()
    _update_of(again, owed.name, BindingStatus.ACTIVE)
    again.play(0.5)
    check(_updates(again, known.name) == [], "what was acknowledged was told again")


@scenario(
    "RELEASE and DECLINE of a client are told, and the address goes to nobody before we have acknowledged",
    "primary",
)
def release_and_decline(game: Game) -> None:
    partner = game.reach_normal()
    client, other = game.client(), game.client(1)
    held, bad = client.acquire(), other.acquire()
    _update_of(partner, held.name, BindingStatus.ACTIVE)
    _update_of(partner, bad.name, BindingStatus.ACTIVE)
    partner.play(0.5)
    at = len(partner.received)
    partner.behaviour.answers_updates = False
    client.release(held)
    other.decline(bad)
    released = _update_of(partner, held.name, BindingStatus.RELEASED, at)
    _update_of(partner, bad.name, BindingStatus.ABANDONED, at)
    check(game.api.lease(held.name)["state"] == "released", "a released lease waits for our acknowledgement (section 7.2)")
    partner.session.send(MessageType.BNDREPLY, reply_to(released.options[0]), xid=released.transaction_id)
    partner.play(0.7)
    check(game.api.lease(held.name)["state"] in ("free", "free-backup"), "after it the lease is free")
    check(game.api.lease(bad.name)["state"] == "abandoned", "a declined address stays ABANDONED")


@scenario("in NORMAL the secondary leaves new clients to us, and renews for a client of its own", "secondary")
def secondary_in_normal(game: Game) -> None:
    partner = game.reach_normal()
    partner.leave()
    game.api.until_state("communications-interrupted")
    client = game.client()
    held = client.acquire()
    check(held.option["address"].packed[15] & 1 == 0, "the secondary gives even addresses only (section 4.2.1.1)")
    again = game.reach_normal()
    _update_of(again, held.name, BindingStatus.ACTIVE)
    again.play(0.3)
    check(not game.client(1).is_answered(), "a SOLICIT in NORMAL is the primary's (section 3)")
    at = len(again.received)
    renewed = client.renew(held)
    check(renewed["validLifetime"] > 0, "a RENEW that names the secondary is answered")
    _update_of(again, held.name, BindingStatus.ACTIVE, at)
