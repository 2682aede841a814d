"""Searching a value over HTTP: hit or no hit, its leads, and whom to ask."""

import uuid

import pytest

from app.crypto.blind_index import token_of
from app.domain.attributes import AttributeKind
from tests.support.outsider import WHY
from tests.support.reports import email, phone, report

SEARCH = "/v1/attributes/search"


@pytest.fixture
def search(agency):
    """What an agency is told of a value."""

    def search(body, by=agency, **query):
        answer = by.http.post(SEARCH, json=body, headers=WHY, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return search


def asked(attribute):
    return {"kind": attribute["kind"], "value": attribute["value"]}


def test_a_value_that_nobody_sent_is_no_hit(search):
    assert search(asked(phone())) == {"hit": False, "leads": [], "reports": [], "next": None}


@pytest.mark.parametrize(
    ("sent", "sought"),
    [
        ({"value": "+421 905 000 161"}, {"value": "0905/000 161", "country": "SK"}),
        ({"kind": "email", "value": "Zdenka.S@Mail.Example"}, {"value": "zdenka.s@mail.example"}),
        (
            {"kind": "url", "value": "https://t.me/demo_search_161"},
            {"value": "@demo_search_161", "kind": "profile", "platform": "telegram"},
        ),
    ],
)
def test_a_value_is_found_in_whatever_way_it_is_written(search, reporter, lead_of, sent, sought):
    attribute = {"kind": "phone", "role": "suspected_perpetrator"} | sent
    found = reporter.send(report(attributes=[attribute]))
    body = search({"kind": attribute["kind"]} | sought)
    assert body["hit"] is True
    assert [each["id"] for each in body["reports"]] == [found["id"]]
    assert [each["id"] for each in body["leads"]] == [lead_of(found)]


def test_a_token_finds_what_its_value_does(search, reporter, network):
    mail = email("token-search")
    found = reporter.send(report(attributes=[mail]))
    token = token_of(network.keyring, AttributeKind.EMAIL, mail["value"])
    assert search({"kind": "email", "token": token}) == search(asked(mail))
    assert search(asked(mail))["reports"][0]["id"] == found["id"]


def test_of_a_withheld_report_the_hit_is_told_and_whom_to_ask(search, reporter, lead_of):
    mail = email()
    sent = reporter.send(
        report(attributes=[mail], narrative="Tajná", handling={"code": "H2", "tlp": "GREEN"})
    )
    [hit] = search(asked(mail))["reports"]
    assert (hit["id"], hit["lead"], hit["withheld"]) == (sent["id"], lead_of(sent), True)
    assert hit["ask"]["id"] == str(reporter.organisation_id)
    assert hit["handling"] == {"code": "H2", "tlp": "GREEN"}
    assert "Tajn" not in str(search(asked(mail)))


@pytest.mark.parametrize("role", ["helper", "witness", "reporter"])
def test_values_of_go_betweens_are_not_found(search, reporter, role):
    number = phone() | {"role": role}
    reporter.send(report(attributes=[number]))
    assert search(asked(number))["hit"] is False


def test_a_value_that_may_not_link_for_want_of_consent_is_not_found(search, reporter):
    mail = email()
    reporter.send(report(attributes=[mail], consent={"basis": "consent", "scopes": ["police"]}))
    assert search(asked(mail))["hit"] is False


def test_a_withdrawn_report_is_not_found(search, reporter, network):
    mail = email()
    sent = reporter.send(report(attributes=[mail]))
    assert reporter.http.delete(f"/v1/reports/{sent['id']}").status_code == 204
    assert search(asked(mail))["hit"] is False
    network.wait_until_linked()
    assert search(asked(mail))["hit"] is False


def test_what_is_closed_is_found_within_its_circle_alone(search, network, reporter):
    insider = network.caller("law_enforcement", country="HU")
    mail = email()
    named = {"tlp": "RED", "share_with": [str(insider.organisation_id)]}
    sent = reporter.send(report(attributes=[mail], handling=named))
    assert search(asked(mail)) == search(asked(email()))
    assert [each["id"] for each in search(asked(mail), by=insider)["reports"]] == [sent["id"]]


def test_pages_repeat_and_miss_nothing(search, reporter):
    mail = email()
    sent = [reporter.send(report(attributes=[mail]))["id"] for _ in range(5)]
    found, query = [], {"limit": 2}
    for _ in range(5):
        page = search(asked(mail), **query)
        found += [each["id"] for each in page["reports"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert found == sent


def test_a_search_is_logged_with_its_purpose_and_what_it_told(search, reporter, network, agency):
    mail = email()
    sent = reporter.send(report(attributes=[mail]))
    search(asked(email()))
    search(asked(mail))
    rows = network.rows(
        "SELECT action, purpose, objects FROM audit_entry WHERE organisation_id = $1 ORDER BY id",
        agency.organisation_id,
    )
    lead = network.one("SELECT lead_id FROM lead_membership WHERE report_id::text = $1", sent["id"])
    assert [tuple(row) for row in rows[-3:]] == [
        ("attribute_searched", "investigation", []),
        ("attribute_searched", "investigation", [uuid.UUID(sent["id"])]),
        ("leads_listed", "investigation", [lead]),
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/kind"),
        ({"kind": "shoe", "value": "42"}, "/kind"),
        ({"kind": "phone"}, ""),
        ({"kind": "phone", "value": "+421 905 000 171", "token": "A" * 43}, ""),
        ({"kind": "phone", "value": "not a number"}, "/value"),
        ({"kind": "phone", "value": ""}, "/value"),
        ({"kind": "person", "value": "Zdenka Vymyslená 1999-05-02"}, "/kind"),
        ({"kind": "phone", "token": "short"}, "/token"),
        ({"kind": "phone", "value": "1", "more": 1}, "/more"),
    ],
)
def test_a_search_that_says_too_little_or_too_much_is_refused(agency, body, pointer):
    answer = agency.http.post(SEARCH, json=body, headers=WHY)
    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_a_search_needs_a_purpose_a_token_and_the_scope(agency, network):
    body = asked(phone())
    assert agency.http.post(SEARCH, json=body).status_code == 400
    assert network.http().post(SEARCH, json=body, headers=WHY).status_code == 401
    caller = network.caller("law_enforcement", "leads:read", "leads:write")
    assert caller.http.post(SEARCH, json=body, headers=WHY).status_code == 403
