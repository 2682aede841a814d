"""From a draft to its values: normalise what was mentioned, find what stands in the narrative.

A value that cannot be normalised becomes a warning to the reporter and nothing else: it is
kept as sent and does not link.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.attributes import (
    NEVER_LINKING_ROLES,
    AttributeKind,
    AttributeRole,
    Context,
    Outcome,
)
from app.domain.errors import Fault
from app.domain.extraction import extract
from app.domain.normalise.address import compose_address
from app.domain.normalise.dates import parse_partial_date
from app.domain.normalise.dispatch import normalise
from app.domain.normalise.names import name_tokens, normalise_person
from app.domain.normalise.profile import profile_from_url
from app.domain.reports import AddressMention, Draft, ObservedValue, PersonMention

NARRATIVE_POINTER = "/narrative"
_QUALIFIED = frozenset({AttributeKind.PLATE, AttributeKind.DOCUMENT})


@dataclass(frozen=True, slots=True)
class Observation:
    """The values of one report, and what the reporter should know about the rest."""

    values: tuple[ObservedValue, ...]
    warnings: tuple[Fault, ...]


def observe(draft: Draft) -> Observation:
    """Normalise every mention of the draft; each value once, in the role that may link if any."""
    values: list[ObservedValue] = []
    warnings: list[Fault] = []
    linking = draft.facts.handling.linking
    for pointer, kind, role, outcome in _outcomes(draft):
        if outcome.problem is not None:
            warnings.append(Fault(pointer, outcome.problem))
        role_links = linking and role not in NEVER_LINKING_ROLES
        values.extend(
            ObservedValue(
                pointer,
                kind,
                role,
                value.value,
                role_links and not value.is_service,
                value.note,
                qualifier=value.qualifier,
            )
            for value in outcome.values
        )
    values.extend(
        ObservedValue(
            mention.pointer,
            mention.kind,
            mention.role,
            None,
            linking and mention.role not in NEVER_LINKING_ROLES,
            token=mention.token,
            qualifier=mention.context.country if mention.kind in _QUALIFIED else None,
        )
        for mention in draft.mentions
        if mention.token is not None
    )
    values.extend(_in_narrative(draft, values))
    return Observation(tuple(values), tuple(warnings))


_Judged = tuple[str, AttributeKind, AttributeRole, Outcome]


def _outcomes(draft: Draft) -> Iterator[_Judged]:
    for mention in draft.mentions:
        if mention.token is None:
            kind, outcome = recognise(mention.kind, mention.raw, mention.context)
            yield mention.pointer, kind, mention.role, outcome
    for address in draft.addresses:
        yield address.pointer, AttributeKind.ADDRESS, address.role, _address(address)
    for person in draft.persons:
        outcome = _person(person)
        if outcome.values:
            yield person.pointer, AttributeKind.PERSON, person.role, outcome


def recognise(kind: AttributeKind, raw: str, context: Context) -> tuple[AttributeKind, Outcome]:
    """Normalise as what it is: the address of a profile page is a profile, by whichever name it
    was sent, so that "@handle" and its URL meet.
    """
    if kind is AttributeKind.URL and profile_from_url(raw) is not None:
        outcome = normalise(AttributeKind.PROFILE, raw, context)
        if outcome.values:
            return AttributeKind.PROFILE, outcome
    return kind, normalise(kind, raw, context)


def _address(mention: AddressMention) -> Outcome:
    return compose_address(mention.address, mention.locality, Context(country=mention.country))


def _person(mention: PersonMention) -> Outcome:
    if mention.birth_date is None:
        return Outcome()
    tokens = name_tokens(
        name=mention.name,
        given_name=mention.given_name,
        family_name=mention.family_name,
        country=mention.nationality,
    )
    return normalise_person(tokens, parse_partial_date(mention.birth_date))


def _in_narrative(draft: Draft, known: list[ObservedValue]) -> Iterator[ObservedValue]:
    """Values that stand only in the text. What is said elsewhere in the report keeps the role
    that it has there: the text does not turn a helper's phone into an unknown one.
    """
    if not draft.narrative:
        return
    seen = {(value.kind, value.normalised) for value in known}
    for found in extract(draft.narrative, country=draft.facts.country):
        # A vehicle seen in a country is often not of that country.
        country = None if found.kind is AttributeKind.PLATE else draft.facts.country
        kind, outcome = recognise(found.kind, found.raw, Context(country=country))
        for value in outcome.values:
            if (kind, value.value) in seen:
                continue
            seen.add((kind, value.value))
            links = draft.facts.handling.linking and not value.is_service
            yield ObservedValue(
                NARRATIVE_POINTER, kind, AttributeRole.UNKNOWN, value.value, links, value.note
            )
