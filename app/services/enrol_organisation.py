"""Enrol an organisation in the network."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.access import Organisation, OrganisationKind, is_agency, may_be_agency
from app.domain.audit import Action, By
from app.domain.codes import COUNTRIES
from app.domain.errors import ConflictError, Fault, InvalidInputError
from app.storage.repositories import access, audit
from app.storage.session import WriteConnection

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Who asks to be enrolled. `agency` is for kinds that may be agencies and are not always."""

    name: str
    kind: str
    country: str
    agency: bool = False
    ref: str | None = None


async def enrol_organisation(
    connection: WriteConnection,
    enrolment: Enrolment,
    *,
    organisation_id: UUID,
    by: By,
    reuse: bool = False,
) -> Organisation:
    """Store the organisation under `organisation_id` and return it.

    Where its `ref` is known already: with `reuse` the organisation of that `ref` is returned as
    it is, without it ConflictError is raised. Raises InvalidInputError, with every fault.
    """
    new = _checked(enrolment, organisation_id)
    if reuse and new.ref is not None:
        found = await access.ensure_organisation(connection, new)
        if found.id != new.id:
            return found
    elif not await access.add_organisation(connection, new):
        raise ConflictError("an organisation with this ref is enrolled already")
    audit.record(connection, by, Action.ORGANISATION_ADDED, [new.id])
    return new


def _checked(enrolment: Enrolment, organisation_id: UUID) -> Organisation:
    faults = []
    if not _is_line(enrolment.name):
        faults.append(Fault("/name", f"one line of 1 to {_LONGEST} characters"))
    if enrolment.ref is not None and not _is_line(enrolment.ref):
        faults.append(Fault("/ref", f"one line of 1 to {_LONGEST} characters"))
    if enrolment.country not in COUNTRIES:
        faults.append(Fault("/country", "a country code of ISO 3166-1 alpha-2"))
    kinds = {kind.value: kind for kind in OrganisationKind}
    kind = kinds.get(enrolment.kind)
    if kind is None:
        faults.append(Fault("/kind", f"one of {', '.join(kinds)}"))
    elif enrolment.agency and not may_be_agency(kind):
        able = ", ".join(each.value for each in OrganisationKind if may_be_agency(each))
        faults.append(Fault("/agency", f"only these kinds may be agencies: {able}"))
    if kind is None or faults:
        raise InvalidInputError(faults=tuple(faults))
    return Organisation(
        id=organisation_id,
        name=enrolment.name.strip(),
        kind=kind,
        country=enrolment.country,
        agency=is_agency(kind, enrolled_as_agency=enrolment.agency),
        ref=enrolment.ref,
    )


def _is_line(value: str) -> bool:
    """Whether it is text that can be stored and printed: no controls, no lone surrogates."""
    return value.isprintable() and 0 < len(value.strip()) <= _LONGEST
