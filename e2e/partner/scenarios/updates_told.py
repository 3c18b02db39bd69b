"""BNDUPDs that we send, right and wrong, and the BNDREPLYs of the server (RFC 8156 sections 7.4, 7.5, 7.6)."""

from ipaddress import IPv6Network

from ..bindings import LeaseTimes, address_lease, client_data, prefix_lease, status_option
from ..endpoint import Endpoint
from ..game import VALID_SECONDS, Game, scenario
from ..lease_table import leases_in
from ..message_codec import Message
from ..numbers import BindingStatus, Code, DnsFlag, MessageType, StatusCode
from ..option_codec import Option, option
from .checks import (
    changed,
    check,
    check_accepted,
    check_rejected,
    check_status,
    lease_status,
    only_container,
)

BOTH = ("secondary", "primary")
PREFIX_POOL = IPv6Network("2001:db8:8000::/48")
_LEASE = (Code.IA_NA, Code.IAADDR)


def _told(partner: Endpoint, container: Option) -> Message:
    return partner.reply_to(partner.send_update(container))


def _check_alive(game: Game, partner: Endpoint) -> None:
    """After whatever was sent, a right update is taken on the same connection."""
    update = game.active(partner, number=15)
    check_accepted(_told(partner, update), update)


@scenario("an ACTIVE address is acknowledged by the {server} exactly as told, and stands in its records", *BOTH)
def active_address(game: Game) -> None:
    partner = game.reach_normal()
    update = game.active(partner)
    check_accepted(_told(partner, update), update)
    lease = game.api.lease(game.address(odd=partner.is_primary))
    check(lease is not None and lease["state"] == "active", f"the API says {lease}")


@scenario("the same update told twice is acknowledged twice by the {server}", *BOTH)
def same_update_twice(game: Game) -> None:
    partner = game.reach_normal()
    update = game.active(partner)
    check_accepted(_told(partner, update), update)
    check_accepted(_told(partner, update), update)


@scenario("one update with several IAs of all three kinds is acknowledged by the {server} lease by lease", *BOTH)
def several_associations(game: Game) -> None:
    partner = game.reach_normal()
    times = game.times(partner)
    leases = [
        address_lease(game.address(at, odd=partner.is_primary), BindingStatus.ACTIVE, times, valid=VALID_SECONDS)
        for at in range(4)
    ]
    update = client_data(
        game.duid(),
        partner.ago(0),
        [
            option(Code.IA_NA, iaid=1, t1=20, t2=40, options=leases[:2]),
            option(Code.IA_NA, iaid=2, t1=20, t2=40, options=leases[2:3]),
            option(Code.IA_TA, iaid=1, options=leases[3:]),
        ],
    )
    reply = _told(partner, update)
    check_accepted(reply, update)
    kinds = [each.code for each in only_container(reply).options if each.code in (Code.IA_NA, Code.IA_TA)]
    check(kinds == [Code.IA_NA, Code.IA_NA, Code.IA_TA], f"the IAs are those told, not {kinds}")


@scenario("an update without what it needs is rejected by the {server} with MissingBindingInformation", *BOTH)
def missing_information(game: Game) -> None:
    partner = game.reach_normal()
    right = game.active(partner)
    wrong = {
        "no binding-status": changed(right, Code.F_BINDING_STATUS, [], _LEASE),
        "no start of the state": changed(right, Code.F_START_TIME_OF_STATE, [], _LEASE),
        "no partner lifetime": changed(right, Code.F_PARTNER_LIFETIME, [], _LEASE),
        "no client id": changed(right, Code.CLIENTID, []),
        "no base time": changed(right, Code.LQ_BASE_TIME, []),
        "no IA": changed(right, Code.IA_NA, []),
        "no lease in the IA": changed(right, Code.IAADDR, [], (Code.IA_NA,)),
    }
    for what, container in wrong.items():
        reply = _told(partner, container)
        found = lease_status(reply, game.address(odd=partner.is_primary))
        check(found == StatusCode.MISSING_BINDING_INFORMATION, f"{what}: the status was {found}")
    _check_alive(game, partner)


