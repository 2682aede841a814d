"""From the wire to the core: a validated report becomes a draft of plain values."""

from collections.abc import Iterator
from datetime import date

from app.api.v1.schemas.report import (
    ConsentIn,
    OrganisationIn,
    PersonIn,
    ReportIn,
    SourceIn,
    day_of,
)
from app.domain.access import OrganisationKind
from app.domain.ages import age_group_at
from app.domain.attributes import AttributeKind, AttributeRole, Context
from app.domain.codes import ConsentBasis, ConsentScope, OrganisationRole
from app.domain.grading import grade_of
from app.domain.indicators import AgeGroup
from app.domain.normalise.dates import parse_partial_date
from app.domain.reports import (
    AddressMention,
    Draft,
    Facts,
    FirmMention,
    Handling,
    Mention,
    PersonMention,
    PlaceMention,
)

_ROLE_OF_ORGANISATION = {
    OrganisationRole.EMPLOYER: AttributeRole.EMPLOYER,
    OrganisationRole.RECRUITER: AttributeRole.FACILITATOR,
    OrganisationRole.AGENCY: AttributeRole.FACILITATOR,
    OrganisationRole.VENUE: AttributeRole.PLACE,
    OrganisationRole.LANDLORD: AttributeRole.PLACE,
    OrganisationRole.TRANSPORT: AttributeRole.UNKNOWN,
    OrganisationRole.OTHER: AttributeRole.UNKNOWN,
}


_OF_OWN_COUNTRY = (AttributeKind.PLATE, AttributeKind.DOCUMENT, AttributeKind.COMPANY)


def to_draft(report: ReportIn, sender: OrganisationKind | None = None) -> Draft:
    """The draft of a validated report. sender: what kind of organisation sends it, where that is
    known.
    """
    country = report.place.country if report.place else None
    mentions = [
        *_of_persons(report.persons, country),
        *_of_organisations(report.organisations, country),
        *_of_vehicles(report),
        *_of_attributes(report, country),
    ]
    return Draft(
        facts=_facts(report, sender),
        mentions=tuple(mentions),
        persons=tuple(
            PersonMention(
                f"/persons/{place}",
                AttributeRole(person.role.value),
                person.name,
                person.given_name,
                person.family_name,
                person.birth_date,
                person.nationality,
                tuple(person.aliases),
                person.sex.value if person.sex else None,
            )
            for place, person in enumerate(report.persons)
        ),
        addresses=tuple(_addresses(report, country)),
        narrative=report.narrative or "",
        signs=_codes(report),
        firms=tuple(_firms(report.organisations, country)),
        place=_place(report),
    )


def _codes(report: ReportIn) -> tuple[str, ...]:
    return tuple(sign if isinstance(sign, str) else sign.code for sign in report.indicators)


def _facts(report: ReportIn, sender: OrganisationKind | None) -> Facts:
    place, source = report.place, report.source or SourceIn()
    first = day_of(report.observed_from)
    return Facts(
        external_ref=report.external_ref,
        observed_from=first,
        observed_to=day_of(report.observed_to) if report.observed_to else None,
        language=report.language,
        forms=tuple(dict.fromkeys(form.value for form in report.forms)),
        indicators=tuple(dict.fromkeys(_codes(report))),
        country=place.country if place else None,
        nuts=place.nuts if place else None,
        age_groups=frozenset(
            _age_group(person, first)
            for person in report.persons
            if person.role.value in ("suspected_victim", "unknown")
        ),
        at_risk=report.safety is not None and report.safety.at_risk,
        credibility=grade_of(source.credibility, channel=source.channel, sender=sender),
        handling=_handling(report),
    )


def _age_group(person: PersonIn, observed: date) -> str:
    birth = parse_partial_date(person.birth_date) if person.birth_date else None
    stated = AgeGroup(person.age_group or AgeGroup.UNKNOWN)
    return age_group_at(observed, birth, stated=stated).value


def _handling(report: ReportIn) -> Handling:
    given = report.handling
    police, linking = _consented(report.consent)
    if given is None:
        return Handling(police=police, linking=linking)
    return Handling(
        given.code.value, given.tlp.value, tuple(given.share_with), police=police, linking=linking
    )


