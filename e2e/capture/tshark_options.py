"""Options as tshark reads them: each message is handed over as a UDP REPLY, its sent-time cut out, and comes back as a tree."""

import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from capture_file import NotOk, write_datagrams
from failover_frames import REPLY

# Ethernet, IPv6, UDP, and the header of a DHCPv6 message.
OPTIONS_START = 14 + 40 + 8 + 4
HEADER_OCTETS = 4
EXPERT_ERROR = 0x800000
# What stands before the options inside of an option.
FIXED_OCTETS = {3: 12, 4: 4, 5: 24, 25: 12, 26: 25, 45: 0, 116: 0}
OPTION = "dhcpv6.option.type_str"


@dataclass
class Option:
    code: int
    length: int
    # Of the first octet of its length, counted from the first option.
    length_at: int
    data: bytes
    values: dict = field(default_factory=dict)
    children: list = field(default_factory=list)

    def all(self, code):
        return [child for child in self.children if child.code == code]


@dataclass
class Decoded:
    options: list
    complaint: str | None

    def all(self, code):
        return [option for option in self.options if option.code == code]


def decode_with_tshark(messages):
    """One (transaction id, options) after the other; the answers are in the same order."""
    payloads = [bytes([REPLY]) + number.to_bytes(3, "big") + options for number, options in messages]
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        write_datagrams(file.name, payloads)
        command = ["tshark", "-r", file.name, "-o", "udp.check_checksum:TRUE", "-T", "pdml"]
        output = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True).stdout
    packets = ElementTree.fromstring(output).findall("packet")
    if len(packets) != len(payloads):
        raise NotOk(f"tshark read {len(packets)} of {len(payloads)} messages")
    return [read_packet(packet, number, options) for packet, (number, options) in zip(packets, messages)]


def read_packet(packet, transaction_id, octets):
    marker = malformed_marker(packet)
    dhcp = packet.find("proto[@name='dhcpv6']")
    if dhcp is None:
        return Decoded([], marker or "tshark sees no DHCPv6 in it")
    seen = {entry.get("name"): entry.get("show") for entry in dhcp.findall("field")}
    if seen.get("dhcpv6.msgtype") != str(REPLY) or int(seen.get("dhcpv6.xid", "-1"), 16) != transaction_id:
        marker = marker or "tshark reads another header"
    options = [read_option(entry) for entry in dhcp.findall("field") if entry.get("name") == OPTION]
    complete = sum(HEADER_OCTETS + option.length for option in options) == len(octets)
    return Decoded(options, marker or (None if complete else "its options do not fill it") or inner_complaint(options))


def malformed_marker(packet):
    if packet.find("proto[@name='_ws.malformed']") is not None:
        return "tshark marks the packet as malformed"
    for entry in packet.iter("field"):
        name = entry.get("name")
        if name in ("dhcpv6.malformed_option", "dhcpv6.no_suboption_len", "_ws.malformed"):
            return "tshark marks an option as malformed"
        if name == "_ws.expert.severity" and int(entry.get("show", "0")) >= EXPERT_ERROR:
            return "tshark has an error to tell"
    return None


def read_option(entry):
    parts = entry.findall("field")
    header = {part.get("name"): part for part in parts}
    length = header.get("dhcpv6.option.length")
    code = int(header["dhcpv6.option.type"].get("show"))
    option = Option(
        code,
        -1 if length is None else int(length.get("show")),
        -1 if length is None else int(length.get("pos")) - OPTIONS_START,
        bytes.fromhex(entry.get("value", ""))[HEADER_OCTETS:],
    )
    for part in parts:
        if part.get("name") == OPTION:
            option.children.append(read_option(part))
        else:
            option.values[part.get("name")] = part.get("show")
    return option


def inner_complaint(options):
    for option in options:
        if option.code in FIXED_OCTETS:
            inside = sum(HEADER_OCTETS + child.length for child in option.children)
            if FIXED_OCTETS[option.code] + inside != option.length:
                return f"what is inside of option {option.code} does not fill it"
        complaint = inner_complaint(option.children)
        if complaint is not None:
            return complaint
    return None
