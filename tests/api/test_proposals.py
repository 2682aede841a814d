"""Proposals over HTTP: what is proposed and why, and what becomes of it when it is decided."""

import itertools

import httpx2
import pytest

from tests.support.reports import email, ndjson, phone, report

WHY = {"Purpose": "investigation"}
REASON = "Rovnaká firma, iná prevádzka."
CROWD = 35
_SMALLEST_NOT_ATTACHED = 5
_NUMBERS = itertools.count(1_000_000)


@pytest.fixture(scope="module", autouse=True)
def nothing_that_crosses_is_missed(network):
    """Whatever the tests of this file do: in the end every link across leads is noted as such."""
    yield
    network.wait_until_linked()
    missed = """
        SELECT count(*) FROM link AS l JOIN lead_membership AS m ON m.report_id = l.report_lo
        JOIN lead_membership AS n ON n.report_id = l.report_hi
        JOIN lead AS a ON a.id = m.lead_id JOIN lead AS b ON b.id = n.lead_id
        WHERE a.id <> b.id AND a.core_count > 1 AND b.core_count > 1 AND NOT l.apart
    """
    assert network.one("SELECT count(*) FROM link WHERE apart") > 0
    assert network.one(missed) == 0


def company():
    """An attribute with the register number of a firm: too weak to link by itself."""
    number = f"{next(_NUMBERS):07}"
    total = sum((8 - place) * int(digit) for place, digit in enumerate(number))
    value = number + str((11 - total % 11) % 10)
    return {"kind": "company", "value": value, "role": "employer", "country": "SK"}


def ties():
    """What holds a lead together more strongly than any one value could hold it to another."""
    return [email(), phone()]


def ties_of(reports):
    """The attributes that tie a group together, as they were sent."""
    return [
        {name: found[name] for name in ("kind", "value", "role")}
        for found in reports[1]["attributes"]
    ]


def group(caller, *attributes, count=_SMALLEST_NOT_ATTACHED, **more):
    """A lead of so many reports that have two values in common, the first of which carries
    `attributes` too; its reports.
    """
    common = ties()
    return [
        caller.send(report(attributes=[*common, *(attributes if place == 0 else ())], **more))
        for place in range(count)
    ]


@pytest.fixture
def weakly(reporter):
    """Two leads across which one weak link leads."""

    def weakly(**more):
        firm = company()
        one = group(reporter, firm)
        return one, group(reporter, firm, **more)

    return weakly


def every_page(caller, limit=500):
    """All proposals, page by page."""
    items, after = [], None
    for _ in range(200):
        query = {"limit": limit} | ({"after": after} if after else {})
        answer = caller.http.get("/v1/proposals", params=query, headers=WHY)
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        after = answer.json()["next"]
        if after is None:
            return items
    raise AssertionError("the list does not end")


@pytest.fixture
def proposed(agency, lead_of):
    """What is proposed for the leads of two reports: at most one proposal."""

    def proposed(one, other, *, to=agency):
        leads = sorted([lead_of(one), lead_of(other)])
        found = [item for item in every_page(to) if item["leads"] == leads]
        assert len(found) <= 1
        return found[0] if found else None

    return proposed


@pytest.fixture
def answer(network, agency):
    """Accept or reject a proposal, and wait until that is done."""

    def answer(proposal, how, *, by=agency, status=201, reason=REASON):
        path = f"/v1/proposals/{proposal['id']}/{how}"
        got = by.http.post(path, json={"reason": reason})
        assert got.status_code == status, got.text
        network.wait_until_linked()
        return got.json()

    return answer


