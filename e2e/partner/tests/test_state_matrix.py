"""The partner's own state matrix, cell by cell against the condensed one that it was written from (RFC 8156 8)."""

import unittest

from partner.numbers import State
from partner.state_matrix import asks_for_updates, next_state

_SHORT = {
    "N": State.NORMAL,
    "CI": State.COMMUNICATIONS_INTERRUPTED,
    "PD": State.PARTNER_DOWN,
    "PC": State.POTENTIAL_CONFLICT,
    "RI": State.RESOLUTION_INTERRUPTED,
    "CD": State.CONFLICT_DONE,
    "R": State.RECOVER,
    "RW": State.RECOVER_WAIT,
    "RD": State.RECOVER_DONE,
}
_ROWS = {
    "PD": "PC PC PC PC PC PC = = N",
    "R": "= = = PC PC PC = = =",
    "RW": "= = = = = = = = =",
    "RD": "N = = PC = = CI CI N",
    "N": "= N PC PC PC PC CI CI N",
    "CI": "N N PC PC PC PC = = N",
    "PC": "= = = = = = = = =",
    "RI": "PC PC PC PC PC PC PC PC PC",
    "CD": "N = = = = = = = =",
}


class StateMatrixTest(unittest.TestCase):
    def test_every_cell(self) -> None:
        for own, row in _ROWS.items():
            for partner, cell in zip(_SHORT, row.split(), strict=True):
                with self.subTest(own=own, partner=partner):
                    wanted = _SHORT[own if cell == "=" else cell]
                    self.assertEqual(next_state(_SHORT[own], _SHORT[partner], is_primary=True), wanted)

    def test_a_secondary_in_normal_expects_conflict_done(self) -> None:
        self.assertEqual(next_state(State.NORMAL, State.CONFLICT_DONE, is_primary=False), State.NORMAL)

    def test_who_asks_for_updates(self) -> None:
        asking = {each for each in _SHORT.values() if asks_for_updates(State.RECOVER, each, is_primary=True)}
        conflicts = {State.POTENTIAL_CONFLICT, State.RESOLUTION_INTERRUPTED, State.CONFLICT_DONE}
        self.assertEqual(asking, set(_SHORT.values()) - conflicts)
        self.assertTrue(asks_for_updates(State.POTENTIAL_CONFLICT, State.CONFLICT_DONE, is_primary=False))
        self.assertFalse(asks_for_updates(State.POTENTIAL_CONFLICT, State.CONFLICT_DONE, is_primary=True))


if __name__ == "__main__":
    unittest.main()
