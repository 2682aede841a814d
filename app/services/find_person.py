"""Find who a person from an outside issuer is here: member of one organisation, with scopes."""

from uuid import UUID

from app.domain.access import Principal, allowed_scopes
from app.domain.errors import NotFoundError
from app.domain.outside_issuers import Standing
from app.storage.repositories import access
from app.storage.session import ReadConnection


async def find_person(connection: ReadConnection, person_id: str, standing: Standing) -> Principal:
    """The caller that a person is, with no scope that the organisation's kind does not allow.

    Raises NotFoundError where the organisation is not enrolled.
    """
    try:
        found = await access.find_organisation(connection, UUID(standing.organisation))
    except ValueError:
        found = await access.find_organisation_by_ref(connection, standing.organisation)
    if found is None:
        raise NotFoundError("the organisation of this person is not enrolled")
    return Principal(
        client_id=person_id,
        organisation_id=found.id,
        kind=found.kind,
        country=found.country,
        agency=found.agency,
        scopes=standing.scopes & allowed_scopes(found.kind, agency=found.agency),
    )
