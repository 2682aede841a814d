"""Prepare a draft for storage: observe, assess, index blindly, seal."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.crypto.blind_index import (
    MalformedTokenError,
    code_of_circle,
    code_of_circumstances,
    index_of_token,
    index_of_value,
)
from app.crypto.keyring import KEY_VERSION, Keyring
from app.crypto.sealed_traits import seal_traits
from app.crypto.sealing import Sealer
from app.domain.assessment import Assessment
from app.domain.audit import Actor
from app.domain.errors import Fault, InvalidInputError
from app.domain.indicators import NOT_A_CODE, Catalogue
from app.domain.linkage.model import LinkageModel
from app.domain.linkage.spread import circumstances_of
from app.domain.linkage.traits import traits_of
from app.domain.observation import Observation, observe
from app.domain.reports import Draft, Facts, ObservedValue, ReportStatus
from app.domain.screening import Told, age_of, screen_report
from app.domain.sharing import Circle, Conditions, circle_of, readers_of
from app.intake.content import REPORT_TABLE, pack
from app.storage.repositories.report_record import ReportRecord
from app.storage.repositories.reports import AttributeRow, NewReport

_RANK_BYTES = 4
_CLOCKS_DIFFER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Intake:
    """What acceptance needs of the installation."""

    keyring: Keyring
    sealer: Sealer
    catalogue: Catalogue
    model: LinkageModel
    new_id: Callable[[], UUID]


@dataclass(frozen=True, slots=True)
class Submission:
    """One report that somebody sends. `content` is its JSON exactly as sent. sender: who sends it,
    for the organisation whose report it is. agency: that organisation reads leads too.
    """

    draft: Draft
    content: bytes
    organisation_id: UUID
    sender: Actor
    idempotency_key: str | None = None
    report_id: UUID | None = None
    version: int = 1
    received_at: datetime | None = None
    status: str = ReportStatus.RECEIVED.value
    agency: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """What a draft says: its values, their rows by blind index, and its screening."""

    observation: Observation
    attributes: list[AttributeRow]
    assessment: Assessment


def understand(
    draft: Draft, intake: Intake, now: datetime, *, circle: Circle | None = None
) -> Understood:
    """All that acceptance finds out about a draft, stored or not. circle: who may know of it.

    Raises InvalidInputError where the catalogue does not know an indicator, a token is
    malformed, or the observation lies in the future.
    """
    facts = draft.facts
    _refuse_future(facts, now)
    _refuse_unknown_indicators(draft.signs, intake.catalogue)
    observation = observe(draft)
    told = Told(
        credibility=facts.credibility,
        age=age_of(facts.age_groups).value,
        at_risk=facts.at_risk,
        forms=facts.forms,
        codes=intake.catalogue.common_codes(facts.indicators),
    )
    assessment = screen_report(told, intake.catalogue)
    within = code_of_circle(intake.keyring, circle)
    rows = _attribute_rows(observation, intake.keyring, within)
    return Understood(observation, rows, assessment)


def prepare(submission: Submission, intake: Intake, now: datetime) -> NewReport:
    """The record of a submission, ready to be stored. Raises as `understand`."""
    facts = submission.draft.facts
    conditions = _conditions(submission)
    circle = circle_of(conditions)
    understood = understand(submission.draft, intake, now, circle=circle)
    observation = understood.observation
    traits = traits_of(submission.draft, observation)
    mac = content_mac(submission.content, intake.keyring)
    report_id = submission.report_id or intake.new_id()
    record = ReportRecord(
        id=report_id,
        organisation_id=submission.organisation_id,
        external_ref=facts.external_ref,
        version=submission.version,
        status=submission.status,
        received_at=submission.received_at or now,
        updated_at=now,
        observed_from=facts.observed_from,
        observed_to=facts.observed_to,
        language=facts.language,
        forms=facts.forms,
        indicators=intake.catalogue.common_codes(facts.indicators),
        country=facts.country,
        nuts=facts.nuts,
        age=age_of(facts.age_groups).value,
        at_risk=facts.at_risk,
        credibility=facts.credibility,
        handling_code=facts.handling.code,
        tlp=facts.handling.tlp,
        share_with=facts.handling.share_with,
        police=facts.handling.police,
        circle=circle,
        readers=readers_of(conditions),
        catalogue_version=intake.catalogue.version,
        sealed=intake.sealer.seal(
            pack(submission.content, observation), table=REPORT_TABLE, record=report_id
        ),
        traits=seal_traits(traits, report_id, intake.sealer),
        rank=int.from_bytes(mac[:_RANK_BYTES], signed=True),
    )
    return NewReport(
        record,
        understood.attributes,
        code_of_circumstances(intake.keyring, circumstances_of(traits, intake.model.spread)),
        mac,
        submission.idempotency_key,
        observation,
        submission.sender,
    )


def _conditions(submission: Submission) -> Conditions:
    given = submission.draft.facts.handling
    return Conditions(
        submission.organisation_id,
        submission.agency,
        given.code,
        given.tlp,
        given.share_with,
        given.police,
    )


def content_mac(content: bytes, keyring: Keyring) -> bytes:
    """A keyed fingerprint (32 bytes) of a JSON text, byte for byte. Two texts that differ may
    still say the same: see `app.services.submit_reports`.
    """
    return hmac.digest(keyring.content, content, "sha256")


def _refuse_future(facts: Facts, now: datetime) -> None:
    latest = (now + _CLOCKS_DIFFER).date()
    ends = (("/observed_from", facts.observed_from), ("/observed_to", facts.observed_to))
    faults = [
        Fault(pointer, "lies in the future")
        for pointer, day in ends
        if day is not None and day > latest
    ]
    if faults:
        raise InvalidInputError(faults=tuple(faults))


def _refuse_unknown_indicators(codes: tuple[str, ...], catalogue: Catalogue) -> None:
    """Raise InvalidInputError, naming the places, for codes that the catalogue does not know."""
    faults = [
        Fault(f"/indicators/{place}", NOT_A_CODE)
        for place, code in enumerate(codes)
        if catalogue.common(code) is None
    ]
    if faults:
        raise InvalidInputError(faults=tuple(faults))


def _attribute_rows(
    observation: Observation, keyring: Keyring, circle: bytes
) -> list[AttributeRow]:
    """One row a value; a value in several roles links if one of them may."""
    rows: dict[bytes, AttributeRow] = {}
    for value in observation.values:
        index = _index(value, keyring, circle)
        known = rows.get(index)
        if known is None or (value.links and not known.links):
            rows[index] = AttributeRow(
                index,
                value.kind.value,
                value.role.value,
                value.links,
                KEY_VERSION,
                value.qualifier or (known.qualifier if known else None),
            )
    return list(rows.values())


def _index(value: ObservedValue, keyring: Keyring, circle: bytes) -> bytes:
    if value.token is None:
        return index_of_value(keyring, value.kind, value.normalised or "", circle)
    try:
        return index_of_token(keyring, value.kind, value.token, circle)
    except MalformedTokenError:
        faults = (Fault(f"{value.pointer}/token", "not base64url of 32 bytes"),)
        raise InvalidInputError(faults=faults) from None