def _consented(consent: ConsentIn | None) -> tuple[bool, bool]:
    """Whether police may read and linking may happen: where consent is the basis, only what was
    agreed to; on another basis, unless the scopes say less.
    """
    if consent is None:
        return True, True
    if consent.scopes is None:
        agreed = consent.basis is not ConsentBasis.CONSENT
        return agreed, agreed
    return ConsentScope.POLICE in consent.scopes, ConsentScope.LINKING in consent.scopes


def _listed(
    pointer: str, kind: AttributeKind, role: AttributeRole, context: Context, raws: list[str]
) -> Iterator[Mention]:
    for place, raw in enumerate(raws):
        yield Mention(f"{pointer}/{place}", kind, role, context, raw)


def _of_persons(persons: list[PersonIn], country: str | None) -> Iterator[Mention]:
    for place, person in enumerate(persons):
        at, role = f"/persons/{place}", AttributeRole(person.role.value)
        context = Context(country=country)
        yield from _listed(f"{at}/phones", AttributeKind.PHONE, role, context, person.phones)
        yield from _listed(f"{at}/emails", AttributeKind.EMAIL, role, context, person.emails)
        yield from _listed(f"{at}/profiles", AttributeKind.PROFILE, role, context, person.profiles)
        for number, document in enumerate(person.documents):
            yield Mention(
                f"{at}/documents/{number}/number",
                AttributeKind.DOCUMENT,
                role,
                Context(country=document.country, document_kind=document.kind),
                document.number,
            )


def _of_organisations(
    organisations: list[OrganisationIn], country: str | None
) -> Iterator[Mention]:
    for place, organisation in enumerate(organisations):
        at, role = f"/organisations/{place}", _ROLE_OF_ORGANISATION[organisation.role]
        context = Context(country=organisation.country or country)
        yield from _listed(f"{at}/phones", AttributeKind.PHONE, role, context, organisation.phones)
        yield from _listed(f"{at}/emails", AttributeKind.EMAIL, role, context, organisation.emails)
        yield from _listed(f"{at}/urls", AttributeKind.URL, role, context, organisation.urls)
        if organisation.registration_number is not None:
            number = organisation.registration_number
            pointer = f"{at}/registration_number"
            # A register is that of the firm's own country, wherever it was seen.
            own = Context(country=organisation.country)
            yield Mention(pointer, AttributeKind.COMPANY, role, own, number)


def _firms(organisations: list[OrganisationIn], country: str | None) -> Iterator[FirmMention]:
    for place, organisation in enumerate(organisations):
        if organisation.name is not None:
            yield FirmMention(
                f"/organisations/{place}/name",
                _ROLE_OF_ORGANISATION[organisation.role],
                organisation.name,
                organisation.country or country,
            )


def _place(report: ReportIn) -> PlaceMention:
    place = report.place
    if place is None:
        return PlaceMention()
    return PlaceMention(place.country, place.nuts, place.locality, place.lat, place.lon)


def _of_vehicles(report: ReportIn) -> Iterator[Mention]:
    role = AttributeRole.UNKNOWN
    for place, vehicle in enumerate(report.vehicles):
        at, context = f"/vehicles/{place}", Context(country=vehicle.country)
        if vehicle.plate is not None:
            yield Mention(f"{at}/plate", AttributeKind.PLATE, role, context, vehicle.plate)
        if vehicle.vin is not None:
            yield Mention(f"{at}/vin", AttributeKind.VIN, role, context, vehicle.vin)


def _of_attributes(report: ReportIn, country: str | None) -> Iterator[Mention]:
    for place, attribute in enumerate(report.attributes):
        kind = attribute.attribute_kind
        # A vehicle, a document or a firm seen in a country is often not of that country.
        own_country_only = kind in _OF_OWN_COUNTRY
        yield Mention(
            f"/attributes/{place}",
            kind,
            attribute.role,
            Context(
                country=attribute.country or (None if own_country_only else country),
                platform=attribute.platform,
            ),
            attribute.value or "",
            attribute.token,
        )


def _addresses(report: ReportIn, country: str | None) -> Iterator[AddressMention]:
    place = report.place
    if place is not None and place.address is not None:
        yield AddressMention(
            "/place/address", AttributeRole.PLACE, place.address, place.locality, country
        )
    for number, organisation in enumerate(report.organisations):
        if organisation.address is not None:
            yield AddressMention(
                f"/organisations/{number}/address",
                _ROLE_OF_ORGANISATION[organisation.role],
                organisation.address,
                None,
                organisation.country or country,
            )
