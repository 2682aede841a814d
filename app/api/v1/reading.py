"""From the bytes of a body to a submission: the one way in for single reports and for lines."""

import re
from collections.abc import Iterator
from datetime import datetime

from pydantic_core import from_json, to_json

from app.api.bodies import parse
from app.api.v1.drafts import to_draft
from app.api.v1.schemas.report import ReportIn, day_of, moment_of
from app.domain.access import OrganisationKind, Principal
from app.domain.audit import Actor
from app.domain.codes import is_plain_language
from app.domain.errors import Fault, InvalidInputError
from app.domain.normalise.profile import is_known_platform
from app.domain.reports import Draft
from app.intake.preparing import Submission

_OF_PERSON = (
    "name", "given_name", "family_name", "aliases", "birth_date", "documents", "phones",
    "emails", "profiles",
)  # fmt: skip
_OF_FIRM = ("name", "registration_number", "address", "phones", "emails", "urls")
_OF_VEHICLE = ("plate", "vin", "description")
_OF_PLACE = ("locality", "address", "lat", "lon")
_REFERENCE = re.compile(r"[A-Za-z0-9._:/#-]{1,64}")
_WITHOUT_IDENTITY = "this client reports without identity: "
_NO_VALUE = _WITHOUT_IDENTITY + "send tokens, not values"
_NO_TEXT = _WITHOUT_IDENTITY + "1 to 64 letters, digits and . _ : / # - are taken"
_NO_LANGUAGE = _WITHOUT_IDENTITY + "a language, with a script or country at most, is taken"
_NO_PLATFORM = _WITHOUT_IDENTITY + "the name of a platform that is known is taken"


def read_draft(content: bytes, sender: OrganisationKind | None = None) -> Draft:
    """The draft that a JSON text describes. sender: what kind of organisation sends it, where that
    is known. Raises MalformedInputError or InvalidInputError.
    """
    return to_draft(_read(content), sender)


def read_submission(
    content: bytes, principal: Principal, *, idempotency_key: str | None = None
) -> Submission:
    """A submission by this caller. Raises as `read_draft`, and InvalidInputError for a personal
    value, or a text that could hold one, from a client that may send none (contract, section 9).
    """
    report = _read(content)
    if principal.no_identity:
        _refuse_identity(report, idempotency_key)
        # What a repeated key hides was never looked at, so it is not kept.
        content = to_json(from_json(content))
    draft = to_draft(report, principal.kind)
    return Submission(
        draft,
        content,
        principal.organisation_id,
        Actor.of(principal),
        idempotency_key,
        agency=principal.agency,
    )


def _read(content: bytes) -> ReportIn:
    report = parse(ReportIn, content)
    faults = tuple(_contradictions(report))
    if faults:
        raise InvalidInputError(faults=faults)
    return report


def _contradictions(report: ReportIn) -> Iterator[Fault]:
    """What no field shows by itself: an end before the beginning, a birth after what was seen."""
    first, last = report.observed_from, report.observed_to
    if last is not None:
        both_times = isinstance(first, datetime) and isinstance(last, datetime)
        if moment_of(last) < moment_of(first) if both_times else day_of(last) < day_of(first):
            yield Fault("/observed_to", "lies before observed_from")
    latest = max(day_of(first), day_of(last or first)).year
    for place, person in enumerate(report.persons):
        if person.birth_date is not None and int(person.birth_date[:4]) > latest:
            yield Fault(f"/persons/{place}/birth_date", "lies after the year of the observation")


def _refuse_identity(report: ReportIn, idempotency_key: str | None) -> None:
    """Refuse what names or may name somebody: values instead of tokens, and free text."""
    faults = (
        *(Fault(pointer, _NO_VALUE) for pointer in _values_and_notes(report)),
        *_loose_texts(report),
    )
    if faults:
        raise InvalidInputError(faults=faults)
    if idempotency_key is not None and _REFERENCE.fullmatch(idempotency_key) is None:
        detail = f"Idempotency-Key: {_NO_TEXT}"
        raise InvalidInputError(detail)


def _values_and_notes(report: ReportIn) -> Iterator[str]:
    """Pointers to all that a client without identity has no use for."""
    if report.narrative:
        yield "/narrative"
    for number, sign in enumerate(report.indicators):
        if not isinstance(sign, str) and sign.note:
            yield f"/indicators/{number}/note"
    yield from _given("/place", report.place, _OF_PLACE)
    for part, names in (
        ("persons", _OF_PERSON), ("organisations", _OF_FIRM), ("vehicles", _OF_VEHICLE),
    ):  # fmt: skip
        for number, one in enumerate(getattr(report, part)):
            yield from _given(f"/{part}/{number}", one, names)
    for number, attribute in enumerate(report.attributes):
        if attribute.value is not None:
            yield f"/attributes/{number}"
        if attribute.note:
            yield f"/attributes/{number}/note"
    if report.consent and report.consent.note:
        yield "/consent/note"


def _given(at: str, part: object, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if getattr(part, name, None) not in (None, "", []):
            yield f"{at}/{name}"


def _loose_texts(report: ReportIn) -> Iterator[Fault]:
    """Texts that are of use without identity and yet have room for a name."""
    if _REFERENCE.fullmatch(report.external_ref) is None:
        yield Fault("/external_ref", _NO_TEXT)
    if report.language is not None and not is_plain_language(report.language):
        yield Fault("/language", _NO_LANGUAGE)
    for place, person in enumerate(report.persons):
        for number, language in enumerate(person.languages):
            if not is_plain_language(language):
                yield Fault(f"/persons/{place}/languages/{number}", _NO_LANGUAGE)
    for place, attribute in enumerate(report.attributes):
        if attribute.platform is not None and not is_known_platform(attribute.platform):
            yield Fault(f"/attributes/{place}/platform", _NO_PLATFORM)