def test_weak_evidence_across_two_leads_is_proposed_with_what_speaks_for_it(
    weakly, lead_of, proposed
):
    one, other = weakly()
    found = proposed(one[0], other[0])
    assert set(found) == {
        "id", "leads", "match_weight", "link_count", "link", "reason",
    }  # fmt: skip
    assert found["leads"] == [lead_of(one[0]), lead_of(other[0])]
    assert found["reason"] == "weak evidence"
    assert found["link_count"] == 1
    link = found["link"]
    assert set(link["reports"]) == {one[0]["id"], other[0]["id"]}
    assert link["match_weight"] == found["match_weight"]
    assert link["strong"] is False
    parts = {part["kind"]: part for part in link["parts"]}
    assert sum(part["match_weight"] for part in link["parts"]) == pytest.approx(
        link["match_weight"], abs=1e-9
    )
    assert parts["company"]["value"] is not None
    assert parts["company"]["carriers"] == 2
    assert link["withheld"] is False


def test_a_report_alone_is_not_proposed_to_anything(reporter, lead_of, agency):
    firm = company()
    one, other = (reporter.send(report(attributes=[firm])) for _ in range(2))
    assert lead_of(one) != lead_of(other)
    mine = {lead_of(one), lead_of(other)}
    assert not [item for item in every_page(agency) if mine & set(item["leads"])]


def test_accepting_makes_one_lead_and_the_proposal_goes(
    weakly, agency, lead_of, proposed, answer, relink
):
    one, other = weakly()
    older, younger = lead_of(one[0]), lead_of(other[0])
    found = proposed(one[0], other[0])
    made = answer(found, "accept")
    assert made["kind"] == "join"
    assert set(made["reports"]) == {one[0]["id"], other[0]["id"]}
    assert {lead_of(body) for body in (*one, *other)} == {older}
    assert found["id"] not in {item["id"] for item in every_page(agency)}
    relink()
    assert {lead_of(body) for body in (*one, *other)} == {older}
    decisions = agency.http.get(f"/v1/leads/{older}/decisions").json()["items"]
    assert [(each["id"], each["reason"]) for each in decisions] == [(made["id"], REASON)]
    answer(found, "accept", status=404)
    assert agency.http.get(f"/v1/leads/{younger}", headers=WHY).status_code == 301


def test_rejecting_hides_the_proposal_for_good(weakly, agency, lead_of, proposed, answer, relink):
    one, other = weakly()
    found = proposed(one[0], other[0])
    made = answer(found, "reject")
    assert made["kind"] == "separate"
    assert made["organisation"] == str(agency.organisation_id)
    assert proposed(one[0], other[0]) is None
    relink()
    assert proposed(one[0], other[0]) is None
    assert lead_of(one[0]) != lead_of(other[0])
    assert answer(found, "reject") == made


def test_a_rejection_hides_weaker_links_of_the_two_leads_too(reporter, proposed, answer):
    first, second = company(), company()
    one, other = (group(reporter, first, second) for _ in range(2))
    late = [*ties_of(one), first]
    reporter.send(report(attributes=late, observed_from="2025-11-20"))
    found = proposed(one[0], other[0])
    assert found["link_count"] == 2
    answer(found, "reject")
    assert proposed(one[0], other[0]) is None


def test_a_rejection_can_be_taken_back(weakly, lead_of, proposed, answer):
    one, other = weakly()
    found = proposed(one[0], other[0])
    answer(found, "reject")
    answer(found, "accept")
    assert lead_of(one[0]) == lead_of(other[0])


def test_stronger_evidence_than_what_was_rejected_is_proposed_anew(
    reporter, weakly, proposed, answer, lead_of
):
    one, other = weakly()
    answer(proposed(one[0], other[0]), "reject")
    shared = phone()
    for part in (one, other):
        reporter.send(report(attributes=[*ties_of(part), shared]))
    assert lead_of(one[0]) != lead_of(other[0])
    found = proposed(one[0], other[0])
    assert found["reason"] == "judged apart elsewhere"
    assert found["link"]["strong"] is True
    assert not set(found["link"]["reports"]) & {one[0]["id"], other[0]["id"]}


