"""Openings: CONNECT and CONNECTREPLY, right and wrong (RFC 8156 section 6.1)."""

from collections.abc import Callable

from ..endpoint import Behaviour
from ..game import Game, scenario
from ..numbers import Code, MessageType, State, StatusCode
from ..option_codec import Option, option
from ..session import Session
from .checks import check, check_status, in_one_of_three_seconds, status_of, wait_for_a_new_second, without


def _replaced(new: Option) -> Callable[[list[Option]], list[Option]]:
    return lambda options: [new if each.code == new.code else each for each in options]


def _check_rejected(session: Session, *wanted: StatusCode) -> None:
    check_status("the CONNECTREPLY", session.expect(MessageType.CONNECTREPLY), *wanted)
    messages = _rest(session)
    check(MessageType.STATE not in messages, "a rejected CONNECT is not followed by a STATE")


def _rest(session: Session) -> list[MessageType]:
    at = len(session.transcript)
    session.expect_end()
    return [MessageType[line.split()[2]] for line in session.transcript[at:]]


def _check_left(game: Game, session: Session) -> None:
    """The primary says DISCONNECT and closes (section 6.1.3), and later tries again."""
    goodbye = session.expect_end()
    check(goodbye is not None, "the primary sends DISCONNECT before it drops the connection")
    check(status_of(goodbye) is not None, "a DISCONNECT says why")
    game.reach_normal()


@scenario("a clock that is more than five seconds off is refused in CONNECT, ahead as behind", "secondary")
def skewed_connect(game: Game) -> None:
    for offset in (7, -7):
        session = game.connection()
        session.clock_offset_seconds = offset
        session.send(MessageType.CONNECT, *game.endpoint(session=session).connect_options("alpha-beta"))
        _check_rejected(session, StatusCode.EXCESSIVE_TIME_SKEW)


@scenario("a clock that is exactly five seconds off is accepted, ahead as behind", "secondary")
def five_seconds_off(game: Game) -> None:
    for offset in (5, -5):
        check(in_one_of_three_seconds(lambda offset=offset: _is_accepted(game, offset)), f"{offset} s were refused")


def _is_accepted(game: Game, offset: int) -> bool:
    partner = game.endpoint()
    partner.session.clock_offset_seconds = offset
    wait_for_a_new_second()
    partner.session.send(MessageType.CONNECT, *partner.connect_options("alpha-beta"))
    reply = partner.session.expect(MessageType.CONNECTREPLY)
    partner.session.close()
    return status_of(reply) is None


@scenario("a protocol version of the future is refused with NotSupported", "secondary")
def other_version(game: Game) -> None:
    version = option(Code.F_PROTOCOL_VERSION, major=2, minor=0)
    _check_rejected(game.opened_with(_replaced(version)), StatusCode.NOT_SUPPORTED)


@scenario("prefixes of mixed lengths are refused with NotSupported", "secondary")
def mixed_lengths(game: Game) -> None:
    flags = option(Code.F_CONNECT_FLAGS, flags=0)
    _check_rejected(game.opened_with(_replaced(flags)), StatusCode.NOT_SUPPORTED)


@scenario("a relationship that the secondary does not know is refused", "secondary")
def unknown_relationship(game: Game) -> None:
    name = option(Code.F_RELATIONSHIP_NAME, name="alpha-gamma")
    _check_rejected(game.opened_with(_replaced(name)), StatusCode.CONFIGURATION_CONFLICT)


@scenario("a CONNECT without a relationship name means the only one between the two", "secondary")
def no_relationship_name(game: Game) -> None:
    session = game.opened_with(lambda options: without(options, Code.F_RELATIONSHIP_NAME))
    check_status("the CONNECTREPLY", session.expect(MessageType.CONNECTREPLY), None)
    session.expect(MessageType.STATE)


