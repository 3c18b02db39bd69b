"""Golden options: every option of the failover protocol, each in its smallest, usual and largest form."""

from .numbers import BindingStatus, Code, DnsFlag, FIXED_PD_LENGTH, ServerFlag, State, StatusCode
from .option_codec import Option, option

DUID_LLT = bytes.fromhex("000100012ecafe0002005e105301")
DUID_EN = bytes.fromhex("00020000ab11") + b"serial-7"
DUID_LL = bytes.fromhex("0003000102005e105302")
DUID_UUID = bytes.fromhex("0004f81d4fae7dec11d0a76500a0c91e6bf6")
DUID_LONGEST = bytes.fromhex("0002") + bytes(range(128))
"""A type and 128 octets: the longest that RFC 8415 section 11.1 allows."""

RELAYED = bytes.fromhex("0c00") + bytes(16) + bytes.fromhex("fe800000000000000000000000000001") + bytes.fromhex(
    "00120003657468"
)
"""A RELAY-FORW without its OPTION_RELAY_MSG: hop count 0, link ::, peer fe80::1, interface id "eth"."""

MAX = 0xFFFFFFFF
TIME = 800_000_000

_TIMES = (
    ("OPTION_LQ_BASE_TIME", Code.LQ_BASE_TIME),
    ("OPTION_F_EXPIRATION_TIME", Code.F_EXPIRATION_TIME),
    ("OPTION_F_PARTNER_LIFETIME", Code.F_PARTNER_LIFETIME),
    ("OPTION_F_PARTNER_LIFETIME_SENT", Code.F_PARTNER_LIFETIME_SENT),
    ("OPTION_F_PARTNER_DOWN_TIME", Code.F_PARTNER_DOWN_TIME),
    ("OPTION_F_PARTNER_RAW_CLT_TIME", Code.F_PARTNER_RAW_CLT_TIME),
    ("OPTION_F_START_TIME_OF_STATE", Code.F_START_TIME_OF_STATE),
    ("OPTION_F_STATE_EXPIRATION_TIME", Code.F_STATE_EXPIRATION_TIME),
)
_SECONDS = (
    ("OPTION_CLT_TIME", Code.CLT_TIME),
    ("OPTION_F_MCLT", Code.F_MCLT),
    ("OPTION_F_KEEPALIVE_TIME", Code.F_KEEPALIVE_TIME),
)


def golden_options() -> list[tuple[str, Option]]:
    """Every vector as (what it is, option), in the order of the digest's two tables."""
    return [*_reused(), *_identities(), *_dns(), *_numbers(), *_moments()]