def test_strong_evidence_that_would_make_too_large_a_lead_is_proposed(
    network, reporter, lead_of, proposed, answer
):
    shared = phone()
    crowds = []
    for _ in range(2):
        common = ties()
        crowd = [report(attributes=common) for _ in range(CROWD)]
        sent = reporter.http.post(
            "/v1/reports/batch",
            content=ndjson(crowd),
            headers={"Content-Type": "application/x-ndjson"},
        )
        assert sent.status_code == 200
        network.wait_until_linked()
        crowds.append(reporter.send(report(attributes=[*common, shared])))
    one, other = crowds
    assert lead_of(one) != lead_of(other)
    found = proposed(one, other)
    assert found["reason"] == "large lead"
    assert set(found["link"]["reports"]) == {one["id"], other["id"]}
    answer(found, "accept")
    assert lead_of(one) == lead_of(other)


def test_strong_evidence_across_a_judgement_is_proposed_as_judged_elsewhere(
    network, reporter, agency, lead_of, proposed
):
    one, other = group(reporter), group(reporter)
    sent = {"kind": "separate", "reports": [one[0]["id"], other[0]["id"]], "reason": REASON}
    path = f"/v1/leads/{lead_of(one[0])}/decisions"
    assert agency.http.post(path, json=sent).status_code == 201
    network.wait_until_linked()
    shared = phone()
    for part in (one, other):
        reporter.send(report(attributes=[*ties_of(part), shared]))
    assert lead_of(one[0]) != lead_of(other[0])
    found = proposed(one[0], other[0])
    assert found["reason"] == "judged apart elsewhere"
    assert found["match_weight"] > 19.5


def test_what_rests_on_a_withheld_report_is_proposed_to_those_alone_who_may_read_it(
    network, reporter, agency, lead_of, proposed, answer
):
    named = network.caller("prosecution", country="CZ")
    share = {"code": "H2", "share_with": [str(named.organisation_id)]}
    firm = company()
    one = group(reporter, firm)
    other = group(reporter, count=_SMALLEST_NOT_ATTACHED)
    hidden = reporter.send(report(attributes=[*ties_of(other), firm], handling=share))
    leads = {lead_of(one[0]), lead_of(other[0])}
    assert not [item for item in every_page(agency) if leads == set(item["leads"])]
    seen = proposed(one[0], other[0], to=named)
    assert hidden["id"] in seen["link"]["reports"]
    for how in ("accept", "reject"):
        answer(seen, how, status=404)
    assert lead_of(one[0]) != lead_of(other[0])
    answer(seen, "accept", by=named)
    assert lead_of(one[0]) == lead_of(other[0])


def test_leads_of_which_nothing_may_be_read_are_not_proposed(reporter, agency, lead_of):
    firm = company()
    hidden = group(reporter, firm, handling={"code": "H3"})
    group(reporter, firm)
    lead_id = lead_of(hidden[0])
    assert not [item for item in every_page(agency) if lead_id in item["leads"]]


def test_a_withdrawn_end_takes_the_proposal_away(network, reporter, weakly, proposed, agency):
    one, other = weakly()
    found = proposed(one[0], other[0])
    assert reporter.http.delete(f"/v1/reports/{other[0]['id']}").status_code == 204
    network.wait_until_linked()
    assert found["id"] not in {item["id"] for item in every_page(agency)}
    got = agency.http.post(f"/v1/proposals/{found['id']}/accept", json={"reason": REASON})
    assert got.status_code == 404


def test_the_strongest_come_first_on_whatever_pages_and_relinking_keeps_them(
    weakly, agency, relink
):
    for day in ("2026-03-01", "2026-01-01", "2025-11-01"):
        weakly(observed_from=day)
    whole = every_page(agency)
    assert len(whole) >= 3
    weights = [item["match_weight"] for item in whole]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) > 1
    assert len({item["id"] for item in whole}) == len(whole)
    for limit in (1, 2):
        assert every_page(agency, limit) == whole
    relink()
    assert every_page(agency) == whole


