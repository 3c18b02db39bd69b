"""What a scenario plays with: the server under test, connections to it, clients, and a list of all scenarios."""

import contextlib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .bindings import LeaseTimes, address_lease, client_data, prefix_lease
from .dhcp_client import DhcpClient
from .endpoint import Behaviour, Endpoint
from .lease_table import LeaseTable
from .link import Link, Listener
from .numbers import BindingStatus, Code, MessageType, State
from .option_codec import Option, option
from .server_api import ServerApi
from .session import Session, Unexpected

CONNECTION_SECONDS = 12.0
"""The primary under test dials once a second; a busy machine gets more time."""
VALID_SECONDS = 60


@dataclass(frozen=True)
class Place:
    """Where everything is: `failover_port` is the server's, or ours when the server is the primary and dials us."""

    server_is_primary: bool
    failover_port: int
    client_port: int
    api_url: str
    token: str
    log_file: Path
    server_pid: int
    certificates: Path | None


@dataclass(frozen=True)
class Scenario:
    """One game: `against` is the role of the server; `fresh` asks for a server of its own that has no past."""

    name: str
    against: str
    tls: bool
    fresh: bool
    play: Callable[["Game"], None]

    @property
    def id(self) -> str:
        """What a command line calls it."""
        return f"{self.play.__name__.replace('_', '-')}@{self.against}"


SCENARIOS: list[Scenario] = []


def scenario(
    name: str, *against: str, tls: bool = False, fresh: bool = False
) -> Callable[[Callable[["Game"], None]], Callable[["Game"], None]]:
    """Puts a function into the list, once for each role of the server; `{server}` in the name is that role."""

    def add(play: Callable[["Game"], None]) -> Callable[["Game"], None]:
        for role in against:
            SCENARIOS.append(Scenario(name.replace("{server}", role), role, tls, fresh, play))
        return play

    return add