@scenario("an update of a prefix without a client that lacks something is rejected by the {server} too", *BOTH)
def missing_information_of_a_prefix(game: Game) -> None:
    partner = game.reach_normal()
    right = game.clientless(partner, "2001:db8:8000:ff00::", BindingStatus.FREE_BACKUP)
    for code in (Code.F_BINDING_STATUS, Code.F_START_TIME_OF_STATE, Code.LQ_BASE_TIME):
        reply = _told(partner, changed(right, code, []))
        check_status(f"without {code.name}", only_container(reply), StatusCode.MISSING_BINDING_INFORMATION)


@scenario("an update with two containers, of one kind or of both, is rejected by the {server} as a whole", *BOTH)
def two_containers(game: Game) -> None:
    """Digest section 7.2, step 2; nothing of such an update is stored."""
    partner = game.reach_normal()
    prefix = game.clientless(partner, "2001:db8:8000:fe00::", BindingStatus.FREE_BACKUP)
    for at, second in enumerate((game.active(partner, 4), prefix)):
        xid = partner.session.send(MessageType.BNDUPD, game.active(partner, at), second)
        reply = partner.reply_to(xid)
        check_status("the container", only_container(reply), StatusCode.MISSING_BINDING_INFORMATION)
    for at in (0, 1, 4):
        check(game.api.lease(game.address(at, odd=partner.is_primary)) is None, "a lease of a wrong update was stored")
    _check_alive(game, partner)


@scenario("an update with no container cannot be answered, so the {server} says why and leaves", *BOTH)
def no_container(game: Game) -> None:
    partner = game.reach_normal()
    partner.session.send(MessageType.BNDUPD)
    goodbye = partner.session.expect_end()
    check_status("the DISCONNECT", goodbye, StatusCode.MISSING_BINDING_INFORMATION)
    game.api.until_state("communications-interrupted")


@scenario("an update for a VPN that is not configured is rejected by the {server} as a whole", *BOTH)
def foreign_vpn(game: Game) -> None:
    partner = game.reach_normal()
    vpn = option(Code.VSS, vssType=0, information=b"vpn-red")
    update = game.active(partner)
    reply = _told(partner, Option(update.code, {"options": [update.options[0], vpn, *update.options[1:]]}))
    check_status("the container", only_container(reply), StatusCode.CONFIGURATION_CONFLICT)
    check(only_container(reply).find(Code.VSS) == vpn, "OPTION_VSS comes back in the BNDREPLY (section 7.6)")
    _check_alive(game, partner)


@scenario("a lease that is none of this relationship is rejected by the {server}, and the one beside it is not", *BOTH)
def foreign_lease(game: Game) -> None:
    partner = game.reach_normal()
    times = game.times(partner)
    mine = game.address(odd=partner.is_primary)
    for at, foreign in enumerate(("2001:db8:3::1005", "3fff:1::1")):
        leases = [
            address_lease(name, BindingStatus.ACTIVE, times, valid=VALID_SECONDS) for name in (foreign, mine)
        ]
        reply = _told(partner, game.container(partner, game.duid(), *leases))
        check_rejected(reply, foreign, StatusCode.CONFIGURATION_CONFLICT)
        check(lease_status(reply, mine) is None, f"{mine} was refused because of {foreign} (update {at + 1})")
    # Of a subnet of this relationship, though in no pool of its file: the files may differ, and the lease is kept.
    unpooled = address_lease("2001:db8:1::5", BindingStatus.ACTIVE, times, valid=VALID_SECONDS)
    update = game.container(partner, game.duid(), unpooled)
    check_accepted(_told(partner, update), update)
    outside = _told(partner, game.clientless(partner, "3fff:2::", BindingStatus.FREE_BACKUP))
    check_status("a foreign prefix", only_container(outside), StatusCode.CONFIGURATION_CONFLICT)
    wrong_length = _told(partner, game.clientless(partner, "2001:db8:8000:ff80::", BindingStatus.FREE_BACKUP, 60))
    check_status("a prefix of a length that is not delegated", only_container(wrong_length), StatusCode.CONFIGURATION_CONFLICT)


