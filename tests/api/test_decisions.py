"""Decisions over HTTP: join, separate, what overrides what, who may decide and read the reasons."""

import threading
import uuid

import httpx2
import pytest

from tests.support.reports import email, report

WHY = {"Purpose": "investigation"}
REASON = "Ten istý majiteľ bytu."


@pytest.fixture
def decide(network, agency, lead_of):
    """Decide on two reports from the lead of the first, and wait until that is done."""

    def decide(kind, one, other, *, by=agency, reason=REASON):
        path = f"/v1/leads/{lead_of(one)}/decisions"
        sent = {"kind": kind, "reports": [one["id"], other["id"]], "reason": reason}
        answer = by.http.post(path, json=sent)
        assert answer.status_code == 201, answer.text
        network.wait_until_linked()
        return answer.json()

    return decide


def listed(caller, lead_id, **query):
    """The decisions of a lead."""
    answer = caller.http.get(f"/v1/leads/{lead_id}/decisions", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_join_makes_one_lead_of_two_and_relinking_keeps_it(
    reporter, lead_of, decide, relink, agency
):
    one, other = reporter.send(report()), reporter.send(report())
    older, younger = lead_of(one), lead_of(other)
    assert older != younger
    answer = decide("join", one, other)
    assert lead_of(other) == lead_of(one) == older
    relink()
    assert lead_of(other) == lead_of(one) == older
    assert answer == {
        "id": answer["id"],
        "kind": "join",
        "reports": sorted([one["id"], other["id"]]),
        "lead_id": older,
        "at": answer["at"],
        "organisation": str(agency.organisation_id),
    }
    merged = agency.http.get(f"/v1/leads/{younger}", headers=WHY)
    assert (merged.status_code, merged.headers["location"]) == (301, f"/v1/leads/{older}")


def test_a_new_report_is_linked_to_both_that_were_joined(reporter, lead_of, decide):
    tie = email()
    one, other = reporter.send(report()), reporter.send(report(attributes=[tie]))
    decide("join", one, other)
    assert lead_of(reporter.send(report(attributes=[tie]))) == lead_of(one)


def test_separate_splits_and_neither_a_third_report_nor_relinking_undoes_it(
    reporter, lead_of, decide, relink
):
    tie, more = email(), email()
    one, other = (reporter.send(report(attributes=[tie, more])) for _ in range(2))
    assert lead_of(one) == lead_of(other)
    decide("separate", one, other)
    assert lead_of(one) != lead_of(other)
    third = reporter.send(report(attributes=[tie, more]))
    assert lead_of(one) != lead_of(other)
    assert lead_of(third) in (lead_of(one), lead_of(other))
    relink()
    assert lead_of(one) != lead_of(other)


def test_separate_may_come_before_what_would_join_them(reporter, lead_of, decide):
    tie, more = email(), email()
    one = reporter.send(report(attributes=[tie]))
    other = reporter.send(report(attributes=[more]))
    decide("separate", one, other)
    reporter.send(report(attributes=[tie, more]))
    assert lead_of(one) != lead_of(other)


def test_a_later_contrary_decision_is_the_one_in_force_and_both_are_kept(
    reporter, agency, lead_of, decide, relink
):
    tie = email()
    one, other = (reporter.send(report(attributes=[tie])) for _ in range(2))
    decide("separate", one, other, reason="prvý dôvod")
    assert lead_of(one) != lead_of(other)
    decide("join", other, one, reason="druhý dôvod")
    assert lead_of(one) == lead_of(other)
    relink()
    assert lead_of(one) == lead_of(other)
    decide("separate", one, other, reason="tretí dôvod")
    assert lead_of(one) != lead_of(other)
    for lead_id in (lead_of(one), lead_of(other)):
        items = listed(agency, lead_id)["items"]
        assert [(i["kind"], i["reason"], i["in_force"]) for i in items] == [
            ("separate", "tretí dôvod", True),
            ("join", "druhý dôvod", False),
            ("separate", "prvý dôvod", False),
        ]


def test_the_same_decision_again_changes_nothing(network, reporter, agency, lead_of, decide):
    one, other = reporter.send(report()), reporter.send(report())
    first = decide("join", one, other)
    assert decide("join", other, one) == first
    assert len(listed(agency, lead_of(one))["items"]) == 1
    another = network.caller("prosecution")
    assert decide("join", one, other, by=another)["id"] != first["id"]
    assert len(listed(agency, lead_of(one))["items"]) == 2
    assert lead_of(one) == lead_of(other)


def test_decisions_are_in_the_history_of_every_lead_that_they_concern(
    reporter, agency, lead_of, decide
):
    tie = email()
    one, other = (reporter.send(report(attributes=[tie])) for _ in range(2))
    before = lead_of(one)
    decide("separate", one, other)
    parts = {lead_of(one), lead_of(other)}
    decide("join", one, other)
    told = {
        lead_id: [
            (event["kind"], event["causes"], set(event["leads"]))
            for event in agency.http.get(f"/v1/leads/{lead_id}/history").json()["items"]
            if event["kind"] == "decided"
        ]
        for lead_id in (before,)
    }
    assert told[before] == [
        ("decided", ["separate"], set()),
        ("decided", ["join"], parts - {before}),
    ]
    (younger,) = parts - {before}
    assert lead_of(one) == before
    moved = agency.http.get(f"/v1/leads/{younger}/history")
    assert moved.status_code == 301


def test_what_a_decision_does_names_it_as_the_cause(reporter, agency, lead_of, decide):
    one, other = reporter.send(report()), reporter.send(report())
    decide("join", one, other)
    events = agency.http.get(f"/v1/leads/{lead_of(one)}/history").json()["items"]
    (merged,) = [event for event in events if event["kind"] == "merged"]
    assert merged["causes"] == ["judged"]


def test_decisions_are_read_from_the_lead_that_holds_the_report_now(
    reporter, agency, lead_of, decide
):
    one, other, third = (reporter.send(report()) for _ in range(3))
    decide("separate", third, other)
    made_in = lead_of(third)
    decide("join", one, third)
    assert lead_of(third) == lead_of(one) != made_in
    found = {item["kind"]: item for item in listed(agency, lead_of(one))["items"]}
    assert found["separate"]["lead_id"] == made_in
    assert [item["kind"] for item in listed(agency, lead_of(other))["items"]] == ["separate"]
    answer = agency.http.get(f"/v1/leads/{made_in}/decisions")
    assert answer.status_code == 301
    assert answer.headers["location"] == f"/v1/leads/{lead_of(one)}/decisions"


def test_a_decision_on_a_merged_lead_is_sent_to_the_one_in_its_place(
    reporter, agency, lead_of, decide
):
    one, other = reporter.send(report()), reporter.send(report())
    gone = lead_of(other)
    decide("join", one, other)
    sent = {"kind": "separate", "reports": [one["id"], other["id"]], "reason": REASON}
    answer = agency.http.post(f"/v1/leads/{gone}/decisions", json=sent)
    assert answer.status_code == 308
    assert answer.headers["location"] == f"/v1/leads/{lead_of(one)}/decisions"
    assert lead_of(one) == lead_of(other)


def test_a_decision_is_logged_and_its_reason_kept_sealed(network, reporter, agency, decide):
    one, other = reporter.send(report()), reporter.send(report())
    with network.watched_log() as new:
        made = decide("join", one, other, reason="zreteľné slová")
    assert [(r["action"], r["object_kind"]) for r in new] == [("reports_joined", "report")]
    assert {str(each) for each in new[0]["objects"]} == {one["id"], other["id"]}
    assert new[0]["client_id"] == agency.credentials.client_id
    (stored,) = network.rows("SELECT * FROM judgement WHERE id = $1", uuid.UUID(made["id"]))
    assert "slov" not in str(tuple(stored))
    assert "slová".encode() not in bytes(stored["sealed"])


FAULTS = [
    ({"kind": None}, "/kind"),
    ({"kind": "maybe"}, "/kind"),
    ({"reports": None}, "/reports"),
    ({"reports": []}, "/reports"),
    ({"reports": [str(uuid.UUID(int=7))]}, "/reports"),
    ({"reports": [str(uuid.UUID(int=n)) for n in range(3)]}, "/reports"),
    ({"reports": [str(uuid.UUID(int=7))] * 2}, "/reports"),
    ({"reports": ["x", str(uuid.UUID(int=7))]}, "/reports/0"),
    ({"reports": [7, str(uuid.UUID(int=7))]}, "/reports/0"),
    ({"reason": None}, "/reason"),
    ({"reason": ""}, "/reason"),
    ({"reason": " \n "}, "/reason"),
    ({"reason": "\u200b\u2060"}, "/reason"),
    ({"reason": "x" * 2001}, "/reason"),
    ({"reason": 7}, "/reason"),
    ({"reason": "a\x00b"}, "/reason"),
    ({"more": "x"}, "/more"),
]


@pytest.mark.parametrize(("changed", "pointer"), FAULTS)
def test_what_is_no_decision_is_refused_where_it_is_wrong(
    reporter, agency, lead_of, changed, pointer
):
    one, other = reporter.send(report()), reporter.send(report())
    sent = {"kind": "join", "reports": [one["id"], other["id"]], "reason": REASON, **changed}
    sent = {name: value for name, value in sent.items() if value is not None}
    answer = agency.http.post(f"/v1/leads/{lead_of(one)}/decisions", json=sent)
    assert answer.status_code == 422
    assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]


