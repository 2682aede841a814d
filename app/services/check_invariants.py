"""Check that the stored data is as it must be. Reads only, and no personal value."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from app.domain.linkage.model import LinkageModel
from app.storage.invariants import INVARIANTS, Found, Invariant, Measures, look_for
from app.storage.session import ReadConnection


@dataclass(frozen=True, slots=True)
class Checked:
    """An invariant with what breaks it, and how many seconds it took to look."""

    invariant: Invariant
    found: Found
    seconds: float

    @property
    def is_broken(self) -> bool:
        """Whether something is damaged; what only wants attention is not."""
        return self.found.count > 0 and not self.invariant.is_warning


async def check_invariants(
    connection: ReadConnection,
    *,
    model: LinkageModel,
    waiting_seconds: float,
    only: Collection[str] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> Sequence[Checked]:
    """Look at all invariants, or at those named in `only`, one after the other in the one state
    of the data that the connection sees. waiting_seconds: how long work may wait in the queue.
    progress: told how many were looked at.
    """
    by = Measures(
        link=model.thresholds.link,
        attach=model.thresholds.attach,
        core=model.leads.core,
        model=model.version,
        waiting=waiting_seconds,
    )
    checked: list[Checked] = []
    for invariant in INVARIANTS:
        if only and invariant.name not in only:
            continue
        start = time.perf_counter()
        found = await look_for(connection, invariant, by)
        checked.append(Checked(invariant, found, time.perf_counter() - start))
        progress(len(checked))
    return checked
