"""The numbers of the wire: message types, states, binding statuses, status codes, flags (RFC 8156 section 5, 11)."""

from enum import IntEnum, IntFlag

FAILOVER_PORT = 647
MESSAGE_SIZE_MAX = 0xFFFF
MAX_TRANSACTION_ID = 0xFFFFFF


class MessageType(IntEnum):
    """Types that a failover connection carries: the two of RFC 7653 that open TLS, and the twelve of RFC 8156."""

    REPLY = 7
    STARTTLS = 23
    BNDUPD = 24
    BNDREPLY = 25
    POOLREQ = 26
    POOLRESP = 27
    UPDREQ = 28
    UPDREQALL = 29
    UPDDONE = 30
    CONNECT = 31
    CONNECTREPLY = 32
    DISCONNECT = 33
    STATE = 34
    CONTACT = 35


FAILOVER_TYPES = frozenset(kind for kind in MessageType if kind >= MessageType.BNDUPD)
"""Only these have a sent-time after the transaction id."""


class State(IntEnum):
    """OPTION_F_SERVER_STATE. STARTUP (1) never travels: a flag shows it."""

    STARTUP = 1
    NORMAL = 2
    COMMUNICATIONS_INTERRUPTED = 3
    PARTNER_DOWN = 4
    POTENTIAL_CONFLICT = 5
    RECOVER = 6
    RECOVER_WAIT = 7
    RECOVER_DONE = 8
    RESOLUTION_INTERRUPTED = 9
    CONFLICT_DONE = 10


class ServerFlag(IntFlag):
    """OPTION_F_SERVER_FLAGS, whose bits are numbered from the most significant one."""

    COMMUNICATED = 0x01
    STARTUP = 0x02
    ACK_STARTUP = 0x04


class BindingStatus(IntEnum):
    """OPTION_F_BINDING_STATUS."""

    ACTIVE = 1
    EXPIRED = 2
    RELEASED = 3
    PENDING_FREE = 4
    FREE = 5
    FREE_BACKUP = 6
    ABANDONED = 7
    RESET = 8


class StatusCode(IntEnum):
    """OPTION_STATUS_CODE: those that failover uses."""

    SUCCESS = 0
    UNSPEC_FAIL = 1
    NOT_SUPPORTED = 14
    TLS_CONNECTION_REFUSED = 15
    ADDRESS_IN_USE = 16
    CONFIGURATION_CONFLICT = 17
    MISSING_BINDING_INFORMATION = 18
    OUTDATED_BINDING_INFORMATION = 19
    SERVER_SHUTTING_DOWN = 20
    DNS_UPDATE_NOT_SUPPORTED = 21
    EXCESSIVE_TIME_SKEW = 22


class DnsFlag(IntFlag):
    """OPTION_F_DNS_FLAGS."""

    FWD_UPTODATE = 0x0001
    REV_UPTODATE = 0x0002
    SYNTHESIZED_NAME = 0x0004
    USING_REQUESTED_FQDN = 0x0008


FIXED_PD_LENGTH = 0x0001
"""The one flag of OPTION_F_CONNECT_FLAGS."""


class Code(IntEnum):
    """Option codes: the new ones of RFC 8156 and those that it takes from other documents."""

    CLIENTID = 1
    IA_NA = 3
    IA_TA = 4
    IAADDR = 5
    STATUS_CODE = 13
    IA_PD = 25
    IAPREFIX = 26
    CLIENT_FQDN = 39
    CLIENT_DATA = 45
    CLT_TIME = 46
    LQ_RELAY_DATA = 47
    VSS = 68
    LQ_BASE_TIME = 100
    F_BINDING_STATUS = 114
    F_CONNECT_FLAGS = 115
    F_DNS_REMOVAL_INFO = 116
    F_DNS_HOST_NAME = 117
    F_DNS_ZONE_NAME = 118
    F_DNS_FLAGS = 119
    F_EXPIRATION_TIME = 120
    F_MAX_UNACKED_BNDUPD = 121
    F_MCLT = 122
    F_PARTNER_LIFETIME = 123
    F_PARTNER_LIFETIME_SENT = 124
    F_PARTNER_DOWN_TIME = 125
    F_PARTNER_RAW_CLT_TIME = 126
    F_PROTOCOL_VERSION = 127
    F_KEEPALIVE_TIME = 128
    F_RECONFIGURE_DATA = 129
    F_RELATIONSHIP_NAME = 130
    F_SERVER_FLAGS = 131
    F_SERVER_STATE = 132
    F_START_TIME_OF_STATE = 133
    F_STATE_EXPIRATION_TIME = 134