class Game:
    """One scenario's view of the world. Everything it opened is closed at its end."""

    def __init__(self, place: Place, number: int) -> None:
        self.place = place
        self.we_are_primary = not place.server_is_primary
        self.api = ServerApi(place.api_url, place.token, place.log_file)
        self.sessions: list[Session] = []
        self.leases = LeaseTable()
        self.number = number
        self._listener: Listener | None = None
        self._clients: list[DhcpClient] = []

    # Connections -------------------------------------------------------------------------------------------------

    def tcp(self) -> Session:
        """A TCP connection with the server, on which nothing has been said."""
        if self.we_are_primary:
            link = Link.dial(self.place.failover_port)
        else:
            self._listener = self._listener or Listener(self.place.failover_port)
            accepted = self._listener.accept(CONNECTION_SECONDS)
            if accepted is None:
                raise Unexpected(f"the server has not dialled within {CONNECTION_SECONDS} s")
            link = accepted
        session = Session(link)
        self.sessions.append(session)
        return session

    def connection(self) -> Session:
        """A connection on which CONNECT is next, inside TLS where the transport is TLS."""
        session = self.tcp()
        if self.place.certificates is not None:
            self.secure(session)
        return session

    def secure(self, session: Session) -> None:
        """STARTTLS, REPLY and the handshake, from our side (RFC 7653 section 8.2)."""
        if self.we_are_primary:
            xid = session.send(MessageType.STARTTLS)
            reply = session.expect(MessageType.REPLY)
            if reply.transaction_id != xid or reply.options:
                raise Unexpected(f"the REPLY that lets TLS begin has the id and nothing else, not {reply}")
        else:
            starttls = session.expect(MessageType.STARTTLS)
            session.send(MessageType.REPLY, xid=starttls.transaction_id)
        session.link.start_tls(self.tls_context("alpha" if self.we_are_primary else "beta"), not self.we_are_primary)
        wanted = "beta" if self.we_are_primary else "alpha"
        if wanted not in session.link.peer_names():
            raise Unexpected(f"the certificate of the server is for {session.link.peer_names()}")

    def tls_context(self, name: str | None, folder: str = "good") -> ssl.SSLContext:
        """Our certificate (none for None), and trust in the server's authority."""
        assert self.place.certificates is not None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT if self.we_are_primary else ssl.PROTOCOL_TLS_SERVER)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(self.place.certificates / "good" / "authority.pem")
        if name is not None:
            files = self.place.certificates / folder
            context.load_cert_chain(files / f"{name}.pem", files / f"{name}.key")
        return context

    def endpoint(self, behaviour: Behaviour | None = None, session: Session | None = None) -> Endpoint:
        """A partner on a new connection, before the first word."""
        return Endpoint(self.we_are_primary, session or self.connection(), behaviour or Behaviour(), self.leases)

    def open(self, state: State = State.COMMUNICATIONS_INTERRUPTED, behaviour: Behaviour | None = None) -> Endpoint:
        """A partner in a state, with the connection opened and both first STATEs told."""
        partner = self.endpoint(behaviour)
        partner.state = state
        if self.we_are_primary:
            partner.open_as_primary()
        else:
            partner.open_as_secondary()
        return partner

    def reach_normal(self, behaviour: Behaviour | None = None) -> Endpoint:
        """Both in NORMAL, and what the server owed us told."""
        partner = self.open(behaviour=behaviour)
        self.until_normal(partner)
        return partner

    def until_normal(self, partner: Endpoint, limit_seconds: float = 15.0) -> None:
        """Plays on until both are in NORMAL."""
        partner.until(
            "NORMAL on both sides",
            lambda: partner.state == State.NORMAL and partner.partner_state == State.NORMAL,
            limit_seconds,
        )

    def opened_with(self, change: Callable[[list[Option]], list[Option]]) -> Session:
        """A connection on which our CONNECT or CONNECTREPLY was sent with changed options."""
        partner = self.endpoint()
        session = partner.session
        if self.we_are_primary:
            session.send(MessageType.CONNECT, *change(partner.connect_options("alpha-beta")))
        else:
            connect = session.expect(MessageType.CONNECT)
            session.send(
                MessageType.CONNECTREPLY, *change(partner.connect_options(None)), xid=connect.transaction_id
            )
        return session

    # Leases --------------------------------------------------------------------------------------------------------

    def client(self, number: int = 0) -> DhcpClient:
        """A client of this scenario's own."""
        client = DhcpClient(self.number * 64 + number + 1, self.place.client_port)
        self._clients.append(client)
        return client

    def address(self, number: int = 0, odd: bool = True) -> str:
        """An address of the pair's pool that no other scenario names; odd ones are the primary's."""
        return f"2001:db8:1::1:{0xF000 - self.number * 32 + number * 2 + (1 if odd else 0):x}"

    def duid(self, number: int = 0) -> bytes:
        """A client that nobody has met."""
        return bytes.fromhex("0003000102") + bytes([0xBE, 0xEF, self.number >> 8, self.number & 0xFF, number])

    def times(self, partner: Endpoint, seconds_ago: int = 0, valid: int = VALID_SECONDS) -> LeaseTimes:
        """Of an ACTIVE lease whose client was heard so long ago."""
        return LeaseTimes(
            start_of_state=partner.ago(seconds_ago),
            state_expiration=partner.ago(seconds_ago - valid),
            clt_seconds_ago=seconds_ago,
            partner_lifetime=partner.ago(seconds_ago - 2 * valid),
            expiration=0,
        )

    def active(self, partner: Endpoint, number: int = 0, seconds_ago: int = 0, who: int | None = None) -> Option:
        """The container of an update: this address is ACTIVE for this client."""
        lease = address_lease(
            self.address(number, odd=partner.is_primary),
            BindingStatus.ACTIVE,
            self.times(partner, seconds_ago),
            preferred=VALID_SECONDS,
            valid=VALID_SECONDS,
        )
        return self.container(partner, self.duid(number if who is None else who), lease)

    def container(self, partner: Endpoint, duid: bytes, *leases: Option) -> Option:
        """OPTION_CLIENT_DATA with one IA_NA."""
        ia = option(Code.IA_NA, iaid=1, t1=20, t2=40, options=list(leases))
        return client_data(duid, partner.ago(0), [ia])

    def clientless(self, partner: Endpoint, prefix: str, status: BindingStatus, length: int = 56) -> Option:
        """A top-level OPTION_IAPREFIX."""
        base = option(Code.LQ_BASE_TIME, time=partner.ago(0))
        return prefix_lease(prefix, length, status, LeaseTimes(start_of_state=partner.ago(0)), before=[base])

    # The end -------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Closes what is still open."""
        for session in self.sessions:
            session.close()
        for client in self._clients:
            client.close()
        if self._listener is not None:
            self._listener.close()

    def transcript(self) -> str:
        """What was said, connection by connection."""
        return "\n".join(
            f"connection {at + 1}:\n  " + "\n  ".join(session.transcript) for at, session in enumerate(self.sessions)
        )


@contextlib.contextmanager
def playing(place: Place, number: int) -> Iterator[Game]:
    """A game, closed at the end; a failure gets the transcript."""
    game = Game(place, number)
    try:
        yield game
    except Exception as error:
        error.add_note(game.transcript())
        raise
    finally:
        game.close()
