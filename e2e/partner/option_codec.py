"""Options to bytes and back: code, length, data, in network order, with options inside options (RFC 8415 21.1)."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from typing import Any

from .domain_name import decode_name, encode_name
from .malformed import Malformed
from .numbers import Code
from .option_layouts import layout_of

_FORMATS = {"u8": "!B", "u16": "!H", "u32": "!I", "address": "!16s"}
_VPN_ID_OCTETS = 7


@dataclass(frozen=True)
class Option:
    """One option. The fields have the names of its layout; octets are `bytes`, addresses `IPv6Address`."""

    code: int
    fields: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    @property
    def options(self) -> list["Option"]:
        """The options inside, none for an option that holds none."""
        return self.fields.get("options", [])

    def find(self, code: int) -> "Option | None":
        """The first option of that code directly inside."""
        return first(self.options, code)


def option(code: int, **fields: Any) -> Option:
    """An option from its fields; an address may be given as text."""
    if layout_of(code).rest == "options":
        fields.setdefault("options", [])
    return Option(
        int(code),
        {
            name: IPv6Address(value) if name in ("address", "prefix", "peerAddress") else value
            for name, value in fields.items()
        },
    )


def first(options: Iterable[Option], code: int) -> Option | None:
    """The first option of a code, or none."""
    return next((each for each in options if each.code == code), None)


def every(options: Iterable[Option], *codes: int) -> Iterator[Option]:
    """All options of these codes, in order."""
    return (each for each in options if each.code in codes)


def encode_options(options: Iterable[Option]) -> bytes:
    """The options one after the other."""
    return b"".join(encode_option(each) for each in options)


def encode_option(each: Option) -> bytes:
    """One option with its header. Raises ValueError when its data is longer than a length field can say."""
    data = _encode_data(each)
    if len(data) > 0xFFFF:
        raise ValueError(f"option {each.code} has {len(data)} octets of data")
    return struct.pack("!HH", each.code, len(data)) + data


def _encode_data(each: Option) -> bytes:
    layout = layout_of(each.code)
    wire = b"".join(_encode_fixed(kind, each[name]) for name, kind in layout.fixed)
    if layout.rest == "none":
        return wire
    return wire + _encode_rest(layout.rest, each[layout.rest_name])


def _encode_fixed(kind: str, value: Any) -> bytes:
    return struct.pack(_FORMATS[kind], value.packed if kind == "address" else int(value))


def _encode_rest(kind: str, value: Any) -> bytes:
    if kind == "options":
        return encode_options(value)
    if kind == "text":
        return value.encode("utf-8")
    return encode_name(value) if kind == "name" else bytes(value)


def decode_options(wire: bytes) -> list[Option]:
    """All options of `wire`, which they must fill exactly."""
    options = []
    at = 0
    while at < len(wire):
        if at + 4 > len(wire):
            raise Malformed("an option header is cut short")
        code, size = struct.unpack_from("!HH", wire, at)
        at += 4
        if at + size > len(wire):
            raise Malformed(f"option {code} runs over the end")
        options.append(decode_option(code, wire[at : at + size]))
        at += size
    return options


def decode_option(code: int, data: bytes) -> Option:
    """One option from its data. Raises Malformed when the data does not fit the layout."""
    layout = layout_of(code)
    fields: dict[str, Any] = {}
    at = 0
    for name, kind in layout.fixed:
        size = struct.calcsize(_FORMATS[kind])
        if at + size > len(data):
            raise Malformed(f"option {code} is too short for its field {name}")
        value = struct.unpack_from(_FORMATS[kind], data, at)[0]
        fields[name] = IPv6Address(value) if kind == "address" else value
        at += size
    rest = data[at:]
    if layout.rest == "none":
        if rest:
            raise Malformed(f"option {code} has {len(rest)} octets too many")
    else:
        fields[layout.rest_name] = _decode_rest(layout.rest, rest)
    decoded = Option(code, fields)
    _check_values(decoded)
    return decoded


def _decode_rest(kind: str, rest: bytes) -> Any:
    if kind == "options":
        return decode_options(rest)
    try:
        if kind == "text":
            return rest.decode("utf-8")
        return decode_name(rest) if kind == "name" else rest
    except UnicodeDecodeError as error:
        raise Malformed("a text is not UTF-8") from error


def _check_values(each: Option) -> None:
    if each.code == Code.VSS:
        size = len(each["information"])
        if each["vssType"] == 255 and size != 0:
            raise Malformed("the global VPN has no further information")
        if each["vssType"] == 1 and size != _VPN_ID_OCTETS:
            raise Malformed("a VPN-ID has seven octets")
    if each.code == Code.IAPREFIX and each["prefixLength"] > 128:
        raise Malformed("a prefix is longer than an address")
