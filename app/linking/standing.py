"""Where values and keys stand: who carries them, how widely they are spread, what they link."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

from app.crypto.blind_index import kind_of_key
from app.domain.linkage.blocking import BlockKind
from app.domain.linkage.model import Spread, power_step
from app.domain.linkage.spread import Linking, Standing, representatives_of, standing_of
from app.storage.repositories import carriers
from app.storage.repositories.carriers import Carriers
from app.storage.session import ReadConnection

Key = TypeVar("Key", bytes, int)


class Seen(NamedTuple):
    """A value or key with its carriers: all, or the sample that stands for more than `most`."""

    standing: Standing
    carriers: Carriers
    most: int
    representatives: tuple[UUID, ...] = ()

    @property
    def is_sample(self) -> bool:
        return self.carriers.number > self.most

    def brings_together(self, one: UUID, other: UUID) -> bool:
        """Whether two carriers are compared because of it."""
        if self.standing.linking is Linking.PAIRS:
            return True
        return self.standing.linking is Linking.STAR and (
            one in self.representatives or other in self.representatives
        )


class Kind(Protocol[Key]):
    """What differs between values and block keys."""

    def most(self, key: Key) -> int:
        """How many carriers of it are compared with each other."""

    def seen(self, key: Key, found: Carriers) -> Seen:
        """Where it stands, with these carriers."""

    def stays(self, key: Key, linked: Seen, now: Seen) -> bool:
        """Whether removing a carrier certainly changed nothing for the others. linked: how it
        stands for these alone.
        """

    async def carriers(
        self,
        connection: ReadConnection,
        keys: Iterable[Key],
        *,
        also: Collection[UUID] | None,
        without: Collection[UUID] = (),
    ) -> dict[Key, Carriers]:
        """The carriers of these, by rank: linked ones, and those of `also` (None: all)."""


@dataclass(frozen=True, slots=True)
class Values:
    """Exact values. With many carriers they link through representatives, unless they are hubs.

    stopped: on the stop-list. hubs: known as hubs from before. listed: put on the stop-list or
    taken off since.
    """

    spread: Spread
    stopped: set[bytes] = field(default_factory=set)
    hubs: set[bytes] = field(default_factory=set)
    listed: frozenset[bytes] = frozenset()

    def most(self, key: bytes) -> int:
        del key
        return self.spread.pairs

    def seen(self, key: bytes, found: Carriers) -> Seen:
        most = self.spread.pairs
        if key in self.stopped:
            return Seen(Standing(Linking.HUB, power_step(found.number)), found, most)
        standing = _standing(found, self.spread, most)
        if standing.linking is not Linking.STAR:
            return Seen(standing, found, most)
        heads = representatives_of(found.circumstances, self.spread)
        return Seen(standing, found, most, tuple(found.reports[place] for place in heads))

    def stays(self, key: bytes, linked: Seen, now: Seen) -> bool:
        del linked
        was_hub = key in self.hubs or key in self.stopped
        return was_hub and now.standing.linking is Linking.HUB and key not in self.listed

    async def carriers(
        self,
        connection: ReadConnection,
        keys: Iterable[bytes],
        *,
        also: Collection[UUID] | None,
        without: Collection[UUID] = (),
    ) -> dict[bytes, Carriers]:
        most = dict.fromkeys(keys, self.spread.pairs)
        return await carriers.of_values(connection, most, also=also, without=without)


@dataclass(frozen=True, slots=True)
class Keys:
    """Block keys. With many carriers they bring nobody together any more."""

    spread: Spread

    def most(self, key: int) -> int:
        if kind_of_key(key) is BlockKind.GIVEN:
            return self.spread.given_pairs
        return self.spread.pairs

    def seen(self, key: int, found: Carriers) -> Seen:
        most = self.most(key)
        if found.number > most:
            return Seen(Standing(Linking.HUB, power_step(most + 1)), found, most)
        standing = _standing(found, self.spread, most)
        if kind_of_key(key) is BlockKind.BIRTH:
            # What a date weighs does not depend on how many were born on it.
            standing = standing._replace(spread=2)
        return Seen(standing, found, most)

    def stays(self, key: int, linked: Seen, now: Seen) -> bool:
        del key, now
        # Too common without what was removed, so also with it.
        return linked.is_sample

    async def carriers(
        self,
        connection: ReadConnection,
        keys: Iterable[int],
        *,
        also: Collection[UUID] | None,
        without: Collection[UUID] = (),
    ) -> dict[int, Carriers]:
        most = {key: self.most(key) for key in keys}
        return await carriers.of_keys(connection, most, also=also, without=without)


def _standing(found: Carriers, spread: Spread, most: int) -> Standing:
    if found.number <= 1:
        return _FEW
    return standing_of(found.circumstances, found.qualifiers, spread, pairs=most)


_FEW = Standing(Linking.PAIRS, 2)
_STRENGTH = {Linking.PAIRS: 2, Linking.STAR: 1, Linking.HUB: 0}


class Change(NamedTuple, Generic[Key]):
    """How the standing of a value or key changed with the reports at hand.

    before: None where that is not known, as something was removed. linked: how it stands for
    its other carriers alone.
    """

    key: Key
    before: Seen | None
    linked: Seen
    now: Seen

    @property
    def weakens(self) -> bool:
        """Whether the evidence of those who carried it before can only have become less."""
        if self.before is None or Linking.STAR in (
            self.before.standing.linking,
            self.now.standing.linking,
        ):
            return False
        before, now = self.before.standing, self.now.standing
        return (
            _STRENGTH[now.linking] <= _STRENGTH[before.linking]
            and now.spread >= before.spread
            and now.divided >= before.divided
        )


@dataclass(slots=True)
class Look(Generic[Key]):
    """The values or keys that have been looked at so far."""

    kind: Kind[Key]
    seen: dict[Key, Seen] = field(default_factory=dict)

    async def at(
        self, connection: ReadConnection, keys: Iterable[Key], *, also: Collection[UUID] | None
    ) -> list[Key]:
        """Look at those of these that were not looked at yet, and return them."""
        new = [key for key in dict.fromkeys(keys) if key not in self.seen]
        if new:
            found = await self.kind.carriers(connection, new, also=also)
            self.seen |= {key: self.kind.seen(key, each) for key, each in found.items()}
        return new

    async def changes(
        self,
        connection: ReadConnection,
        keys: Iterable[Key],
        *,
        dirty: Collection[UUID],
        removed: Collection[Key],
    ) -> list[Change[Key]]:
        """What changed in these by the reports at hand (dirty), and by what was removed."""
        looked = [
            key
            for key in keys
            if key in removed or self.seen[key].standing != _FEW
            # Else nothing changed, for fewer carriers are not more widely spread.
        ]
        many = [key for key in looked if self.seen[key].is_sample]
        old = await self.kind.carriers(connection, many, also=(), without=dirty) if many else {}
        changes = []
        for key in looked:
            now = self.seen[key]
            before = old[key] if key in old else now.carriers.without(dirty)
            linked = self.kind.seen(key, before)
            if key in removed:
                if not self.kind.stays(key, linked, now):
                    changes.append(Change(key, None, linked, now))
            elif (linked.standing, linked.representatives) != (now.standing, now.representatives):
                changes.append(Change(key, linked, linked, now))
        return changes
