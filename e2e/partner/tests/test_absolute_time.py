"""Absolute times wrap, and the boundary of five seconds lies where the RFC puts it."""

import unittest

from partner import absolute_time as t


class AbsoluteTimeTest(unittest.TestCase):
    def test_begins_in_2000(self) -> None:
        self.assertEqual(t.from_unix(946_684_800), 0)
        self.assertEqual(t.from_unix(946_684_800 + 800_000_000), 0x2FAF0800)

    def test_compares_across_the_wrap(self) -> None:
        self.assertTrue(t.is_later(3, 0xFFFFFFFE))
        self.assertFalse(t.is_later(0xFFFFFFFE, 3))
        self.assertFalse(t.is_later(7, 7))
        self.assertEqual(t.difference(3, 0xFFFFFFFE), 5)
        self.assertEqual(t.difference(0xFFFFFFFE, 3), -5)

    def test_counts_back_from_the_base_time(self) -> None:
        self.assertEqual(t.last_transaction(800_000_000, 10), 799_999_990)
        self.assertEqual(t.last_transaction(4, 10), 0xFFFFFFFA)


if __name__ == "__main__":
    unittest.main()
