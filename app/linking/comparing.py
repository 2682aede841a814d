"""What comparing needs of the installation, and the reports that are being compared."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from app.crypto.blind_index import code_of_circle, index_of_key, index_of_value
from app.crypto.keyring import Keyring
from app.crypto.sealed_traits import open_traits
from app.crypto.sealing import Sealer
from app.domain.attributes import AttributeKind
from app.domain.linkage.blocking import BlockKey, Marks, marks_of, shared_keys
from app.domain.linkage.model import LinkageModel
from app.domain.linkage.traits import FULL_DATE, PersonTraits, Traits
from app.storage.repositories import carriers
from app.storage.repositories.carriers import ValueRow
from app.storage.session import ReadConnection

_REMEMBERED = 4_096


@dataclass(frozen=True, slots=True)
class Comparing:
    """The model, and the keys with which traits are opened and looked up."""

    model: LinkageModel
    keyring: Keyring
    sealer: Sealer
    _opened: "OrderedDict[bytes, Opened]" = field(default_factory=OrderedDict, repr=False)

    def open(self, report: UUID, sealed: bytes) -> "Opened":
        """The traits of a report with its marks. The latest are remembered: a report is
        looked at again with each that is like it.
        """
        known = self._opened.pop(sealed, None)
        if known is None:
            known = opened(open_traits(sealed, report, self.sealer))
        self._opened[sealed] = known
        if len(self._opened) > _REMEMBERED:
            self._opened.popitem(last=False)
        return known

    def indexes(self, keys: Iterable[BlockKey], circle: bytes) -> set[int]:
        """Block keys in their stored form within a circle, by its code."""
        return {index_of_key(self.keyring, key, circle) for key in keys}


class Opened(NamedTuple):
    """The traits of a report, and what its block keys are made of."""

    traits: Traits
    marks: Marks


def opened(traits: Traits) -> Opened:
    """Traits with their marks."""
    return Opened(traits, marks_of(traits))


@dataclass(slots=True)
class Reports:
    """Reports as they are compared.

    values: of each report, by blind index. circles: the code of its circle.
    """

    comparing: Comparing
    traits: dict[UUID, Traits] = field(default_factory=dict)
    values: dict[UUID, dict[bytes, ValueRow]] = field(default_factory=dict)
    marks: dict[UUID, Marks] = field(default_factory=dict)
    circles: dict[UUID, bytes] = field(default_factory=dict)
    _indexes: dict[tuple[BlockKey, bytes], int] = field(default_factory=dict)
    _shared: dict[tuple[UUID, UUID], Mapping[int, BlockKey]] = field(default_factory=dict)

    async def load(self, connection: ReadConnection, wanted: Iterable[UUID]) -> None:
        """Open those of these reports that are not open yet."""
        missing = [report for report in wanted if report not in self.traits]
        if not missing:
            return
        sealed = await carriers.compared(connection, missing)
        rows = await carriers.values_of(connection, missing)
        for report, each in sealed.items():
            self.traits[report], self.marks[report] = self.comparing.open(report, each.sealed)
            self.values[report] = {}
            self.circles[report] = code_of_circle(self.comparing.keyring, each.circle)
        for row in rows:
            if row.report_id in self.values:
                self.values[row.report_id][row.value_index] = row

    def keys_of(self, report: UUID) -> Mapping[int, BlockKey]:
        """The block keys of a report, by their stored form; none of one that is not there."""
        return self.shared_keys(report, report) if report in self.marks else {}

    def shared_keys(self, one: UUID, other: UUID) -> Mapping[int, BlockKey]:
        """The block keys that two reports have in common, by their stored form: none where they
        are of different circles.
        """
        circle = self.circles[one]
        if circle != self.circles[other]:
            return {}
        found = self._shared.get((one, other))
        if found is None:
            common = shared_keys(self.marks[one], self.marks[other])
            found = self._shared[one, other] = {self._index(key, circle): key for key in common}
        return found

    def _index(self, key: BlockKey, circle: bytes) -> int:
        index = self._indexes.get((key, circle))
        if index is None:
            index = index_of_key(self.comparing.keyring, key, circle)
            self._indexes[key, circle] = index
        return index

    def stop(self, stopped: Collection[bytes]) -> None:
        """Leave out the persons and addresses of reports that are on the stop-list."""
        self._shared.clear()
        for report, values in self.values.items():
            own = values.keys() & stopped
            if own:
                rest = self._without(self.traits[report], own, self.circles[report])
                self.traits[report], self.marks[report] = opened(rest)

    def _without(self, traits: Traits, stopped: Collection[bytes], circle: bytes) -> Traits:
        def index(kind: AttributeKind, value: str) -> bytes:
            return index_of_value(self.comparing.keyring, kind, value, circle)

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
