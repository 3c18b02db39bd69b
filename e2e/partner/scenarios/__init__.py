"""All scenarios: importing a module puts its own into the list."""

from ..game import SCENARIOS
from . import endings, openings, resynchronisation, rightly, secure, states, streams, updates_sent, updates_told

__all__ = [
    "SCENARIOS",
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
