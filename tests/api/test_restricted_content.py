"""Reports that every agency may know of and not every agency may read: what they say is shown to
those alone who may read it, in lists as in leads, and changes nothing for others.
"""

from datetime import UTC, datetime

import pytest

from tests.support.outsider import WHY, everything, world
from tests.support.reports import email, phone, report

PHONE = {"kind": "phone", "value": "+421 905 000 171", "role": "suspected_perpetrator"}
MAIL = {"kind": "email", "value": "vymyslena@mail.example", "role": "facilitator"}
PLATE = {"kind": "plate", "value": "ZA171AB", "role": "unknown", "country": "SK"}
SEARCHES = [{"kind": "phone", "value": PHONE["value"]}, {"kind": "email", "value": MAIL["value"]}]
WITHHELD = [
    {"handling": {"code": "H2"}},
    {"handling": {"code": "H3", "share_with": ["CZ"]}},
    {"handling": {"share_with": ["AT"]}},
    {"consent": {"basis": "consent", "scopes": ["linking"]}},
]
QUIET = {"narrative": "Nič zvláštne.", "forms": ["labour_exploitation"]}
LOUD = {
    "narrative": "Tajná správa o dieťati.",
    "forms": ["labour_exploitation", "forced_begging"],
    "indicators": ["CD-01", "CD-03", "CD-04", "EX-01"],
    "persons": [{"role": "suspected_victim", "age_group": "child", "sex": "female"}],
    "safety": {"at_risk": True},
    "language": "sk",
    "source": {"reliability": "A", "credibility": 1},
}


def told(postgres_server, content):
    """What an outsider is answered in a world whose withheld reports say this."""
    with world(postgres_server) as network:
        reporter, other = network.caller("ngo"), network.caller("health", country="AT")
        outsider = network.caller("law_enforcement", country="CZ")
        reporter.send(report("OPEN-1", attributes=[PHONE], forms=["labour_exploitation"]))
        for number, conditions in enumerate(WITHHELD):
            other.send(
                report(f"WITHHELD-{number}", attributes=[PHONE, MAIL], **content, **conditions)
            )
        other.send(report("APART", handling={"code": "H2"}, **content))
        reporter.send(report("OPEN-2", attributes=[MAIL], place={"country": "SK"}))
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return everything(outsider, SEARCHES, at=at)


def test_what_withheld_reports_say_makes_no_difference_to_an_outsider(postgres_server):
    quiet, loud = told(postgres_server, QUIET), told(postgres_server, LOUD)
    assert any('"withheld":true' in line for line in quiet)
    assert any('"withheld_count":4' in line for line in quiet)
    for line, other in zip(quiet, loud, strict=True):
        assert line == other


@pytest.fixture(scope="module")
def shared(network, reporter):
    """A lead of an open report and of one that only Austrian agencies may read."""
    ties = [email(), phone(), PLATE]
    opened = reporter.send(
        report(attributes=ties, place={"country": "SK"}, forms=["labour_exploitation"])
    )
    content = LOUD | {"place": {"country": "RO", "nuts": "RO111"}, "observed_from": "2025-12-01"}
    restricted = reporter.send(report(attributes=ties, handling={"share_with": ["AT"]}, **content))
    statement = "SELECT lead_id FROM lead_membership WHERE report_id = $1::uuid"
    lead = str(network.one(statement, opened["id"]))
    assert lead == str(network.one(statement, restricted["id"]))
    return lead


@pytest.fixture(scope="module")
def austrian(network):
    """An agency that may read both."""
    return network.caller("law_enforcement", country="AT")


FILTERS = [
    {"form": "forced_begging"},
    {"country": "RO"},
    {"nuts": "RO1"},
    {"nuts": "RO111"},
    {"indicator": "EX-01"},
    {"has_children": "true"},
]


def listed(caller, lead, **query):
    """The lead in a list, if it is there."""
    answer = caller.http.get("/v1/leads", params={"limit": 500, **query})
    assert answer.status_code == 200
    return next((each for each in answer.json()["items"] if each["id"] == lead), None)


@pytest.mark.parametrize("query", FILTERS)
def test_a_lead_is_found_by_what_its_reader_may_read(agency, austrian, shared, query):
    assert listed(austrian, shared, **query) is not None
    assert listed(agency, shared, **query) is None


def test_that_no_child_is_known_of_holds_for_what_its_reader_may_read(agency, austrian, shared):
    assert listed(austrian, shared, has_children="false") is None
    assert listed(agency, shared, has_children="false") is not None


def test_each_is_shown_what_it_may_read_and_all_the_same_score(agency, austrian, shared):
    ours, theirs = listed(agency, shared), listed(austrian, shared)
    assert ours["forms"] == ["labour_exploitation"]
    assert theirs["forms"] == ["forced_begging", "labour_exploitation"]
    assert (ours["countries"], theirs["countries"]) == (["SK"], ["RO", "SK"])
    assert (ours["first_observed"], theirs["first_observed"]) == ("2026-03-01", "2025-12-01")
    assert (ours["urgency"], theirs["urgency"]) == ("none_known", "danger_now")
    for name in ("score", "score_parts", "report_count", "organisation_count", "updated_at"):
        assert ours[name] == theirs[name]
    for caller, row in ((agency, ours), (austrian, theirs)):
        whole = caller.http.get(f"/v1/leads/{shared}", headers=WHY).json()
        assert {name: whole[name] for name in row} == row


def test_a_lead_of_which_nothing_may_be_read_is_listed_to_those_alone_who_may(
    network, reporter, agency, austrian, lead_of
):
    lead = lead_of(reporter.send(report(handling={"share_with": ["AT"]})))
    assert listed(agency, lead) is None
    assert listed(austrian, lead) is not None
