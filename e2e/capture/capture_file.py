"""Capture files and TCP streams, read and written with the standard library only."""

import struct
from dataclasses import dataclass, field

MAGIC_MICROSECONDS = 0xA1B2C3D4
MAGIC_NANOSECONDS = 0xA1B23C4D
LINK_ETHERNET = 1
ETHERTYPE_IPV6 = 0x86DD
PROTOCOL_TCP = 6
PROTOCOL_UDP = 17
SYN, ACK = 0x02, 0x10
SERIAL_HALF = 1 << 31


class NotOk(Exception):
    """The capture is not what the digest of RFC 8156 says."""


@dataclass
class Packet:
    time: float
    data: bytes
    # Where the data stands in the capture file.
    offset: int


@dataclass
class Piece:
    """Octets of one direction of a connection, as they were first seen."""

    time: float
    data: bytes
    offset: int


@dataclass
class Connection:
    """The primary dials (digest, 1.1), so it is the side that sent SYN without ACK."""

    from_primary: list = field(default_factory=list)
    from_secondary: list = field(default_factory=list)


def read_packets(path):
    with open(path, "rb") as file:
        content = file.read()
    for order in "<>":
        (magic,) = struct.unpack_from(order + "I", content)
        if magic in (MAGIC_MICROSECONDS, MAGIC_NANOSECONDS):
            break
    else:
        raise NotOk("this is no pcap file")
    fraction = 1e-9 if magic == MAGIC_NANOSECONDS else 1e-6
    link = struct.unpack_from(order + "I", content, 20)[0] & 0xFFFF
    if link != LINK_ETHERNET:
        raise NotOk(f"link type {link} is not Ethernet")
    at = 24
    while at + 16 <= len(content):
        seconds, parts, captured, original = struct.unpack_from(order + "IIII", content, at)
        at += 16
        if captured != original or at + captured > len(content):
            raise NotOk("a packet of the capture is cut")
        yield Packet(seconds + parts * fraction, content[at : at + captured], at)
        at += captured


def read_connections(path, secondary_port, only_whole=False):
    """Each TCP connection to the secondary's port, reassembled in both directions; older ones are left out on demand."""
    connections, open_ones = [], {}
    for packet in read_packets(path):
        segment = tcp_segment(packet)
        if segment is None:
            continue
        source, target, sequence, flags, piece = segment
        from_primary = target[1] == secondary_port
        key = (source, target) if from_primary else (target, source)
        if flags & SYN and not flags & ACK:
            open_ones[key] = Reassembly()
            connections.append(open_ones[key].connection)
        reassembly = open_ones.get(key)
        if reassembly is None and only_whole:
            continue
        if reassembly is None:
            raise NotOk("a connection of the capture has no beginning")
        reassembly.add(from_primary, sequence, flags, piece)
    for connection in open_ones.values():
        connection.insist_on_completeness()
    return connections


class Reassembly:
    def __init__(self):
        self.connection = Connection()
        self.next = {}
        self.early = {True: {}, False: {}}

    def add(self, from_primary, sequence, flags, piece):
        if flags & SYN:
            self.next[from_primary] = (sequence + 1) % (1 << 32)
            return
        if not piece.data:
            return
        self.early[from_primary].setdefault(sequence, piece)
        self.take_in_order(from_primary)

    def take_in_order(self, from_primary):
        waiting = self.early[from_primary]
        pieces = self.connection.from_primary if from_primary else self.connection.from_secondary
        for sequence in sorted(waiting, key=lambda each: self.distance(from_primary, each)):
            behind = -self.distance(from_primary, sequence)
            if behind < 0:
                return
            piece = waiting.pop(sequence)
            if behind >= len(piece.data):
                continue
            fresh = piece.data[behind:]
            pieces.append(Piece(piece.time, fresh, piece.offset + behind))
            self.next[from_primary] = (self.next[from_primary] + len(fresh)) % (1 << 32)

    def distance(self, from_primary, sequence):
        return (sequence - self.next[from_primary] + SERIAL_HALF) % (1 << 32) - SERIAL_HALF

    def insist_on_completeness(self):
        if self.early[True] or self.early[False]:
            raise NotOk("segments are missing in the capture")


def tcp_segment(packet):
    data = packet.data
    if struct.unpack_from("!H", data, 12)[0] != ETHERTYPE_IPV6 or data[20] != PROTOCOL_TCP:
        return None
    (payload_length,) = struct.unpack_from("!H", data, 18)
    source, target = data[22:38], data[38:54]
    source_port, target_port, sequence, _, header, flags = struct.unpack_from("!HHIIBB", data, 54)
    start = 54 + (header >> 4) * 4
    end = 54 + payload_length
    piece = Piece(packet.time, data[start:end], packet.offset + start)
    return (source, source_port), (target, target_port), sequence, flags, piece


def write_datagrams(path, payloads):
    """Each payload as one UDP datagram from a server to a client, for a decoder that knows DHCPv6 by its ports."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", MAGIC_MICROSECONDS, 2, 4, 0, 0, 1 << 18, LINK_ETHERNET))
        for index, payload in enumerate(payloads):
            loopback = bytes(15) + b"\x01"
            length = 8 + len(payload)
            pseudo = loopback + loopback + struct.pack("!II", length, PROTOCOL_UDP)
            sum_of = checksum(pseudo + struct.pack("!HHHH", 547, 546, length, 0) + payload)
            udp = struct.pack("!HHHH", 547, 546, length, sum_of) + payload
            ipv6 = struct.pack("!IHBB", 0x60000000, len(udp), PROTOCOL_UDP, 64) + loopback + loopback
            frame = bytes(12) + struct.pack("!H", ETHERTYPE_IPV6) + ipv6 + udp
            file.write(struct.pack("<IIII", index, 0, len(frame), len(frame)) + frame)


def checksum(octets):
    padded = octets + bytes(len(octets) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return (~total & 0xFFFF) or 0xFFFF
