"""Who may read the content of a report: handling code, TLP, recipients and consent decide.

A reader who may not read still learns that a report belongs to a lead, and whom to ask
("hit, ask the owner"); content, persons and values stay withheld.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

_ASK_FIRST = frozenset({"H2", "H3"})
"""H2: not to be passed on without permission; H3: other restrictions (Europol handling codes)."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which conditions the content of one report may be read.

    share_with: countries or organisation ids; empty means every agency of the network.
    police: consent or another legal basis covers reading by police.
    """

    owner: UUID
    handling_code: str
    tlp: str
    share_with: Collection[str]
    police: bool


def may_read(conditions: Conditions, *, reader: UUID, country: str) -> bool:
    """Whether an agency may read the report. Its own it always may.

    Named recipients only, where any are named; being named counts as the permission that H2,
    H3 and TLP:RED (FIRST TLP 2.0: for the named recipients only) ask for.
    """
    if conditions.owner == reader:
        return True
    if not conditions.police:
        return False
    if str(reader) in conditions.share_with:
        return True
    if conditions.handling_code in _ASK_FIRST or conditions.tlp == "RED":
        return False
    return not conditions.share_with or country in conditions.share_with
