"""What comparing needs of the installation, and the reports that are being compared."""

from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from app.crypto.blind_index import index_of_key, index_of_value
from app.crypto.keyring import Keyring
from app.crypto.sealed_traits import open_traits
from app.crypto.sealing import Sealer
from app.domain.attributes import AttributeKind
from app.domain.linkage.blocking import BlockKey, block_keys
from app.domain.linkage.model import LinkageModel
from app.domain.linkage.traits import FULL_DATE, PersonTraits, Traits
from app.storage.repositories import carriers
from app.storage.repositories.carriers import ValueRow
from app.storage.session import ReadConnection

_REMEMBERED = 8_192


@dataclass(frozen=True, slots=True)
class Comparing:
    """The model, and the keys with which traits are opened and looked up."""

    model: LinkageModel
    keyring: Keyring
    sealer: Sealer
    _opened: "OrderedDict[bytes, Opened]" = field(default_factory=OrderedDict, repr=False)

    def open(self, report: UUID, sealed: bytes) -> "Opened":
        """The traits of a report with its block keys. The latest are remembered: a report is
        looked at again with each that is like it.
        """
        known = self._opened.pop(sealed, None)
        if known is None:
            known = self.with_keys(open_traits(sealed, report, self.sealer))
        self._opened[sealed] = known
        if len(self._opened) > _REMEMBERED:
            self._opened.popitem(last=False)
        return known

    def with_keys(self, traits: Traits) -> "Opened":
        """Traits with their block keys."""
        keys = {index_of_key(self.keyring, key): key for key in block_keys(traits)}
        return Opened(traits, keys)


class Opened(NamedTuple):
    """The traits of a report, and its block keys by their stored form."""

    traits: Traits
    keys: dict[int, BlockKey]


@dataclass(slots=True)
class Reports:
    """Reports as they are compared.

    values: of each report, by blind index. keys: likewise its block keys, by their stored form.
    """

    comparing: Comparing
    traits: dict[UUID, Traits] = field(default_factory=dict)
    ranks: dict[UUID, int] = field(default_factory=dict)
    values: dict[UUID, dict[bytes, ValueRow]] = field(default_factory=dict)
    keys: dict[UUID, dict[int, BlockKey]] = field(default_factory=dict)

    async def load(self, connection: ReadConnection, wanted: Iterable[UUID]) -> None:
        """Open those of these reports that are not open yet."""
        missing = [report for report in wanted if report not in self.traits]
        if not missing:
            return
        sealed = await carriers.compared(connection, missing)
        rows = await carriers.values_of(connection, missing)
        for report, (content, rank) in sealed.items():
            self.traits[report], self.keys[report] = self.comparing.open(report, content)
            self.ranks[report] = rank
            self.values[report] = {}
        for row in rows:
            if row.report_id in self.values:
                self.values[row.report_id][row.value_index] = row

    def stop(self, stopped: Collection[bytes]) -> None:
        """Leave out the persons and addresses of reports that are on the stop-list."""
        for report, values in self.values.items():
            own = values.keys() & stopped
            if own:
                rest = self._without(self.traits[report], own)
                self.traits[report], self.keys[report] = self.comparing.with_keys(rest)

    def _without(self, traits: Traits, stopped: Collection[bytes]) -> Traits:
        def index(kind: AttributeKind, value: str) -> bytes:
            return index_of_value(self.comparing.keyring, kind, value)

        return traits._replace(
            addresses=tuple(
                each
                for each in traits.addresses
                if index(AttributeKind.ADDRESS, f"{each.building}|{each.town}") not in stopped
            ),
            persons=tuple(
                each
                for each in traits.persons
                if not any(index(AttributeKind.PERSON, text) in stopped for text in _texts(each))
            ),
        )


def _texts(person: PersonTraits) -> Iterable[str]:
    """The values that a person's names make with the full birth date."""
    if len(person.birth) != FULL_DATE:
        return
    year, month, day = person.birth
    for name in person.names:
        yield f"{' '.join(name)}|{year:04}-{month:02}-{day:02}"
