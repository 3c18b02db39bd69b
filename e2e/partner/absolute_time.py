"""Absolute time: seconds since 2000-01-01T00:00:00Z, modulo 2^32 (RFC 8156 section 3)."""

import time

UNIX_SECONDS_AT_EPOCH = 946_684_800
MODULUS = 1 << 32
MAX_SKEW_SECONDS = 5
"""A difference of exactly five seconds is still in order: the RFC says "greater than 5"."""


def from_unix(unix_seconds: float) -> int:
    """The absolute time of a Unix time."""
    return (int(unix_seconds) - UNIX_SECONDS_AT_EPOCH) % MODULUS


def now() -> int:
    """The absolute time at this moment."""
    return from_unix(time.time())


def plus(moment: int, seconds: int) -> int:
    """`seconds` later (or earlier, when negative); wraps around as the field does."""
    return (moment + seconds) % MODULUS


def difference(later: int, earlier: int) -> int:
    """Seconds from `earlier` to `later` in serial-number arithmetic: between -2^31 and 2^31 - 1."""
    return (later - earlier + MODULUS // 2) % MODULUS - MODULUS // 2


def is_later(a: int, b: int) -> bool:
    """Whether `a` is after `b`, across a wrap too."""
    return difference(a, b) > 0


def last_transaction(base_time: int, seconds_ago: int) -> int:
    """The absolute time of an OPTION_CLT_TIME, which counts back from the OPTION_LQ_BASE_TIME of its container."""
    return plus(base_time, -seconds_ago)