@scenario("older news is rejected by the {server} as outdated, and its own news comes once and not in a storm", *BOTH)
def outdated(game: Game) -> None:
    partner = game.reach_normal()
    new = game.active(partner, seconds_ago=2)
    check_accepted(_told(partner, new), new)
    old = game.active(partner, seconds_ago=40)
    at = len(partner.received)
    # While its own update is unanswered the lease stays flagged, and a flagged one is not told again at once.
    partner.behaviour.answers_updates = False
    for _ in range(10):
        check_rejected(_told(partner, old), game.address(odd=partner.is_primary), StatusCode.OUTDATED_BINDING_INFORMATION)
    partner.play(1.5)
    since = partner.received[at:]
    mine = game.address(odd=partner.is_primary)
    told = [each for each in since if each.type == MessageType.BNDUPD]
    updates = [each for each in told if any(lease.name == mine for lease in leases_in(each.options[0]))]
    check(len(updates) <= 1, f"ten refusals brought {len(updates)} updates")
    if updates:
        first_reply = next(i for i, each in enumerate(since) if each.type == MessageType.BNDREPLY)
        check(first_reply < since.index(updates[0]), "the BNDREPLY goes before the update of one's own (section 7.5.4)")


@scenario("an address that a client of the primary holds is not given up for another client of ours", "primary")
def address_in_use(game: Game) -> None:
    partner = game.reach_normal()
    held = game.client().acquire()
    partner.until_message(MessageType.CONTACT)
    times = game.times(partner, seconds_ago=4)
    update = game.container(
        partner, game.duid(), address_lease(held.name, BindingStatus.ACTIVE, times, valid=VALID_SECONDS)
    )
    check_rejected(_told(partner, update), held.name, StatusCode.ADDRESS_IN_USE)
    lease = game.api.lease(held.name)
    check(lease["state"] == "active", "the client's lease stands as it was")


@scenario("a secondary gives way to the primary's client on the same address", "secondary")
def secondary_gives_way(game: Game) -> None:
    partner = game.reach_normal()
    first = game.active(partner, seconds_ago=20)
    check_accepted(_told(partner, first), first)
    second = game.active(partner, seconds_ago=1, who=9)
    check_accepted(_told(partner, second), second)


@scenario("more updates than the {server} allows under way cost no update: what is not answered is taken later", *BOTH)
def too_many_updates(game: Game) -> None:
    """The sender must not do that; the receiver may block, or leave, but not lose what it has not answered."""
    partner = game.reach_normal()
    updates = [game.active(partner, at) for at in range(12)]
    ids = [partner.send_update(update) for update in updates]
    partner.play(1.5)
    answers = {each.transaction_id: each for each in partner.received if each.type == MessageType.BNDREPLY}
    check(partner.session.link.is_over or set(ids) <= set(answers), "an update was passed over in silence")
    for xid, update in zip(ids, updates, strict=True):
        if xid in answers:
            check_accepted(answers[xid], update)
        else:
            game.leases.owe(update)
    partner.session.close()
    again = game.reach_normal()
    again.until("the rest to be acknowledged", lambda: again.leases.owed == {})
    for at in range(12):
        lease = game.api.lease(game.address(at, odd=again.is_primary))
        check(lease is not None and lease["state"] == "active", f"update {at + 1} is not on record: {lease}")


@scenario("PENDING-FREE is read by the {server} as what it becomes", *BOTH)
def pending_free(game: Game) -> None:
    partner = game.reach_normal()
    _end_lease(game, partner, BindingStatus.PENDING_FREE)


