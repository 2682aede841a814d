"""Verify the access log: that its chains are what was written, no more, no less."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.crypto.audit_chain import CHAINS, Fault, Follower, Head, LoggedEntry
from app.crypto.keyring import Keyring
from app.domain.acting import AUDIT
from app.storage.engine import Engine
from app.storage.repositories import audit_log
from app.storage.session import reading

MOST_SHOWN = 20
"""Of the faults so many are told; the others are counted."""

_AT_A_TIME = 500


@dataclass(slots=True)
class Verified:
    """How many entries were looked at, what does not fit, and how much of that there is."""

    entries: int = 0
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0

    def note(self, *faults: Fault | None) -> None:
        """Take in what was found."""
        for fault in faults:
            if fault is not None:
                self.fault_count += 1
                if len(self.faults) < MOST_SHOWN:
                    self.faults.append(fault)


async def verify_audit(
    engine: Engine,
    *,
    keyring: Keyring,
    checkpoint: Sequence[Head] = (),
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Verified:
    """Go along all chains up to where they ended when this began. checkpoint: earlier ends, which
    the chains must still go through. progress: told how many entries of how many.

    What is written cannot change, so that each step may be a transaction of its own: a long one
    would keep the server from clearing away what writers leave behind. Memory is bounded by
    one step.
    """
    verified = Verified()
    async with reading(engine, AUDIT) as connection:
        ends = {head.chain: head for head in await audit_log.heads(connection)}
        last = await audit_log.last_entries(connection)
    known = {head.chain: head for head in checkpoint}
    verified.note(*_wrong_ends(ends, last))
    total = sum(head.sequence for head in ends.values())
    for chain in range(CHAINS):
        end = ends.get(chain)
        if end is None:
            continue
        walk = _Walk(Follower(chain, keyring.audit), end, known.get(chain))
        async for faults in _steps(engine, walk):
            verified.note(*faults)
            progress(verified.entries + walk.entries, total)
        verified.entries += walk.entries
        verified.note(*walk.at_the_end())
    return verified


@dataclass(slots=True)
class _Walk:
    """One chain on the way to its end. passed: the hash stored where the checkpoint's end was."""

    follower: Follower
    end: Head
    known: Head | None
    passed: bytes | None = None
    entries: int = 0

    def take(self, found: Sequence[tuple[LoggedEntry, bytes]]) -> list[Fault]:
        faults = []
        for entry, stored in found:
            self.entries += 1
            fault = self.follower.follow(entry, stored)
            if fault is not None:
                faults.append(fault)
            if self.known is not None and entry.sequence == self.known.sequence:
                self.passed = stored
        return faults

    def at_the_end(self) -> list[Fault]:
        reached, end, known = self.follower.head, self.end, self.known
        faults = []
        if reached.sequence < end.sequence:
            problem = f"cut off: the stored end is {end.sequence}"
            faults.append(Fault(end.chain, reached.sequence, problem))
        elif reached.hash != end.hash:
            faults.append(
                Fault(end.chain, end.sequence, "the stored end is not that of this entry")
            )
        if known is None or known.sequence == 0:
            return faults
        if end.sequence < known.sequence:
            problem = f"cut off: the checkpoint knows {known.sequence}"
            faults.append(Fault(end.chain, end.sequence, problem))
        elif self.passed != known.hash:
            faults.append(Fault(end.chain, known.sequence, "not the entry of the checkpoint"))
        return faults


async def _steps(engine: Engine, walk: _Walk) -> AsyncIterator[list[Fault]]:
    """Go along a chain step by step; what each step finds."""
    while True:
        async with reading(engine, AUDIT) as connection:
            found = await audit_log.of_chain(
                connection,
                walk.end.chain,
                after=walk.follower.head.sequence,
                until=walk.end.sequence,
                limit=_AT_A_TIME,
            )
        if not found:
            return
        yield walk.take(found)


def _wrong_ends(ends: Mapping[int, Head], last: Mapping[int, int]) -> Iterable[Fault]:
    """Chains that are not there, that must not be there, and entries behind the end of one."""
    for chain in sorted({*range(CHAINS), *ends, *last}):
        end = ends.get(chain)
        if chain not in range(CHAINS):
            yield Fault(chain, None, "there is no such chain")
        elif end is None:
            yield Fault(chain, None, "the chain is missing")
        elif last.get(chain, 0) > end.sequence:
            yield Fault(chain, end.sequence, f"entries behind the stored end, up to {last[chain]}")
