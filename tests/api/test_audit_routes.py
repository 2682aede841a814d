"""The access log over HTTP: for auditors, and for an organisation whose reports were read."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.reports import email, report

AUDIT = "/v1/audit"
WHY = {"Purpose": "investigation"}
NOT_AUDITORS = {
    "an organisation that reports": "ngo",
    "an agency": "law_enforcement",
    "who runs the network": "coordinator",
    "research": "research",
}


@pytest.fixture(scope="module")
def auditor(network):
    return network.caller("auditor")


@pytest.fixture
def log_of(auditor):
    """The whole log as far as some query goes, newest first."""

    def log_of(**query):
        items, after = [], {}
        while True:
            answer = auditor.http.get(AUDIT, params=query | after)
            assert answer.status_code == 200, answer.text
            items += answer.json()["items"]
            if answer.json()["next"] is None:
                return items
            after = {"after": answer.json()["next"]}

    return log_of


@pytest.fixture(scope="module")
def read(network, reporter, agency, lead_of):
    """Two linked reports of one organisation in a lead that an agency has read twice, once more
    for another purpose; and the lead.
    """
    tie = email()
    pair = [reporter.send(report(attributes=[tie])) for _ in range(2)]
    lead_id = str(lead_of(pair[1]))
    for purpose in ("investigation", "investigation", "victim_protection"):
        path = f"/v1/leads/{lead_id}"
        assert agency.http.get(path, headers={"Purpose": purpose}).status_code == 200
    return [each["id"] for each in pair], lead_id


# Who may.


def test_nobody_reads_the_log_without_a_token(network):
    answer = network.http().get(AUDIT)
    assert answer.status_code == 401
    assert "bearer" in answer.headers["www-authenticate"].lower()


@pytest.mark.parametrize("kind", NOT_AUDITORS.values(), ids=NOT_AUDITORS)
def test_nobody_but_an_auditor_reads_the_log(network, kind):
    with network.watched_log() as new:
        answer = network.caller(kind).http.get(AUDIT)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert new == []


@pytest.mark.parametrize("kind", ["auditor", "coordinator", "research"])
def test_nobody_but_who_reports_asks_who_read_a_report(network, read, kind):
    path = f"/v1/reports/{read[0][0]}/accesses"
    assert network.caller(kind).http.get(path).status_code == 403
    assert network.http().get(path).status_code == 401


def test_reading_own_reports_is_needed_to_ask_who_read_them(network, reporter, read):
    for scope in ("reports:write", "feedback:read"):
        caller = network.caller("ngo", scope, organisation_id=reporter.organisation_id)
        assert caller.http.get(f"/v1/reports/{read[0][0]}/accesses").status_code == 403


def test_a_report_of_another_organisation_is_answered_as_one_that_is_not_there(
    network, other_reporter, agency, read
):
    paths = [f"/v1/reports/{id_}/accesses" for id_ in (read[0][0], uuid.uuid4())]
    with network.watched_log() as new:
        answers = [who.http.get(path) for who in (other_reporter, agency) for path in paths]
    assert {answer.status_code for answer in answers} == {404}
    assert len({str(answer.json() | {"instance": None}) for answer in answers}) == 1
    assert new == []


# What the log tells.


def test_what_happens_to_a_report_is_told_from_its_collection_to_its_erasure(
    network, reporter, agency, lead_of, log_of
):
    tie = email()
    other = reporter.send(report(attributes=[tie]))
    body = report(attributes=[tie])
    sent = reporter.send(body)
    lead_id = lead_of(sent)
    agency.http.get(f"/v1/leads/{lead_id}", headers=WHY)
    outcome = {"status": "investigation_opened", "message": "told"}
    assert agency.http.post(f"/v1/leads/{lead_id}/outcomes", json=outcome).status_code == 201
    path = f"/v1/reports/{sent['id']}"
    amended = reporter.http.put(path, json=body | {"language": "sk"}, headers={"If-Match": "*"})
    assert amended.status_code == 200
    network.wait_until_linked()
    assert reporter.http.delete(path).status_code == 204
    told = log_of(object=sent["id"])[::-1]
    assert [(each["operation"], each["action"]) for each in told] == [
        ("collection", "reports_submitted"),
        ("disclosure", "reports_disclosed"),
        ("disclosure", "feedback_told"),
        ("alteration", "report_amended"),
        ("erasure", "report_withdrawn"),
    ]
    assert {each["object_kind"] for each in told} == {"report"}
    who = [each["actor"]["organisation"]["id"] for each in told]
    own, theirs = str(reporter.organisation_id), str(agency.organisation_id)
    assert who == [own, theirs, theirs, own, own]
    assert told[1]["purpose"] == "investigation"
    assert {each["actor"]["client_id"] for each in told} == {
        reporter.credentials.client_id, agency.credentials.client_id,
    }  # fmt: skip
    combined = [each for each in log_of(object=lead_id) if each["operation"] == "combination"]
    assert combined
    assert {each["action"] for each in combined} == {"leads_combined"}
    assert {each["actor"]["kind"] for each in combined} == {"system"}
    assert other["id"] in {
        each for entry in log_of(action="feedback_told") for each in entry["objects"]
    }


def test_the_log_of_a_report_holds_nothing_that_it_says(network, reporter, agency, read):
    names = {row["column_name"] for row in network.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'audit_entry'"
    )}  # fmt: skip
    body = report(
        narrative="Zvláštny príbeh", persons=[{"role": "witness", "name": "Zvláštna Osoba"}]
    )
    sent = reporter.send(body)
    stored = str([tuple(row) for row in network.rows("SELECT * FROM audit_entry")])
    assert "objects" in names
    assert sent["id"] in stored
    for text in ("Zvláštn", body["external_ref"], "example"):
        assert text not in stored


def test_reports_that_came_in_together_are_told_in_one_entry(reporter, log_of):
    lines = b"\n".join(json.dumps(report()).encode() for _ in range(5))
    answer = reporter.http.post(
        "/v1/reports/batch", content=lines, headers={"Content-Type": "application/x-ndjson"}
    )
    ids = [json.loads(line)["id"] for line in answer.text.splitlines()]
    assert len(ids) == 5
    told = [log_of(object=id_) for id_ in ids]
    assert {entry["action"] for entries in told for entry in entries} == {"reports_submitted"}
    assert all(len(entries) == 1 for entries in told)


def test_a_report_that_is_sent_again_or_refused_is_collected_once(reporter, log_of):
    body = report()
    sent = reporter.send(body)
    assert reporter.http.post("/v1/reports", json=body).status_code == 200
    assert reporter.http.post("/v1/reports", json=body | {"language": "sk"}).status_code == 409
    assert [each["action"] for each in log_of(object=sent["id"])] == ["reports_submitted"]


LEAD_READS = {
    "/v1/leads/{}/history": "lead_history_read",
    "/v1/leads/{}/decisions": "decisions_read",
    "/v1/leads": "leads_listed",
}


@pytest.mark.parametrize("path", LEAD_READS)
def test_reads_of_leads_that_open_no_report_are_told_too(network, agency, read, path):
    with network.watched_log() as new:
        answer = agency.http.get(path.format(read[1]), params={"limit": 500})
    assert answer.status_code == 200
    assert [entry["action"] for entry in new] == [LEAD_READS[path]]
    assert read[1] in [str(each) for each in new[0]["objects"]]
    assert new[0]["client_id"] == agency.credentials.client_id


def test_an_agency_that_reads_a_report_of_its_own_is_told_no_news(network, lead_of, log_of):
    agency = network.caller("law_enforcement")
    sent = agency.send(report())
    agency.http.get(f"/v1/leads/{lead_of(sent)}", headers=WHY)
    assert [each["action"] for each in log_of(object=sent["id"])] == [
        "reports_read", "reports_submitted",
    ]  # fmt: skip


def test_acts_of_administration_are_told_without_whoever_typed_them(network, log_of):
    organisation = network.organisation()
    credentials = network.client(organisation, "reports:write")
    added, enrolled = log_of(object=organisation)
    assert (enrolled["action"], added["action"]) == ("organisation_added", "client_added")
    assert added["subject"] == credentials.client_id
    for entry in (added, enrolled):
        assert entry["operation"] == "administration"
        assert entry["actor"] == {"kind": "cli", "organisation": None, "client_id": None}


def test_the_key_that_signs_tokens_is_told_as_the_system_s(log_of):
    (entry,) = log_of(action="signing_key_added")
    assert entry["actor"]["kind"] == "system"


# Filters and pages.


def test_the_log_is_filtered_by_who_acted(reporter, read, log_of):
    found = log_of(organisation=reporter.organisation_id)
    assert found
    assert {each["actor"]["organisation"]["id"] for each in found} == {
        str(reporter.organisation_id)
    }
    assert {each["actor"]["organisation"]["name"] for each in found} != {None}


def test_the_log_is_filtered_by_time(read, log_of):
    whole = log_of(object=read[1], action="lead_read")
    assert len(whole) == 3
    middle = whole[1]["at"]
    later = log_of(object=read[1], action="lead_read", since=middle)
    earlier = log_of(object=read[1], action="lead_read", until=middle)
    assert (later, earlier) == (whole[:2], whole[2:])
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert log_of(since=tomorrow) == []


@pytest.mark.parametrize("query", [{}, {"action": "reports_submitted"}, {"object": None}])
def test_pages_make_up_the_whole_list(auditor, read, query):
    query = {name: value or read[1] for name, value in query.items()}
    query["until"] = datetime.now(UTC).isoformat()
    whole = auditor.http.get(AUDIT, params=query | {"limit": 500}).json()
    assert whole["next"] is None
    paged, after = [], {}
    while after is not None:
        page = auditor.http.get(AUDIT, params=query | {"limit": 3} | after).json()
        assert len(page["items"]) <= 3
        paged += page["items"]
        after = {"after": page["next"]} if page["next"] else None
    assert paged == whole["items"]
    order = [(each["at"], each["id"]) for each in paged]
    assert order == sorted(order, reverse=True)


BAD = [
    {"action": "everything"}, {"organisation": "x"}, {"object": "x"}, {"since": "yesterday"},
    {"limit": 0}, {"limit": 501}, {"after": "x"}, {"after": "AAAA"},
]  # fmt: skip


@pytest.mark.parametrize("query", BAD)
def test_a_query_that_cannot_be_understood_is_refused_and_not_logged(network, auditor, query):
    with network.watched_log() as new:
        assert auditor.http.get(AUDIT, params=query).status_code == 422
    assert new == []


def test_a_cursor_of_another_list_is_refused(auditor, reporter, read):
    other = reporter.http.get("/v1/reports", params={"limit": 1}).json()["next"]
    assert other
    assert auditor.http.get(AUDIT, params={"after": other}).status_code == 422


def test_reading_the_log_is_logged_with_what_was_shown(network, auditor, read):
    with network.watched_log() as new:
        shown = auditor.http.get(AUDIT, params={"limit": 2}).json()["items"]
    (entry,) = new
    assert (entry["action"], entry["client_id"]) == ("audit_read", auditor.credentials.client_id)
    assert [str(each) for each in entry["objects"]] == [each["id"] for each in shown]


# Who read a report.


def test_an_organisation_is_told_who_read_its_report_how_often_and_for_what(
    network, reporter, agency, read
):
    today = datetime.now(UTC).date().isoformat()
    (name,) = network.rows("SELECT name FROM organisation WHERE id = $1", agency.organisation_id)
    for report_id in read[0]:
        answer = reporter.http.get(f"/v1/reports/{report_id}/accesses")
        assert answer.status_code == 200
        assert answer.json() == {
            "total": 3,
            "last_day": today,
            "items": [
                {"agency": name[0], "purpose": purpose, "count": count, "last_day": today}
                for purpose, count in (("investigation", 2), ("victim_protection", 1))
            ],
        }
        assert agency.credentials.client_id not in answer.text


def test_that_it_was_asked_is_logged_and_is_no_access(network, reporter, read):
    path = f"/v1/reports/{read[0][0]}/accesses"
    first = reporter.http.get(path).json()
    with network.watched_log() as new:
        assert reporter.http.get(path).json() == first
    assert [(e["action"], str(e["objects"][0])) for e in new] == [("accesses_read", read[0][0])]


def test_a_report_that_nobody_read_has_no_accesses(reporter):
    sent = reporter.send(report())
    answer = reporter.http.get(f"/v1/reports/{sent['id']}/accesses")
    assert answer.json() == {"total": 0, "last_day": None, "items": []}


def test_who_read_a_report_is_told_also_after_it_was_withdrawn(reporter, agency, lead_of):
    sent = reporter.send(report())
    agency.http.get(f"/v1/leads/{lead_of(sent)}", headers=WHY)
    path = f"/v1/reports/{sent['id']}"
    assert reporter.http.delete(path).status_code == 204
    assert reporter.http.get(f"{path}/accesses").json()["total"] == 1


def test_a_report_that_is_withheld_from_a_reader_is_not_told_as_read(reporter, agency, lead_of):
    hidden = reporter.send(report(handling={"code": "H2"}))
    agency.http.get(f"/v1/leads/{lead_of(hidden)}", headers=WHY)
    assert reporter.http.get(f"/v1/reports/{hidden['id']}/accesses").json()["total"] == 0