@scenario("each status that a lease may have is taken by the {server}", *BOTH)
def each_status(game: Game) -> None:
    partner = game.reach_normal()
    for at, status in enumerate((*_ENDED, BindingStatus.FREE, BindingStatus.FREE_BACKUP)):
        _end_lease(game, partner, status, at)
    _end_lease(game, partner, BindingStatus.ABANDONED, 9, "abandoned")


_ENDED = (BindingStatus.EXPIRED, BindingStatus.RELEASED, BindingStatus.RESET)


def _end_lease(game: Game, partner: Endpoint, status: BindingStatus, at: int = 0, becomes: str = "") -> None:
    """A lease that ran out 10 s ago is told with this status; both sides then hold it for the owner of its half (7.2)."""
    active = game.active(partner, at, seconds_ago=VALID_SECONDS + 10)
    check_accepted(_told(partner, active), active)
    address = game.address(at, odd=partner.is_primary)
    heard = 1 if status in (BindingStatus.RELEASED, BindingStatus.ABANDONED) else VALID_SECONDS + 10
    ended = LeaseTimes(start_of_state=partner.ago(1), clt_seconds_ago=heard)
    update = game.container(partner, game.duid(at), address_lease(address, status, ended))
    check_accepted(_told(partner, update), update)
    wanted = becomes or ("free" if partner.is_primary else "free-backup")
    lease = game.api.lease(address)
    check(lease is not None and lease["state"] == wanted, f"{status.name} has become {lease}, not {wanted}")


@scenario("unknown options at every level of an update change nothing for the {server}", *BOTH)
def unknown_options(game: Game) -> None:
    partner = game.reach_normal()
    extra = option(0xFFF0, octets=b"\xde\xad")
    container = game.active(partner)
    ia = container.options[2]
    lease = ia.options[0]
    lease = Option(lease.code, {**lease.fields, "options": [extra, *lease.options, extra]})
    ia = Option(ia.code, {**ia.fields, "options": [extra, lease, extra]})
    container = Option(container.code, {"options": [extra, *container.options[:2], ia, extra]})
    xid = partner.session.send(MessageType.BNDUPD, extra, container, extra)
    reply = partner.reply_to(xid)
    check(lease_status(reply, game.address(odd=partner.is_primary)) is None, f"it was refused: {reply}")


@scenario("names for DNS in an update do not keep the {server} from taking it, and it warns", *BOTH)
def dns_information(game: Game) -> None:
    partner = game.reach_normal()
    removal = option(
        Code.F_DNS_REMOVAL_INFO,
        options=[
            option(Code.F_DNS_HOST_NAME, name="laptop.example.org."),
            option(Code.F_DNS_ZONE_NAME, name="example.org."),
            option(Code.F_DNS_FLAGS, flags=DnsFlag.FWD_UPTODATE),
        ],
    )
    fqdn = option(Code.CLIENT_FQDN, flags=1, name="laptop.example.org.")
    address = game.address(odd=partner.is_primary)
    lease = address_lease(
        address, BindingStatus.ACTIVE, game.times(partner), valid=VALID_SECONDS, extra=[fqdn, removal]
    )
    update = game.container(partner, game.duid(), lease)
    check_accepted(_told(partner, update), update)
    game.api.expect_log("DNS")


@scenario(
    "an update before any STATE of ours does not bring down the {server}, and nothing of it is lost silently",
    *BOTH,
)
def update_before_state(game: Game) -> None:
    partner = game.endpoint()
    session = partner.session
    if game.we_are_primary:
        session.send(MessageType.CONNECT, *partner.connect_options("alpha-beta"))
        session.expect(MessageType.CONNECTREPLY)
    else:
        connect = session.expect(MessageType.CONNECT)
        session.send(MessageType.CONNECTREPLY, *partner.connect_options(None), xid=connect.transaction_id)
    session.expect(MessageType.STATE)
    xid = session.send(MessageType.BNDUPD, game.active(partner))
    partner.play(0.7)
    answered = any(each.type == MessageType.BNDREPLY and each.transaction_id == xid for each in partner.received)
    stored = game.api.lease(game.address(odd=partner.is_primary)) is not None
    check(answered == stored, f"answered {answered}, stored {stored}")
    session.close()
    game.reach_normal()


