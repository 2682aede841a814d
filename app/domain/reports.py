"""A report as the core sees it: plain facts, and the values mentioned in it.

The content as sent is kept elsewhere, sealed and unchanged; what stands here is read from it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.domain.attributes import AttributeKind, AttributeRole, Context


class ReportStatus(StrEnum):
    """What a reporter is told about its report."""

    RECEIVED = "received"
    LINKED = "linked"
    UNDER_ASSESSMENT = "under_assessment"
    INFORMATION_REQUESTED = "information_requested"
    INVESTIGATION_OPENED = "investigation_opened"
    VICTIM_REFERRED = "victim_referred"
    NO_FURTHER_ACTION = "no_further_action"
    PROSECUTION = "prosecution"
    CONVICTION = "conviction"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Mention(NamedTuple):
    """One value as it stands in the report. Either `raw` or `token` is set.

    pointer: JSON pointer (RFC 6901) to where it stands.
    """

    pointer: str
    kind: AttributeKind
    role: AttributeRole
    context: Context
    raw: str = ""
    token: str | None = None


class PersonMention(NamedTuple):
    """One person of the report, as far as persons are compared."""

    pointer: str
    role: AttributeRole
    name: str | None
    given_name: str | None
    family_name: str | None
    birth_date: str | None
    nationality: str | None
    aliases: tuple[str, ...] = ()
    sex: str | None = None


class FirmMention(NamedTuple):
    """One organisation of the report by its name. `country` is its own, else that of the place."""

    pointer: str
    role: AttributeRole
    name: str
    country: str | None


class PlaceMention(NamedTuple):
    """Where the observation was made, as sent. lat, lon: degrees, WGS 84; both or neither."""

    country: str | None = None
    nuts: str | None = None
    locality: str | None = None
    lat: float | None = None
    lon: float | None = None


class AddressMention(NamedTuple):
    """Street and number, with the locality that stands beside it."""

    pointer: str
    role: AttributeRole
    address: str
    locality: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class Handling:
    """Under which conditions a report may be read (Europol handling code, TLP 2.0).

    share_with: countries or organisation ids; empty means every agency of the network.
    police: the consent given, or another legal basis, covers reading by police.
    linking: likewise linking with other reports.
    """

    code: str = "H1"
    tlp: str = "AMBER"
    share_with: tuple[str, ...] = ()
    police: bool = True
    linking: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """What lists, filters and aggregates need; it names nobody.

    credibility: of the information, as `grading` has it.
    """

    external_ref: str
    observed_from: date
    observed_to: date | None
    language: str | None
    forms: tuple[str, ...]
    indicators: tuple[str, ...]
    country: str | None
    nuts: str | None
    age_groups: frozenset[str]
    at_risk: bool
    credibility: int | None
    handling: Handling


_NOWHERE = PlaceMention()


@dataclass(frozen=True, slots=True)
class Draft:
    """A report that was understood: facts, mentions, and the text in which more may be found.
    `signs` are the codes of the indicators as they stand, at their places.
    """

    facts: Facts
    mentions: tuple[Mention, ...]
    persons: tuple[PersonMention, ...]
    addresses: tuple[AddressMention, ...]
    narrative: str
    signs: tuple[str, ...] = ()
    firms: tuple[FirmMention, ...] = ()
    place: PlaceMention = _NOWHERE


class ObservedValue(NamedTuple):
    """One normalised value beside its raw form.

    normalised: the comparison form; None where only a token was sent.
    links: whether role, consent and the value itself allow it to link.
    qualifier: the issuing country of a plate or document, where it is said.
    """

    pointer: str
    kind: AttributeKind
    role: AttributeRole
    normalised: str | None
    links: bool
    note: str | None = None
    token: str | None = None
    qualifier: str | None = None
