"""Golden messages: every message of a failover connection, in the forms that the RFC allows."""

from .bindings import LeaseTimes, address_lease, client_data, prefix_lease, rejection, reply_to
from .golden_options import DUID_EN, DUID_LL, DUID_LLT, DUID_LONGEST, DUID_UUID, MAX, RELAYED, TIME
from .message_codec import Message
from .numbers import BindingStatus, Code, DnsFlag, MessageType, State, StatusCode
from .option_codec import Option, option

_TIMED = LeaseTimes(
    start_of_state=TIME - 10,
    state_expiration=TIME + 3590,
    clt_seconds_ago=10,
    partner_lifetime=TIME + 260_990,
    partner_raw_clt=TIME - 7200,
    expiration=TIME + 86_400,
)
_UNTIMED = LeaseTimes(start_of_state=TIME - 5, clt_seconds_ago=5)
_STATE_ONLY = LeaseTimes(start_of_state=TIME)
_LARGEST = LeaseTimes(MAX, MAX, MAX, MAX, MAX, MAX)
_VPN = option(Code.VSS, vssType=0, information=b"vpn-red")


def golden_messages() -> list[tuple[str, Message]]:
    """Every vector as (what it is, message)."""
    return [*_opening(), *_states(), *_bare(), *_updates(), *_replies()]


def _message(kind: MessageType, *options: Option, xid: int = 1, sent: int = TIME) -> Message:
    return Message(kind, xid, sent, list(options))


def connect_options(
    name: str | None = "pair-1", mclt: int = 3600, keepalive: int = 60, flags: int = 0
) -> list[Option]:
    """What CONNECT must carry (section 6.1.1), and CONNECTREPLY but for the name."""
    return [
        option(Code.F_PROTOCOL_VERSION, major=1, minor=0),
        option(Code.F_MCLT, seconds=mclt),
        option(Code.F_KEEPALIVE_TIME, seconds=keepalive),
        option(Code.F_MAX_UNACKED_BNDUPD, updates=32),
        *([] if name is None else [option(Code.F_RELATIONSHIP_NAME, name=name)]),
        option(Code.F_CONNECT_FLAGS, flags=flags),
    ]


def state_options(state: State, flags: int = 0, since: int = TIME, down_since: int | None = None) -> list[Option]:
    """What STATE must carry (section 6.3)."""
    down = [] if down_since is None else [option(Code.F_PARTNER_DOWN_TIME, time=down_since)]
    return [
        option(Code.F_SERVER_STATE, state=state),
        option(Code.F_SERVER_FLAGS, flags=flags),
        option(Code.F_START_TIME_OF_STATE, time=since),
        *down,
    ]


def _opening() -> list[tuple[str, Message]]:
    refused = rejection(StatusCode.TLS_CONNECTION_REFUSED)
    largest = [
        option(Code.F_PROTOCOL_VERSION, major=0xFFFF, minor=0xFFFF),
        option(Code.F_MCLT, seconds=MAX),
        option(Code.F_KEEPALIVE_TIME, seconds=MAX),
        option(Code.F_MAX_UNACKED_BNDUPD, updates=MAX),
        option(Code.F_RELATIONSHIP_NAME, name="Zürich ↔ 東京"),
        option(Code.F_CONNECT_FLAGS, flags=1),
    ]
    reply = MessageType.CONNECTREPLY
    return [
        ("STARTTLS", Message(MessageType.STARTTLS, 1)),
        ("REPLY that lets TLS begin", Message(MessageType.REPLY, 1)),
        ("REPLY that refuses TLS", Message(MessageType.REPLY, 1, None, [refused])),
        ("CONNECT", _message(MessageType.CONNECT, *connect_options())),
        ("CONNECT without a relationship name", _message(MessageType.CONNECT, *connect_options(None))),
        ("CONNECT at its largest", _message(MessageType.CONNECT, *largest, xid=0xFFFFFF, sent=MAX)),
        ("CONNECTREPLY that accepts", _message(reply, *connect_options(None))),
        *(
            (f"CONNECTREPLY that rejects with {code.name}", _message(reply, rejection(code, "No – nicht so.")))
            for code in (
                StatusCode.EXCESSIVE_TIME_SKEW,
                StatusCode.NOT_SUPPORTED,
                StatusCode.CONFIGURATION_CONFLICT,
                StatusCode.UNSPEC_FAIL,
            )
        ),
        ("DISCONNECT without a status", _message(MessageType.DISCONNECT)),
        (
            "DISCONNECT for a shutdown",
            _message(MessageType.DISCONNECT, rejection(StatusCode.SERVER_SHUTTING_DOWN, "Wartung bis 4 Uhr ☕")),
        ),
        ("DISCONNECT for clocks", _message(MessageType.DISCONNECT, rejection(StatusCode.EXCESSIVE_TIME_SKEW))),
    ]


