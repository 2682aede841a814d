"""Preparing a report for storage: what stands open, what is sealed, what is refused."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.crypto.blind_index import index_of_value, token_of
from app.crypto.keyring import KEY_VERSION, Keyring
from app.crypto.sealed_traits import open_traits
from app.crypto.sealing import Sealer, UnsealError
from app.domain.attributes import AttributeKind, AttributeRole, Context
from app.domain.audit import SYSTEM
from app.domain.errors import Fault, InvalidInputError
from app.domain.linkage.blocking import keys_of, marks_of
from app.domain.linkage.traits import PersonTraits
from app.domain.reports import Draft, Facts, Handling, Mention, PersonMention
from app.intake.content import unpack
from app.intake.preparing import REPORT_TABLE, Intake, Submission, content_mac, prepare, understand
from app.storage.catalogues import load_catalogue, load_model

PHONE = AttributeKind.PHONE
SUSPECT, WITNESS = AttributeRole.SUSPECTED_PERPETRATOR, AttributeRole.WITNESS
NUMBER, E164 = "0905 123 456", "+421905123456"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OWNER, NEW, GIVEN = (UUID(int=n) for n in (1, 2, 3))
KEYRING = Keyring(b"k" * 32)
MODEL = load_model()
INTAKE = Intake(KEYRING, Sealer(KEYRING), load_catalogue(), MODEL, lambda: NEW)
CONTENT = json.dumps({"external_ref": "LI-1", "narrative": "Jana"}).encode()


def draft(*mentions, **facts):
    usual = {
        "external_ref": "LI-1",
        "observed_from": date(2026, 3, 1),
        "observed_to": date(2026, 3, 2),
        "language": "sk",
        "forms": ("labour_exploitation",),
        "indicators": ("AC-02",),
        "country": "SK",
        "nuts": "SK031",
        "age_groups": frozenset({"adult"}),
        "at_risk": False,
        "credibility": 2,
        "handling": Handling("H2", "GREEN", ("AT",), police=False, linking=True),
    }
    read = Facts(**usual | facts)
    return Draft(read, tuple(mentions), (), (), "", read.indicators)


def mention(raw=NUMBER, role=SUSPECT, *, pointer="/attributes/0", token=None):
    return Mention(pointer, PHONE, role, Context(country="SK"), raw, token)


def prepared(*mentions, now=NOW, submission=(), **facts):
    sent = Submission(draft(*mentions, **facts), CONTENT, OWNER, SYSTEM, **dict(submission))
    return prepare(sent, INTAKE, now)


def faults(**arguments):
    with pytest.raises(InvalidInputError) as refused:
        prepared(**arguments)
    return refused.value.faults


def test_the_facts_stand_open_in_the_record():
    record = prepared().record
    assert (record.id, record.organisation_id, record.external_ref) == (NEW, OWNER, "LI-1")
    assert (record.version, record.status) == (1, "received")
    assert record.received_at == record.updated_at == NOW
    assert (record.observed_from, record.observed_to) == (date(2026, 3, 1), date(2026, 3, 2))
    assert (record.language, record.country, record.nuts) == ("sk", "SK", "SK031")
    assert (tuple(record.forms), tuple(record.indicators)) == (("labour_exploitation",), ("AC-02",))
    assert (record.age, record.at_risk, record.credibility) == ("adult", False, 2)
    assert (record.handling_code, record.tlp, tuple(record.share_with)) == ("H2", "GREEN", ("AT",))
    assert record.police is False
    assert record.catalogue_version == INTAKE.catalogue.version


def test_an_amended_report_keeps_id_reception_and_status():
    received = NOW - timedelta(days=3)
    submission = {
        "report_id": GIVEN, "version": 4, "received_at": received, "status": "prosecution",
        "idempotency_key": "key",
    }  # fmt: skip
    new = prepared(submission=submission)
    record = new.record
    assert (record.id, record.version, record.status) == (GIVEN, 4, "prosecution")
    assert (record.received_at, record.updated_at) == (received, NOW)
    assert new.idempotency_key == "key"


def test_the_content_is_sealed_for_this_record_with_its_values():
    record = prepared(mention()).record
    assert b"Jana" not in record.sealed
    content = unpack(INTAKE.sealer.unseal(record.sealed, table=REPORT_TABLE, record=NEW))
    assert content.report == json.loads(CONTENT)
    assert [value.normalised for value in content.values] == [E164]


def test_a_value_is_stored_as_its_blind_index_alone():
    [row] = prepared(mention()).attributes
    assert tuple(row) == (
        index_of_value(KEYRING, PHONE, E164), "phone", SUSPECT.value, True, KEY_VERSION, None,
    )  # fmt: skip


def test_a_token_is_stored_as_its_value_is():
    by_value = prepared(mention()).attributes
    by_token = prepared(mention("", token=token_of(KEYRING, PHONE, E164))).attributes
    assert by_token == by_value


@pytest.mark.parametrize("roles", [(WITNESS, SUSPECT), (SUSPECT, WITNESS)])
def test_a_value_in_two_roles_is_one_row_in_the_role_that_links(roles):
    [row] = prepared(*[mention(role=role) for role in roles]).attributes
    assert (row.role, row.links) == (SUSPECT.value, True)


def test_a_value_that_stands_twice_in_roles_that_link_keeps_the_first():
    [row] = prepared(mention(role=AttributeRole.FACILITATOR), mention()).attributes
    assert row.role == "facilitator"


def test_what_the_reporter_is_told_comes_along():
    new = prepared(mention("rubbish"))
    assert [warning.pointer for warning in new.observation.warnings] == ["/attributes/0"]
    assert new.attributes == []


@pytest.mark.parametrize(("days", "accepted"), [(0, True), (2, True), (3, False), (365, False)])
def test_an_observation_may_lie_ahead_by_what_clocks_differ(days, accepted):
    observed = (NOW + timedelta(days=days)).date()
    if accepted:
        assert prepared(observed_from=observed).record.observed_from == observed
    else:
        assert faults(observed_from=observed) == (Fault("/observed_from", "lies in the future"),)


@pytest.mark.parametrize("end", [date(2026, 11, 27), date(2027, 1, 1), date(9999, 12, 31)])
def test_an_observation_does_not_end_in_the_future(end):
    assert faults(observed_to=end) == (Fault("/observed_to", "lies in the future"),)


def test_an_observation_may_end_today():
    assert prepared(observed_to=NOW.date()).record.observed_to == NOW.date()


@pytest.mark.parametrize(
    ("mentions", "facts"),
    [
        ([], {"observed_from": date(2027, 1, 1)}),
        ([], {"observed_to": date(2027, 1, 1)}),
        ([], {"indicators": ("ZZ-99",)}),
        ([mention("", token="x" * 44)], {}),
    ],
)
def test_a_dry_run_refuses_what_a_report_is_refused_for(mentions, facts):
    with pytest.raises(InvalidInputError) as dry:
        understand(draft(*mentions, **facts), INTAKE, NOW)
    with pytest.raises(InvalidInputError) as real:
        prepared(*mentions, **facts)
    assert dry.value.faults == real.value.faults


def test_an_unknown_indicator_is_refused():
    assert [fault.pointer for fault in faults(indicators=("AC-02", "ZZ-99"))] == ["/indicators/1"]


@pytest.mark.parametrize("token", ["", "short", "*" * 43, "x" * 44])
def test_a_malformed_token_is_refused_at_its_place(token):
    with pytest.raises(InvalidInputError) as refused:
        prepared(mention("", token=token, pointer="/attributes/7"))
    assert [fault.pointer for fault in refused.value.faults] == ["/attributes/7/token"]


def test_the_fingerprint_of_the_same_bytes_is_the_same():
    assert content_mac(b'{"a":1}', KEYRING) == content_mac(b'{"a":1}', KEYRING)
    assert len(content_mac(b'{"a":1}', KEYRING)) == 32


@pytest.mark.parametrize("other", [b'{"a":2}', b'{"a":"1"}', b'{"a":1,"b":null}', b'{"A":1}'])
def test_other_content_has_another_fingerprint(other):
    assert content_mac(other, KEYRING) != content_mac(b'{"a":1}', KEYRING)


def test_another_installation_has_other_fingerprints():
    other = Keyring(b"o" * 32)
    assert content_mac(CONTENT, other) != content_mac(CONTENT, KEYRING)


LINH = PersonMention("/persons/0", SUSPECT, "Linh Nguyen", None, None, "1999-05-02", "VN")


def with_person(person=LINH, **facts):
    read = replace(draft(**facts), persons=(person,))
    return prepare(Submission(read, CONTENT, OWNER, SYSTEM), INTAKE, NOW)


def test_what_is_compared_is_sealed_apart_for_this_record():
    new = with_person()
    [person] = open_traits(new.record.traits, NEW, INTAKE.sealer).persons
    assert person == PersonTraits((("linh", "nguien"),), (1999, 5, 2), None, "VN")
    assert b"linh" not in new.record.traits.lower()
    with pytest.raises(UnsealError):
        open_traits(new.record.traits, GIVEN, INTAKE.sealer)


@pytest.mark.parametrize(
    ("facts", "same"),
    [
        ({}, True),
        ({"observed_from": date(2026, 3, 2)}, True),
        ({"observed_from": date(2024, 3, 1)}, False),
        ({"language": "de"}, True),
    ],
)
def test_circumstances_are_place_and_half_year(facts, same):
    assert (prepared(**facts).circumstances == prepared().circumstances) is same


def test_a_rank_comes_from_the_content_alone():
    sent = replace(Submission(draft(), CONTENT, OWNER, SYSTEM), report_id=GIVEN, version=7)
    assert prepare(sent, INTAKE, NOW).record.rank == prepared().record.rank
    other = replace(sent, content=CONTENT + b" ")
    assert prepare(other, INTAKE, NOW).record.rank != prepared().record.rank


def test_without_consent_to_linking_there_is_nothing_to_find_a_report_by():
    new = with_person(handling=Handling(linking=False))
    assert keys_of(marks_of(open_traits(new.record.traits, NEW, INTAKE.sealer))) == frozenset()
    assert not any(row.links for row in new.attributes)


def test_an_own_code_of_an_extension_counts_as_the_common_one():
    own, common = (
        prepared(indicators=(*codes, "AC-02")) for codes in (("SK-01", "EX-07"), ("EX-07",))
    )
    assert own.record.indicators == common.record.indicators == ("EX-07", "AC-02")
    sent = Submission(draft(indicators=("SK-03",)), CONTENT, OWNER, SYSTEM)
    counted = understand(sent.draft, INTAKE, NOW).assessment
    assert "CD-13" in counted.as_dict()["means"]["indicators"]


def test_an_own_code_that_no_extension_has_is_refused_at_its_place():
    assert faults(indicators=("SK-01", "SK-99")) == (
        Fault("/indicators/1", "not a code of the catalogue"),
    )
