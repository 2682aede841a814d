"""Leads over HTTP: lists, details, members, links, history, outcomes, merges and splits."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.reports import email, report

WHY = {"Purpose": "investigation"}


@pytest.fixture
def lead_of(network):
    """The lead that a report is in at the moment."""

    def lead_of(body):
        statement = "SELECT lead_id FROM lead_membership WHERE report_id = $1"
        return str(network.one(statement, uuid.UUID(body["id"])))

    return lead_of


def every_page(http, **query):
    """All leads of a list, page by page."""
    items, after = [], None
    for _ in range(100):
        page = http.get("/v1/leads", params=query | ({"after": after} if after else {})).json()
        items += page["items"]
        after = page["next"]
        if after is None:
            return items
    raise AssertionError("the list does not end")


@pytest.fixture(scope="module")
def pair(network, reporter):
    """Two leads that differ in everything that a list can be filtered by."""
    child = reporter.send(
        report(
            forms=["forced_begging"],
            indicators=["EX-01"],
            place={"country": "BG", "nuts": "BG421"},
            persons=[{"role": "suspected_victim", "age_group": "child"}],
        )
    )
    adult = reporter.send(
        report(
            forms=["labour_exploitation"],
            indicators=["CD-01"],
            place={"country": "SK", "nuts": "SK031"},
            persons=[{"role": "suspected_victim", "age_group": "adult"}],
        )
    )
    statement = "SELECT lead_id FROM lead_membership WHERE report_id = $1"
    return [str(network.one(statement, uuid.UUID(body["id"]))) for body in (child, adult)]


@pytest.mark.parametrize(
    ("query", "matching"),
    [
        ({"form": "forced_begging"}, 0),
        ({"form": "labour_exploitation"}, 1),
        ({"country": "BG"}, 0),
        ({"country": "SK"}, 1),
        ({"nuts": "BG421"}, 0),
        ({"nuts": "BG4"}, 0),
        ({"nuts": "SK0"}, 1),
        ({"indicator": "EX-01"}, 0),
        ({"indicator": "CD-01"}, 1),
        ({"has_children": "true"}, 0),
        ({"has_children": "false"}, 1),
        ({"country": "BG", "form": "forced_begging", "has_children": "true"}, 0),
    ],
)
def test_a_filter_gives_the_lead_that_matches_and_not_the_other(agency, pair, query, matching):
    found = {item["id"] for item in every_page(agency.http, **query)}
    assert pair[matching] in found
    assert pair[1 - matching] not in found


def test_filters_that_contradict_each_other_find_neither(agency, pair):
    found = {item["id"] for item in every_page(agency.http, country="BG", form="organ_removal")}
    assert not found & set(pair)


def test_the_filter_by_score_splits_the_leads(agency, pair):
    scores = {item["id"]: item["score"] for item in every_page(agency.http)}
    (low, weak), (high, strong) = sorted((scores[id_], id_) for id_ in pair)
    assert low < high
    found = {item["id"] for item in every_page(agency.http, min_score=high)}
    assert strong in found
    assert weak not in found
    assert found == {id_ for id_, score in scores.items() if score >= high}


def test_the_filter_by_change_splits_the_leads(agency, reporter, pair, lead_of):
    since = datetime.now(UTC) + timedelta(milliseconds=1)
    fresh = lead_of(reporter.send(report()))
    found = {item["id"] for item in every_page(agency.http, updated_since=since.isoformat())}
    assert fresh in found
    assert not found & set(pair)


def test_the_filter_by_status_splits_the_leads(agency, reporter, pair, lead_of):
    closed = lead_of(reporter.send(report()))
    answer = agency.http.post(f"/v1/leads/{closed}/outcomes", json={"status": "closed"})
    assert answer.status_code == 201
    found = {item["id"] for item in every_page(agency.http, status="closed")}
    assert closed in found
    assert not found & set(pair)
    assert closed not in {item["id"] for item in every_page(agency.http, status="new")}


def test_the_filter_by_number_of_reports_splits_the_leads(agency, reporter, pair, lead_of):
    shared = email()
    first = reporter.send(report(attributes=[shared]))
    reporter.send(report(attributes=[shared]))
    found = {item["id"] for item in every_page(agency.http, min_reports=2)}
    assert lead_of(first) in found
    assert not found & set(pair)


@pytest.mark.parametrize("sort", ["-score", "-updated_at"])
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_over_equal_scores_repeat_and_miss_nothing(agency, reporter, network, sort, limit):
    for _ in range(8 - network.one("SELECT least(8, count(*)) FROM lead WHERE score = 0")):
        reporter.send(report())
    whole = every_page(agency.http, sort=sort, limit=500)
    paged = every_page(agency.http, sort=sort, limit=limit)
    assert [item["id"] for item in paged] == [item["id"] for item in whole]
    assert len({item["id"] for item in paged}) == len(paged)
    key = sort.removeprefix("-")
    values = [item[key] for item in paged]
    assert values == sorted(values, reverse=True)
    assert len(paged) == network.one("SELECT count(*) FROM lead WHERE report_count > 0")


def test_a_cursor_of_another_order_is_refused(agency):
    cursor = agency.http.get("/v1/leads", params={"limit": 1}).json()["next"]
    answer = agency.http.get("/v1/leads", params={"after": cursor, "sort": "-updated_at"})
    assert answer.status_code == 422


@pytest.mark.parametrize("place", range(0, 60, 7))
def test_a_cursor_that_was_touched_is_refused(agency, place):
    cursor = agency.http.get("/v1/leads", params={"limit": 1}).json()["next"]
    other = "A" if cursor[place] != "A" else "B"
    forged = cursor[:place] + other + cursor[place + 1 :]
    assert agency.http.get("/v1/leads", params={"after": forged}).status_code == 422


def test_lists_show_no_personal_value(agency, reporter):
    reporter.send(report(persons=[{"name": "Ľudmila Vymyslenková"}], attributes=[email("zdenka")]))
    text = agency.http.get("/v1/leads", params={"limit": 500}).text
    assert "Vymyslen" not in text
    assert "zdenka" not in text


@pytest.fixture(scope="module")
def joint(network, reporter, other_reporter):
    """A lead of three reports of two organisations, one of which agencies may not read."""
    one, two = email(), email()
    first = reporter.send(
        report(
            forms=["labour_exploitation"],
            indicators=["CD-01", "RV-01"],
            place={"country": "SK", "nuts": "SK031"},
            persons=[
                {"role": "suspected_victim", "name": "Zdenka Vymyslená", "birth_date": "1999"}
            ],
            attributes=[one],
            observed_from="2026-02-01",
        )
    )
    second = other_reporter.send(
        report(
            attributes=[one, two],
            place={"country": "AT"},
            observed_from="2026-02-10",
            observed_to="2026-02-20",
        )
    )
    secret = other_reporter.send(
        report(
            attributes=[two],
            narrative="Tajná správa",
            persons=[{"name": "Bohumil Skrytý"}],
            handling={"code": "H2"},
        )
    )
    statement = "SELECT lead_id FROM lead_membership WHERE report_id = $1"
    leads = {network.one(statement, uuid.UUID(body["id"])) for body in (first, second, secret)}
    (lead_id,) = leads
    return str(lead_id), first, second, secret


def test_the_detail_has_all_fields_of_the_contract(agency, joint):
    answer = agency.http.get(f"/v1/leads/{joint[0]}", headers=WHY)
    assert answer.status_code == 200
    body = answer.json()
    assert body["report_count"] == 3
    assert body["organisation_count"] == 2
    assert body["sector_count"] == 2
    assert body["withheld_count"] == 1
    assert body["first_observed"] == "2026-02-01"
    assert body["last_observed"] == "2026-02-20"
    assert body["countries"] == ["AT", "SK"]
    assert body["forms"] == ["labour_exploitation"]
    assert body["status"] == "new"
    assert body["merged_into"] is None
    assert sum(body["score_parts"].values()) == pytest.approx(body["score"], abs=0.02)
    for element in ("act", "means", "purpose"):
        assert body["assessment"][element]["result"] in ("indicated", "not_indicated", "unknown")
    assert any("Vymyslen" in str(person) for person in body["persons"])


def test_a_withheld_report_shows_nothing_of_itself(agency, joint):
    lead_id, _, _, secret = joint
    for path in ("", "/reports", "/links"):
        text = agency.http.get(f"/v1/leads/{lead_id}{path}", headers=WHY).text
        assert "Tajn" not in text
        assert "Skryt" not in text
    items = agency.http.get(f"/v1/leads/{lead_id}/reports", headers=WHY).json()["items"]
    (stub,) = [item for item in items if item["withheld"]]
    assert stub["id"] == secret["id"]
    assert set(stub) == {"id", "withheld", "ask", "handling"}
    assert stub["ask"]["kind"] == "trade_union"
    assert stub["ask"]["name"]


def test_readable_members_come_whole(agency, joint):
    lead_id, first, second, _ = joint
    items = agency.http.get(f"/v1/leads/{lead_id}/reports", headers=WHY).json()["items"]
    whole = {item["id"]: item for item in items if not item["withheld"]}
    assert set(whole) == {first["id"], second["id"]}
    assert whole[first["id"]]["persons"] == first["persons"]
    assert whole[first["id"]]["organisation"]["kind"] == "ngo"


def test_the_organisation_that_wrote_a_withheld_report_is_named_as_recipient_reads_it(
    network, reporter, lead_of
):
    named = network.caller("prosecution", country="CZ")
    unnamed = network.caller("prosecution", country="CZ")
    share = {"code": "H2", "share_with": [str(named.organisation_id)]}
    lead_id = lead_of(reporter.send(report(narrative="Len pre vás", handling=share)))
    path = f"/v1/leads/{lead_id}/reports"
    assert "Len pre" in named.http.get(path, headers=WHY).text
    assert "Len pre" not in unnamed.http.get(path, headers=WHY).text


def test_every_link_adds_up_to_its_weight_and_passes_the_threshold(agency, joint):
    body = agency.http.get(f"/v1/leads/{joint[0]}/links", headers=WHY).json()
    assert {frozenset(link["reports"]) for link in body["items"]} == {
        frozenset((joint[1]["id"], joint[2]["id"])),
        frozenset((joint[2]["id"], joint[3]["id"])),
    }
    for link in body["items"]:
        weights = [part["match_weight"] for part in link["parts"]]
        assert sum(weights) == pytest.approx(link["match_weight"], abs=1e-9)
        withheld = joint[3]["id"] in link["reports"]
        assert (link["withheld"], link["strong"]) == (withheld, None if withheld else True)
        assert link["match_weight"] >= body["threshold"] > body["attach_threshold"]
        [shared] = [part for part in link["parts"] if part["links_alone"]]
        assert shared["kind"] == "email"
        told = {part["kind"] for part in link["parts"]}
        assert told <= {"email", "place", "time", "form"}


def test_the_history_begins_with_the_creation_and_tells_of_each_report(agency, joint):
    items = agency.http.get(f"/v1/leads/{joint[0]}/history", headers=WHY).json()["items"]
    assert items[0]["kind"] == "created"
    assert [item["at"] for item in items] == sorted(item["at"] for item in items)
    told = {report_id for item in items for report_id in item["reports"]}
    assert {joint[1]["id"], joint[2]["id"], joint[3]["id"]} <= told


@pytest.mark.parametrize("path", ["", "/reports", "/links", "/history"])
def test_a_lead_that_does_not_exist_is_404(agency, path):
    assert agency.http.get(f"/v1/leads/{uuid.uuid4()}{path}", headers=WHY).status_code == 404


def test_an_outcome_reaches_each_reporter_and_its_internal_note_nobody(network, agency, lead_of):
    one, two = network.caller("ngo"), network.caller("faith")
    shared = email()
    first = one.send(report("OUT-1", attributes=[shared]))
    second = two.send(report("OUT-2", attributes=[shared]))
    lead_id = lead_of(first)
    sent = {
        "status": "investigation_opened",
        "message": "Ďakujeme, prípad sa vyšetruje.",
        "internal_note": "iba pre políciu",
    }
    answer = agency.http.post(f"/v1/leads/{lead_id}/outcomes", json=sent)
    assert answer.status_code == 201
    assert answer.json()["status"] == "investigation_opened"
    for caller, body in ((one, first), (two, second)):
        page = caller.http.get("/v1/feedback")
        (item,) = page.json()["items"]
        assert item["report_id"] == body["id"]
        assert item["external_ref"] == body["external_ref"]
        assert item["status"] == "investigation_opened"
        assert item["message"] == sent["message"]
        assert "políciu" not in page.text
        assert caller.http.get(f"/v1/reports/{body['id']}").json()["status"] == (
            "investigation_opened"
        )
    detail = agency.http.get(f"/v1/leads/{lead_id}", headers=WHY).json()
    assert detail["status"] == "investigation_opened"
    events = agency.http.get(f"/v1/leads/{lead_id}/history").json()["items"]
    assert events[-1]["kind"] == "outcome"


def test_an_outcome_is_kept_sealed(network, agency, reporter, lead_of):
    lead_id = lead_of(reporter.send(report()))
    sent = {"status": "closed", "message": "zreteľné slová", "internal_note": "tiché slová"}
    agency.http.post(f"/v1/leads/{lead_id}/outcomes", json=sent)
    for table in ("outcome", "feedback"):
        stored = network.rows(f"SELECT * FROM {table}")
        assert "slov" not in str([tuple(row) for row in stored])


def test_an_outcome_of_a_lead_that_does_not_exist_is_404(agency):
    path = f"/v1/leads/{uuid.uuid4()}/outcomes"
    assert agency.http.post(path, json={"status": "closed"}).status_code == 404


def test_a_merged_lead_redirects_to_the_one_that_took_its_place(agency, reporter, lead_of):
    one, two = email(), email()
    older = lead_of(reporter.send(report(attributes=[one])))
    second = reporter.send(report(attributes=[two]))
    younger = lead_of(second)
    reporter.send(report(attributes=[one, two]))
    assert lead_of(second) == older
    for path in ("", "/reports", "/links", "/history"):
        answer = agency.http.get(f"/v1/leads/{younger}{path}", headers=WHY)
        assert answer.status_code == 301
        assert answer.headers["location"] == f"/v1/leads/{older}{path}"
        assert agency.http.get(answer.headers["location"], headers=WHY).status_code == 200
    assert younger not in {item["id"] for item in every_page(agency.http)}
    late = agency.http.post(f"/v1/leads/{younger}/outcomes", json={"status": "closed"})
    assert late.status_code == 308
    assert late.headers["location"] == f"/v1/leads/{older}/outcomes"
    history = agency.http.get(f"/v1/leads/{older}/history").json()
    assert [event for event in history["items"] if event["kind"] == "merged"]


def test_a_chain_of_merges_redirects_in_one_hop(agency, reporter, lead_of):
    ties = [email() for _ in range(3)]
    leads = [lead_of(reporter.send(report(attributes=[tie]))) for tie in ties]
    reporter.send(report(attributes=[ties[1], ties[2]]))
    reporter.send(report(attributes=[ties[0], ties[1]]))
    answer = agency.http.get(f"/v1/leads/{leads[2]}", headers=WHY)
    assert answer.headers["location"] == f"/v1/leads/{leads[0]}"


def test_an_outcome_on_a_merged_lead_is_not_lost_silently(agency, reporter, lead_of):
    one, two = email(), email()
    reporter.send(report(attributes=[one]))
    younger = lead_of(reporter.send(report(attributes=[two])))
    reporter.send(report(attributes=[one, two]))
    answer = agency.http.post(f"/v1/leads/{younger}/outcomes", json={"status": "closed"})
    assert answer.status_code in (301, 308, 404, 409)


def test_a_withdrawal_splits_a_lead_that_only_it_held_together(agency, network, reporter, lead_of):
    one, two = email(), email()
    first = reporter.send(report(attributes=[one]))
    second = reporter.send(report(attributes=[two]))
    bridge = reporter.send(report(attributes=[one, two]))
    assert lead_of(first) == lead_of(second)
    assert reporter.http.delete(f"/v1/reports/{bridge['id']}").status_code == 204
    network.wait_until_linked()
    assert lead_of(first) != lead_of(second)
    kinds = {
        item["kind"]
        for lead_id in (lead_of(first), lead_of(second))
        for item in agency.http.get(f"/v1/leads/{lead_id}/history").json()["items"]
    }
    assert {"merged", "split"} <= kinds
    for body in (first, second):
        detail = agency.http.get(f"/v1/leads/{lead_of(body)}", headers=WHY).json()
        assert detail["report_count"] == 1


def test_a_lead_whose_only_report_is_withdrawn_leaves_the_lists(agency, network, reporter, lead_of):
    body = reporter.send(report())
    lead_id = lead_of(body)
    reporter.http.delete(f"/v1/reports/{body['id']}")
    network.wait_until_linked()
    assert lead_id not in {item["id"] for item in every_page(agency.http)}


def test_a_report_without_consent_to_linking_is_alone(reporter, lead_of):
    shared = email()
    consent = {"basis": "consent", "scopes": ["police"]}
    first = reporter.send(report(attributes=[shared]))
    alone = reporter.send(report(attributes=[shared], consent=consent))
    assert lead_of(first) != lead_of(alone)


def test_a_report_without_consent_to_police_is_withheld(agency, reporter, lead_of):
    consent = {"basis": "consent", "scopes": ["linking"]}
    lead_id = lead_of(reporter.send(report(narrative="Dôverné", consent=consent)))
    body = agency.http.get(f"/v1/leads/{lead_id}/reports", headers=WHY)
    assert body.json()["items"][0]["withheld"] is True
    assert "Dôvern" not in body.text


def test_agencies_read_outcomes_with_their_notes_in_the_history(agency, reporter, lead_of):
    lead = lead_of(reporter.send(report(attributes=[email()])))
    sent = {"status": "under_assessment", "message": "Thank you.", "internal_note": "see file 7"}
    agency.http.post(f"/v1/leads/{lead}/outcomes", json=sent)
    last = agency.http.get(f"/v1/leads/{lead}/history").json()["items"][-1]
    assert {name: last[name] for name in sent} == sent


def test_a_report_that_comes_into_a_lead_after_an_outcome_is_told_of_it(agency, reporter, lead_of):
    tie = email()
    lead = lead_of(reporter.send(report(attributes=[tie])))
    agency.http.post(f"/v1/leads/{lead}/outcomes", json={"status": "prosecution", "message": "m"})
    late = reporter.send(report(attributes=[tie]))
    assert lead_of(late) == lead
    answer = reporter.http.get(f"/v1/reports/{late['id']}/feedback")
    assert answer.status_code == 200, answer.text
    told = answer.json()["items"]
    assert [(one["status"], one["message"]) for one in told] == [("prosecution", "m")]
    assert reporter.http.get(f"/v1/reports/{late['id']}").json()["status"] == "prosecution"


def test_what_police_may_not_read_shapes_no_lead(agency, reporter, lead_of):
    hidden = report(
        attributes=[email()],
        forms=["forced_marriage"],
        persons=[{"age_group": "child"}],
        consent={"basis": "consent", "scopes": ["statistics"]},
    )
    reporter.send(hidden)
    found = every_page(agency.http, form="forced_marriage")
    assert all(lead["first_observed"] is not None for lead in found)
    assert not [lead for lead in found if lead["forms"] == ["forced_marriage"] and
                lead["has_children"]]  # fmt: skip


def test_lists_inside_a_lead_are_paged(agency, reporter, lead_of):
    tie = email()
    sent = [reporter.send(report(attributes=[tie])) for _ in range(3)]
    lead = lead_of(sent[-1])
    for path in ("reports", "links", "history"):
        items, after = [], None
        while True:
            params = {"limit": 1} | ({"after": after} if after else {})
            page = agency.http.get(f"/v1/leads/{lead}/{path}", headers=WHY, params=params).json()
            assert len(page["items"]) == 1
            items += page["items"]
            after = page["next"]
            if after is None:
                break
        whole = agency.http.get(f"/v1/leads/{lead}/{path}", headers=WHY).json()["items"]
        assert items == whole
        assert len(items) >= 2
