"""The codec against bytes written by hand from the layouts, and against bytes that no layout allows."""

import unittest

from partner.domain_name import decode_name, encode_name
from partner.golden_messages import golden_messages, state_options
from partner.golden_options import golden_options
from partner.framing import frame
from partner.malformed import Malformed
from partner.message_codec import Message, decode_message, encode_message
from partner.numbers import Code, MessageType, State, StatusCode
from partner.option_codec import decode_option, decode_options, encode_option, option

_BY_HAND = [
    (option(Code.IA_NA, iaid=1, t1=2, t2=3), "0003 000c 00000001 00000002 00000003"),
    (option(Code.IA_TA, iaid=9), "0004 0004 00000009"),
    (
        option(Code.IAADDR, address="2001:db8::1", preferredLifetime=1, validLifetime=2),
        "0005 0018 20010db8000000000000000000000001 00000001 00000002",
    ),
    (
        option(Code.IAPREFIX, prefix="2001:db8::", prefixLength=56, preferredLifetime=1, validLifetime=2),
        "001a 0019 00000001 00000002 38 20010db8000000000000000000000000",
    ),
    (option(Code.STATUS_CODE, status=StatusCode.TLS_CONNECTION_REFUSED, message=""), "000d 0002 000f"),
    (option(Code.STATUS_CODE, status=22, message="é"), "000d 0004 0016 c3a9"),
    (option(Code.F_PROTOCOL_VERSION, major=1, minor=0), "007f 0004 0001 0000"),
    (option(Code.F_CONNECT_FLAGS, flags=1), "0073 0002 0001"),
    (option(Code.F_DNS_FLAGS, flags=8), "0077 0002 0008"),
    (option(Code.F_SERVER_FLAGS, flags=4), "0083 0001 04"),
    (option(Code.F_RECONFIGURE_DATA, time=1, key=b"\xaa\xbb"), "0081 0006 00000001 aabb"),
    (option(Code.F_RELATIONSHIP_NAME, name="ab"), "0082 0002 6162"),
    (option(Code.VSS, vssType=255, information=b""), "0044 0001 ff"),
    (option(Code.CLIENT_FQDN, flags=1, name="a.b."), "0027 0006 01 01 61 01 62 00"),
    (
        option(Code.CLIENT_DATA, options=[option(Code.CLIENTID, duid=b"\x00\x03")]),
        "002d 0006 0001 0002 0003",
    ),
]

_NO_OPTION = [
    ("a header cut short", "0072 00"),
    ("data cut short", "0072 0002 01"),
    ("a number that is too short", "007a 0003 000001"),
    ("a number that is too long", "007a 0005 0000000101"),
    ("an IA_NA without its times", "0003 0004 00000001"),
    ("an option inside that runs over", "002d 0005 0001 0002 00"),
    ("a text that is not UTF-8", "0082 0001 ff"),
    ("a compressed name", "0075 0002 c000"),
    ("a name with bytes after its root", "0075 0002 0000"),
    ("a prefix longer than an address", "001a 0019 00000001 00000002 81 20010db8000000000000000000000000"),
    ("a global VPN with information", "0044 0002 ff00"),
    ("a VPN-ID of six octets", "0044 0007 01 000000000000"),
]

_BY_HAND_MESSAGES = [
    (Message(MessageType.CONTACT, 1, 800_000_000), "0008 23 000001 2faf0800"),
    (Message(MessageType.STARTTLS, 1), "0004 17 000001"),
    (Message(MessageType.REPLY, 1), "0004 07 000001"),
    (
        Message(MessageType.REPLY, 1, None, [option(Code.STATUS_CODE, status=15, message="")]),
        "000a 07 000001 000d 0002 000f",
    ),
    (
        Message(MessageType.STATE, 1, 800_000_000, state_options(State.NORMAL, flags=1)),
        "001a 22 000001 2faf0800 0084 0001 02 0083 0001 01 0085 0004 2faf0800",
    ),
]


class CodecTest(unittest.TestCase):
    def test_options_have_the_bytes_of_their_layout(self) -> None:
        for each, wire in _BY_HAND:
            with self.subTest(code=each.code):
                self.assertEqual(encode_option(each), bytes.fromhex(wire))
                self.assertEqual(decode_options(bytes.fromhex(wire)), [each])

    def test_bytes_that_are_no_option_are_refused(self) -> None:
        for what, wire in _NO_OPTION:
            with self.subTest(what), self.assertRaises(Malformed):
                decode_options(bytes.fromhex(wire))

    def test_an_unknown_option_keeps_its_octets(self) -> None:
        self.assertEqual(decode_option(0xFFF0, b"\x01").fields, {"octets": b"\x01"})

    def test_messages_have_the_reference_bytes(self) -> None:
        for message, wire in _BY_HAND_MESSAGES:
            with self.subTest(message.type.name):
                self.assertEqual(frame(encode_message(message)), bytes.fromhex(wire))
                self.assertEqual(decode_message(bytes.fromhex(wire)[2:]), message)

    def test_a_message_that_is_cut_or_of_another_kind_is_refused(self) -> None:
        for wire in ("", "230000", "23000001", "230000012faf08", "01000001", "00000001"):
            with self.subTest(wire), self.assertRaises(Malformed):
                decode_message(bytes.fromhex(wire))

    def test_a_sent_time_belongs_to_failover_messages_only(self) -> None:
        for message in (Message(MessageType.STARTTLS, 1, 5), Message(MessageType.CONTACT, 1)):
            with self.assertRaises(ValueError):
                encode_message(message)

    def test_names_are_whole_or_partial(self) -> None:
        for name in ("", ".", "host", "host.example.org."):
            self.assertEqual(decode_name(encode_name(name)), name)
        with self.assertRaises(ValueError):
            encode_name("x" * 64)


class GoldenTest(unittest.TestCase):
    def test_every_vector_comes_back_from_its_bytes(self) -> None:
        for name, each in golden_options():
            with self.subTest(name):
                self.assertEqual(decode_options(encode_option(each)), [each])
        for name, message in golden_messages():
            with self.subTest(name):
                self.assertEqual(decode_message(encode_message(message)), message)

    def test_every_option_and_every_message_has_vectors(self) -> None:
        self.assertEqual({each.code for _, each in golden_options()}, set(Code))
        self.assertEqual({message.type for _, message in golden_messages()}, set(MessageType))

    def test_names_of_vectors_are_unique(self) -> None:
        for vectors in (golden_options(), golden_messages()):
            names = [name for name, _ in vectors]
            self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    unittest.main()