def test_the_longest_reason_is_taken(reporter, agency, lead_of, decide):
    one, other = reporter.send(report()), reporter.send(report())
    decide("join", one, other, reason="ž" * 2000)
    (item,) = listed(agency, lead_of(one))["items"]
    assert item["reason"] == "ž" * 2000


def test_one_of_the_two_must_be_of_the_lead(reporter, agency, lead_of):
    one, other, third = (reporter.send(report()) for _ in range(3))
    path = f"/v1/leads/{lead_of(third)}/decisions"
    sent = {"kind": "join", "reports": [one["id"], other["id"]], "reason": REASON}
    answer = agency.http.post(path, json=sent)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/reports"]


def _unknown(network, reporter):
    del network, reporter
    return str(uuid.uuid4())


def _withheld(network, reporter):
    del network
    return reporter.send(report(handling={"code": "H2"}))["id"]


def _without_consent_to_police(network, reporter):
    del network
    consent = {"basis": "consent", "scopes": ["linking"]}
    return reporter.send(report(consent=consent))["id"]


def _shared_with_others(network, reporter):
    del network
    return reporter.send(report(handling={"code": "H0", "share_with": ["AT"]}))["id"]


def _withdrawn(network, reporter):
    body = reporter.send(report())
    assert reporter.http.delete(f"/v1/reports/{body['id']}").status_code == 204
    network.wait_until_linked()
    return body["id"]


