"""Names in the wire format of RFC 1035, never compressed (RFC 8415 section 10)."""

from .malformed import Malformed

LABEL_OCTETS_MAX = 63
NAME_OCTETS_MAX = 255


def encode_name(name: str) -> bytes:
    """A dotted name; one that ends with a dot is complete, one without is partial (RFC 4704 section 4.2)."""
    labels = [label.encode("utf-8") for label in name.split(".") if label != ""]
    for label in labels:
        if len(label) > LABEL_OCTETS_MAX:
            raise ValueError(f"a label has at most {LABEL_OCTETS_MAX} octets: {label!r}")
    wire = b"".join(bytes([len(label)]) + label for label in labels) + (b"\0" if name.endswith(".") else b"")
    if len(wire) > NAME_OCTETS_MAX:
        raise ValueError(f"a name has at most {NAME_OCTETS_MAX} octets, this one {len(wire)}")
    return wire


def decode_name(wire: bytes) -> str:
    """The dotted name; raises Malformed for a pointer, a label that runs over, or bytes after the root."""
    labels = []
    at = 0
    while at < len(wire):
        size = wire[at]
        if size == 0:
            if at + 1 != len(wire):
                raise Malformed("bytes after the end of a name")
            return ".".join(labels) + "."
        if size > LABEL_OCTETS_MAX:
            raise Malformed("a compressed or overlong label")
        if at + 1 + size > len(wire):
            raise Malformed("a label runs over the end")
        labels.append(wire[at + 1 : at + 1 + size].decode("utf-8"))
        at += 1 + size
    return ".".join(labels)
