"""What the codec raises for bytes that are no message."""


class Malformed(ValueError):
    """Bytes that no rule of the RFC allows; the text says where and why."""