def _reused() -> list[tuple[str, Option]]:
    status = option(Code.STATUS_CODE, status=StatusCode.NOT_SUPPORTED, message="")
    return [
        *((f"OPTION_CLIENTID, {kind}", option(Code.CLIENTID, duid=duid)) for kind, duid in _DUIDS),
        ("OPTION_IA_NA without options", option(Code.IA_NA, iaid=0, t1=0, t2=0)),
        ("OPTION_IA_NA at its largest", option(Code.IA_NA, iaid=MAX, t1=MAX, t2=MAX, options=[status])),
        ("OPTION_IA_TA without options", option(Code.IA_TA, iaid=1)),
        ("OPTION_IA_TA at its largest", option(Code.IA_TA, iaid=MAX, options=[status])),
        ("OPTION_IAADDR without options", _address("2001:db8::1", 0, 0)),
        ("OPTION_IAADDR at its largest", _address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", MAX, MAX)),
        ("OPTION_STATUS_CODE without a text", status),
        (
            "OPTION_STATUS_CODE with a text in UTF-8",
            option(Code.STATUS_CODE, status=StatusCode.EXCESSIVE_TIME_SKEW, message="Uhr geht 7 s nach – größer als 5 ⏱"),
        ),
        ("OPTION_IA_PD without options", option(Code.IA_PD, iaid=7, t1=1800, t2=2880)),
        ("OPTION_IA_PD at its largest", option(Code.IA_PD, iaid=MAX, t1=MAX, t2=MAX, options=[status])),
        ("OPTION_IAPREFIX, a /56", _prefix("2001:db8:0:ff00::", 56, 3600, 7200)),
        ("OPTION_IAPREFIX, length 0", _prefix("::", 0, 0, 0)),
        ("OPTION_IAPREFIX, length 128", _prefix("2001:db8::1", 128, MAX, MAX)),
        ("OPTION_CLIENT_DATA without options", option(Code.CLIENT_DATA)),
        ("OPTION_LQ_RELAY_DATA", option(Code.LQ_RELAY_DATA, peerAddress="fe80::1", relayMessage=RELAYED)),
        ("OPTION_VSS, a name", option(Code.VSS, vssType=0, information=b"vpn-red")),
        ("OPTION_VSS, a VPN-ID", option(Code.VSS, vssType=1, information=bytes.fromhex("00aabbcc000001"))),
        ("OPTION_VSS, the global VPN", option(Code.VSS, vssType=255, information=b"")),
    ]


_DUIDS = (
    ("DUID-LLT", DUID_LLT),
    ("DUID-EN", DUID_EN),
    ("DUID-LL", DUID_LL),
    ("DUID-UUID", DUID_UUID),
    ("the longest DUID", DUID_LONGEST),
)


def _identities() -> list[tuple[str, Option]]:
    return [
        (
            "OPTION_F_RECONFIGURE_DATA",
            option(Code.F_RECONFIGURE_DATA, time=TIME, key=bytes.fromhex("00112233445566778899aabbccddeeff")),
        ),
        ("OPTION_F_RELATIONSHIP_NAME", option(Code.F_RELATIONSHIP_NAME, name="pair-1")),
        ("OPTION_F_RELATIONSHIP_NAME in UTF-8", option(Code.F_RELATIONSHIP_NAME, name="Zürich ↔ 東京")),
    ]


def _dns() -> list[tuple[str, Option]]:
    every_flag = DnsFlag.USING_REQUESTED_FQDN | DnsFlag.SYNTHESIZED_NAME | DnsFlag.REV_UPTODATE | DnsFlag.FWD_UPTODATE
    host = option(Code.F_DNS_HOST_NAME, name="laptop.example.org.")
    zone = option(Code.F_DNS_ZONE_NAME, name="example.org.")
    flags = option(Code.F_DNS_FLAGS, flags=every_flag)
    return [
        ("OPTION_CLIENT_FQDN, a whole name", option(Code.CLIENT_FQDN, flags=1, name="laptop.example.org.")),
        ("OPTION_CLIENT_FQDN, a partial name", option(Code.CLIENT_FQDN, flags=0, name="laptop")),
        ("OPTION_CLIENT_FQDN, no name", option(Code.CLIENT_FQDN, flags=4, name="")),
        ("OPTION_F_DNS_REMOVAL_INFO without options", option(Code.F_DNS_REMOVAL_INFO)),
        ("OPTION_F_DNS_REMOVAL_INFO with all three", option(Code.F_DNS_REMOVAL_INFO, options=[host, zone, flags])),
        ("OPTION_F_DNS_HOST_NAME", host),
        ("OPTION_F_DNS_ZONE_NAME", zone),
        ("OPTION_F_DNS_FLAGS, all set", flags),
        *((f"OPTION_F_DNS_FLAGS, {flag.name}", option(Code.F_DNS_FLAGS, flags=flag)) for flag in DnsFlag),
    ]


def _numbers() -> list[tuple[str, Option]]:
    statuses = ((f"OPTION_F_BINDING_STATUS, {each.name}", Code.F_BINDING_STATUS, each) for each in BindingStatus)
    states = ((f"OPTION_F_SERVER_STATE, {each.name}", each) for each in State if each != State.STARTUP)
    return [
        *((name, option(code, bindingStatus=status)) for name, code, status in statuses),
        ("OPTION_F_CONNECT_FLAGS, none", option(Code.F_CONNECT_FLAGS, flags=0)),
        ("OPTION_F_CONNECT_FLAGS, FIXED_PD_LENGTH", option(Code.F_CONNECT_FLAGS, flags=FIXED_PD_LENGTH)),
        ("OPTION_F_MAX_UNACKED_BNDUPD, one", option(Code.F_MAX_UNACKED_BNDUPD, updates=1)),
        ("OPTION_F_MAX_UNACKED_BNDUPD at its largest", option(Code.F_MAX_UNACKED_BNDUPD, updates=MAX)),
        ("OPTION_F_PROTOCOL_VERSION, 1.0", option(Code.F_PROTOCOL_VERSION, major=1, minor=0)),
        ("OPTION_F_PROTOCOL_VERSION at its largest", option(Code.F_PROTOCOL_VERSION, major=0xFFFF, minor=0xFFFE)),
        ("OPTION_F_SERVER_FLAGS, none", option(Code.F_SERVER_FLAGS, flags=0)),
        *((f"OPTION_F_SERVER_FLAGS, {flag.name}", option(Code.F_SERVER_FLAGS, flags=flag)) for flag in ServerFlag),
        ("OPTION_F_SERVER_FLAGS, all", option(Code.F_SERVER_FLAGS, flags=7)),
        *((name, option(Code.F_SERVER_STATE, state=state)) for name, state in states),
    ]


def _moments() -> list[tuple[str, Option]]:
    values = (("at the epoch", 0), ("usual", TIME), ("the last second", MAX))
    return [
        *((f"{name}, {which}", option(code, time=value)) for name, code in _TIMES for which, value in values),
        *((f"{name}, {value} s", option(code, seconds=value)) for name, code in _SECONDS for value in (0, 3600, MAX)),
    ]


def _address(text: str, preferred: int, valid: int) -> Option:
    return option(Code.IAADDR, address=text, preferredLifetime=preferred, validLifetime=valid)


def _prefix(text: str, length: int, preferred: int, valid: int) -> Option:
    return option(Code.IAPREFIX, preferredLifetime=preferred, validLifetime=valid, prefixLength=length, prefix=text)
