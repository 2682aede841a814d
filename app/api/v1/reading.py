"""From the bytes of a body to a submission: the one way in for single reports and for lines."""

from pydantic import ValidationError

from app.api.problems import invalid
from app.api.v1.drafts import to_draft
from app.api.v1.schemas.report import ReportIn
from app.domain.access import Principal
from app.domain.errors import Fault, InvalidInputError
from app.domain.reports import Draft
from app.intake.preparing import Submission


def read_draft(content: bytes) -> Draft:
    """The draft that a JSON text describes. Raises MalformedInputError or InvalidInputError."""
    try:
        return to_draft(ReportIn.model_validate_json(content))
    except ValidationError as error:
        raise invalid(error) from None


def read_submission(
    content: bytes, principal: Principal, *, idempotency_key: str | None = None
) -> Submission:
    """A submission by this caller. Raises as `read_draft`, and InvalidInputError for a personal
    value from a client that may send none (contract, section 9).
    """
    draft = read_draft(content)
    if principal.no_identity:
        _refuse_identity(draft)
    return Submission(draft, content, principal.organisation_id, idempotency_key)


def _refuse_identity(draft: Draft) -> None:
    pointers = [mention.pointer for mention in draft.mentions if mention.token is None]
    pointers += [address.pointer for address in draft.addresses]
    pointers += [
        person.pointer
        for person in draft.persons
        if person.name or person.given_name or person.family_name or person.birth_date
    ]
    if draft.narrative:
        pointers.append("/narrative")
    if pointers:
        reason = "this client reports without identity: send tokens, not values"
        raise InvalidInputError(faults=tuple(Fault(pointer, reason) for pointer in pointers))
