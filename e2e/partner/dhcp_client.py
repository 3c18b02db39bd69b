"""A small DHCPv6 client behind a relay of its own (RFC 8415 sections 18.2 and 19), for leases that are real."""

import socket
import struct
from dataclasses import dataclass
from ipaddress import IPv6Address

from .numbers import Code
from .option_codec import Option, decode_options, encode_options, every, first, option
from .session import Unexpected

_SOLICIT, _ADVERTISE, _REQUEST, _RENEW, _REBIND, _REPLY, _RELEASE, _DECLINE = 1, 2, 3, 5, 6, 7, 8, 9
_RELAY_FORW, _RELAY_REPL = 12, 13
_SERVERID, _ELAPSED_TIME, _RELAY_MSG = 2, 8, 9
_RELAY_HEADER_OCTETS = 34
_ANSWER_SECONDS = 5.0


@dataclass(frozen=True)
class Held:
    """What a client has: the lease as the server's option, and who gave it."""

    name: str
    option: Option
    server: Option


class DhcpClient:
    """One client on the link of `link_address`; it asks the server at a port of ::1, which answers to our port."""

    def __init__(self, number: int, server_port: int, link_address: str = "2001:db8:1::1") -> None:
        self.duid = bytes.fromhex("00030001") + bytes([2, 0, 0, 0xFA]) + struct.pack("!H", number)
        self._relay_header = (
            bytes([_RELAY_FORW, 0])
            + IPv6Address(link_address).packed
            + IPv6Address(f"fe80::{number:x}").packed
        )
        self._server = ("::1", server_port)
        self._socket = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self._socket.bind(("::1", 0))
        self._last_id = 0

    def acquire(self, ia: Code = Code.IA_NA) -> Held:
        """SOLICIT, ADVERTISE, REQUEST, REPLY. Raises Unexpected without an answer or a lease."""
        offer = self._exchange(_SOLICIT, _ADVERTISE, [self._ia(ia, [])])
        if offer is None:
            raise Unexpected("nobody answers a SOLICIT")
        lease, server = _granted(offer, ia)
        reply = self._exchange(_REQUEST, _REPLY, [server, self._ia(ia, [_bare(lease)])])
        if reply is None:
            raise Unexpected("nobody answers a REQUEST")
        lease, server = _granted(reply, ia)
        return Held(_name(lease), lease, server)

    def is_answered(self, limit_seconds: float = 1.0) -> bool:
        """Whether a SOLICIT gets an answer."""
        return self._exchange(_SOLICIT, _ADVERTISE, [self._ia(Code.IA_NA, [])], limit_seconds) is not None

    def renew(self, held: Held, ia: Code = Code.IA_NA) -> Option:
        """RENEW; gives the lease as it stands in the REPLY."""
        reply = self._exchange(_RENEW, _REPLY, [held.server, self._ia(ia, [_bare(held.option)])])
        if reply is None:
            raise Unexpected("nobody answers a RENEW")
        return _granted(reply, ia)[0]

    def release(self, held: Held, ia: Code = Code.IA_NA) -> None:
        """RELEASE, and its REPLY."""
        self._end(_RELEASE, held, ia)

    def decline(self, held: Held, ia: Code = Code.IA_NA) -> None:
        """DECLINE, and its REPLY."""
        self._end(_DECLINE, held, ia)

    def _end(self, kind: int, held: Held, ia: Code) -> None:
        if self._exchange(kind, _REPLY, [held.server, self._ia(ia, [_bare(held.option)])]) is None:
            raise Unexpected(f"nobody answers message {kind}")

    def _ia(self, code: Code, leases: list[Option]) -> Option:
        return option(code, iaid=1, t1=0, t2=0, options=leases)

    def _exchange(
        self, kind: int, answer: int, options: list[Option], limit_seconds: float = _ANSWER_SECONDS
    ) -> list[Option] | None:
        self._last_id += 1
        head = struct.pack("!I", kind << 24 | self._last_id)
        elapsed = option(_ELAPSED_TIME, octets=b"\0\0")
        message = head + encode_options([option(Code.CLIENTID, duid=self.duid), elapsed, *options])
        self._socket.sendto(
            self._relay_header + encode_options([option(_RELAY_MSG, octets=message)]), self._server
        )
        self._socket.settimeout(limit_seconds)
        try:
            while True:
                inside = _unwrapped(self._socket.recv(65_535))
                if inside is not None and struct.unpack_from("!I", inside)[0] == answer << 24 | self._last_id:
                    return decode_options(inside[4:])
        except TimeoutError:
            return None

    def close(self) -> None:
        """Gives the port back."""
        self._socket.close()


def _unwrapped(datagram: bytes) -> bytes | None:
    if datagram[0] != _RELAY_REPL:
        return None
    message = first(decode_options(datagram[_RELAY_HEADER_OCTETS:]), _RELAY_MSG)
    return None if message is None else message["octets"]


def _granted(options: list[Option], ia_code: Code) -> tuple[Option, Option]:
    server = first(options, _SERVERID)
    ia = first(options, ia_code)
    lease = None if ia is None else next(every(ia.options, Code.IAADDR, Code.IAPREFIX), None)
    if server is None or lease is None or lease["validLifetime"] == 0:
        raise Unexpected(f"the server gives no lease: {options}")
    return lease, server


def _bare(lease: Option) -> Option:
    return Option(lease.code, {**lease.fields, "preferredLifetime": 0, "validLifetime": 0, "options": []})


def _name(lease: Option) -> str:
    if lease.code == Code.IAADDR:
        return str(lease["address"])
    return f"{lease['prefix']}/{lease['prefixLength']}"
