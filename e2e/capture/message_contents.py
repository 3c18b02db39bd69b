"""What each failover message carries, from the digest of RFC 8156 (sections 1.5 to 1.7, 3, 5 and 7.6); values as tshark read them."""

from failover_frames import (
    BNDREPLY,
    BNDUPD,
    CONNECT,
    CONNECTREPLY,
    DISCONNECT,
    STATE,
)

CLIENTID, IA_NA, IA_TA, IAADDR, STATUS_CODE, IA_PD, IAPREFIX = 1, 3, 4, 5, 13, 25, 26
CLIENT_DATA, CLT_TIME, RELAY_DATA, LQ_BASE_TIME = 45, 46, 47, 100
BINDING_STATUS, CONNECT_FLAGS, EXPIRATION_TIME, MAX_UNACKED, MCLT, PARTNER_LIFETIME = 114, 115, 120, 121, 122, 123
PARTNER_LIFETIME_SENT, PARTNER_DOWN_TIME, RAW_CLT_TIME, VERSION, KEEPALIVE, RELATIONSHIP = 124, 125, 126, 127, 128, 130
SERVER_FLAGS, SERVER_STATE, START_TIME, STATE_EXPIRATION = 131, 132, 133, 134

ACTIVE, EXPIRED, RELEASED, FREE, FREE_BACKUP, ABANDONED, RESET = 1, 2, 3, 5, 6, 7, 8
STATES = range(2, 11)
STATE_PARTNER_DOWN = 4
SERVER_SHUTTING_DOWN = 20
SKEW = 5

# Names of tshark's fields, without the common beginning.
FIELD = {
    BINDING_STATUS: "failover.binding_status",
    CONNECT_FLAGS: "failover.connect.flags",
    EXPIRATION_TIME: "failover.expiration_time",
    MAX_UNACKED: "failover.max_unacked_bndupd",
    MCLT: "failover.mclt",
    PARTNER_LIFETIME: "failover.partner_lifetime",
    PARTNER_LIFETIME_SENT: "failover.partner_lifetime_sent",
    PARTNER_DOWN_TIME: "failover.partner_down_time",
    RAW_CLT_TIME: "failover.partner_raw_clt_time",
    KEEPALIVE: "failover.keepalive_time",
    RELATIONSHIP: "failover.relationship_name",
    SERVER_FLAGS: "failover.server.flags",
    SERVER_STATE: "failover.server_state",
    START_TIME: "failover.start_time_of_state",
    STATE_EXPIRATION: "failover.state_expiration_time",
    CLIENTID: "duid.bytes",
    CLT_TIME: "clt_time",
    STATUS_CODE: "status_code",
}


class Wrong(Exception):
    """A message does not carry what it must."""


def value(option):
    return option.values.get("dhcpv6." + FIELD[option.code])


def number(option):
    shown = value(option)
    if shown is None:
        raise Wrong(f"tshark reads no value of option {option.code}")
    return int(shown, 0)


def one(container, code):
    found = container.all(code)
    if len(found) != 1:
        raise Wrong(f"{len(found)} options {code} where one belongs")
    return found[0]


def at_most_one(container, code):
    found = container.all(code)
    if len(found) > 1:
        raise Wrong(f"{len(found)} options {code} where at most one belongs")
    return number(found[0]) if found else None


def insist(condition, text):
    if not condition:
        raise Wrong(text)


def insist_only(container, allowed):
    options = container.children if hasattr(container, "children") else container.options
    for option in options:
        insist(option.code in allowed, f"option {option.code} does not belong there")


def check_message(message, decoded, question, expected):
    """Raises Wrong; `question` is what tshark read of the message that this one answers."""
    insist(decoded.complaint is None, decoded.complaint)
    if message.type == CONNECT:
        check_connect(decoded, expected, {RELATIONSHIP})
        insist(value(one(decoded, RELATIONSHIP)) == expected["relationship"], "another relationship name")
    elif message.type == CONNECTREPLY:
        check_connect(decoded, expected, set())
    elif message.type == STATE:
        check_state(message, decoded)
    elif message.type == DISCONNECT:
        insist_only(decoded, {STATUS_CODE})
        insist(number(one(decoded, STATUS_CODE)) == SERVER_SHUTTING_DOWN, "another reason than the shut-down")
        insist(one(decoded, STATUS_CODE).values.get("dhcpv6.status_msg"), "no words with the status")
    elif message.type == BNDUPD:
        check_update(message, decoded)
    elif message.type == BNDREPLY:
        check_reply(decoded, question)
    else:
        insist_only(decoded, set())


def check_connect(decoded, expected, more):
    insist_only(decoded, {VERSION, MCLT, KEEPALIVE, MAX_UNACKED, CONNECT_FLAGS} | more)
    version = one(decoded, VERSION).values
    insist(version.get("dhcpv6.failover.protocol.major_version") == "1", "another major version than 1")
    insist(version.get("dhcpv6.failover.protocol.minor_version") == "0", "another minor version than 0")
    insist(number(one(decoded, MCLT)) == expected["mcltSeconds"], "another MCLT")
    insist(number(one(decoded, KEEPALIVE)) == expected["keepaliveSeconds"], "another keepalive time")
    insist(number(one(decoded, MAX_UNACKED)) == expected["maxUnackedUpdates"], "another number of unacked updates")
    insist(number(one(decoded, CONNECT_FLAGS)) == 1, "other flags than FIXED_PD_LENGTH")


