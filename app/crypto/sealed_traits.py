"""The traits by which a report is compared, sealed apart from its content: who compares reports
opens no more of them than that.
"""

from uuid import UUID

from pydantic_core import from_json, to_json

from app.crypto.sealing import Sealer
from app.domain.linkage.traits import Traits, from_plain, plain

_TABLE = "report.traits"


def seal_traits(traits: Traits, report_id: UUID, sealer: Sealer) -> bytes:
    """Seal the traits of a report."""
    return sealer.seal(to_json(plain(traits)), table=_TABLE, record=report_id)


def open_traits(sealed: bytes, report_id: UUID, sealer: Sealer) -> Traits:
    """Open the traits of a report. Raises UnsealError."""
    return from_plain(from_json(sealer.unseal(sealed, table=_TABLE, record=report_id)))