@pytest.mark.parametrize(
    "make", [_unknown, _withheld, _without_consent_to_police, _shared_with_others, _withdrawn]
)
def test_a_report_that_the_caller_may_not_read_is_refused_as_one_that_does_not_exist(
    network, reporter, agency, lead_of, make
):
    known = reporter.send(report())
    hidden = make(network, reporter)
    path = f"/v1/leads/{lead_of(known)}/decisions"
    sent = {"kind": "join", "reports": [known["id"], hidden], "reason": REASON}
    answer = agency.http.post(path, json=sent)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "/reports/1", "detail": "there is no such report in any lead"}
    ]
    network.wait_until_linked()
    assert network.one("SELECT count(*) FROM judgement WHERE report_hi = $1 OR report_lo = $1",
                       uuid.UUID(hidden)) == 0  # fmt: skip


def test_from_the_lead_of_a_withheld_report_nothing_is_decided_on_it(reporter, agency, lead_of):
    hidden = reporter.send(report(handling={"code": "H3"}))
    known = reporter.send(report())
    sent = {"kind": "join", "reports": [hidden["id"], known["id"]], "reason": REASON}
    answer = agency.http.post(f"/v1/leads/{lead_of(hidden)}/decisions", json=sent)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/reports/0"]
    assert lead_of(hidden) != lead_of(known)


def test_who_is_named_may_decide_and_the_reason_is_for_those_who_may_read_both(
    network, reporter, agency, lead_of, decide
):
    named = network.caller("prosecution", country="CZ")
    share = {"code": "H2", "share_with": [str(named.organisation_id)]}
    secret, known = reporter.send(report(handling=share)), reporter.send(report())
    decide("join", secret, known, by=named, reason="ako píše správa")
    lead_id = lead_of(known)
    (own,) = listed(named, lead_id)["items"]
    assert (own["reason"], own["withheld"]) == ("ako píše správa", False)
    (seen,) = listed(agency, lead_id)["items"]
    assert (seen["reason"], seen["withheld"]) == (None, True)
    assert seen["organisation"] == str(named.organisation_id)
    assert "píše" not in agency.http.get(f"/v1/leads/{lead_id}/history").text


