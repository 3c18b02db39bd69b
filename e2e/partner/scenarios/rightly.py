"""The right game from end to end, with both pools and both directions in one story (RFC 8156 Figures 8 and 9)."""

from ..game import Game, scenario
from ..numbers import BindingStatus, Code, MessageType
from .checks import check, check_accepted


@scenario(
    "a flap of the link costs the {server} and us nothing: both leases of the meantime are told",
    "secondary", "primary",
)
def link_flap(game: Game) -> None:
    partner = game.reach_normal()
    partner.session.close()
    game.api.until_state("communications-interrupted")
    held = game.client().acquire()
    ours = game.active(partner)
    game.leases.owe(ours)
    again = game.reach_normal()
    again.until("the lease of the meantime", lambda: again.leases.get(held.name) is not None)
    again.until("our update's acknowledgement", lambda: again.leases.owed == {})
    lease = game.api.lease(game.address(odd=again.is_primary))
    check(lease is not None and lease["state"] == "active", "our lease of the meantime is on record")
    if game.we_are_primary:
        again.until("POOLREQ", lambda: any(each.type == MessageType.POOLREQ for each in again.received))
        kinds = [each.type for each in again.received]
        check(kinds.index(MessageType.BNDUPD) < kinds.index(MessageType.POOLREQ), "POOLREQ follows the backlog (section 8.8)")


@scenario("a prefix and an address of one client are told as what they are", "primary")
def prefix_and_address(game: Game) -> None:
    partner = game.reach_normal()
    client = game.client()
    address, prefix = client.acquire(), client.acquire(Code.IA_PD)
    for held in (address, prefix):
        partner.until(f"the update of {held.name}", lambda held=held: partner.leases.get(held.name) is not None)
        lease = partner.leases.get(held.name)
        check(lease is not None and lease.status == BindingStatus.ACTIVE, f"{held.name} is ACTIVE")
        check(lease is not None and lease.duid == client.duid, f"{held.name} has its client")


@scenario("a conversation of many updates both ways leaves nothing unanswered", "primary")
def many_updates(game: Game) -> None:
    partner = game.reach_normal()
    names = []
    for number in range(10):
        update = game.active(partner, number)
        xid = partner.send_update(update)
        names.append(game.client(number).acquire().name)
        check_accepted(partner.reply_to(xid), update)
    for name in names:
        partner.until(f"the update of {name}", lambda name=name: partner.leases.get(name) is not None)
    game.api.until_state("normal")
