"""STARTTLS and TLS, right and wrong (RFC 7653 sections 8.2, 9.1; RFC 8156 sections 6.1, 10)."""

import ssl

from ..endpoint import Endpoint
from ..game import Game, scenario
from ..message_codec import Message
from ..numbers import BindingStatus, MessageType, StatusCode
from ..option_codec import option
from ..session import Session, Unexpected
from .checks import check, check_accepted, check_status

BOTH = ("secondary", "primary")


@scenario(
    "a {server} that is configured for TLS speaks it with mutual certificates, and reaches NORMAL",
    *BOTH, tls=True,
)
def tls(game: Game) -> None:
    partner = game.reach_normal()
    update = game.active(partner)
    check_accepted(partner.reply_to(partner.send_update(update)), update)
    if not game.we_are_primary:
        held = game.client().acquire()
        partner.until("the update", lambda: partner.leases.get(held.name) is not None)
        lease = partner.leases.get(held.name)
        check(lease is not None and lease.status == BindingStatus.ACTIVE, "the lease is told")


@scenario("options in STARTTLS are ignored", "secondary", tls=True)
def options_in_starttls(game: Game) -> None:
    session = game.tcp()
    session.send(MessageType.STARTTLS, option(0xFFF0, octets=b"x"))
    check_status("the REPLY", session.expect(MessageType.REPLY), None)
    session.link.start_tls(game.tls_context("alpha"), server_side=False)
    game.until_normal(_opened(game, session))


def _opened(game: Game, session: Session) -> Endpoint:
    partner = game.endpoint(session=session)
    partner.open_as_primary()
    return partner


@scenario("a CONNECT in the clear is no opening for a secondary that is configured for TLS", "secondary", tls=True)
def connect_in_the_clear(game: Game) -> None:
    session = game.tcp()
    partner = game.endpoint(session=session)
    session.send(MessageType.CONNECT, *partner.connect_options("alpha-beta"))
    _check_nothing_opened(session)


@scenario(
    "a certificate that the secondary does not accept opens nothing: none, another name, another authority",
    "secondary", tls=True,
)
def wrong_certificates(game: Game) -> None:
    for name, folder in ((None, "good"), ("gamma", "good"), ("alpha", "other")):
        session = game.tcp()
        session.send(MessageType.STARTTLS)
        session.expect(MessageType.REPLY)
        try:
            session.link.start_tls(game.tls_context(name, folder), server_side=False)
            partner = game.endpoint(session=session)
            session.send(MessageType.CONNECT, *partner.connect_options("alpha-beta"))
        except (ssl.SSLError, OSError):
            session.close()
            continue
        _check_nothing_opened(session)
    game.reach_normal()


@scenario(
    "a certificate that the primary does not accept opens nothing: another name, another authority",
    "primary", tls=True,
)
def wrong_certificates_of_the_secondary(game: Game) -> None:
    for name, folder in (("gamma", "good"), ("beta", "other")):
        session = game.tcp()
        starttls = session.expect(MessageType.STARTTLS)
        session.send(MessageType.REPLY, xid=starttls.transaction_id)
        try:
            session.link.start_tls(game.tls_context(name, folder), server_side=True)
        except (ssl.SSLError, OSError):
            session.close()
            continue
        _check_nothing_opened(session)
    game.reach_normal()


@scenario(
    "a primary that is refused TLS, or gets no proper REPLY, says nothing in the clear and comes back",
    "primary", tls=True,
)
def tls_refused(game: Game) -> None:
    refusal = option(13, status=StatusCode.TLS_CONNECTION_REFUSED, message="")
    for answer in ([refusal], None):
        session = game.tcp()
        starttls = session.expect(MessageType.STARTTLS)
        if answer is None:
            session.send(MessageType.CONTACT, xid=starttls.transaction_id)
        else:
            session.send(MessageType.REPLY, *answer, xid=starttls.transaction_id)
        _check_nothing_opened(session)
    game.reach_normal()


@scenario("STARTTLS is refused by a secondary that is configured without TLS", "secondary")
def starttls_in_the_clear(game: Game) -> None:
    session = game.tcp()
    xid = session.send(MessageType.STARTTLS)
    reply = session.expect(MessageType.REPLY)
    check(reply.transaction_id == xid, "the REPLY has the id of the request")
    check_status("the REPLY", reply, StatusCode.TLS_CONNECTION_REFUSED)


def _check_nothing_opened(session: Session) -> None:
    """The server closes, and says nothing of failover before it does."""
    seen: list[Message] = []
    for _ in range(20):
        message = session.receive(0.5)
        if message is not None:
            seen.append(message)
        elif session.link.is_over:
            break
    else:
        raise Unexpected("the connection is still open after ten seconds")
    kinds = {each.type for each in seen}
    check(kinds <= {MessageType.DISCONNECT}, f"the server went on with {kinds}")