def test_once_a_report_was_withdrawn_nobody_reads_why_it_was_judged(
    network, reporter, agency, lead_of, decide
):
    one, other = reporter.send(report()), reporter.send(report())
    decide("join", one, other)
    assert reporter.http.delete(f"/v1/reports/{other['id']}").status_code == 204
    network.wait_until_linked()
    (item,) = listed(agency, lead_of(one))["items"]
    assert (item["reason"], item["withheld"]) == (None, True)


def test_decisions_come_in_pages_that_repeat_and_miss_nothing(reporter, agency, lead_of, decide):
    one, other = reporter.send(report()), reporter.send(report())
    for number in range(5):
        decide("join" if number % 2 else "separate", one, other, reason=f"dôvod {number}")
    lead_id = lead_of(one)
    whole = listed(agency, lead_id)["items"]
    assert [item["reason"] for item in whole] == [f"dôvod {n}" for n in (4, 3, 2, 1, 0)]
    paged, after = [], None
    while True:
        page = listed(agency, lead_id, limit=2, **({"after": after} if after else {}))
        paged += page["items"]
        after = page["next"]
        if after is None:
            break
        assert len(page["items"]) == 2
        foreign = agency.http.get(f"/v1/leads/{lead_id}/history", params={"after": after})
        assert foreign.status_code == 422
    assert paged == whole


def test_contrary_decisions_at_the_same_time_leave_one_in_force(network, reporter, agency, lead_of):
    one, other = reporter.send(report()), reporter.send(report())
    paths = [f"/v1/leads/{lead_of(body)}/decisions" for body in (one, other)]
    statuses = []

    def post(number):
        kind = "join" if number % 2 else "separate"
        sent = {"kind": kind, "reports": [one["id"], other["id"]], "reason": f"dôvod {number}"}
        answer = agency.http.post(paths[number % 2], json=sent, follow_redirects=True)
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=post, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [201] * 12
    network.wait_until_linked()
    items = listed(agency, lead_of(one))["items"]
    assert len(items) == 12
    assert [item["in_force"] for item in items] == [True] + [False] * 11
    assert (lead_of(one) == lead_of(other)) == (items[0]["kind"] == "join")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_decisions_of_a_lead_that_does_not_exist_are_404(agency, reporter, method):
    one, other = reporter.send(report()), reporter.send(report())
    sent = {"kind": "join", "reports": [one["id"], other["id"]], "reason": REASON}
    body = {"json": sent} if method == "POST" else {}
    answer = agency.http.request(method, f"/v1/leads/{uuid.uuid4()}/decisions", **body)
    assert answer.status_code == 404


def attempt(http, method, lead_id, one, other):
    """Try to read or to make a decision."""
    sent = {"kind": "join", "reports": [one["id"], other["id"]], "reason": REASON}
    body = {"json": sent} if method == "POST" else {}
    return http.request(method, f"/v1/leads/{lead_id}/decisions", **body)


@pytest.mark.parametrize(
    ("method", "scopes"),
    [
        ("GET", ("leads:write", "reports:read", "attributes:search")),
        ("POST", ("leads:read", "reports:write", "attributes:search")),
    ],
)
def test_an_agency_without_the_scope_is_refused(network, reporter, lead_of, method, scopes):
    one, other = reporter.send(report()), reporter.send(report())
    caller = network.caller("law_enforcement", *scopes)
    assert attempt(caller.http, method, lead_of(one), one, other).status_code == 403
    assert lead_of(one) != lead_of(other)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("kind", ["ngo", "coordinator", "auditor", "research"])
def test_who_is_no_agency_neither_decides_nor_reads_decisions(
    network, reporter, lead_of, method, kind
):
    one, other = reporter.send(report()), reporter.send(report())
    caller = reporter if kind == "ngo" else network.caller(kind)
    assert attempt(caller.http, method, lead_of(one), one, other).status_code == 403
    assert lead_of(one) != lead_of(other)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_a_token_nothing_is_decided_or_read(network, reporter, lead_of, method):
    one, other = reporter.send(report()), reporter.send(report())
    with httpx2.Client(base_url=network.url) as http:
        answer = attempt(http, method, lead_of(one), one, other)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
