"""All scenarios; importing this package fills the list in `partner.game`."""

from . import endings, openings, resynchronisation, rightly, secure, states, streams, updates_sent, updates_told

__all__ = [
    "endings",
    "openings",
    "resynchronisation",
    "rightly",
    "secure",
    "states",
    "streams",
    "updates_sent",
    "updates_told",
]
