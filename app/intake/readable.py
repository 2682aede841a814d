"""Which reports a caller may know of and read, by the circles that are stored with them."""

from app.crypto.sealing import Sealer
from app.domain.access import Principal
from app.domain.reports import ReportStatus
from app.domain.sharing import includes
from app.intake.content import Content, open_content
from app.storage.repositories.report_record import ReportRecord


def is_known(record: ReportRecord, principal: Principal) -> bool:
    """Whether the caller, an agency, may know that there is this report."""
    return includes(record.circle, agency=principal.organisation_id, country=principal.country)


def is_readable(record: ReportRecord, principal: Principal) -> bool:
    """Whether the caller, an agency, may read this report; nobody may once it was withdrawn."""
    if record.status == ReportStatus.WITHDRAWN.value:
        return False
    return includes(record.readers, agency=principal.organisation_id, country=principal.country)


def open_readable(record: ReportRecord, principal: Principal, sealer: Sealer) -> Content | None:
    """The content of a report; None where it is withheld from this caller. Raises UnsealError."""
    return open_content(record, sealer) if is_readable(record, principal) else None