def _states() -> list[tuple[str, Message]]:
    """STATE with each state; the combinations of flags go around with them."""
    vectors = []
    for at, state in enumerate(each for each in State if each != State.STARTUP):
        down_since = TIME - 100 if state == State.PARTNER_DOWN else None
        options = state_options(state, flags=at % 8, since=TIME - 60, down_since=down_since)
        vectors.append((f"STATE {state.name}", _message(MessageType.STATE, *options, xid=at)))
    return [
        *vectors,
        ("STATE NORMAL in the bytes of the digest", _message(MessageType.STATE, *state_options(State.NORMAL, 1))),
    ]


def _bare() -> list[tuple[str, Message]]:
    """The messages for which the RFC defines no option."""
    kinds = (
        MessageType.POOLREQ,
        MessageType.POOLRESP,
        MessageType.UPDREQ,
        MessageType.UPDREQALL,
        MessageType.UPDDONE,
        MessageType.CONTACT,
    )
    return [
        *((kind.name, _message(kind)) for kind in kinds),
        *((f"{kind.name} with the largest numbers", _message(kind, xid=0xFFFFFF, sent=MAX)) for kind in kinds),
        ("CONTACT at the epoch, transaction 0", _message(MessageType.CONTACT, xid=0, sent=0)),
        ("CONTACT with an unknown option", _message(MessageType.CONTACT, option(0xFFF0, octets=b"\x01\x02\x03"))),
    ]


def _ia_na(*leases: Option, iaid: int = 1) -> Option:
    return option(Code.IA_NA, iaid=iaid, t1=1800, t2=2880, options=list(leases))


def _ia_ta(*leases: Option, iaid: int = 1) -> Option:
    return option(Code.IA_TA, iaid=iaid, options=list(leases))


def _ia_pd(*leases: Option, iaid: int = 1) -> Option:
    return option(Code.IA_PD, iaid=iaid, t1=1800, t2=2880, options=list(leases))


def _fqdn() -> list[Option]:
    removal = option(
        Code.F_DNS_REMOVAL_INFO,
        options=[
            option(Code.F_DNS_HOST_NAME, name="laptop.example.org."),
            option(Code.F_DNS_ZONE_NAME, name="example.org."),
            option(Code.F_DNS_FLAGS, flags=DnsFlag.FWD_UPTODATE | DnsFlag.REV_UPTODATE),
        ],
    )
    return [option(Code.CLIENT_FQDN, flags=1, name="laptop.example.org."), removal]


def binding_containers() -> list[tuple[str, Option]]:
    """The container of each golden BNDUPD; the golden BNDREPLYs answer the same ones."""
    active = BindingStatus.ACTIVE
    sold = {"preferred": 2880, "valid": 3600}
    one = address_lease("2001:db8::11", active, _TIMED, **sold)
    extras = [
        _VPN,
        option(Code.F_RECONFIGURE_DATA, time=TIME - 99, key=bytes(range(16))),
        option(Code.LQ_RELAY_DATA, peerAddress="fe80::2", relayMessage=RELAYED),
    ]
    plain = _plain_containers(one, sold)
    return [
        *plain,
        ("with VSS, reconfigure data and relay data", client_data(DUID_EN, TIME, [_ia_na(one)], extras)),
        (
            "an address with its name and how to remove it",
            client_data(DUID_LL, TIME, [_ia_na(address_lease("2001:db8::17", active, _TIMED, extra=_fqdn(), **sold))]),
        ),
        (
            "several IAs of three kinds, several leases in one",
            client_data(
                DUID_UUID,
                TIME,
                [
                    _ia_na(one, address_lease("2001:db8::13", active, _TIMED, **sold)),
                    _ia_na(address_lease("2001:db8::15", BindingStatus.RELEASED, _UNTIMED), iaid=2),
                    _ia_ta(address_lease("2001:db8::19", active, _TIMED, **sold)),
                    _ia_pd(prefix_lease("2001:db8:8:100::", 56, active, _TIMED, **sold)),
                    _ia_pd(prefix_lease("2001:db8:8:200::", 60, BindingStatus.EXPIRED, _UNTIMED), iaid=MAX),
                ],
            ),
        ),
        (
            "every number at its largest",
            client_data(
                DUID_LONGEST,
                MAX,
                [
                    option(
                        Code.IA_NA,
                        iaid=MAX,
                        t1=MAX,
                        t2=MAX,
                        options=[
                            address_lease(
                                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", active, _LARGEST, preferred=MAX, valid=MAX
                            )
                        ],
                    )
                ],
            ),
        ),
        *_clientless(),
    ]