def check_state(message, decoded):
    insist_only(decoded, {SERVER_STATE, SERVER_FLAGS, START_TIME, PARTNER_DOWN_TIME})
    state = number(one(decoded, SERVER_STATE))
    insist(state in STATES, f"state {state} is never sent")
    insist(number(one(decoded, SERVER_FLAGS)) < 8, "reserved flags are set")
    insist(number(one(decoded, START_TIME)) <= message.sent_time, "the state begins after it is told")
    down = at_most_one(decoded, PARTNER_DOWN_TIME)
    insist((down is not None) == (state == STATE_PARTNER_DOWN), "the time of PARTNER-DOWN stands there, or not, wrongly")
    insist(down is None or down <= message.sent_time, "PARTNER-DOWN begins after it is told")


def container_of(decoded):
    insist_only(decoded, {CLIENT_DATA, IAPREFIX})
    insist(len(decoded.options) == 1, f"{len(decoded.options)} containers where one belongs")
    return decoded.options[0]


def leases_of(container):
    """Each lease option inside of the client's associations."""
    leases = []
    for kind, lease_code in ((IA_NA, IAADDR), (IA_TA, IAADDR), (IA_PD, IAPREFIX)):
        for association in container.all(kind):
            insist_only(association, {lease_code})
            insist(association.children, "an association without a lease")
            leases += [(association, lease) for lease in association.children]
    insist(leases, "no lease at all")
    return leases


def lease_text(lease):
    if lease.code == IAADDR:
        return lease.values.get("dhcpv6.iaaddr.ip")
    return f"{lease.values.get('dhcpv6.iaprefix.pref_addr')}/{lease.values.get('dhcpv6.iaprefix.pref_len')}"


def client_of(container):
    return value(one(container, CLIENTID)).replace(":", "")


def check_update(message, decoded):
    container = container_of(decoded)
    base_time = int.from_bytes(one(container, LQ_BASE_TIME).data, "big")
    insist(abs(message.sent_time - base_time) <= SKEW, "its base time is not the time at which it was put together")
    if container.code == IAPREFIX:
        common = {LQ_BASE_TIME, BINDING_STATUS, START_TIME, STATE_EXPIRATION, PARTNER_LIFETIME, EXPIRATION_TIME}
        insist_only(container, common)
        check_binding(message, container)
        return
    insist_only(container, {CLIENTID, LQ_BASE_TIME, RELAY_DATA, IA_NA, IA_TA, IA_PD})
    client_of(container)
    common = {BINDING_STATUS, START_TIME, STATE_EXPIRATION, PARTNER_LIFETIME, EXPIRATION_TIME, CLT_TIME, RAW_CLT_TIME}
    for _, lease in leases_of(container):
        insist_only(lease, common)
        check_binding(message, lease)


def check_binding(message, lease):
    status = number(one(lease, BINDING_STATUS))
    insist(status in (ACTIVE, EXPIRED, RELEASED, FREE, FREE_BACKUP, ABANDONED, RESET), f"no such status: {status}")
    insist(number(one(lease, START_TIME)) <= message.sent_time, "its status begins after it is told")
    ends, promised = at_most_one(lease, STATE_EXPIRATION), at_most_one(lease, PARTNER_LIFETIME)
    at_most_one(lease, CLT_TIME), at_most_one(lease, RAW_CLT_TIME)
    greatest = at_most_one(lease, EXPIRATION_TIME)
    insist((ends is None) == (promised is None), "one of two times that belong together")
    insist(ends is not None or greatest is None, "an expiration time without an end of the status")
    insist(status != ACTIVE or ends is not None, "a lease without an end")
    insist(status not in (FREE, FREE_BACKUP) or ends is None, "a free lease with an end")
    if status == ACTIVE and lease.code == IAADDR:
        insist(int(lease.values["dhcpv6.iaaddr.valid_lifetime"]) > 0, "a lease of no length")
        insist(promised >= ends, "the partner is promised less than the client")


def check_reply(decoded, question):
    container, asked = container_of(decoded), container_of(question)
    insist(container.code == asked.code, "another container than the update's")
    if container.code == IAPREFIX:
        check_echo(container, asked)
        return
    insist_only(container, {CLIENTID, IA_NA, IA_TA, IA_PD})
    insist(client_of(container) == client_of(asked), "another client than the update's")
    mine, theirs = leases_of(container), leases_of(asked)
    insist(len(mine) == len(theirs), "not as many leases as the update")
    for (association, lease), (asked_association, asked_lease) in zip(mine, theirs):
        insist(association.code == asked_association.code, "another kind of association than the update's")
        iaid = "dhcpv6.iaid"
        insist(association.values.get(iaid) == asked_association.values.get(iaid), "another IAID than the update's")
        check_echo(lease, asked_lease)


def check_echo(lease, asked):
    insist_only(lease, {BINDING_STATUS, STATE_EXPIRATION, PARTNER_LIFETIME_SENT})
    insist(lease_text(lease) == lease_text(asked), "another lease than the update's")
    insist(number(one(lease, BINDING_STATUS)) == number(one(asked, BINDING_STATUS)), "another status than the update's")
    insist(at_most_one(lease, STATE_EXPIRATION) == at_most_one(asked, STATE_EXPIRATION), "another end than the update's")
    told = at_most_one(asked, PARTNER_LIFETIME)
    insist(at_most_one(lease, PARTNER_LIFETIME_SENT) == told, "the partner lifetime does not come back as it was")
