"""Where an endpoint goes when its partner tells a state (RFC 8156 sections 8.3 to 8.12), for both roles."""

from .numbers import State

N = State.NORMAL
CI = State.COMMUNICATIONS_INTERRUPTED
PD = State.PARTNER_DOWN
PC = State.POTENTIAL_CONFLICT
R = State.RECOVER
RW = State.RECOVER_WAIT
RD = State.RECOVER_DONE
RI = State.RESOLUTION_INTERRUPTED
CD = State.CONFLICT_DONE

_MOVES: dict[State, dict[State, State]] = {
    PD: {N: PC, CI: PC, PD: PC, PC: PC, RI: PC, CD: PC, RD: N},
    R: {PC: PC, RI: PC, CD: PC},
    RW: {},
    RD: {N: N, RD: N, R: CI, RW: CI, PC: PC},
    N: {},
    CI: {N: N, CI: N, RD: N, PD: PC, PC: PC, RI: PC, CD: PC},
    PC: {},
    RI: dict.fromkeys(State, PC),
    CD: {N: N},
}


def next_state(own: State, partner: State, is_primary: bool) -> State:
    """The state after a STATE of the partner whose STARTUP flag is clear; the same one for "stay"."""
    if own == N and partner != N and not (partner == CD and not is_primary):
        # A change that NORMAL does not expect leads through COMMUNICATIONS-INTERRUPTED, whose row then counts.
        return _MOVES[CI].get(partner, CI)
    return _MOVES[own].get(partner, own)


def asks_for_updates(own: State, partner: State, is_primary: bool) -> bool:
    """Whether this STATE makes us send UPDREQ: in RECOVER, and a secondary's when the primary is through."""
    if own == R:
        return _MOVES[R].get(partner) is None
    return own == PC and partner == CD and not is_primary