@scenario("an update that is stamped more than five seconds off ends the connection with the {server}", *BOTH)
def skewed_update(game: Game) -> None:
    for offset in (8, -8):
        partner = game.reach_normal()
        partner.session.clock_offset_seconds = offset
        partner.send_update(game.active(partner))
        partner.session.expect_end()
        check(game.api.lease(game.address(odd=partner.is_primary)) is None, "the update was stored")


@scenario("prefixes that the primary hands over are the secondary's, and it says so", "secondary")
def prefix_handed_over(game: Game) -> None:
    partner = game.reach_normal()
    partner.until("POOLREQ", lambda: any(each.type == MessageType.POOLREQ for each in partner.received))
    handed_over = [str(IPv6Network(f"2001:db8:8000:{number:x}00::/56")) for number in range(4)]
    for name in handed_over:
        update = game.clientless(partner, name.split("/")[0], BindingStatus.FREE_BACKUP)
        check_accepted(_told(partner, update), update)
    partner.leave()
    game.api.until_state("communications-interrupted")
    held = game.client().acquire(Code.IA_PD)
    check(held.name in handed_over, f"{held.name} was not handed over")
    again = game.reach_normal()
    again.until("the lease of the prefix", lambda: again.leases.get(held.name) is not None)
    address, length = held.name.split("/")
    back = prefix_lease(
        address,
        int(length),
        BindingStatus.FREE,
        LeaseTimes(start_of_state=again.ago(0)),
        before=[option(Code.LQ_BASE_TIME, time=again.ago(0))],
    )
    reply = _told(again, back)
    check_status("taking back a leased prefix", only_container(reply), StatusCode.OUTDATED_BINDING_INFORMATION)
    check(status_option(BindingStatus.FREE) in only_container(reply).options, "the status comes back as told")


@scenario(
    "the primary hands over its share of the prefixes, answers POOLREQ, and does not move a right balance",
    "primary",
)
def pool_request(game: Game) -> None:
    partner = game.reach_normal()
    partner.play(1.0)
    partner.reply_to(partner.session.send(MessageType.UPDREQALL), limit_seconds=20)
    alone = [lease for lease in partner.leases.all() if lease.duid == b""]
    blocks = [IPv6Network(each.name) for each in alone if each.status == BindingStatus.FREE_BACKUP]
    # What another scenario told of no pool, or of a wrong length, was refused and is on record all the same (decision 0033).
    ours = [each for each in blocks if each.subnet_of(PREFIX_POOL) and each.prefixlen <= 56]
    apart = all(not one.overlaps(other) for at, one in enumerate(ours) for other in ours[at + 1 :])
    check(apart, f"a prefix was handed over twice: {ours}")
    share = sum(2 ** (56 - each.prefixlen) for each in ours) / 2 ** (56 - 48)
    check(0.3 <= share <= 0.6, f"half of the prefixes should be ours, and it is {share:.0%}")
    at = len(partner.received)
    for _ in range(2):
        answer = partner.reply_to(partner.session.send(MessageType.POOLREQ))
        check(answer.type == MessageType.POOLRESP and answer.options == [], f"the answer was {answer}")
    partner.play(0.7)
    moved = [lease.name for each in partner.received[at:] if each.type == MessageType.BNDUPD
             for lease in leases_in(each.options[0]) if lease.duid == b""]
    check(moved == [], f"a balance that is right was changed: {moved}")
