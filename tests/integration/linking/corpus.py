"""A small network that sends, amends and withdraws reports through the services, and remembers what
it sent, so that what linking finds can be held against it.
"""

import hashlib
import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import insert, text

from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.domain.access import OrganisationKind, Principal, Scope
from app.domain.attributes import AttributeKind
from app.domain.linkage.model import KindModel, LinkageModel
from app.domain.observation import Observation
from app.linking.regrouping import Writing
from app.services.amend_report import amend_report
from app.services.link_queue import link_queue
from app.services.relink import relink
from app.services.submit_reports import submit_reports
from app.services.withdraw_report import withdraw_report
from app.storage.database import Database
from app.storage.repositories import stoplist
from app.storage.repositories.reports import AttributeRow, NewReport, ReportRecord
from app.storage.session import reading, writing
from app.storage.tables.access import organisation
from tests.support import invariants, oracle

CAPS = {"phone": 2, "email": 4, "person": 8, "address": 0}
"""With the model below a value of these kinds links up to so many carriers."""

_POPULATION = {"phone": 8.0, "email": 16.0, "person": 32.0}
_SECTORS = ("ngo", "police", "health")

SEALER = Sealer(Keyring(b"k" * 32))


def small_model(**caps):
    """A model with caps of a few carriers; of another kind (say `url=4096`) another cap."""
    populations = _POPULATION | {kind: 4.0 * cap for kind, cap in caps.items()}
    kinds = {
        kind: KindModel(0.5, populations.get(kind.value, 8.0), kind is not AttributeKind.ADDRESS)
        for kind in AttributeKind
    }
    return LinkageModel("test", 1.0, kinds)


def rules_of(model):
    """The same for the oracle."""
    return {
        kind.value: oracle.Rule(k.m, k.population, k.links_alone, model.threshold)
        for kind, k in model.kinds.items()
    }


def index_of(kind, value):
    """The index under which a value is stored here."""
    return hashlib.sha256(f"{kind}:{value}".encode()).digest()


def elements(summary, signs):
    """What the signs of several reports indicate: of no interest here."""
    return summary.elements


def writing_of(model, elements=elements):
    """What a linking step needs besides the queue."""
    return Writing(datetime.now(UTC), new_id, model.version, elements)


