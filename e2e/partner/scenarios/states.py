"""STATE, right and wrong, and the state machine as far as a partner can lead it (RFC 8156 sections 6.3, 8)."""

from ..endpoint import Behaviour, Endpoint
from ..game import Game, scenario
from ..golden_messages import state_options
from ..numbers import BindingStatus, Code, MessageType, ServerFlag, State
from ..option_codec import Option, option
from ..session import Session
from .checks import check, without

BOTH = ("secondary", "primary")


def _told_state(game: Game, options: list[Option]) -> Session:
    """A connection on which our first STATE was this."""
    partner = game.endpoint(Behaviour(follows_matrix=False))
    session = partner.session
    if game.we_are_primary:
        session.send(MessageType.CONNECT, *partner.connect_options("alpha-beta"))
        session.expect(MessageType.CONNECTREPLY)
        session.expect(MessageType.STATE)
    else:
        connect = session.expect(MessageType.CONNECT)
        session.send(MessageType.CONNECTREPLY, *partner.connect_options(None), xid=connect.transaction_id)
    session.send(MessageType.STATE, *options)
    return session


@scenario("a STATE that lacks one of its options is no contact for the {server}, and the connection ends", *BOTH)
def state_lacks_an_option(game: Game) -> None:
    for code in (Code.F_SERVER_STATE, Code.F_SERVER_FLAGS, Code.F_START_TIME_OF_STATE):
        session = _told_state(game, without(state_options(State.COMMUNICATIONS_INTERRUPTED, 1), code))
        session.expect_end()
        check(game.api.state() != "normal", f"a STATE without {code.name} led to NORMAL")


@scenario("a STATE whose state is STARTUP, or none that exists, is refused by the {server}", *BOTH)
def impossible_state(game: Game) -> None:
    for number in (State.STARTUP, 0, 11, 255):
        session = _told_state(game, state_options(number, 1))
        session.expect_end()
        check(game.api.state() != "normal", f"state {number} led to NORMAL")


@scenario("a STATE with the STARTUP flag moves the {server} nowhere; the one without it does", *BOTH)
def startup_flag(game: Game) -> None:
    game.reach_normal().leave()
    game.api.until_state("communications-interrupted")
    partner = game.endpoint()
    partner.flags |= ServerFlag.STARTUP
    _open(game, partner)
    partner.play(1.0)
    check(partner.partner_state == State.COMMUNICATIONS_INTERRUPTED, "the server moved on a flagged STATE")
    check(game.api.state() == "communications-interrupted", "the server moved on a flagged STATE")
    partner.flags &= ~ServerFlag.STARTUP
    partner.tell_state()
    game.until_normal(partner)


@scenario("the {server} shows by ACK_STARTUP that it has seen our STARTUP, and takes it back", *BOTH, fresh=True)
def ack_startup(game: Game) -> None:
    """A recovery that ends by its own clock makes the server tell a state while our STARTUP flag is the last it heard."""
    partner = game.endpoint()
    _open(game, partner)
    partner.until("RECOVER-WAIT", lambda: partner.partner_state == State.RECOVER_WAIT)
    check(ServerFlag.ACK_STARTUP not in partner.partner_flags, "no flags of ours had STARTUP yet")
    partner.flags |= ServerFlag.STARTUP
    partner.tell_state()
    partner.until("RECOVER-DONE", lambda: partner.partner_state == State.RECOVER_DONE, 30)
    check(ServerFlag.ACK_STARTUP in partner.partner_flags, "our last flags had STARTUP (section 5.5.15)")
    partner.flags &= ~ServerFlag.STARTUP
    partner.tell_state()
    game.until_normal(partner)
    check(ServerFlag.ACK_STARTUP not in partner.partner_flags, "our last flags had no STARTUP")
    check(ServerFlag.COMMUNICATED in partner.partner_flags, "the server has met us")


def _open(game: Game, partner: Endpoint) -> None:
    if game.we_are_primary:
        partner.open_as_primary()
    else:
        partner.open_as_secondary()


@scenario("a STATE told twice by us changes nothing at the {server}", *BOTH)
def state_twice(game: Game) -> None:
    partner = game.reach_normal()
    at = len(partner.received)
    for _ in range(3):
        partner.tell_state()
    partner.play(0.7)
    states = [each for each in partner.received[at:] if each.type == MessageType.STATE]
    check(states == [], f"the server answered a repeated STATE with {states}")
    check(game.api.state() == "normal", "the server left NORMAL")


