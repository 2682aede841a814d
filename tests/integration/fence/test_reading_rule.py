"""The rule of reading stands twice, in Python and in the database: they say the same of everything."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.crypto.ids import new_id
from app.domain.acting import OPERATOR, Actor, senders
from app.domain.sharing import Conditions, may_read
from app.storage.copying import copy_rows
from app.storage.database import connect
from app.storage.repositories import reports
from app.storage.repositories.report_record import ReportRecord
from app.storage.session import reading, writing
from app.storage.tables.reports import report
from tests.support.postgres import ask

READER, OTHER, THIRD = (UUID(int=number) for number in (1, 2, 3))
COUNTRIES = ("SK", "BG", "")
conditions = st.builds(
    Conditions,
    owner=st.sampled_from([READER, OTHER]),
    handling_code=st.sampled_from(["H0", "H1", "H2", "H3"]),
    tlp=st.sampled_from(["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]),
    share_with=st.lists(st.sampled_from([str(READER), str(OTHER), "SK", "BG"]), max_size=3),
    police=st.booleans(),
)
cases = st.lists(
    st.tuples(conditions, st.sampled_from([READER, THIRD]), st.sampled_from(COUNTRIES)),
    min_size=1,
    max_size=60,
)
_ASK = """
SELECT may_read((c ->> 0)::uuid, c ->> 1, c ->> 2,
  ARRAY(SELECT jsonb_array_elements_text(c -> 3)), (c ->> 4)::bool, (c ->> 5)::uuid, c ->> 6)
FROM jsonb_array_elements($1 ::jsonb) WITH ORDINALITY AS e (c, place) ORDER BY place
"""


@settings(max_examples=60, deadline=None)
@given(cases)
def test_the_database_decides_as_the_application_does(module_database, given_cases):
    told = json.dumps(
        [
            [
                str(c.owner),
                c.handling_code,
                c.tlp,
                list(c.share_with),
                c.police,
                str(reader),
                country,
            ]
            for c, reader, country in given_cases
        ]
    )
    decided = [row[0] for row in ask(module_database, _ASK, told)]
    assert decided == [
        may_read(c, reader=reader, country=country) for c, reader, country in given_cases
    ]


ALL = [
    Conditions(owner, code, tlp, share_with, police)
    for owner in (READER, OTHER)
    for code in ("H0", "H1", "H2", "H3")
    for tlp in ("CLEAR", "AMBER", "RED")
    for share_with in ((), (str(READER),), (str(THIRD),), ("SK",), ("BG",), ("BG", str(READER)))
    for police in (False, True)
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
    return ReportRecord(
        new_id(), c.owner, 'a "quoted" \\ reference', 1, status, now, now, date(2026, 3, 1), None,
        None, ["other"], ['a"b', "c\\d", ""], "SK", None, "adult", at_risk=False,
        credibility=None, handling_code=c.handling_code, tlp=c.tlp, share_with=list(c.share_with),
        police=c.police, catalogue_version="1", sealed=b"sealed", traits=b"traits", rank=0,
    )  # fmt: skip


@pytest.mark.parametrize("country", ["SK", "BG", "AT"])
async def test_an_agency_gets_the_rows_that_it_may_read_and_of_others_a_stub(stored, country):
    engine, records = stored
    agency = Actor(organisations=frozenset({READER}), country=country, agency=True)
    async with reading(engine, agency) as connection:
        seen = set(await connection.scalars(text("SELECT id FROM report")))
        found = await reports.find_many(connection, list(records))
    readable = {
        id_
        for id_, (record, c) in records.items()
        if c.owner == READER
        or (record.status != "withdrawn" and may_read(c, reader=READER, country=country))
    }
    assert seen == readable
    assert 0 < len(readable) < len(records)
    for id_, (record, _) in records.items():
        if id_ in readable:
            assert found[id_] == record
        else:
            stub = found[id_]
            told = (stub.organisation_id, stub.status, stub.handling_code, stub.tlp)
            assert told == (record.organisation_id, record.status, record.handling_code, record.tlp)
            assert (stub.sealed, stub.traits, stub.external_ref) == (None, None, "")
            assert (*stub.forms, *stub.indicators, *stub.share_with, stub.country) == (None,)


async def test_one_that_is_no_agency_gets_its_own_and_no_stub(stored):
    engine, records = stored
    async with reading(engine, senders([READER])) as connection:
        found = await reports.find_many(connection, list(records))
    assert found == {id_: record for id_, (record, c) in records.items() if c.owner == READER}
