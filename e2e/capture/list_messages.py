"""Lists the failover messages of a capture, one JSON object a line, in the order in which they passed; nothing of it is our own code.

list_messages.py CAPTURE SECONDARY_PORT

Connections that began before the capture are left out. Framing, types, transaction ids and sent-times are read and
checked here; what a STATE says and what its options hold is read by tshark.
"""

import json
import sys

from capture_file import NotOk, read_connections
from failover_frames import STATE, check_frames, read_messages
from message_contents import SERVER_FLAGS, SERVER_STATE, number, one
from tshark_options import decode_with_tshark

STATE_NAMES = {
    2: "NORMAL",
    3: "COMMUNICATIONS-INTERRUPTED",
    4: "PARTNER-DOWN",
    5: "POTENTIAL-CONFLICT",
    6: "RECOVER",
    7: "RECOVER-WAIT",
    8: "RECOVER-DONE",
    9: "RESOLUTION-INTERRUPTED",
    10: "CONFLICT-DONE",
}
FLAG_STARTUP = 0x02


def list_messages(capture, secondary_port):
    messages = read_messages(read_connections(capture, secondary_port, only_whole=True))
    check_frames(messages)
    decoded = decode_with_tshark([(message.transaction_id, message.options) for message in messages])
    for message, options in zip(messages, decoded):
        if options.complaint is not None:
            raise NotOk(f"{message}: {options.complaint}")
        line = {
            "connection": message.connection,
            "from": "primary" if message.from_primary else "secondary",
            "type": message.name,
            "atSeconds": message.time,
        }
        if message.type == STATE:
            line["state"] = STATE_NAMES[number(one(options, SERVER_STATE))]
            line["startup"] = bool(number(one(options, SERVER_FLAGS)) & FLAG_STARTUP)
        print(json.dumps(line))


def main(arguments):
    try:
        list_messages(arguments[0], int(arguments[1]))
    except NotOk as complaint:
        print(f"not ok: {complaint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
