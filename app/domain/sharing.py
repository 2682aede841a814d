"""Who may know of a report, and who may read what it says: two circles that its handling code,
TLP, recipients and consent decide, apart from each other and from whether it may link.

Who may know of it and not read it is told that it is there and whom to ask ("hit, ask the owner").
For who may not know of it, it does not exist.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

Circle = tuple[str, ...]
"""Agencies, named by their id or by their country; sorted, each once."""

EVERYBODY: Final = None
"""In place of a circle: every agency of the network."""

_ASK_FIRST = frozenset({"H2", "H3"})
"""H2: not to be passed on without permission; H3: other restrictions (Europol handling codes)."""
_COUNTRY_CODE = 2


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which conditions a report was sent.

    agency: the owner reads leads itself. share_with: countries or organisation ids; empty means
    every agency of the network. police: consent or another legal basis covers reading by police.
    """

    owner: UUID
    agency: bool
    handling_code: str
    tlp: str
    share_with: Collection[str]
    police: bool


def circle_of(given: Conditions) -> Circle | None:
    """Who may know that the report is there, and so whose reports it may meet.

    Under TLP:RED those whom the sender named, as nothing of it may pass beyond them (FIRST TLP
    2.0); where nobody is named its owner. Else everybody.
    """
    if given.tlp != "RED":
        return EVERYBODY
    named = set(given.share_with) or {str(given.owner)}
    return _circle(named, given)


def readers_of(given: Conditions) -> Circle | None:
    """Who may read what the report says: always some or all of those who may know of it.

    Named recipients only, where any are named; an organisation that is named has the permission
    that H2, H3 and TLP:RED ask for, while a country is none.
    """
    if not given.police:
        return _circle(set(), given)
    if given.handling_code in _ASK_FIRST or given.tlp == "RED":
        return _circle({name for name in given.share_with if not _is_country(name)}, given)
    return _circle(set(given.share_with), given) if given.share_with else EVERYBODY


def includes(circle: Sequence[str] | None, *, agency: UUID, country: str) -> bool:
    """Whether an agency is in a circle."""
    return circle is None or not set(names_of(agency, country)).isdisjoint(circle)


def names_of(agency: UUID, country: str) -> list[str]:
    """By what names an agency is in circles."""
    return [str(agency), country]


def _circle(named: set[str], given: Conditions) -> Circle:
    """Those who are named, and the owner, who may always read its own, if it reads leads at all."""
    return tuple(sorted(named | {str(given.owner)} if given.agency else named))


def _is_country(name: str) -> bool:
    return len(name) == _COUNTRY_CODE
