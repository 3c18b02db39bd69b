"""Writes the golden vectors as JSON: bytes in hex, and what a decoder must find in them, in no language's terms."""

import json
from ipaddress import IPv6Address
from typing import Any

from .framing import frame
from .golden_messages import golden_messages
from .golden_options import golden_options
from .message_codec import Message, encode_message
from .numbers import Code
from .option_codec import Option, encode_option

_NOTE = "Written by `python3 -m partner golden --write` in the folder e2e; do not edit."


def golden_text() -> str:
    """The whole file."""
    content = {
        "note": _NOTE,
        "options": [
            {"name": name, "hex": encode_option(option).hex(), "option": describe_option(option)}
            for name, option in golden_options()
        ],
        "messages": [
            {"name": name, "frameHex": frame(encode_message(message)).hex(), "message": describe_message(message)}
            for name, message in golden_messages()
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def describe_message(message: Message) -> dict[str, Any]:
    """Type, ids and the tree of options; `sentTime` is null where the message has none."""
    return {
        "type": int(message.type),
        "typeName": message.type.name,
        "transactionId": message.transaction_id,
        "sentTime": message.sent_time,
        "options": [describe_option(option) for option in message.options],
    }


def describe_option(option: Option) -> dict[str, Any]:
    """Code and fields: numbers as numbers, octets in hex, addresses as RFC 5952 text, options as a list."""
    known = option.code in Code._value2member_map_
    return {
        "code": int(option.code),
        "codeName": f"OPTION_{Code(option.code).name}" if known else "unknown",
        "fields": {name: _describe_value(value) for name, value in option.fields.items()},
    }


def _describe_value(value: Any) -> Any:
    if isinstance(value, list):
        return [describe_option(each) for each in value]
    if isinstance(value, IPv6Address):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, str) else int(value)
