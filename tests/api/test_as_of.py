"""Leads as they were at a time in the past, over HTTP."""

import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.reports import email, report

WHY = {"Purpose": "investigation"}
PATHS = ["", "/reports"]


@pytest.fixture(scope="module")
def lead_of(network):
    """The lead that a report is in at the moment."""

    def lead_of(body):
        statement = "SELECT lead_id FROM lead_membership WHERE report_id = $1"
        return str(network.one(statement, uuid.UUID(body["id"])))

    return lead_of


@pytest.fixture(scope="module")
def then(agency):
    """The answer of a lead as of a time."""

    def then(lead_id, at, path="", **query):
        query |= {"as_of": at if isinstance(at, str) else at.isoformat()}
        return agency.http.get(f"/v1/leads/{lead_id}{path}", params=query, headers=WHY)

    return then


def now():
    """A time that nothing else happens at."""
    time.sleep(0.002)
    moment = datetime.now(UTC)
    time.sleep(0.002)
    return moment


@pytest.fixture(scope="module")
def grown(reporter, network, lead_of):
    """A lead that grew by a second and a third report, and lost the second; and the times between."""
    tie = email()
    times, sent = [now()], []
    for _ in range(3):
        sent.append(reporter.send(report(attributes=[tie], narrative="Text na neskôr")))
        times.append(now())
    lead_id = lead_of(sent[0])
    assert reporter.http.delete(f"/v1/reports/{sent[1]['id']}").status_code == 204
    network.wait_until_linked()
    times.append(now())
    return lead_id, sent, times


@pytest.mark.parametrize(
    ("moment", "members"), [(1, [0]), (2, [0, 1]), (3, [0, 1, 2]), (4, [0, 2])]
)
def test_a_lead_has_the_members_of_the_time_that_is_asked_for(then, grown, moment, members):
    lead_id, sent, times = grown
    body = then(lead_id, times[moment]).json()
    assert set(body) == {"id", "as_of", "created_at", "report_count", "members"}
    assert body["id"] == lead_id
    assert datetime.fromisoformat(body["as_of"]) == times[moment]
    assert body["members"] == [sent[place]["id"] for place in members]
    assert body["report_count"] == len(members)
    items = then(lead_id, times[moment], "/reports").json()["items"]
    assert [item["id"] for item in items] == body["members"]


def test_members_of_the_past_read_as_they_do_today(then, grown):
    lead_id, sent, times = grown
    first, second, third = then(lead_id, times[3], "/reports").json()["items"]
    for item, whole in ((first, sent[0]), (third, sent[2])):
        assert (item["withheld"], item["withdrawn"]) == (False, False)
        assert item["narrative"] == whole["narrative"]
        assert item["organisation"]["kind"] == "ngo"
    assert second == {"id": sent[1]["id"], "withheld": True, "withdrawn": True}


@pytest.mark.parametrize("path", PATHS)
def test_without_a_time_nothing_changes(agency, grown, path):
    lead_id, sent, _ = grown
    body = agency.http.get(f"/v1/leads/{lead_id}{path}", headers=WHY).json()
    assert "as_of" not in body
    if path:
        assert [item["id"] for item in body["items"]] == [sent[0]["id"], sent[2]["id"]]
        assert not any("withdrawn" in item for item in body["items"])
    else:
        assert body["report_count"] == 2


def test_a_report_that_the_caller_may_not_read_is_a_stub_in_the_past_too(then, reporter, lead_of):
    hidden = reporter.send(report(narrative="Tajná správa", handling={"code": "H2"}))
    answer = then(lead_of(hidden), now(), "/reports")
    (item,) = answer.json()["items"]
    assert (item["withheld"], item["withdrawn"]) == (True, False)
    assert item["ask"]["kind"] == "ngo"
    assert "Tajn" not in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_before_the_lead_existed_there_is_none(then, grown, path):
    lead_id, _, times = grown
    assert then(lead_id, times[0], path).status_code == 404
    assert then(lead_id, "2026-01-01", path).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_a_time_to_come_is_refused(then, grown, path):
    answer = then(grown[0], datetime.now(UTC) + timedelta(hours=1), path)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/query/as_of"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("moment", ["", "yesterday", "2026-13-01", "2026-03-01T10:00:00", "0"])
def test_what_is_no_time_is_refused(then, grown, path, moment):
    assert then(grown[0], moment, path).status_code == 422


@pytest.mark.parametrize("path", PATHS)
def test_a_lead_that_never_was_is_404_at_any_time(then, path):
    assert then(uuid.uuid4(), now(), path).status_code == 404


def test_a_date_means_its_midnight(then, network, reporter, lead_of):
    sent = reporter.send(report())
    lead_id = lead_of(sent)
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    assert then(lead_id, midnight.date().isoformat()).status_code == 404
    for table, column in (("lead", "created_at"), ("lead_membership", "since")):
        key = "id" if table == "lead" else "lead_id"
        statement = f"UPDATE {table} SET {column} = $1 WHERE {key} = $2"
        network.rows(statement, midnight, uuid.UUID(lead_id))
    body = then(lead_id, midnight.date().isoformat()).json()
    assert datetime.fromisoformat(body["as_of"]) == midnight
    assert body["members"] == [sent["id"]]


