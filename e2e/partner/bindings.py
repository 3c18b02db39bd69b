"""The containers of BNDUPD and BNDREPLY, put together as RFC 8156 sections 7.4 and 7.6 order them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .numbers import BindingStatus, Code, StatusCode
from .option_codec import Option, option


@dataclass(frozen=True)
class LeaseTimes:
    """The times of one lease in a BNDUPD, absolute but for `clt_seconds_ago`; None leaves the option out."""

    start_of_state: int | None = None
    state_expiration: int | None = None
    clt_seconds_ago: int | None = None
    partner_lifetime: int | None = None
    partner_raw_clt: int | None = None
    expiration: int | None = None

    def options(self) -> list[Option]:
        """The options that are present, in the order of section 7.4."""
        return [
            *_moment(Code.F_START_TIME_OF_STATE, self.start_of_state),
            *_moment(Code.F_STATE_EXPIRATION_TIME, self.state_expiration),
            *([] if self.clt_seconds_ago is None else [option(Code.CLT_TIME, seconds=self.clt_seconds_ago)]),
            *_moment(Code.F_PARTNER_LIFETIME, self.partner_lifetime),
            *_moment(Code.F_PARTNER_RAW_CLT_TIME, self.partner_raw_clt),
            *_moment(Code.F_EXPIRATION_TIME, self.expiration),
        ]


def _moment(code: Code, value: int | None) -> list[Option]:
    return [] if value is None else [option(code, time=value)]


def status_option(status: BindingStatus) -> Option:
    """OPTION_F_BINDING_STATUS."""
    return option(Code.F_BINDING_STATUS, bindingStatus=status)


def address_lease(address: str, status: BindingStatus, times: LeaseTimes, **more: Any) -> Option:
    """OPTION_IAADDR of a BNDUPD; `more`: preferred, valid (seconds), extra (options at the end)."""
    return option(
        Code.IAADDR,
        address=address,
        preferredLifetime=more.get("preferred", 0),
        validLifetime=more.get("valid", 0),
        options=[status_option(status), *times.options(), *more.get("extra", [])],
    )


def prefix_lease(prefix: str, length: int, status: BindingStatus, times: LeaseTimes, **more: Any) -> Option:
    """OPTION_IAPREFIX of a BNDUPD, inside an IA_PD or at the top; `before`: options ahead of the binding-status."""
    return option(
        Code.IAPREFIX,
        preferredLifetime=more.get("preferred", 0),
        validLifetime=more.get("valid", 0),
        prefixLength=length,
        prefix=prefix,
        options=[*more.get("before", []), status_option(status), *times.options(), *more.get("extra", [])],
    )


def client_data(duid: bytes, base_time: int, ias: Iterable[Option], extra: Iterable[Option] = ()) -> Option:
    """OPTION_CLIENT_DATA of a BNDUPD; `extra` (VSS, reconfigure data, relay data) stands before the IAs."""
    return option(
        Code.CLIENT_DATA,
        options=[option(Code.CLIENTID, duid=duid), option(Code.LQ_BASE_TIME, time=base_time), *extra, *ias],
    )


def rejection(status: StatusCode, message: str = "") -> Option:
    """OPTION_STATUS_CODE."""
    return option(Code.STATUS_CODE, status=status, message=message)


_IAS = (Code.IA_NA, Code.IA_TA, Code.IA_PD)
_LEASES = (Code.IAADDR, Code.IAPREFIX)


def reply_to(container: Option, reject_all: Option | None = None, reject_lease: Option | None = None) -> Option:
    """The container of the BNDREPLY for the container of a BNDUPD (section 7.6), accepted unless a status is given."""
    if container.code == Code.IAPREFIX:
        return _lease_reply(container, reject_all or reject_lease, keep=(Code.VSS,))
    kept = [each for each in container.options if each.code in (Code.CLIENTID, Code.VSS)]
    ias = [_ia_reply(each, reject_lease) for each in container.options if each.code in _IAS]
    return Option(container.code, {"options": [*([] if reject_all is None else [reject_all]), *kept, *ias]})


def _ia_reply(ia: Option, status: Option | None) -> Option:
    leases = [_lease_reply(each, status) for each in ia.options if each.code in _LEASES]
    return Option(ia.code, {**ia.fields, "options": leases})


def _lease_reply(lease: Option, status: Option | None, keep: tuple[int, ...] = ()) -> Option:
    echoed = []
    for each in lease.options:
        if each.code == Code.F_PARTNER_LIFETIME:
            echoed.append(option(Code.F_PARTNER_LIFETIME_SENT, time=each["time"]))
        elif each.code in (Code.F_BINDING_STATUS, Code.F_STATE_EXPIRATION_TIME):
            echoed.append(each)
    kept = [each for each in lease.options if each.code in keep]
    return Option(lease.code, {**lease.fields, "options": [*kept, *([] if status is None else [status]), *echoed]})
