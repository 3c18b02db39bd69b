"""How each option is laid out: fixed fields in order, then what fills the rest (RFC 8156 5.5, and the base RFCs)."""

from dataclasses import dataclass

from .numbers import Code


@dataclass(frozen=True)
class Layout:
    """Fixed fields as (name, kind), kinds being u8, u16, u32, address, prefix; and the kind and name of the rest.

    Kinds of rest: none (no octet may follow), octets, text (UTF-8), name (RFC 1035), options.
    """

    fixed: tuple[tuple[str, str], ...] = ()
    rest: str = "none"
    rest_name: str = ""


def _number(name: str, kind: str = "u32") -> Layout:
    return Layout(((name, kind),))


_OPTIONS_ONLY = Layout((), "options", "options")
_SECONDS = _number("seconds")
_MOMENT = _number("time")

LAYOUTS: dict[Code, Layout] = {
    Code.CLIENTID: Layout((), "octets", "duid"),
    Code.IA_NA: Layout((("iaid", "u32"), ("t1", "u32"), ("t2", "u32")), "options", "options"),
    Code.IA_TA: Layout((("iaid", "u32"),), "options", "options"),
    Code.IAADDR: Layout(
        (("address", "address"), ("preferredLifetime", "u32"), ("validLifetime", "u32")), "options", "options"
    ),
    Code.STATUS_CODE: Layout((("status", "u16"),), "text", "message"),
    Code.IA_PD: Layout((("iaid", "u32"), ("t1", "u32"), ("t2", "u32")), "options", "options"),
    Code.IAPREFIX: Layout(
        (
            ("preferredLifetime", "u32"),
            ("validLifetime", "u32"),
            ("prefixLength", "u8"),
            ("prefix", "address"),
        ),
        "options",
        "options",
    ),
    Code.CLIENT_FQDN: Layout((("flags", "u8"),), "name", "name"),
    Code.CLIENT_DATA: _OPTIONS_ONLY,
    Code.CLT_TIME: _SECONDS,
    Code.LQ_RELAY_DATA: Layout((("peerAddress", "address"),), "octets", "relayMessage"),
    Code.VSS: Layout((("vssType", "u8"),), "octets", "information"),
    Code.LQ_BASE_TIME: _MOMENT,
    Code.F_BINDING_STATUS: _number("bindingStatus", "u8"),
    Code.F_CONNECT_FLAGS: _number("flags", "u16"),
    Code.F_DNS_REMOVAL_INFO: _OPTIONS_ONLY,
    Code.F_DNS_HOST_NAME: Layout((), "name", "name"),
    Code.F_DNS_ZONE_NAME: Layout((), "name", "name"),
    Code.F_DNS_FLAGS: _number("flags", "u16"),
    Code.F_EXPIRATION_TIME: _MOMENT,
    Code.F_MAX_UNACKED_BNDUPD: _number("updates"),
    Code.F_MCLT: _SECONDS,
    Code.F_PARTNER_LIFETIME: _MOMENT,
    Code.F_PARTNER_LIFETIME_SENT: _MOMENT,
    Code.F_PARTNER_DOWN_TIME: _MOMENT,
    Code.F_PARTNER_RAW_CLT_TIME: _MOMENT,
    Code.F_PROTOCOL_VERSION: Layout((("major", "u16"), ("minor", "u16"))),
    Code.F_KEEPALIVE_TIME: _SECONDS,
    Code.F_RECONFIGURE_DATA: Layout((("time", "u32"),), "octets", "key"),
    Code.F_RELATIONSHIP_NAME: Layout((), "text", "name"),
    Code.F_SERVER_FLAGS: _number("flags", "u8"),
    Code.F_SERVER_STATE: _number("state", "u8"),
    Code.F_START_TIME_OF_STATE: _MOMENT,
    Code.F_STATE_EXPIRATION_TIME: _MOMENT,
}

UNKNOWN = Layout((), "octets", "octets")
"""An option that this codec has no layout for keeps its octets."""


def layout_of(code: int) -> Layout:
    """The layout of an option code, known or not."""
    return LAYOUTS[Code(code)] if code in Code._value2member_map_ else UNKNOWN
