"""The application's own filters are taken away, and over HTTP nothing leaks all the same."""

import pytest

from app.intake import readable
from app.storage.repositories import reports
from tests.support.reports import email, report

SECRET = "a word that stands in one narrative alone"


@pytest.fixture
def everything_readable(monkeypatch):
    """Whoever asks whether somebody may read a report is told yes."""
    monkeypatch.setattr(readable, "may_read", lambda *_, **__: True)
    monkeypatch.setattr(readable, "is_readable", lambda *_: True)


@pytest.mark.parametrize(
    "conditions",
    [
        {"handling": {"code": "H3"}},
        {"handling": {"tlp": "RED"}},
        {"handling": {"share_with": ["GR"]}},
    ],
    ids=["H3", "RED", "for others"],
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
    purpose = {"Purpose": "investigation"}
    answer = agency.http.get(f"/v1/leads/{lead}/reports", headers=purpose)
    assert answer.status_code == 200
    assert SECRET not in answer.text
    found = {item["id"]: item["withheld"] for item in answer.json()["items"]}
    assert found == {shown["id"]: False, hidden["id"]: True}
    for path in ("", "/links", "/history"):
        answer = agency.http.get(f"/v1/leads/{lead}{path}", headers=purpose)
        assert answer.status_code == 200
        assert SECRET not in answer.text
    pair = {"reports": [shown["id"], hidden["id"]]}
    answer = agency.http.post("/v1/links/explain", json=pair, headers=purpose)
    assert answer.status_code == 404


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
