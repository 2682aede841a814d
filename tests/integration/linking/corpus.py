"""A small network that sends, amends, withdraws and judges reports through intake and the services,
and remembers what it sent, so that what linking finds can be held against the oracle.
"""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
from sqlalchemy import insert, text

from app.crypto.ids import new_id
from app.domain.access import OrganisationKind, Principal, Scope
from app.domain.acting import LINKER, OPERATOR, senders
from app.domain.attributes import AttributeKind
from app.domain.linkage.model import LinkageModel
from app.services.amend_report import amend_report
from app.services.link_queue import link_queue
from app.services.relink import relink
from app.services.submit_reports import submit_reports
from app.services.withdraw_report import withdraw_report
from app.storage.database import Database
from app.storage.repositories import stoplist
from app.storage.session import reading, writing
from app.storage.tables.access import organisation
from app.storage.tables.linking import judgement
from app.storage.tables.linking import link_queue as queue_table
from tests.integration.linking.prepared import (
    CATALOGUE,
    DELIVERED,
    SEALER,
    Prepared,
    comparing_of,
    index_of,
    links,
    normalised,
    small_model,
    writing_of,
)
from tests.support import invariants, oracle
from tests.support.postgres import owner_of

__all__ = [
    "CATALOGUE",
    "DELIVERED",
    "SEALER",
    "Corpus",
    "Prepared",
    "comparing_of",
    "index_of",
    "link_queue",
    "links",
    "normalised",
    "small_model",
    "writing_of",
]  # fmt: skip

_SECTORS = ("ngo", "police", "health")
_TABLES = (
    "report", "report_reference", "report_attribute", "report_block", "report_version", "link",
    "judgement", "link_queue", "shared_value", "lead", "lead_event", "lead_membership",
    "lead_membership_past", "outcome", "feed", "feedback", "idempotency_key",
)  # fmt: skip


