"""Checks the failover messages of a capture without any of our own code: framing, types, transaction ids and sent-times
here, written from the digest of RFC 8156; options by tshark, which knows those of RFC 8156.

check CAPTURE EXPECTATIONS              the whole session
flip-each-length CAPTURE EXPECTATIONS   each length octet of each kind of message, flipped, must be found out
flip-one CAPTURE EXPECTATIONS OUT       writes the capture with one flipped length octet
"""

import json
import shutil
import sys
import tempfile
from collections import Counter

from capture_file import NotOk, read_connections
from failover_frames import BNDREPLY, BNDUPD, NAMES, STATE, check_frames, read_messages
from message_contents import (
    ACTIVE,
    BINDING_STATUS,
    CLIENT_DATA,
    FREE_BACKUP,
    RELEASED,
    SERVER_STATE,
    STATE_PARTNER_DOWN,
    Wrong,
    check_message,
    client_of,
    container_of,
    lease_text,
    leases_of,
    number,
    one,
)
from tshark_options import decode_with_tshark

SIZE_OCTETS = 2
BEFORE_OPTIONS = SIZE_OCTETS + 8
NORMAL, RECOVER = 2, 6
# Of each kind of message so many are altered.
SAMPLES = 2


def load(capture, expectations):
    with open(expectations, encoding="utf-8") as file:
        expected = json.load(file)
    messages = read_messages(read_connections(capture, expected["secondaryPort"]))
    check_frames(messages)
    decoded = decode_with_tshark([(message.transaction_id, message.options) for message in messages])
    return expected, messages, {id(message): each for message, each in zip(messages, decoded)}


def check(capture, expectations):
    expected, messages, decoded = load(capture, expectations)
    counts = Counter(message.name for message in messages)
    missing = sorted(set(NAMES.values()) - set(counts))
    if missing:
        raise NotOk(f"these messages do not occur: {', '.join(missing)}")
    for message in messages:
        try:
            check_message(message, decoded[id(message)], decoded.get(id(message.question)), expected)
        except Wrong as wrong:
            raise NotOk(f"{message}: {wrong}") from wrong
    check_story(expected, messages, decoded)
    listed = ", ".join(f"{name} {counts[name]}" for name in NAMES.values())
    print(f"ok: {len(messages)} messages ({listed})")


def check_story(expected, messages, decoded):
    """What must have been said at some time: the clients' leases, both ways of states, shares of prefixes."""
    states = {number(one(decoded[id(each)], SERVER_STATE)) for each in messages if each.type == STATE}
    for state in (NORMAL, RECOVER, STATE_PARTNER_DOWN):
        if state not in states:
            raise NotOk(f"no STATE says {state}")
    acknowledged, statuses = set(), set()
    for message in messages:
        if message.type != BNDREPLY:
            continue
        container = container_of(decoded[id(message.question)])
        if container.code == CLIENT_DATA:
            for _, lease in leases_of(container):
                status = number(one(lease, BINDING_STATUS))
                statuses.add(status)
                if status == ACTIVE:
                    acknowledged.add((lease_text(lease), client_of(container)))
        else:
            statuses.add(number(one(container, BINDING_STATUS)))
    for status in (ACTIVE, RELEASED, FREE_BACKUP):
        if status not in statuses:
            raise NotOk(f"no acknowledged update has status {status}")
    for lease in expected["leases"]:
        if (lease["lease"], lease["duid"]) not in acknowledged:
            raise NotOk(f"{lease['lease']} of {lease['duid']} was never acknowledged")


def length_octets(options):
    for option in options:
        yield from (option.length_at, option.length_at + 1)
        yield from length_octets(option.children)


def samples(messages, decoded):
    """A few messages of each kind; two kinds differ in type or in the options that they carry."""
    seen = Counter()
    for message in messages:
        kind = (message.type, shape(decoded[id(message)].options))
        seen[kind] += 1
        if seen[kind] <= SAMPLES:
            yield message


def shape(options):
    return tuple((option.code, shape(option.children)) for option in options)


def flip_each_length(capture, expectations):
    expected, messages, decoded = load(capture, expectations)
    chosen = list(samples(messages, decoded))
    flips = []
    for message in chosen:
        for position in length_octets(decoded[id(message)].options):
            flips.append((message, position, flipped(message.options, position)))
    read = decode_with_tshark([(message.transaction_id, options) for message, _, options in flips])
    for (message, position, _), mutant in zip(flips, read):
        try:
            check_message(message, mutant, decoded.get(id(message.question)), expected)
        except Wrong:
            continue
        raise NotOk(f"{message}: the flipped length octet {position} of its options goes unnoticed")
    for message in chosen:
        for position in range(SIZE_OCTETS):
            insist_that_size_matters(capture, expected, message, position)
    kinds = len({message.type for message in chosen})
    print(f"ok: {len(flips)} option lengths and {len(chosen) * SIZE_OCTETS} message sizes of {kinds} types found out")


def flipped(octets, position):
    return octets[:position] + bytes([octets[position] ^ 1]) + octets[position + 1 :]


def insist_that_size_matters(capture, expected, message, position):
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        write_flipped(capture, file.name, message.offsets[position])
        try:
            check_frames(read_messages(read_connections(file.name, expected["secondaryPort"])))
        except NotOk:
            return
    raise NotOk(f"{message}: the flipped octet {position} of its message-size goes unnoticed")


def write_flipped(capture, target, offset):
    shutil.copyfile(capture, target)
    with open(target, "r+b") as file:
        file.seek(offset)
        (octet,) = file.read(1)
        file.seek(offset)
        file.write(bytes([octet ^ 1]))


def flip_one(capture, expectations, target):
    _, messages, decoded = load(capture, expectations)
    updates = [each for each in messages if each.type == BNDUPD and decoded[id(each)].all(CLIENT_DATA)]
    message = updates[len(updates) // 2]
    positions = list(length_octets(decoded[id(message)].options))
    # The low octet of the last length there is: deep inside of the containers.
    write_flipped(capture, target, message.offsets[BEFORE_OPTIONS + positions[-1]])
    print(f"flipped in {message}")


def main(arguments):
    commands = {"check": check, "flip-each-length": flip_each_length, "flip-one": flip_one}
    try:
        commands[arguments[0]](*arguments[1:])
    except NotOk as complaint:
        print(f"not ok: {complaint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