@pytest.fixture(scope="module")
def merged(reporter, lead_of):
    """Three leads of which the youngest was merged into the second, and that into the first."""
    ties = [email() for _ in range(3)]
    sent = [reporter.send(report(attributes=[tie])) for tie in ties]
    leads = [lead_of(each) for each in sent]
    times = [now()]
    for tie in (ties[1:], ties[:2]):
        sent.append(reporter.send(report(attributes=tie)))
        times.append(now())
    assert {lead_of(each) for each in sent} == {leads[0]}
    return leads, sent, times


@pytest.mark.parametrize("path", PATHS)
def test_a_lead_that_was_merged_later_stands_for_itself_before(then, merged, path):
    leads, sent, times = merged
    for place in range(3):
        answer = then(leads[place], times[0], path)
        assert answer.status_code == 200
        body = answer.json()
        found = [item["id"] for item in body["items"]] if path else body["members"]
        assert found == [sent[place]["id"]]


@pytest.mark.parametrize("path", PATHS)
def test_a_merged_lead_redirects_to_the_lead_that_stood_in_its_place_then(
    agency, then, merged, path
):
    leads, sent, times = merged
    for moment, heir, members in ((1, leads[1], [1, 2, 3]), (2, leads[0], [0, 1, 2, 3, 4])):
        answer = then(leads[2], times[moment], path)
        assert answer.status_code == 301
        location = answer.headers["location"]
        assert location.startswith(f"/v1/leads/{heir}{path}?as_of=")
        assert answer.json() == {"merged_into": heir}
        body = agency.http.get(location, headers=WHY).json()
        found = [item["id"] for item in body["items"]] if path else body["members"]
        assert found == [sent[place]["id"] for place in members]


def test_an_heir_that_was_merged_since_is_itself_redirected_only_since(then, merged):
    leads, _, times = merged
    assert then(leads[1], times[1]).json()["report_count"] == 3
    assert then(leads[1], times[2]).status_code == 301


def test_a_lead_that_split_has_its_old_members_before(
    then, agency, network, reporter, lead_of
):  # fmt: skip
    one, two = email(), email()
    first = reporter.send(report(attributes=[one]))
    bridge = reporter.send(report(attributes=[one, two]))
    last = reporter.send(report(attributes=[two]))
    lead_id, before = lead_of(first), now()
    reporter.http.delete(f"/v1/reports/{bridge['id']}")
    network.wait_until_linked()
    assert lead_of(first) != lead_of(last)
    body = then(lead_id, before).json()
    assert body["members"] == [first["id"], bridge["id"], last["id"]]
    other = next(lead for lead in (lead_of(first), lead_of(last)) if lead != lead_id)
    assert then(other, before).status_code == 404


def test_members_of_the_past_are_paged(agency, then, grown):
    lead_id, sent, times = grown
    items, after = [], None
    for _ in range(3):
        query = {"limit": 1} | ({"after": after} if after else {})
        page = then(lead_id, times[3], "/reports", **query).json()
        items += [item["id"] for item in page["items"]]
        after = page["next"]
    assert after is None
    assert items == [each["id"] for each in sent]


def test_a_cursor_is_good_for_its_own_time_alone(agency, then, grown):
    lead_id, _, times = grown
    cursor = then(lead_id, times[3], "/reports", limit=1).json()["next"]
    assert then(lead_id, times[2], "/reports", after=cursor).status_code == 422
    today = agency.http.get(f"/v1/leads/{lead_id}/reports", params={"after": cursor}, headers=WHY)
    assert today.status_code == 422


@pytest.mark.parametrize(("path", "opened"), [("", 0), ("/reports", 2)])
def test_reads_of_the_past_are_logged(network, agency, then, grown, path, opened):
    lead_id, _, times = grown
    with network.watched_log() as new:
        then(lead_id, times[3], path)
    disclosed = [r for r in new if r["action"] == "reports_disclosed"]
    assert [r["action"] for r in new if r not in disclosed] == ["lead_read"]
    assert sum(len(r["objects"]) for r in disclosed) == opened
    assert {r["purpose"] for r in new} == {"investigation"}
    assert {r["organisation_id"] for r in new} == {agency.organisation_id}


@pytest.mark.parametrize("path", PATHS)
def test_the_past_needs_purpose_and_scope_as_the_present_does(agency, reporter, grown, path):
    lead_id, _, times = grown
    query = {"as_of": times[3].isoformat()}
    url = f"/v1/leads/{lead_id}{path}"
    assert agency.http.get(url, params=query).status_code == 400
    assert reporter.http.get(url, params=query, headers=WHY).status_code == 403