@dataclass
class Corpus:
    """A network on one database. `live`: what the oracle knows of every report that was not
    withdrawn; `stopped`: the stop-list, as (kind, normalised value); `judged`: the latest
    judgement of each pair.
    """

    database: Database
    model: LinkageModel = field(default_factory=small_model)
    organisations: list[UUID] = field(default_factory=list)
    live: dict[UUID, oracle.Known] = field(default_factory=dict)
    bodies: dict[UUID, dict] = field(default_factory=dict)
    owners: dict[UUID, UUID] = field(default_factory=dict)
    stopped: set = field(default_factory=set)
    judged: dict = field(default_factory=dict)
    numbers: itertools.count = field(default_factory=itertools.count)

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
        async with writing(self.engine, OPERATOR) as connection:
            await connection.execute(insert(organisation), rows)

    async def define(self, *statements):
        """Run statements that change the schema, as its owner."""
        dsn = self.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(owner_of(dsn))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def clear(self):
        """Forget everything but the organisations, and the access log, which nobody can empty."""
        async with writing(self.engine, OPERATOR) as connection:
            for table in _TABLES:
                await connection.execute(text(f"DELETE FROM {table}"))
        self.live, self.bodies, self.owners = {}, {}, {}
        self.stopped, self.judged = set(), {}
        self.numbers = itertools.count()

    def prepare(self, content, place=0, **more):
        """A report, not sent yet: a body, or a list of attributes. `place` chooses the
        organisation, `more` adds fields.
        """
        given = content if isinstance(content, dict) else {"attributes": list(content)}
        usual = {"external_ref": f"R-{next(self.numbers)}", "observed_from": "2026-03-01"}
        owner = self.organisations[place % len(self.organisations)]
        return Prepared(usual | given | more, owner, self.model)

    async def submit(self, *reports):
        """Send reports in one transaction; returns their ids. Each is a body, a list of
        attributes, or what `prepare` made.
        """
        sent = [
            report if isinstance(report, Prepared) else self.prepare(report, len(self.live) + n)
            for n, report in enumerate(reports)
        ]
        owners = senders(each.new.record.organisation_id for each in sent)
        async with writing(self.engine, owners) as connection:
            now = datetime.now(UTC)
            await submit_reports(connection, [each.new for each in sent], now, sealer=SEALER)
        for each in sent:
            self.remember(each)
        return [each.id for each in sent]

    def remember(self, sent):
        """Take note of a report that was sent."""
        self.live[sent.id], self.bodies[sent.id] = sent.known, sent.body
        self.owners[sent.id] = sent.new.record.organisation_id

    async def amend(self, report_id, content, **more):
        """Send other content for a report."""
        given = content if isinstance(content, dict) else {"attributes": list(content)}
        usual = {
            "external_ref": self.bodies[report_id]["external_ref"],
            "observed_from": "2026-03-01",
        }
        owner, made = self.owners[report_id], []

        def amended(old):
            made.append(Prepared(usual | given | more, owner, self.model, old=old))
            return made[0].new

        async with writing(self.engine, senders([owner])) as connection:
            await amend_report(
                connection,
                report_id,
                organisation_id=owner,
                expected_version=None,
                amended=amended,
                now=datetime.now(UTC),
            )
        self.remember(made[0])

    async def withdraw(self, *report_ids):
        """Withdraw reports in one transaction."""
        owners = senders(self.owners[report_id] for report_id in report_ids)
        async with writing(self.engine, owners) as connection:
            for report_id in report_ids:
                await withdraw_report(
                    connection,
                    report_id,
                    principal=principal(self.owners[report_id]),
                    now=datetime.now(UTC),
                )
        for report_id in report_ids:
            del self.live[report_id]

    async def judge(self, kind, one, other):
        """Have an analyst join or separate two reports."""
        low, high = sorted((one, other))
        row = {
            "id": new_id(), "kind": kind, "report_lo": low, "report_hi": high,
            "lead_id": new_id(), "sealed": b"", "organisation_id": self.organisations[0],
            "client_id": "analyst", "at": datetime.now(UTC),
        }  # fmt: skip
        queued = [{"report_id": report, "cause": "judged"} for report in (low, high)]
        async with writing(self.engine, OPERATOR) as connection:
            await connection.execute(insert(judgement), [row])
            await connection.execute(insert(queue_table), queued)
        self.judged[low, high] = kind

    async def stop(self, kind, value):
        """Put a normalised value on the stop-list."""
        async with writing(self.engine, OPERATOR) as connection:
            await stoplist.add(
                connection, {index_of(kind, value): kind}, now=datetime.now(UTC), note=None
            )
        self.stopped.add((AttributeKind(kind), value))

    async def allow(self, kind, value):
        """Take a normalised value off the stop-list."""
        async with writing(self.engine, OPERATOR) as connection:
            await stoplist.remove(connection, [index_of(kind, value)])
        self.stopped.discard((AttributeKind(kind), value))

    async def link(self, limit=50):
        """Link one batch."""
        async with writing(self.engine, LINKER) as connection:
            return await link_queue(
                connection,
                comparing=comparing_of(self.model),
                writing=writing_of(self.model),
                limit=limit,
            )

    async def drain(self, limit=50):
        """Link until nothing waits."""
        while (await self.link(limit)).items:
            pass

    async def relink(self):
        """Link everything anew."""
        async with writing(self.engine, LINKER) as connection:
            return await relink(
                connection,
                comparing=comparing_of(self.model),
                writing=writing_of(self.model),
                progress=lambda *_: None,
            )

    async def rows(self, statement, **arguments):
        """What a statement finds."""
        async with reading(self.engine, OPERATOR) as connection:
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

    async def together(self, *reports):
        """Whether these reports are in one lead."""
        return len({await self.lead_of(report) for report in reports}) == 1

    async def partition(self):
        """The stored leads, as sets of reports."""
        leads = {}
        for report_id, lead_id in await self.rows("SELECT report_id, lead_id FROM lead_membership"):
            leads.setdefault(lead_id, set()).add(report_id)
        return frozenset(frozenset(lead) for lead in leads.values())

    async def links(self):
        """The stored links: weight and whether strong, of each pair."""
        rows = await self.rows("SELECT report_lo, report_hi, weight, strong, things FROM link")
        return {(low, high): tuple(found) for low, high, *found in rows}

    async def stored(self):
        """What is stored, as the oracle tells it."""
        attached = await self.rows("SELECT report_id FROM lead_membership WHERE attached")
        cut = await self.rows(
            "SELECT m.report_id FROM lead_membership AS m JOIN lead AS l ON l.id = m.lead_id "
            "WHERE l.cut AND NOT m.attached"
        )
        hubs = await self.rows("SELECT value_index FROM shared_value WHERE reason = 'spread'")
        return oracle.Expected(
            leads=await self.partition(),
            attached=frozenset(report for (report,) in attached),
            cut=frozenset(report for (report,) in cut),
            links=await self.links(),
            hubs=frozenset(bytes(index) for (index,) in hubs),
        )

    def expected(self):
        """What should be stored."""
        world = oracle.World(self.live, self.stopped, self.judged, index_of)
        return oracle.expected(world, self.model)

    async def check(self):
        """See that what is stored is right in every respect."""
        stored, should = await self.stored(), self.expected()
        assert self.told(stored.links) == self.told(should.links)
        assert {h.hex()[:8] for h in stored.hubs} == {h.hex()[:8] for h in should.hubs}
        assert self.named(stored.leads) == self.named(should.leads)
        assert self.named([stored.attached]) == self.named([should.attached])
        assert stored.cut >= should.cut
        async with reading(self.engine, OPERATOR) as connection:
            assert await invariants.broken(connection) == {}

    def named(self, groups):
        """Groups of reports by their references, for reading."""
        return sorted(sorted(self.ref(report) for report in group) for group in groups)

    def told(self, links):
        """Links by the references of their reports, for reading."""
        return {
            tuple(sorted((self.ref(one), self.ref(other)))): weight
            for (one, other), weight in links.items()
        }

    def ref(self, report_id):
        """The reference of a report."""
        return self.bodies[report_id]["external_ref"]

    async def check_relinking(self):
        """See that linking from nothing finds the same, and so changes nothing."""
        before = await self._everything()
        await self.relink()
        assert await self._everything() == before
        await self.check()

    async def _everything(self):
        return {
            "leads": await self.rows("SELECT * FROM lead ORDER BY id"),
            "members": await self.rows("SELECT * FROM lead_membership ORDER BY report_id"),
            "links": await self.rows(
                "SELECT report_lo, report_hi, weight, strong, parts FROM link ORDER BY 1, 2"
            ),
            "events": await self.value("SELECT count(*) FROM lead_event"),
        }


def principal(owner):
    """A client of an organisation."""
    return Principal(
        "client", owner, OrganisationKind.NGO, "SK", agency=False, scopes={Scope.REPORTS_WRITE}
    )