@dataclass
class Corpus:
    """A network on one database. `live`: every report that was not withdrawn, with its values as
    (kind, value, may link); `stopped`: the stop-list, as (kind, value).
    """

    database: Database
    model: LinkageModel = field(default_factory=small_model)
    organisations: list[UUID] = field(default_factory=list)
    live: dict[UUID, list] = field(default_factory=dict)
    owners: dict[UUID, UUID] = field(default_factory=dict)
    stopped: set = field(default_factory=set)

    @property
    def engine(self):
        return self.database.engine

    async def enrol(self, count=3):
        """Take so many organisations into the network."""
        self.organisations = [new_id() for _ in range(count)]
        rows = [
            {
                "id": id_,
                "name": f"Organisation {n}",
                "kind": _SECTORS[n % 3],
                "country": "SK",
                "agency": False,
            }
            for n, id_ in enumerate(self.organisations)
        ]
        async with writing(self.engine) as connection:
            await connection.execute(insert(organisation), rows)

    async def clear(self):
        """Forget everything but the organisations."""
        tables = "report, report_reference, report_attribute, report_version, link_queue, "
        tables += "shared_value, lead, lead_event, lead_membership, lead_membership_past, "
        tables += "outcome, feed, feedback, audit_entry, idempotency_key"
        async with writing(self.engine) as connection:
            for table in tables.split(", "):
                await connection.execute(text(f"DELETE FROM {table}"))
        self.live, self.owners, self.stopped = {}, {}, set()

    def prepare(self, values, place=0, **facts):
        """A report with these values, not sent yet. `place` chooses the organisation."""
        owner = self.organisations[place % len(self.organisations)]
        return new_report(values, owner, **facts)

    async def submit(self, *reports):
        """Send reports in one transaction; returns their ids. Each is a list of values, or what
        `prepare` made.
        """
        new = [
            report if isinstance(report, NewReport) else self.prepare(report, len(self.live) + n)
            for n, report in enumerate(reports)
        ]
        async with writing(self.engine) as connection:
            await submit_reports(connection, new, datetime.now(UTC), sealer=SEALER)
        for report in new:
            self._remember(report)
        return [report.record.id for report in new]

    async def amend(self, report_id, values, **facts):
        """Send other content for a report."""
        owner = self.owners[report_id]

        def amended(old):
            now = old._replace(version=old.version + 1, **facts)
            return NewReport(now, _rows(values), os.urandom(32), None, Observation((), ()))

        async with writing(self.engine) as connection:
            await amend_report(
                connection,
                report_id,
                organisation_id=owner,
                expected_version=None,
                amended=amended,
                now=datetime.now(UTC),
            )
        self.live[report_id] = list(values)

    async def withdraw(self, *report_ids):
        """Withdraw reports in one transaction."""
        async with writing(self.engine) as connection:
            for report_id in report_ids:
                await withdraw_report(
                    connection,
                    report_id,
                    principal=principal(self.owners[report_id]),
                    now=datetime.now(UTC),
                )
        for report_id in report_ids:
            del self.live[report_id]

    async def stop(self, kind, value):
        """Put a value on the stop-list."""
        async with writing(self.engine) as connection:
            await stoplist.add(connection, {index_of(kind, value): kind}, now=datetime.now(UTC))
        self.stopped.add((kind, value))

    async def allow(self, kind, value):
        """Take a value off the stop-list."""
        async with writing(self.engine) as connection:
            await stoplist.remove(connection, [index_of(kind, value)])
        self.stopped.discard((kind, value))

    async def link(self, limit=50):
        """Link one batch."""
        async with writing(self.engine) as connection:
            return await link_queue(
                connection, model=self.model, writing=writing_of(self.model), limit=limit
            )

    async def drain(self, limit=50):
        """Link until nothing waits."""
        while (await self.link(limit)).items:
            pass

    async def relink(self):
        """Link everything anew."""
        async with writing(self.engine) as connection:
            return await relink(connection, model=self.model, writing=writing_of(self.model))

    async def rows(self, statement, **arguments):
        """What a statement finds."""
        async with reading(self.engine) as connection:
            return (await connection.execute(text(statement), arguments)).all()

    async def value(self, statement, **arguments):
        """The one value that a statement finds."""
        [[found]] = await self.rows(statement, **arguments)
        return found

    async def lead_of(self, report_id):
        """The lead in which a report is."""
        return await self.value(
            "SELECT lead_id FROM lead_membership WHERE report_id = :r", r=report_id
        )

    async def partition(self):
        """The stored leads, as sets of reports."""
        leads = {}
        for report_id, lead_id in await self.rows("SELECT report_id, lead_id FROM lead_membership"):
            leads.setdefault(lead_id, set()).add(report_id)
        return frozenset(frozenset(lead) for lead in leads.values())

    def expected(self):
        """The leads that there should be."""
        return oracle.partition(self.live, self.stopped, rules_of(self.model))

    async def check(self):
        """See that the stored leads are right in every respect."""
        caps = {kind.value: self.model.most_carriers(kind) for kind in AttributeKind}
        async with reading(self.engine) as connection:
            assert await invariants.broken(connection, caps) == {}
        assert await self.partition() == self.expected()

    async def check_relinking(self, *, check=True):
        """See that linking from nothing finds the same, and so changes nothing."""
        before = await self.rows("SELECT * FROM lead ORDER BY id")
        events = await self.value("SELECT count(*) FROM lead_event")
        await self.relink()
        assert await self.rows("SELECT * FROM lead ORDER BY id") == before
        assert await self.value("SELECT count(*) FROM lead_event") == events
        if check:
            await self.check()

    def _remember(self, report):
        self.live[report.record.id] = [
            (kind, value, links) for kind, value, links, *_ in _VALUES.pop(report.record.id)
        ]
        self.owners[report.record.id] = report.record.organisation_id


_VALUES: dict[UUID, list] = {}


def new_report(values, owner, **facts):
    """A report of an organisation with these values, as intake hands it to the service."""
    id_ = new_id()
    now = datetime.now(UTC)
    record = ReportRecord(
        id=id_,
        organisation_id=owner,
        external_ref=str(id_),
        version=1,
        status="received",
        received_at=now,
        updated_at=now,
        observed_from=date(2026, 3, 1),
        observed_to=None,
        language=None,
        forms=["labour_exploitation"],
        indicators=[],
        elements=0,
        country="SK",
        nuts=None,
        age="adult",
        credibility=None,
        handling_code="H1",
        tlp="AMBER",
        share_with=[],
        police=True,
        catalogue_version="1",
        sealed=b"sealed",
    )
    _VALUES[id_] = list(values)
    return NewReport(
        record._replace(**facts), _rows(values), os.urandom(32), None, Observation((), ())
    )


def principal(owner):
    """A client of an organisation."""
    return Principal(
        "client", owner, OrganisationKind.NGO, "SK", agency=False, scopes={Scope.REPORTS_WRITE}
    )


def _rows(values):
    return [
        AttributeRow(index_of(kind, value), kind, "suspected_perpetrator", links, 1, *country)
        for kind, value, links, *country in values
    ]


def links(kind, value, country=None):
    """A value in a role that may link; `country` is that of a plate or document, where said."""
    return (kind, value, True, country) if country else (kind, value, True)
