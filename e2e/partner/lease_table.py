"""The partner's own table of leases: what it was told, and what it tells when it is asked (RFC 8156 section 7.5.5)."""

from dataclasses import dataclass

from .numbers import Code
from .option_codec import Option, every


@dataclass(frozen=True)
class Lease:
    """One address or prefix with the status it has; `duid` is empty for a prefix without a client."""

    name: str
    status: int
    duid: bytes
    option: Option

    def moment(self, code: Code) -> int | None:
        """An absolute time of the lease, by its option code."""
        found = self.option.find(code)
        return None if found is None else found["time"]


def lease_name(option: Option) -> str:
    """An address as it is, a prefix with its length."""
    if option.code == Code.IAADDR:
        return str(option["address"])
    return f"{option['prefix']}/{option['prefixLength']}"


def leases_in(container: Option) -> list[Lease]:
    """The leases in the container of a BNDUPD or BNDREPLY; a status that is missing reads as 0."""
    if container.code == Code.IAPREFIX:
        return [_lease(container, b"")]
    client = container.find(Code.CLIENTID)
    duid = b"" if client is None else client["duid"]
    ias = every(container.options, Code.IA_NA, Code.IA_TA, Code.IA_PD)
    return [_lease(each, duid) for ia in ias for each in every(ia.options, Code.IAADDR, Code.IAPREFIX)]


def _lease(option: Option, duid: bytes) -> Lease:
    status = option.find(Code.F_BINDING_STATUS)
    return Lease(lease_name(option), 0 if status is None else status["bindingStatus"], duid, option)


class LeaseTable:
    """Leases by name, each with the container that it came in or is to be told in."""

    def __init__(self) -> None:
        self._leases: dict[str, Lease] = {}
        self.owed: dict[str, Option] = {}
        """Containers that our partner has not acknowledged, by the name of their first lease."""
        self.containers: dict[str, Option] = {}

    def learn(self, container: Option) -> None:
        """Stores what an accepted BNDUPD says."""
        for lease in leases_in(container):
            self._leases[lease.name] = lease
            self.containers[lease.name] = container

    def owe(self, container: Option) -> None:
        """Stores something of our own that the partner has to be told."""
        self.learn(container)
        self.owed[leases_in(container)[0].name] = container

    def get(self, name: str) -> Lease | None:
        """A lease by its name."""
        return self._leases.get(name)

    def __len__(self) -> int:
        return len(self._leases)

    def all(self) -> list[Lease]:
        """Every lease."""
        return list(self._leases.values())
