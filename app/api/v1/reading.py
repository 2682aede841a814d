"""From the bytes of a body to a submission: the one way in for single reports and for lines."""

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import from_json

from app.api.problems import invalid
from app.api.v1.drafts import to_draft
from app.api.v1.schemas.report import ReportIn
from app.domain.access import Principal
from app.domain.errors import Fault, InvalidInputError
from app.domain.reports import Draft
from app.intake.preparing import Submission

_NUL = b"\\u0000"


def read_draft(content: bytes) -> Draft:
    """The draft that a JSON text describes. Raises MalformedInputError or InvalidInputError."""
    try:
        report = ReportIn.model_validate_json(content)
    except ValidationError as error:
        raise invalid(error) from None
    if _NUL in content:
        _refuse_nul(from_json(content))
    return to_draft(report)


def _refuse_nul(value: object) -> None:
    """Refuse U+0000 in any text: PostgreSQL stores none, and no text needs it. JSON has it only
    as an escape, so that texts without the escape need no looking through.
    """
    pointers = tuple(_places_of_nul(value, ""))
    if pointers:
        faults = (Fault(pointer, "the character U+0000 is not allowed") for pointer in pointers)
        raise InvalidInputError(faults=tuple(faults))


def _places_of_nul(value: object, pointer: str) -> Iterator[str]:
    if isinstance(value, str) and "\x00" in value:
        yield pointer
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _places_of_nul(item, f"{pointer}/{place}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _places_of_nul(item, f"{pointer}/{key}")


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