@scenario("a CONNECT that lacks one of its options is refused, whichever it is", "secondary")
def connect_lacks_an_option(game: Game) -> None:
    for code in _REQUIRED:
        session = game.opened_with(lambda options, code=code: without(options, code))
        reply = session.expect(MessageType.CONNECTREPLY)
        check(status_of(reply) not in (None, StatusCode.SUCCESS), f"a CONNECT without {code.name} was accepted")
        session.expect_end()


_REQUIRED = (
    Code.F_PROTOCOL_VERSION,
    Code.F_MCLT,
    Code.F_KEEPALIVE_TIME,
    Code.F_MAX_UNACKED_BNDUPD,
    Code.F_CONNECT_FLAGS,
)


@scenario("the secondary takes the MCLT of the primary, whatever its own file says", "secondary")
def mclt_is_adopted(game: Game) -> None:
    for seconds in (33, 20):
        partner = game.reach_normal(Behaviour(mclt_seconds=seconds))
        partner.leave()


@scenario("an MCLT that means for ever, or is shorter than any lease may be, is refused", "secondary")
def impossible_mclt(game: Game) -> None:
    for seconds in (0xFFFFFFFF, 3, 0):
        mclt = option(Code.F_MCLT, seconds=seconds)
        _check_rejected(game.opened_with(_replaced(mclt)), StatusCode.CONFIGURATION_CONFLICT)


@scenario("unknown options in CONNECT change nothing", "secondary")
def unknown_options_in_connect(game: Game) -> None:
    session = game.opened_with(lambda options: [option(0xFFF0, octets=b"x"), *options, option(0xFFF1, octets=b"")])
    check_status("the CONNECTREPLY", session.expect(MessageType.CONNECTREPLY), None)
    session.expect(MessageType.STATE)


@scenario("an accepting CONNECTREPLY has all that it must have, then comes a STATE", "secondary")
def complete_connectreply(game: Game) -> None:
    partner = game.endpoint()
    reply = partner.open_as_primary()
    missing = [code.name for code in _REQUIRED if reply.find(code) is None]
    check(missing == [], f"the CONNECTREPLY lacks {missing}")
    version = reply.find(Code.F_PROTOCOL_VERSION)
    check(version is not None and (version["major"], version["minor"]) == (1, 0), "the version is 1.0")


@scenario("a first message other than CONNECT ends the connection", "secondary")
def first_message_is_no_connect(game: Game) -> None:
    for kind in MessageType:
        if kind in (MessageType.CONNECT, MessageType.STARTTLS):
            continue
        session = game.connection()
        session.send(kind)
        messages = _rest(session)
        check(set(messages) <= {MessageType.DISCONNECT}, f"{kind.name} came first and was answered by {messages}")


@scenario("a second CONNECT on one connection is answered by DISCONNECT", "secondary")
def connect_twice(game: Game) -> None:
    partner = game.reach_normal()
    partner.session.send(MessageType.CONNECT, *partner.connect_options("alpha-beta"))
    messages = _rest(partner.session)
    check(MessageType.CONNECTREPLY not in messages, "a second CONNECT was answered")
    check(MessageType.DISCONNECT in messages, "the server leaves by DISCONNECT")
    game.api.until_state("communications-interrupted")


@scenario("a second connection takes the place of the first, which is closed", "secondary")
def second_connection(game: Game) -> None:
    first = game.reach_normal()
    second = game.open()
    game.until_normal(second)
    first.session.expect_end()
    second.until_message(MessageType.CONTACT)


@scenario("the CONNECT of the primary has all that it must have", "primary")
def complete_connect(game: Game) -> None:
    partner = game.endpoint()
    connect = partner.open_as_secondary()
    missing = [code.name for code in (*_REQUIRED, Code.F_RELATIONSHIP_NAME) if connect.find(code) is None]
    check(missing == [], f"the CONNECT lacks {missing}")
    name, mclt = connect.find(Code.F_RELATIONSHIP_NAME), connect.find(Code.F_MCLT)
    check(name is not None and name["name"] == "alpha-beta", "the name is that of the relationship")
    check(mclt is not None and mclt["seconds"] == 20, "the MCLT is the configured one")


