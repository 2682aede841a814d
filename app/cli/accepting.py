"""Take the rows of a file in: the same reading, preparing and acceptance as over HTTP, in chunks
of bounded size, each of them durable before the next is read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic_core import to_json

from app.api.v1.reading import read_draft
from app.crypto.ids import new_id
from app.domain.access import Organisation, Scope, allowed_scopes
from app.domain.acting import OPERATOR, senders
from app.domain.audit import CLI, Actor, ActorKind, By
from app.domain.errors import ConflictError, DomainError, Fault, InvalidInputError
from app.intake.files.rows import Row
from app.intake.preparing import Intake, Submission, prepare
from app.services.enrol_organisation import Enrolment, enrol_organisation
from app.services.submit_reports import submit_reports
from app.storage.database import Database
from app.storage.repositories.reports import NewReport, Verdict
from app.storage.session import writing

_MOST_ROWS = 500
_MOST_BYTES = 8 << 20
_OF_ORGANISATION = ("ref", "name", "kind", "country")


@dataclass(slots=True)
class Tally:
    """What became of the rows so far."""

    created: int = 0
    repeated: int = 0
    conflicts: int = 0
    rejected: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether every row is stored."""
        return not (self.conflicts or self.rejected)


@dataclass(frozen=True, slots=True)
class Door:
    """Where rows go in.

    owner: whose the reports are; None where each row says it.
    reject: told of each row that is not stored, with the reasons as JSON.
    chunk_done: called when all read so far is stored or refused.
    """

    database: Database
    intake: Intake
    owner: Organisation | None
    reject: Callable[[bytes], object] = lambda _: None
    chunk_done: Callable[[Tally], object] = lambda _: None
    known: dict[str, Organisation] = field(default_factory=dict)


async def accept_rows(rows: Iterable[Row], door: Door) -> Tally:
    """Store what can be stored. Raises UnavailableError where the database goes away; what was
    counted by then is stored, and a second run recognises it.
    """
    tally = Tally()
    for chunk in _chunks(rows):
        prepared: list[tuple[Row, NewReport]] = []
        for row in chunk:
            try:
                prepared.append((row, await _prepare(row, door)))
            except DomainError as error:
                tally.rejected += 1
                door.reject(_rejection(row, _reasons(row, error)))
        await _store(prepared, door, tally)
        door.chunk_done(tally)
    return tally


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += len(row.original)
        if len(chunk) == _MOST_ROWS or size > _MOST_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


async def _prepare(row: Row, door: Door) -> NewReport:
    if row.report is None:
        raise InvalidInputError(faults=row.faults)
    owner = door.owner or await _owner(row, door)
    draft = read_draft(row.report, owner.kind)
    sender = Actor(ActorKind.CLI, owner.id)
    submission = Submission(draft, row.report, owner.id, sender, agency=owner.agency)
    return prepare(submission, door.intake, datetime.now(UTC))


async def _owner(row: Row, door: Door) -> Organisation:
    """The organisation that the row names, enrolled if it is new; two imports at once agree."""
    try:
        enrolment = _enrolment(row.organisation or {})
        found = door.known.get(enrolment.ref or "")
        if found is None:
            async with writing(door.database.engine, OPERATOR) as connection:
                found = await enrol_organisation(
                    connection,
                    enrolment,
                    organisation_id=new_id(),
                    by=By(CLI, datetime.now(UTC)),
                    reuse=True,
                )
        require_reporter(found)
    except InvalidInputError as error:
        raise _OrganisationRefusedError(faults=error.faults) from None
    door.known[enrolment.ref or ""] = found
    return found


class _OrganisationRefusedError(InvalidInputError):
    """What is wrong is the organisation of a row, not its report."""


def _enrolment(given: Mapping[str, object]) -> Enrolment:
    texts = {name: given.get(name) for name in _OF_ORGANISATION}
    faults = [Fault(f"/{name}", "a text is required") for name, text in texts.items() if
              not isinstance(text, str) or not text]  # fmt: skip
    if faults:
        raise InvalidInputError(faults=tuple(faults))
    named = {name: str(text) for name, text in texts.items()}
    return Enrolment(named["name"], named["kind"], named["country"], ref=named["ref"])


def require_reporter(organisation: Organisation) -> None:
    """Raise InvalidInputError where this kind of organisation does not report (contract, 11)."""
    scopes = allowed_scopes(organisation.kind, agency=organisation.agency)
    if Scope.REPORTS_WRITE not in scopes:
        fault = Fault("/kind", f"an organisation of kind {organisation.kind.value} does not report")
        raise InvalidInputError(faults=(fault,))


async def _store(prepared: Sequence[tuple[Row, NewReport]], door: Door, tally: Tally) -> None:
    if not prepared:
        return
    owners = senders(new.record.organisation_id for _, new in prepared)
    async with writing(door.database.engine, owners) as connection:
        accepted = await submit_reports(
            connection,
            [new for _, new in prepared],
            datetime.now(UTC),
            sealer=door.intake.sealer,
        )
    for (row, _), each in zip(prepared, accepted, strict=True):
        match each.verdict:
            case Verdict.CREATED:
                tally.created += 1
            case Verdict.REPEATED:
                tally.repeated += 1
            case Verdict.CONFLICT:
                tally.conflicts += 1
                fault = Fault("/external_ref", ConflictError.title)
                door.reject(_rejection(row, _reasons(row, InvalidInputError(faults=(fault,)))))


def _reasons(row: Row, error: DomainError) -> list[dict[str, str | int]]:
    """Why a row is refused: JSON pointers into the row as it was, and where that stands in a file
    of columns.
    """
    if not error.faults:
        return [{"pointer": "", "detail": error.detail or error.title}]
    prefix = ""
    if isinstance(error, _OrganisationRefusedError):
        prefix = "/organisation"
    elif row.organisation is not None:
        prefix = "/report"
    return [
        {"pointer": prefix + fault.pointer, "detail": fault.detail, **row.place_of(fault.pointer)}
        for fault in error.faults
    ]


def _rejection(row: Row, reasons: list[dict[str, str | int]]) -> bytes:
    """A line for the file of rejected rows."""
    head = to_json({"line": row.number, "reasons": reasons})
    return head[:-1] + b',"row":' + row.original + b"}\n"
