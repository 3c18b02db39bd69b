"""Frames come out whole, however the stream was cut."""

import unittest

from partner.framing import FrameReader, frame


class FramingTest(unittest.TestCase):
    def test_the_size_does_not_count_itself(self) -> None:
        self.assertEqual(frame(b"\x07\x00\x00\x01"), bytes.fromhex("000407000001"))

    def test_a_stream_cut_anywhere_gives_the_same_messages(self) -> None:
        stream = frame(b"abc") + frame(b"") + frame(b"defgh")
        for cut in range(len(stream) + 1):
            reader = FrameReader()
            self.assertEqual(reader.feed(stream[:cut]) + reader.feed(stream[cut:]), [b"abc", b"", b"defgh"])
            self.assertEqual(reader.pending_octets, 0)

    def test_half_a_frame_waits(self) -> None:
        reader = FrameReader()
        self.assertEqual(reader.feed(b"\x00\x05ab"), [])
        self.assertEqual(reader.pending_octets, 4)

    def test_the_largest_message(self) -> None:
        self.assertEqual(len(frame(bytes(65_535))), 65_537)
        with self.assertRaises(ValueError):
            frame(bytes(65_536))


if __name__ == "__main__":
    unittest.main()
