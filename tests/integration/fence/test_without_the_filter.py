"""The application's own filters are taken away, and over HTTP nothing leaks all the same."""

import pytest
from sqlalchemy import true

from app.intake import readable
from app.storage.repositories import knowing, reports
from tests.support.reports import email, report

SECRET = "a word that stands in one narrative alone"
PURPOSE = {"Purpose": "investigation"}


@pytest.fixture
def everything_readable(monkeypatch):
    """Whoever asks whether somebody may know of or read a report or a lead is told yes."""
    for module in (readable, knowing):
        monkeypatch.setattr(module, "includes", lambda *_, **__: True)
    monkeypatch.setattr(readable, "is_readable", lambda *_: True)
    monkeypatch.setattr(knowing, "_within", lambda _: "cardinality(:names ::text[]) > 0")
    monkeypatch.setattr(knowing, "_includes", lambda *_: true())


@pytest.mark.parametrize(
    "conditions",
    [{"handling": {"code": "H3"}}, {"handling": {"share_with": ["GR"]}}],
    ids=["H3", "for others"],
)
def test_an_agency_is_shown_a_stub_of_what_it_may_not_read(
    network, everything_readable, conditions
):
    reporter, agency = network.caller("ngo"), network.caller("law_enforcement")
    tie = email()
    shown = reporter.send(report(attributes=[tie]))
    hidden = reporter.send(report(attributes=[tie], narrative=SECRET, **conditions))
    lead = network.one(
        "SELECT lead_id FROM lead_membership WHERE report_id::text = $1", shown["id"]
    )
    answer = agency.http.get(f"/v1/leads/{lead}/reports", headers=PURPOSE)
    assert answer.status_code == 200
    assert SECRET not in answer.text
    found = {item["id"]: item["withheld"] for item in answer.json()["items"]}
    assert found == {shown["id"]: False, hidden["id"]: True}
    for path in ("", "/links", "/history"):
        answer = agency.http.get(f"/v1/leads/{lead}{path}", headers=PURPOSE)
        assert answer.status_code == 200
        assert SECRET not in answer.text
    pair = {"reports": [shown["id"], hidden["id"]]}
    answer = agency.http.post("/v1/links/explain", json=pair, headers=PURPOSE)
    assert answer.status_code == 404


@pytest.mark.parametrize("to", [[], ["GR"]], ids=["to nobody", "to another country"])
def test_an_agency_is_told_nothing_of_what_is_closed_to_it(network, everything_readable, to):
    reporter, agency = network.caller("ngo"), network.caller("law_enforcement")
    tie = email()
    shown = reporter.send(report(attributes=[tie]))
    closed = {"tlp": "RED", "share_with": to}
    hidden = [
        reporter.send(report(attributes=[tie], narrative=SECRET, handling=closed))["id"]
        for _ in range(2)
    ]
    of = "SELECT lead_id FROM lead_membership WHERE report_id::text = $1"
    lead, open_lead = network.one(of, hidden[0]), network.one(of, shown["id"])
    assert network.one(of, hidden[1]) == lead != open_lead
    for path in ("", "/reports", "/links", "/history", "/decisions"):
        answer = agency.http.get(f"/v1/leads/{lead}{path}", headers=PURPOSE)
        assert answer.status_code == 404, path
    path = f"/v1/leads/{lead}/path?from={hidden[0]}&to={hidden[1]}"
    assert agency.http.get(path, headers=PURPOSE).status_code == 404
    answer = agency.http.post(f"/v1/leads/{lead}/outcomes", json={"status": "closed"})
    assert answer.status_code == 404
    answer = agency.http.post("/v1/links/explain", json={"reports": hidden}, headers=PURPOSE)
    assert answer.status_code == 404
    listed = agency.http.get("/v1/leads?sort=-updated_at&limit=200").json()["items"]
    assert str(open_lead) in {item["id"] for item in listed}
    assert str(lead) not in {item["id"] for item in listed}
    asked = {"kind": "email", "value": tie["value"]}
    found = agency.http.post("/v1/attributes/search", json=asked, headers=PURPOSE).json()
    assert [item["id"] for item in found["reports"]] == [shown["id"]]
    assert [item["id"] for item in found["leads"]] == [str(open_lead)]
    assert agency.http.get(f"/v1/leads/{open_lead}", headers=PURPOSE).json()["nearby"] == []


def test_a_reporter_gets_no_report_of_another_although_nobody_asks_whose_it_is(
    network, monkeypatch
):
    owner, stranger = network.caller("ngo"), network.caller("ngo")
    sent = owner.send(report(narrative=SECRET))

    async def anybodys(connection, report_id, *, organisation_id):
        return (await reports.find_many(connection, [report_id])).get(report_id)

    monkeypatch.setattr(reports, "find", anybodys)
    path = f"/v1/reports/{sent['id']}"
    assert SECRET in owner.http.get(path).text
    assert stranger.http.get(path).status_code == 404
    assert stranger.http.delete(path).status_code == 404
