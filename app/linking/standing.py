"""Where values and keys stand: who carries them, how widely they are spread, what they link."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

from app.crypto.blind_index import kind_of_key
from app.domain.linkage.model import LinkageModel, Spread, power_step
from app.domain.linkage.spread import (
    Linking,
    Standing,
    pairs_of_key,
    representatives_of,
    standing_of,
    standing_of_key,
)
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

    @property
    def is_of_few(self) -> bool:
        """Whether it would stand no otherwise with fewer carriers."""
        few = self.standing.linking is Linking.STAR and self.carriers.number <= _PAIR
        return few or self.standing == _FEW

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
    """Exact values. With many carriers they link through representatives, or where they are weak
    not at all, unless they are hubs.

    stopped: on the stop-list. hubs: known as hubs from before. listed: put on the stop-list or
    taken off since.
    """

    model: LinkageModel
    stopped: set[bytes] = field(default_factory=set)
    hubs: set[bytes] = field(default_factory=set)
    listed: frozenset[bytes] = frozenset()

    def most(self, key: bytes) -> int:
        del key
        return self.model.spread.sample

    def seen(self, key: bytes, found: Carriers) -> Seen:
        spread = self.model.spread
        most = spread.sample
        if key in self.stopped:
            return Seen(Standing(Linking.HUB, power_step(found.number)), found, most)
        weak = found.kind is not None and self.model.is_weak(found.kind)
        standing = standing_of(found.circumstances, found.qualifiers, spread, weak=weak)
        if standing.linking is not Linking.STAR:
            return Seen(standing, found, most)
        heads = representatives_of(found.circumstances, spread)
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
        most = dict.fromkeys(keys, self.model.spread.sample)
        return await carriers.of_values(connection, most, also=also, without=without)


@dataclass(frozen=True, slots=True)
class Keys:
    """Block keys. With many carriers they bring nobody together any more."""

    spread: Spread

    def most(self, key: int) -> int:
        return pairs_of_key(kind_of_key(key), self.spread)

    def seen(self, key: int, found: Carriers) -> Seen:
        kind = kind_of_key(key)
        standing = standing_of_key(kind, found.number, found.circumstances, self.spread)
        return Seen(standing, found, self.most(key), tuple(found.alone))

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
        del also  # Those being linked have their keys by now, and nobody has who waits.
        most = {key: self.most(key) for key in keys}
        return await carriers.of_keys(connection, most, without=without)


_FEW = Standing(Linking.PAIRS, 2)
_PAIR = 2
_STRENGTH = {Linking.PAIRS: 3, Linking.STAR: 2, Linking.CROWD: 1, Linking.HUB: 0}


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
        """Whether the evidence of those who carried it before can only have become less, apart
        from those whom a new representative meets.
        """
        if self.before is None:
            return False
        before, now = self.before.standing, self.now.standing
        return (
            _STRENGTH[now.linking] <= _STRENGTH[before.linking]
            and now.spread >= before.spread
            and now.divided >= before.divided
        )

    @property
    def links_nothing(self) -> bool:
        """Whether it was a hub and is one."""
        before, now = self.before, self.now.standing.linking
        return before is not None and before.standing.linking is now is Linking.HUB

    @property
    def is_of_many(self) -> bool:
        """Whether its carriers are, or were, too many to be compared with each other."""
        before = self.before.standing.linking if self.before else None
        return self.now.is_sample or Linking.STAR in (before, self.now.standing.linking)

    @property
    def other_representatives(self) -> set[UUID]:
        """The reports that represented the carriers before or do now, but not both."""
        before = self.before.representatives if self.before else ()
        return set(before) ^ set(self.now.representatives)


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
            if key in removed or not self.seen[key].is_of_few
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
