"""The rule of reading stands twice, in Python and in the database: they say the same of everything."""

import json
from datetime import UTC, date, datetime
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.crypto.ids import new_id
from app.domain.acting import OPERATOR, Acting, senders
from app.domain.sharing import Conditions, circle_of, includes, names_of, readers_of
from app.storage.copying import copy_rows
from app.storage.database import connect
from app.storage.repositories import reports
from app.storage.repositories.report_record import ReportRecord
from app.storage.session import reading, writing
from app.storage.tables.reports import report
from tests.support.postgres import ask

READER, OTHER, THIRD = (UUID(int=number) for number in (1, 2, 3))
COUNTRIES = ("SK", "BG", "")
NAMES = [str(READER), str(OTHER), "SK", "BG"]
cases = st.lists(
    st.tuples(
        st.none() | st.lists(st.sampled_from(NAMES), max_size=4, unique=True),
        st.sampled_from([READER, THIRD]),
        st.sampled_from(COUNTRIES),
    ),
    min_size=1,
    max_size=60,
)
_ASK = """
SELECT includes(
  CASE WHEN jsonb_typeof(c -> 0) = 'array' THEN ARRAY(SELECT jsonb_array_elements_text(c -> 0)) END,
  ARRAY(SELECT jsonb_array_elements_text(c -> 1)))
FROM jsonb_array_elements($1 ::jsonb) WITH ORDINALITY AS e (c, place) ORDER BY place
"""


@settings(max_examples=60, deadline=None)
@given(cases)
def test_the_database_decides_as_the_application_does(module_database, given_cases):
    told = json.dumps([[circle, names_of(reader, at)] for circle, reader, at in given_cases])
    decided = [row[0] for row in ask(module_database, _ASK, told)]
    assert decided == [
        includes(circle, agency=reader, country=country) for circle, reader, country in given_cases
    ]


ALL = [
    Conditions(owner, agency, code, tlp, share_with, police)
    for owner, agency, code, tlp, share_with, police in product(
        (READER, OTHER),
        (False, True),
        ("H0", "H1", "H2", "H3"),
        ("CLEAR", "AMBER", "RED"),
        ((), (str(READER),), (str(THIRD),), ("SK",), ("BG",), ("BG", str(READER))),
        (False, True),
    )
]


@pytest.fixture(scope="module")
async def stored(module_database):
    """Reports under all conditions, each also withdrawn; by id, and the engine."""
    database = connect(module_database, connections=2)
    insert = text(
        "INSERT INTO organisation (id, name, kind, country, agency) "
        "VALUES (:id, 'Invented', 'law_enforcement', 'SK', true)"
    )
    async with writing(database.engine, OPERATOR) as connection:
        for id_ in (READER, OTHER):
            await connection.execute(insert, {"id": id_})
    records = {
        record.id: (record, c)
        for c in ALL
        for status in ("received", "withdrawn")
        for record in [_record(c, status)]
    }
    async with writing(database.engine, senders([READER, OTHER])) as connection:
        rows = [record for record, _ in records.values()]
        await copy_rows(connection, report, ReportRecord._fields, rows)
    yield database.engine, records
    await database.engine.dispose()


def _record(c, status):
    now = datetime.now(UTC)
    circles = [None if found is None else list(found) for found in (circle_of(c), readers_of(c))]
    return ReportRecord(
        new_id(), c.owner, 'a "quoted" \\ reference', 1, status, now, now, date(2026, 3, 1), None,
        None, ["other"], ['a"b', "c\\d", ""], "SK", None, "adult", at_risk=False,
        credibility=None, handling_code=c.handling_code, tlp=c.tlp, share_with=list(c.share_with),
        police=c.police, circle=circles[0], readers=circles[1], catalogue_version="1",
        sealed=b"sealed", traits=b"traits", rank=0,
    )  # fmt: skip


@pytest.mark.parametrize("country", ["SK", "BG", "AT"])
async def test_an_agency_gets_the_rows_that_it_may_read_and_of_what_it_may_know_a_stub(
    stored, country
):
    engine, records = stored
    agency = Acting(organisations=frozenset({READER}), country=country, agency=True)
    async with reading(engine, agency) as connection:
        seen = set(await connection.scalars(text("SELECT id FROM report")))
        found = await reports.find_many(connection, list(records))
    readable, known = set(), set()
    for id_, (record, c) in records.items():
        reads = includes(readers_of(c), agency=READER, country=country)
        if c.owner == READER or (record.status != "withdrawn" and reads):
            readable.add(id_)
        elif includes(circle_of(c), agency=READER, country=country):
            known.add(id_)
    assert seen == readable
    assert readable
    assert known
    assert len(readable) + len(known) < len(records)
    assert found.keys() == readable | known
    assert {id_: found[id_] for id_ in readable} == {id_: records[id_][0] for id_ in readable}
    for id_ in known:
        record, stub = records[id_][0], found[id_]
        told = (stub.organisation_id, stub.status, stub.handling_code, stub.tlp, stub.circle)
        assert told == (
            record.organisation_id, record.status, record.handling_code, record.tlp, record.circle,
        )  # fmt: skip
        assert (stub.sealed, stub.traits, stub.external_ref) == (None, None, "")
        assert (*stub.forms, *stub.indicators, *stub.share_with, stub.country) == (None,)
        assert stub.readers == ()


async def test_one_that_is_no_agency_gets_its_own_and_no_stub(stored):
    engine, records = stored
    async with reading(engine, senders([READER])) as connection:
        found = await reports.find_many(connection, list(records))
        asked = {"ids": list(records)}
        stubs = await connection.scalar(
            text("SELECT count(*) FROM report_stubs(:ids ::uuid[])"), asked
        )
        known = await connection.scalar(
            text("SELECT count(*) FROM unnest(:ids ::uuid[]) AS i (id) WHERE is_known(id)"), asked
        )
    assert found == {id_: record for id_, (record, c) in records.items() if c.owner == READER}
    assert (stubs, known) == (0, 0)
