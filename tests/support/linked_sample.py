"""The demo's reports, through the real intake and the real linker, with an outcome recorded and
a report withdrawn: something of everything that is stored.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from app.cli.accepting import Door, accept_rows
from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.domain.access import OrganisationKind, Principal
from app.domain.acting import OPERATOR
from app.domain.leads import LeadStatus
from app.intake.files.opening import Format, opened_file
from app.intake.preparing import Intake
from app.linking.comparing import Comparing
from app.services.record_outcome import Outcome, record_outcome
from app.services.withdraw_report import withdraw_report
from app.storage.catalogues import load_catalogue, load_model
from app.storage.database import Database
from app.storage.session import writing
from app.worker.linker import Linker

DEMO = Path(__file__).parents[2] / "app/data/demo/reports.ndjson"
_BATCH = 7
"""Small, so that leads grow, merge and split on the way."""

KEYRING = Keyring(b"k" * 32)
_SEALER = Sealer(KEYRING)


async def link_sample(database: Database) -> None:
    """Fill a migrated database without rows."""
    model, catalogue = load_model(), load_catalogue()
    intake = Intake(KEYRING, _SEALER, catalogue, model, new_id)
    lines = [*DEMO.read_text().splitlines(), *_attached()]
    rejected: list[bytes] = []
    with (
        TemporaryDirectory() as folder,
        opened_file(_written(folder, lines), Format.NDJSON, scenario=True) as source,
    ):
        door = Door(database, intake, None, rejected.append, lambda _: None)
        tally = await accept_rows(source.rows, door)
    assert tally.created == len(lines), rejected
    linker = Linker(
        database.engine,
        comparing=Comparing(model, KEYRING, _SEALER),
        catalogue=catalogue,
        batch=_BATCH,
    )
    await _link_all(linker)
    await _conclude(database)
    await _withdraw_from_largest(database)
    await _link_all(linker)


def _written(folder: str, lines: list[str]) -> Path:
    reports = Path(folder, "reports.ndjson")
    reports.write_text("\n".join(lines))
    return reports


def _attached() -> list[str]:
    """Two reports that a phone links, and one that a rare first name in their town attaches."""
    sender = {"ref": "sample", "name": "Sample", "kind": "ngo", "country": "SK"}
    place = {"country": "SK", "locality": "Brezno"}
    phone = {"kind": "phone", "value": "+421 905 000 987", "role": "suspected_perpetrator"}
    whole, first = {"name": "Vendelína Vymyslená"}, {"given_name": "Vendelína"}
    several = (
        {"attributes": [phone], "place": place, "persons": [whole]},
        {"attributes": [phone], "place": place},
        {"place": place, "persons": [first]},
    )
    return [
        json.dumps(
            {
                "organisation": sender,
                "report": {"external_ref": f"A-{n}", "observed_from": "2026-03-01", **each},
            }
        )
        for n, each in enumerate(several)
    ]


async def _link_all(linker: Linker) -> None:
    while (linked := await linker.link_once(_BATCH)) is None or linked.items:
        pass


_LARGEST = "SELECT id FROM lead ORDER BY report_count DESC, id LIMIT 1"


async def _conclude(database: Database) -> None:
    async with writing(database.engine, OPERATOR) as connection:
        lead_id = await connection.scalar(text(_LARGEST))
        owner = await connection.scalar(text("SELECT id FROM organisation ORDER BY id LIMIT 1"))
        await record_outcome(
            connection,
            lead_id,
            Outcome(LeadStatus.UNDER_ASSESSMENT, "Thank you.", None, None),
            principal=_principal(owner),
            sealer=_SEALER,
            now=datetime.now(UTC),
        )


async def _withdraw_from_largest(database: Database) -> None:
    async with writing(database.engine, OPERATOR) as connection:
        rows = await connection.execute(
            text(
                f"""
                SELECT r.id, r.organisation_id FROM report AS r
                JOIN lead_membership AS m ON m.report_id = r.id
                WHERE m.lead_id = ({_LARGEST}) ORDER BY r.id LIMIT 1
                """
            )
        )
        report_id, owner = rows.one()
        await withdraw_report(
            connection, report_id, principal=_principal(owner), now=datetime.now(UTC)
        )


def _principal(organisation_id) -> Principal:
    return Principal(
        "sample", organisation_id, OrganisationKind.NGO, "SK", agency=False, scopes=set()
    )