@scenario("a CONNECTREPLY with another MCLT is answered by DISCONNECT", "primary")
def other_mclt(game: Game) -> None:
    _check_left(game, game.opened_with(_replaced(option(Code.F_MCLT, seconds=21))))


@scenario("a CONNECTREPLY with a version of the future is answered by DISCONNECT", "primary")
def other_version_in_reply(game: Game) -> None:
    _check_left(game, game.opened_with(_replaced(option(Code.F_PROTOCOL_VERSION, major=2, minor=0))))


@scenario("a CONNECTREPLY that tells of prefixes of mixed lengths opens nothing", "primary")
def mixed_lengths_in_reply(game: Game) -> None:
    messages = _rest(game.opened_with(_replaced(option(Code.F_CONNECT_FLAGS, flags=0))))
    check(MessageType.STATE not in messages, "the server went on with a STATE")


@scenario("a CONNECTREPLY that lacks one of its options opens nothing, whichever it is", "primary")
def connectreply_lacks_an_option(game: Game) -> None:
    for code in _REQUIRED:
        session = game.opened_with(lambda options, code=code: without(options, code))
        messages = _rest(session)
        check(set(messages) <= {MessageType.DISCONNECT}, f"without {code.name} the server went on with {messages}")


@scenario("a CONNECTREPLY to another transaction opens nothing", "primary")
def connectreply_of_another_transaction(game: Game) -> None:
    partner = game.endpoint()
    connect = partner.session.expect(MessageType.CONNECT)
    xid = connect.transaction_id ^ 0x555555
    partner.session.send(MessageType.CONNECTREPLY, *partner.connect_options(None), xid=xid)
    messages = _rest(partner.session)
    check(set(messages) <= {MessageType.DISCONNECT}, f"the server went on with {messages}")


@scenario("a CONNECTREPLY of a clock that is more than five seconds off ends the connection", "primary")
def skewed_connectreply(game: Game) -> None:
    for offset in (7, -7):
        partner = game.endpoint()
        connect = partner.session.expect(MessageType.CONNECT)
        partner.session.clock_offset_seconds = offset
        partner.session.send(
            MessageType.CONNECTREPLY, *partner.connect_options(None), xid=connect.transaction_id
        )
        messages = _rest(partner.session)
        check(MessageType.STATE not in messages, "the server went on with a STATE")


@scenario("a refusal ends the connection, and the primary tries again", "primary")
def refusing_connectreply(game: Game) -> None:
    session = game.opened_with(lambda _: [option(Code.STATUS_CODE, status=StatusCode.UNSPEC_FAIL, message="no")])
    messages = _rest(session)
    check(MessageType.STATE not in messages, "the server went on with a STATE")
    game.reach_normal()


@scenario("an answer to CONNECT that is no CONNECTREPLY opens nothing", "primary")
def no_connectreply(game: Game) -> None:
    for kind in (MessageType.STATE, MessageType.BNDUPD, MessageType.UPDREQ, MessageType.CONNECT):
        session = game.connection()
        session.expect(MessageType.CONNECT)
        session.send(kind)
        messages = _rest(session)
        check(set(messages) <= {MessageType.DISCONNECT}, f"{kind.name} was answered by {messages}")


@scenario("a first contact of two servers without a past needs no wait", "secondary", "primary", fresh=True)
def first_contact(game: Game) -> None:
    partner = game.endpoint()
    partner.state = State.RECOVER
    partner.flags = partner.flags & 0
    if game.we_are_primary:
        partner.open_as_primary()
    else:
        partner.open_as_secondary()
    check(partner.partner_state == State.RECOVER, "a server without storage begins in RECOVER (digest A6)")
    game.until_normal(partner)
