"""From the bytes of a body to a submission: the one way in for single reports and for lines."""

from collections.abc import Iterator

from app.api.bodies import parse
from app.api.v1.drafts import to_draft
from app.api.v1.schemas.report import PersonIn, ReportIn, day_of
from app.domain.access import Principal
from app.domain.errors import Fault, InvalidInputError
from app.domain.reports import Draft
from app.intake.preparing import Submission

_OF_FIRM = ("name", "registration_number", "address", "phones", "emails", "urls")
_OF_VEHICLE = ("plate", "vin", "description")


def read_draft(content: bytes) -> Draft:
    """The draft that a JSON text describes. Raises MalformedInputError or InvalidInputError."""
    return to_draft(_read(content))


def read_submission(
    content: bytes, principal: Principal, *, idempotency_key: str | None = None
) -> Submission:
    """A submission by this caller. Raises as `read_draft`, and InvalidInputError for a personal
    value from a client that may send none (contract, section 9).
    """
    report = _read(content)
    if principal.no_identity:
        _refuse_identity(report)
    return Submission(to_draft(report), content, principal.organisation_id, idempotency_key)


def _read(content: bytes) -> ReportIn:
    report = parse(ReportIn, content)
    if report.observed_to and day_of(report.observed_to) < day_of(report.observed_from):
        raise InvalidInputError(faults=(Fault("/observed_to", "lies before observed_from"),))
    return report


def _refuse_identity(report: ReportIn) -> None:
    """Refuse what names or may name somebody: values instead of tokens, and free text."""
    pointers = [
        *(f"/persons/{n}/{each}" for n, p in enumerate(report.persons) for each in _named(p)),
        *(f"/attributes/{n}" for n, a in enumerate(report.attributes) if a.value),
        *_free_texts(report),
    ]
    for part, names in (("organisations", _OF_FIRM), ("vehicles", _OF_VEHICLE)):
        pointers += [
            f"/{part}/{number}/{name}"
            for number, one in enumerate(getattr(report, part))
            for name in names
            if getattr(one, name)
        ]
    if pointers:
        reason = "this client reports without identity: send tokens, not values"
        raise InvalidInputError(faults=tuple(Fault(pointer, reason) for pointer in pointers))


def _named(person: PersonIn) -> list[str]:
    names = (
        "name", "given_name", "family_name", "aliases", "birth_date", "documents", "phones",
        "emails", "profiles",
    )  # fmt: skip
    return [name for name in names if getattr(person, name)]


def _free_texts(report: ReportIn) -> Iterator[str]:
    if report.narrative:
        yield "/narrative"
    if report.place and report.place.address:
        yield "/place/address"
    if report.consent and report.consent.note:
        yield "/consent/note"
    for number, sign in enumerate(report.indicators):
        if not isinstance(sign, str) and sign.note:
            yield f"/indicators/{number}/note"
    for number, attribute in enumerate(report.attributes):
        if attribute.note:
            yield f"/attributes/{number}/note"