@scenario("a partner that was declared down while we were away leads the {server} through POTENTIAL-CONFLICT", *BOTH)
def potential_conflict(game: Game) -> None:
    """Figure 9, in the order of its messages; the update that we owe is told before our UPDDONE."""
    game.reach_normal().leave()
    game.api.until_state("communications-interrupted")
    partner = game.endpoint()
    partner.state = State.PARTNER_DOWN
    mine = game.active(partner)
    game.leases.owe(mine)
    _open(game, partner)
    game.until_normal(partner)
    check(partner.leases.owed == {}, "the server has not acknowledged what we owed")
    check(game.api.lease(game.address(0, odd=partner.is_primary)) is not None, "the lease is not on record")
    kinds = [each.type for each in partner.received]
    if game.we_are_primary:
        check(MessageType.UPDREQ in kinds, "a secondary that sees CONFLICT-DONE sends UPDREQ (section 8.10.2)")
        check(MessageType.UPDDONE in kinds, "our UPDREQ was not answered by UPDDONE")
    else:
        check(kinds.index(MessageType.UPDREQ) < kinds.index(MessageType.UPDDONE), "the primary asks first")
        states = _states_told(partner)
        done, normal = states.index(State.CONFLICT_DONE), states.index(State.NORMAL)
        check(done < normal, "the primary goes through CONFLICT-DONE")


def _states_told(partner: Endpoint) -> list[State]:
    found = [each.find(Code.F_SERVER_STATE) for each in partner.received if each.type == MessageType.STATE]
    return [State(each["state"]) for each in found if each is not None]


@scenario("a break in POTENTIAL-CONFLICT leads the {server} to RESOLUTION-INTERRUPTED, where it answers clients", *BOTH)
def resolution_interrupted(game: Game) -> None:
    game.reach_normal().leave()
    game.api.until_state("communications-interrupted")
    partner = game.endpoint(Behaviour(ends_dumps=False))
    partner.state = State.PARTNER_DOWN
    _open(game, partner)
    partner.until("POTENTIAL-CONFLICT", lambda: partner.partner_state == State.POTENTIAL_CONFLICT)
    client = game.client()
    check(not client.is_answered(), "in POTENTIAL-CONFLICT no client is answered (section 8.10.1)")
    partner.session.close()
    game.api.until_state("resolution-interrupted")
    check(client.is_answered(3.0), "in RESOLUTION-INTERRUPTED every client is answered (section 8.11.1)")
    again = game.open(State.RESOLUTION_INTERRUPTED)
    game.until_normal(again)


@scenario("a {server} in PARTNER-DOWN tells when it began, and takes us back through our recovery", *BOTH)
def rejoin_after_partner_down(game: Game) -> None:
    """Figure 7, with us as the server that was away."""
    game.reach_normal().leave()
    game.api.until_state("communications-interrupted")
    game.api.declare_partner_down()
    game.api.until_state("partner-down")
    held = game.client().acquire()
    partner = game.endpoint()
    partner.state = State.RECOVER
    _open(game, partner)
    check(partner.partner_state == State.PARTNER_DOWN, "the server tells PARTNER-DOWN and since when")
    game.until_normal(partner)
    learned = partner.leases.get(held.name)
    check(learned is not None and learned.status == BindingStatus.ACTIVE, "our UPDREQ brought the lease that was given")
    states = _states_told(partner)
    check(State.POTENTIAL_CONFLICT not in states, "a partner in RECOVER is no conflict")


@scenario(
    "a {server} in PARTNER-DOWN ignores a STATE with the STARTUP flag, and meets NORMAL with POTENTIAL-CONFLICT",
    *BOTH,
)
def partner_down_meets_normal(game: Game) -> None:
    game.reach_normal().leave()
    game.api.until_state("communications-interrupted")
    game.api.declare_partner_down()
    partner = game.endpoint()
    partner.state = State.NORMAL
    partner.behaviour.follows_matrix = False
    partner.flags |= ServerFlag.STARTUP
    _open(game, partner)
    partner.play(0.7)
    check(game.api.state() == "partner-down", "the server moved on a flagged STATE (section 8.4.2)")
    partner.flags &= ~ServerFlag.STARTUP
    partner.tell_state()
    partner.until("POTENTIAL-CONFLICT", lambda: partner.partner_state == State.POTENTIAL_CONFLICT)
    partner.behaviour.follows_matrix = True
    partner.move_to(State.POTENTIAL_CONFLICT)
    game.until_normal(partner)


@scenario("a {server} in NORMAL leaves it when its partner tells RECOVER, and serves its UPDREQ", *BOTH)
def recover_in_normal(game: Game) -> None:
    game.reach_normal()
    partner = game.open(State.RECOVER)
    game.until_normal(partner)


@scenario("an unknown option in STATE changes nothing for the {server}", *BOTH)
def unknown_option_in_state(game: Game) -> None:
    _told_state(game, [*state_options(State.COMMUNICATIONS_INTERRUPTED, 1), option(0xFFF0, octets=b"\x01\x02")])
    game.api.until_state("normal")
