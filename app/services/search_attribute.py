"""Say whether a value is known to the network, and by which reports, as far as a reader may."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.crypto.blind_index import index_of_token, index_of_value
from app.crypto.keyring import Keyring
from app.domain.attributes import AttributeKind, Context
from app.domain.audit import Action
from app.domain.errors import Fault, InvalidInputError
from app.domain.observation import recognise
from app.intake.members import Visit
from app.storage.repositories import audit, leads, nearby, organisations
from app.storage.repositories.leads import LeadRow
from app.storage.repositories.nearby import Hit
from app.storage.repositories.organisations import OrganisationRow
from app.storage.session import WriteConnection


@dataclass(frozen=True, slots=True)
class Sought:
    """A value as somebody writes it, or its token; one of the two. after, limit: which reports."""

    kind: AttributeKind
    value: str | None
    token: str | None
    context: Context
    after: UUID | None
    limit: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the reports that carry the value, oldest first, with who sent them and their
    leads. more: others come behind these.
    """

    hits: Sequence[Hit]
    senders: dict[UUID, OrganisationRow]
    leads: Sequence[LeadRow]
    more: bool


async def search_attribute(
    connection: WriteConnection, sought: Sought, *, visit: Visit, keyring: Keyring
) -> Found:
    """The reports that carry the value in a role that links: those of go-betweens and witnesses are
    not found, and neither is what is on the stop-list. Raises InvalidInputError where the value
    cannot be normalised. The search is logged with every report that it tells of (Directive (EU)
    2016/680, Article 25).
    """
    indexes = _indexes(sought, keyring)
    found = await nearby.hits(
        connection, indexes, visit.principal, after=sought.after, limit=sought.limit + 1
    )
    page = found[: sought.limit]
    senders = await organisations.find_many(connection, {hit.organisation_id for hit in page})
    named = {hit.lead_id for hit in page if hit.lead_id is not None}
    rows = await leads.find_many(connection, named, visit.principal)
    found_reports = [hit.report_id for hit in page]
    audit.record(connection, visit.by, Action.ATTRIBUTE_SEARCHED, found_reports)
    if rows:
        audit.record(connection, visit.by, Action.LEADS_LISTED, [row.id for row in rows])
    return Found(page, senders, rows, len(found) > sought.limit)


def _indexes(sought: Sought, keyring: Keyring) -> list[bytes]:
    """The indexes of the value outside of circles: several where one text holds several."""
    if sought.token is not None:
        return [index_of_token(keyring, sought.kind, sought.token)]
    if sought.kind is AttributeKind.PERSON:
        raise InvalidInputError(faults=(Fault("/kind", "a person is searched by token"),))
    kind, outcome = recognise(sought.kind, sought.value or "", sought.context)
    if not outcome.values:
        reason = outcome.problem or "the value has no form to compare by"
        raise InvalidInputError(faults=(Fault("/value", reason),))
    return [index_of_value(keyring, kind, each.value) for each in outcome.values]