def _plain_containers(one: Option, sold: dict[str, int]) -> list[tuple[str, Option]]:
    active = BindingStatus.ACTIVE
    ended = (
        BindingStatus.EXPIRED,
        BindingStatus.RELEASED,
        BindingStatus.FREE,
        BindingStatus.FREE_BACKUP,
        BindingStatus.ABANDONED,
        BindingStatus.RESET,
    )
    grace = LeaseTimes(TIME, TIME + 600, 30, TIME + 600, None, TIME + 600)
    return [
        ("an ACTIVE address with every time", client_data(DUID_LLT, TIME, [_ia_na(one)])),
        (
            "an ACTIVE temporary address",
            client_data(DUID_LLT, TIME, [_ia_ta(address_lease("2001:db8::19", active, _TIMED, **sold))]),
        ),
        (
            "an ACTIVE prefix",
            client_data(DUID_LL, TIME, [_ia_pd(prefix_lease("2001:db8:8:100::", 56, active, _TIMED, **sold))]),
        ),
        *(
            (
                f"a {status.name} address without a timeout",
                client_data(DUID_LLT, TIME, [_ia_na(address_lease("2001:db8::12", status, _UNTIMED))]),
            )
            for status in ended
        ),
        (
            "an EXPIRED address with a time of grace",
            client_data(DUID_LLT, TIME, [_ia_na(address_lease("2001:db8::12", BindingStatus.EXPIRED, grace))]),
        ),
        (
            "a RELEASED prefix",
            client_data(DUID_LL, TIME, [_ia_pd(prefix_lease("2001:db8:8::", 48, BindingStatus.RELEASED, _UNTIMED))]),
        ),
    ]


def _clientless() -> list[tuple[str, Option]]:
    base = option(Code.LQ_BASE_TIME, time=TIME)
    hold = LeaseTimes(start_of_state=TIME, state_expiration=TIME + 60, partner_lifetime=TIME + 90, expiration=TIME + 30)
    return [
        *(
            (
                f"a {status.name} prefix without a client",
                prefix_lease("2001:db8:8:300::", 56, status, _STATE_ONLY, before=[base]),
            )
            for status in (BindingStatus.FREE, BindingStatus.FREE_BACKUP)
        ),
        (
            "an ABANDONED prefix without a client, with every time, in a VPN",
            prefix_lease("2001:db8:8:400::", 64, BindingStatus.ABANDONED, hold, before=[_VPN, base]),
        ),
    ]


def _updates() -> list[tuple[str, Message]]:
    return [
        (f"BNDUPD: {name}", _message(MessageType.BNDUPD, container, xid=at + 16))
        for at, (name, container) in enumerate(binding_containers())
    ]


def _replies() -> list[tuple[str, Message]]:
    named = binding_containers()
    kind = MessageType.BNDREPLY
    accepted = [
        (f"BNDREPLY: {name}", _message(kind, reply_to(container), xid=at + 16))
        for at, (name, container) in enumerate(named)
    ]
    first_active = named[0][1]
    clientless = named[-1][1]
    several = next(container for name, container in named if name.startswith("several"))
    outdated = rejection(StatusCode.OUTDATED_BINDING_INFORMATION, "Älter als meins")
    in_use = rejection(StatusCode.ADDRESS_IN_USE)
    missing = Option(Code.CLIENT_DATA, {"options": [rejection(StatusCode.MISSING_BINDING_INFORMATION)]})
    return [
        *accepted,
        ("BNDREPLY that rejects all of a container", _message(kind, reply_to(first_active, reject_all=outdated))),
        ("BNDREPLY that rejects one lease", _message(kind, reply_to(first_active, reject_lease=in_use))),
        ("BNDREPLY that rejects every lease, one by one", _message(kind, reply_to(several, reject_lease=in_use))),
        ("BNDREPLY that rejects in the IA", _message(kind, _rejected_in_the_ia(first_active, outdated))),
        ("BNDREPLY that rejects a prefix without a client", _message(kind, reply_to(clientless, reject_all=outdated))),
        ("BNDREPLY to an update without a client", _message(kind, missing)),
        (
            "BNDREPLY of success with a text",
            _message(kind, reply_to(first_active, reject_lease=rejection(StatusCode.SUCCESS, "danke"))),
        ),
    ]


def _rejected_in_the_ia(container: Option, status: Option) -> Option:
    """The middle one of the three levels that section 7.7 lets a server reject at."""
    options = [
        Option(each.code, {**each.fields, "options": [status, *each.options]}) if each.code == Code.IA_NA else each
        for each in reply_to(container).options
    ]
    return Option(container.code, {"options": options})
