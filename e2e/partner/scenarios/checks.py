"""What scenarios check again and again."""

import time
from collections.abc import Callable

from ..lease_table import leases_in
from ..message_codec import Message
from ..numbers import Code, StatusCode
from ..option_codec import Option
from ..session import Unexpected


def check(holds: bool, what: str) -> None:
    """An assertion with a sentence."""
    if not holds:
        raise Unexpected(what)


def wait_for_a_new_second() -> None:
    """Times on the wire are whole seconds: right after the turn, both sides read the same one."""
    time.sleep(1 - time.time() % 1 + 0.02)


def in_one_of_three_seconds(attempt: Callable[[], bool]) -> bool:
    """A busy machine may take the message into the next second, where a limit is passed; a wrong limit fails thrice."""
    return any(attempt() for _ in range(3))


def status_of(options_of: Message | Option | None) -> int | None:
    """The status code directly inside, None for none."""
    status = None if options_of is None else options_of.find(Code.STATUS_CODE)
    return None if status is None else status["status"]


def check_status(what: str, options_of: Message | Option | None, *wanted: StatusCode | None) -> None:
    """The status is one of these; None stands for no status at all."""
    found = status_of(options_of)
    names = " or ".join("no status" if each is None else f"{each.value} {each.name}" for each in wanted)
    check(found in wanted, f"{what}: expected {names}, and it was {found}")


def only_container(reply: Message) -> Option:
    """The one container of a BNDREPLY."""
    check(len(reply.options) == 1, f"a BNDREPLY has one container (section 7.6), not {reply.options}")
    return reply.options[0]


def check_accepted(reply: Message, update: Option) -> None:
    """The BNDREPLY accepts all of the update and mirrors it (section 7.6)."""
    container = only_container(reply)
    check(container.code == update.code, "a BNDREPLY has the same kind of container")
    check_status("the container", container, None)
    told, answered = leases_in(update), leases_in(container)
    check([each.name for each in told] == [each.name for each in answered], f"the leases are those told: {answered}")
    for ours, theirs in zip(told, answered, strict=True):
        check_status(ours.name, theirs.option, None)
        check(theirs.status == ours.status, f"the status of {ours.name} comes back as told")
        check(
            theirs.moment(Code.F_PARTNER_LIFETIME_SENT) == ours.moment(Code.F_PARTNER_LIFETIME),
            f"the partner lifetime of {ours.name} comes back to the second",
        )
        check(
            theirs.moment(Code.F_STATE_EXPIRATION_TIME) == ours.moment(Code.F_STATE_EXPIRATION_TIME),
            f"the expiration of {ours.name} comes back to the second",
        )


def lease_status(reply: Message, name: str) -> int | None:
    """What a BNDREPLY says of one lease: its own status code, or that of what holds it."""
    container = only_container(reply)
    lease = next((each for each in leases_in(container) if each.name == name), None)
    whole = status_of(container)
    return whole if whole is not None or lease is None else status_of(lease.option)


def check_rejected(reply: Message, name: str, *wanted: StatusCode) -> None:
    """One lease was refused with one of these codes."""
    found = lease_status(reply, name)
    names = " or ".join(f"{each.value} {each.name}" for each in wanted)
    check(found in wanted, f"{name}: expected {names}, and it was {found}")


def without(options: list[Option], *codes: int) -> list[Option]:
    """All but options of these codes, at this level."""
    return [each for each in options if each.code not in codes]


def changed(container: Option, code: int, change: list[Option], path: tuple[int, ...] = ()) -> Option:
    """The container with every option of a code replaced, at the level that `path` leads to."""
    if path:
        options = [changed(o, code, change, path[1:]) if o.code == path[0] else o for o in container.options]
    else:
        options = [*without(container.options, code), *change]
    return Option(container.code, {**container.fields, "options": options})