def test_reading_proposals_is_logged_with_who_what_and_why(network, agency, weakly, proposed):
    one, other = weakly()
    found = proposed(one[0], other[0])
    with network.watched_log() as new:
        shown = agency.http.get("/v1/proposals", params={"limit": 1}, headers=WHY).json()["items"]
    logged = {r["action"]: {str(each) for each in r["objects"]} for r in new}
    assert logged == {
        "proposals_read": set(shown[0]["leads"]),
        "reports_disclosed": set(shown[0]["link"]["reports"]),
    }
    assert {(r["purpose"], r["client_id"]) for r in new} == {
        ("investigation", agency.credentials.client_id)
    }
    assert found is not None


@pytest.mark.parametrize("purpose", [None, "", "curiosity"])
def test_proposals_are_not_read_without_a_purpose(agency, purpose):
    headers = {} if purpose is None else {"Purpose": purpose}
    got = agency.http.get("/v1/proposals", headers=headers)
    assert got.status_code == 400
    assert got.json()["type"] == "urn:tessera:problem:purpose-missing"


@pytest.mark.parametrize("how", ["accept", "reject"])
@pytest.mark.parametrize(
    "id_",
    [
        "x",
        "-",
        "AAAA",
        "A" * 43,
        "A" * 42,
        "A" * 44,
        "%00",
        "é" * 43,
        "0198b0e6-7c11-7cc1-8f3e-000000000000",
    ],
)
def test_what_is_no_proposal_is_404(agency, how, id_):
    got = agency.http.post(f"/v1/proposals/{id_}/{how}", json={"reason": REASON})
    assert got.status_code == 404


@pytest.mark.parametrize("how", ["accept", "reject"])
@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({}, "/reason"),
        ({"reason": ""}, "/reason"),
        ({"reason": "\u200b"}, "/reason"),
        ({"reason": "x" * 2001}, "/reason"),
        ({"reason": REASON, "kind": "join"}, "/kind"),
    ],
)
def test_an_answer_without_a_reason_is_refused(agency, weakly, proposed, how, sent, pointer):
    one, other = weakly()
    found = proposed(one[0], other[0])
    got = agency.http.post(f"/v1/proposals/{found['id']}/{how}", json=sent)
    assert got.status_code == 422
    assert [fault["pointer"] for fault in got.json()["errors"]] == [pointer]


CALLS = [("GET", ""), ("POST", "/{}/accept"), ("POST", "/{}/reject")]


def attempt(http, method, path, proposal):
    """Try to read or answer proposals."""
    body = {"json": {"reason": REASON}} if method == "POST" else {}
    return http.request(method, "/v1/proposals" + path.format(proposal["id"]), headers=WHY, **body)


@pytest.fixture(scope="module")
def standing(reporter, agency, lead_of):
    """A proposal that nobody answers, and its two leads."""
    firm = company()
    leads = [lead_of(group(reporter, firm)[0]) for _ in range(2)]
    (found,) = [item for item in every_page(agency) if item["leads"] == leads]
    return found


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("kind", ["ngo", "coordinator", "auditor", "research"])
def test_who_is_no_agency_neither_reads_nor_answers(
    network, reporter, standing, method, path, kind
):
    caller = reporter if kind == "ngo" else network.caller(kind)
    assert attempt(caller.http, method, path, standing).status_code == 403


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_an_agency_without_the_scope_is_refused(network, agency, standing, method, path):
    other = "leads:write" if method == "GET" else "leads:read"
    caller = network.caller("law_enforcement", other, "attributes:search")
    assert attempt(caller.http, method, path, standing).status_code == 403
    assert standing["id"] in {item["id"] for item in every_page(agency)}


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_without_a_token_nothing_is_read_or_answered(network, standing, method, path):
    with httpx2.Client(base_url=network.url) as http:
        assert attempt(http, method, path, standing).status_code == 401
