"""Which reports a caller may know the content of, from their stored conditions."""

from app.crypto.sealing import Sealer
from app.domain.access import Principal
from app.domain.reports import ReportStatus
from app.domain.sharing import Conditions, may_read
from app.intake.content import Content, open_content
from app.storage.repositories.report_record import ReportRecord


def is_readable(record: ReportRecord, principal: Principal) -> bool:
    """Whether the caller, an agency, may read this report; nobody may once it was withdrawn."""
    if record.status == ReportStatus.WITHDRAWN.value:
        return False
    conditions = Conditions(
        record.organisation_id,
        record.handling_code,
        record.tlp,
        record.share_with,
        record.police,
    )
    return may_read(conditions, reader=principal.organisation_id, country=principal.country)


def open_readable(record: ReportRecord, principal: Principal, sealer: Sealer) -> Content | None:
    """The content of a report; None where it is withheld from this caller. Raises UnsealError."""
    return open_content(record, sealer) if is_readable(record, principal) else None
