"""Why two reports are together or apart, over HTTP: the chain of links and the pair compared."""

import uuid

import pytest

from app.crypto.ids import new_id
from app.domain.stoplist import StopValue
from app.services.add_to_stoplist import add_to_stoplist
from app.storage.catalogues import load_model
from app.storage.repositories import linking
from tests.support.network import by_cli
from tests.support.reports import email, phone, report

WHY = {"Purpose": "investigation"}
EXPLAIN = "/v1/links/explain"
MODEL = load_model()


@pytest.fixture(scope="module")
def path_of(agency, lead_of):
    """The answer to the question for the chain between two reports."""

    def path_of(one, other, caller=agency):
        query = {"from": one["id"], "to": other["id"]}
        path = f"/v1/leads/{lead_of(one)}/path"
        answer = caller.http.get(path, params=query, headers=WHY)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return path_of


@pytest.fixture(scope="module")
def explain(agency):
    """The answer to the question why two reports are together or apart."""

    def explain(one, other, caller=agency):
        body = {"reports": [one["id"], other["id"]]}
        answer = caller.http.post(EXPLAIN, json=body, headers=WHY)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return explain


@pytest.fixture(scope="module")
def judge(network, agency):
    """Store what an analyst decided on two reports, and wait until the leads follow it."""

    def judge(kind, one, other):
        low, high = sorted(uuid.UUID(each["id"]) for each in (one, other))
        network.rows(
            "INSERT INTO judgement (id, kind, report_lo, report_hi, lead_id, sealed, "
            "organisation_id, client_id, at) VALUES ($1, $2, $3, $4, $1, '', $5, 'test', now())",
            new_id(), kind, low, high, agency.organisation_id,
        )  # fmt: skip
        for each in (low, high):
            network.rows("INSERT INTO link_queue (report_id, cause) VALUES ($1, 'judged')", each)
        network.wait_until_linked()

    return judge


@pytest.fixture(scope="module")
def chain(reporter):
    """Three reports: the first and the last have nothing in common but the one between."""
    one, two = email(), email()
    return [
        reporter.send(report(attributes=attributes))
        for attributes in ([one], [one, two], [two])
    ]  # fmt: skip


@pytest.fixture(scope="module")
def attached(reporter):
    """Two reports that a mail address links, and one that only a rare first name in one town
    brings to them.
    """
    shared = email()
    where = {"country": "SK", "locality": "Brezno"}
    whole, first = {"name": "Vendelína Vymyslená"}, {"given_name": "Vendelína"}
    return [
        reporter.send(report(attributes=[shared], place=where, persons=[whole])),
        reporter.send(report(attributes=[shared])),
        reporter.send(report(place=where, persons=[first])),
    ]


def ids(*reports):
    return [each["id"] for each in reports]


# The chain.


def test_the_chain_names_each_report_and_the_evidence_of_each_hop(path_of, chain):
    first, middle, last = chain
    body = path_of(first, last)
    assert body["reports"] == ids(first, middle, last)
    assert [hop["reports"] for hop in body["links"]] == [ids(first, middle), ids(middle, last)]
    for hop in body["links"]:
        assert hop["kind"] == "link"
        assert hop["strong"]
        assert hop["model_version"] == MODEL.version
        assert [part["kind"] for part in hop["parts"] if part["value"]] == ["email"]
        total = sum(part["match_weight"] for part in hop["parts"])
        assert total == pytest.approx(hop["match_weight"], abs=1e-9)
    assert body["weakest"] == min(hop["match_weight"] for hop in body["links"])


def test_the_chain_back_is_the_chain_reversed(path_of, chain):
    first, _, last = chain
    back = path_of(last, first)
    assert back["reports"] == path_of(first, last)["reports"][::-1]
    assert [hop["reports"] for hop in back["links"]] == [
        back["reports"][:2], back["reports"][1:],
    ]  # fmt: skip


def test_the_chain_from_a_report_to_itself_has_no_links(path_of, chain):
    assert path_of(chain[0], chain[0]) == {
        "reports": [chain[0]["id"]], "links": [], "weakest": None,
    }  # fmt: skip


def test_of_two_equally_short_chains_the_one_with_the_strongest_weakest_link_is_told(
    path_of, reporter
):
    one, two, near, far = email(), email(), phone(), phone()
    first = reporter.send(report(attributes=[one, near]))
    last = reporter.send(report(attributes=[two, far]))
    reporter.send(report(attributes=[one, two]))
    better = reporter.send(report(attributes=[one, two, near, far]))
    assert path_of(first, last)["reports"] == ids(first, better, last)


def test_a_report_that_weak_evidence_attached_is_reached_over_it(path_of, network, attached):
    core, other, weak = attached
    state = network.one(
        "SELECT attached FROM lead_membership WHERE report_id = $1", uuid.UUID(weak["id"])
    )
    assert state is True
    body = path_of(other, weak)
    assert body["reports"] == ids(other, core, weak)
    assert [hop["strong"] for hop in body["links"]] == [True, False]
    assert body["weakest"] == min(hop["match_weight"] for hop in body["links"])


def test_a_judgement_that_joins_is_a_hop_and_never_the_weakest(path_of, judge, reporter):
    shared = email()
    first = reporter.send(report(attributes=[shared]))
    second = reporter.send(report(attributes=[shared]))
    alone = reporter.send(report())
    judge("join", second, alone)
    body = path_of(first, alone)
    assert body["reports"] == ids(first, second, alone)
    evidence, judgement = body["links"]
    assert (evidence["kind"], judgement["kind"]) == ("link", "judgement")
    assert judgement["match_weight"] is None
    assert judgement["parts"] == []
    assert body["weakest"] == evidence["match_weight"]


def test_a_chain_leads_over_a_withheld_report_without_saying_what_is_in_it(
    path_of, reporter, other_reporter, agency
):
    who = {"name": "Bohumil Vymyslený Skrytý", "birth_date": "1987-04-02"}
    tie = email("bohumil-hidden")
    first = reporter.send(report(persons=[who]))
    hidden = other_reporter.send(
        report(persons=[who], attributes=[tie], narrative="Tajná", handling={"code": "H2"})
    )
    last = other_reporter.send(report(attributes=[tie], handling={"code": "H2"}))
    body = path_of(first, last)
    assert body["reports"] == ids(first, hidden, last)
    near, beyond = body["links"]
    for hop in (near, beyond):
        assert (hop["withheld"], hop["strong"], hop["parts"], hop["match_weight"]) == (
            True, None, [], 0,
        )  # fmt: skip
    assert body["weakest"] is None
    for secret in ("Tajn", "Skryt", "bohumil-hidden"):
        assert secret not in str(body)


@pytest.mark.parametrize("name", ["from", "to"])
def test_a_report_that_is_no_member_is_pointed_at(agency, reporter, chain, lead_of, name):
    stranger = reporter.send(report())
    query = {"from": chain[0]["id"], "to": chain[1]["id"]} | {name: stranger["id"]}
    answer = agency.http.get(f"/v1/leads/{lead_of(chain[0])}/path", params=query, headers=WHY)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/query/{name}"]


@pytest.mark.parametrize(
    "query",
    [{}, {"from": str(uuid.uuid4())}, {"to": str(uuid.uuid4())}, {"from": "x", "to": "y"}],
    ids=["neither", "no end", "no start", "no ids"],
)
def test_a_chain_needs_two_ids(agency, chain, lead_of, query):
    answer = agency.http.get(f"/v1/leads/{lead_of(chain[0])}/path", params=query, headers=WHY)
    assert answer.status_code == 422


def test_the_chain_of_a_lead_that_does_not_exist_is_404(agency, chain):
    query = {"from": chain[0]["id"], "to": chain[1]["id"]}
    answer = agency.http.get(f"/v1/leads/{uuid.uuid4()}/path", params=query, headers=WHY)
    assert answer.status_code == 404


def test_the_chain_of_a_merged_lead_is_found_in_the_one_that_took_its_place(
    agency, reporter, lead_of
):
    one, two = email(), email()
    first = reporter.send(report(attributes=[one]))
    second = reporter.send(report(attributes=[two]))
    younger = lead_of(second)
    bridge = reporter.send(report(attributes=[one, two]))
    query = {"from": first["id"], "to": second["id"]}
    answer = agency.http.get(f"/v1/leads/{younger}/path", params=query, headers=WHY)
    assert answer.status_code == 301
    assert answer.headers["location"].startswith(f"/v1/leads/{lead_of(first)}/path?")
    there = agency.http.get(answer.headers["location"], headers=WHY)
    assert there.json()["reports"] == ids(first, bridge, second)


def test_a_withdrawal_that_is_not_linked_yet_leaves_no_chain_and_no_error(
    agency, network, reporter, lead_of
):
    one, two = email(), email()
    first = reporter.send(report(attributes=[one]))
    bridge = reporter.send(report(attributes=[one, two]))
    last = reporter.send(report(attributes=[two]))
    query = {"from": first["id"], "to": last["id"]}
    path = f"/v1/leads/{lead_of(first)}/path"

    async def work(connection):
        await linking.wait_to_be_linker(connection)
        assert reporter.http.delete(f"/v1/reports/{bridge['id']}").status_code == 204
        return agency.http.get(path, params=query, headers=WHY)

    answer = network.write(work)
    assert answer.status_code == 200
    assert answer.json() == {"reports": [], "links": [], "weakest": None}
    network.wait_until_linked()


def test_reading_a_chain_is_logged_for_the_reports_that_were_opened(
    network, agency, path_of, chain
):
    with network.watched_log() as new:
        path_of(chain[0], chain[2])
    assert [r["action"] for r in new] == ["lead_read", "reports_disclosed"]
    assert {str(each) for each in new[1]["objects"]} == set(ids(*chain))
    assert {r["purpose"] for r in new} == {"investigation"}
    assert {r["organisation_id"] for r in new} == {agency.organisation_id}


def test_a_chain_is_not_told_without_a_purpose(agency, chain, lead_of):
    query = {"from": chain[0]["id"], "to": chain[1]["id"]}
    answer = agency.http.get(f"/v1/leads/{lead_of(chain[0])}/path", params=query)
    assert answer.status_code == 400


def test_a_reporter_is_not_told_a_chain(reporter, chain, lead_of):
    query = {"from": chain[0]["id"], "to": chain[1]["id"]}
    path = f"/v1/leads/{lead_of(chain[0])}/path"
    assert reporter.http.get(path, params=query, headers=WHY).status_code == 403


# The pair.


def test_two_linked_reports_are_explained_by_parts_that_add_up(explain, chain, lead_of):
    body = explain(chain[0], chain[1])
    assert (body["reason"], body["together"]) == ("linked", True)
    assert body["reports"] == ids(chain[0], chain[1])
    assert body["leads"] == [lead_of(chain[0])] * 2
    assert body["strong"]
    assert body["match_weight"] >= body["threshold"] == MODEL.thresholds.link
    assert body["attach_threshold"] == MODEL.thresholds.attach
    assert body["model_version"] == MODEL.version
    total = sum(part["match_weight"] for part in body["parts"])
    assert total == pytest.approx(body["match_weight"], abs=1e-9)
    assert body["parts"][0]["value"].endswith("@mail.example")
    assert body["judgement"] is None
    assert body["detail"]


def test_the_explanation_is_the_link_that_is_stored(explain, agency, chain, lead_of):
    stored = agency.http.get(f"/v1/leads/{lead_of(chain[0])}/links", headers=WHY).json()["items"]
    (link,) = [each for each in stored if set(each["reports"]) == set(ids(chain[0], chain[1]))]
    found = explain(chain[1], chain[0])
    assert found["match_weight"] == link["match_weight"]
    assert found["parts"] == link["parts"]


def test_two_reports_that_others_hold_together_say_so(explain, chain):
    body = explain(chain[0], chain[2])
    assert (body["reason"], body["together"]) == ("same_lead_by_others", True)
    assert (body["match_weight"], body["parts"]) == (0, [])


def test_a_report_that_weak_evidence_attached_says_so(explain, attached):
    body = explain(attached[0], attached[2])
    assert (body["reason"], body["together"], body["strong"]) == ("attached", True, False)
    assert not any(part["links_alone"] for part in body["parts"][:1])


def _send_apart(reporter, left, right):
    """Two reports, of which each is known to be in a lead of its own."""
    return reporter.send(report(**left)), reporter.send(report(**right))


def test_two_reports_with_nothing_in_common_say_so(explain, reporter):
    body = explain(*_send_apart(reporter, {"attributes": [email()]}, {"attributes": [email()]}))
    assert (body["reason"], body["together"]) == ("nothing_in_common", False)
    assert body["leads"][0] != body["leads"][1]


def test_circumstances_may_speak_against_a_common_value(explain, reporter):
    tie = phone()
    body = explain(
        *_send_apart(
            reporter,
            {"attributes": [tie], "place": {"country": "SK"}, "forms": ["labour_exploitation"]},
            {
                "attributes": [tie],
                "place": {"country": "PT"},
                "forms": ["forced_marriage"],
                "observed_from": "2019-01-01",
            },
        )
    )
    assert body["reason"] == "below_threshold"
    assert body["match_weight"] < body["threshold"]
    assert any(part["match_weight"] < 0 for part in body["parts"])


def test_weak_evidence_alone_does_not_link(explain, reporter):
    where = {"country": "SK", "locality": "Martin", "address": "Nová 172"}
    body = explain(*_send_apart(reporter, {"place": where}, {"place": where}))
    assert (body["reason"], body["strong"], body["together"]) == ("weak_alone", False, False)
    assert body["match_weight"] >= body["attach_threshold"]


def test_a_value_on_the_stop_list_is_named_with_the_reason_why(explain, reporter, network):
    tie = phone()

    async def work(connection):
        value = StopValue("phone", tie["value"])
        await add_to_stoplist(
            connection, value, keyring=network.keyring, by=by_cli(), note="a shelter's"
        )

    network.write(work)
    pair = _send_apart(reporter, {"attributes": [tie]}, {"attributes": [tie]})
    body = explain(*pair)
    assert (body["reason"], body["together"], body["parts"]) == ("only_shared_values", False, [])
    (value,) = body["not_linking"]
    assert (value["reason"], value["note"], value["kind"]) == ("stoplist", "a shelter's", "phone")
    assert value["value"].startswith("+1")
    assert value["carriers"] == 2


def test_the_links_of_a_lead_name_the_reason_for_a_listed_value(
    agency, reporter, network, lead_of
):  # fmt: skip
    shared, listed = email(), phone()

    async def work(connection):
        value = StopValue("phone", listed["value"])
        await add_to_stoplist(
            connection, value, keyring=network.keyring, by=by_cli(), note="an embassy's"
        )

    network.write(work)
    reporter.send(report(attributes=[shared, listed]))
    last = reporter.send(report(attributes=[shared, listed]))
    body = agency.http.get(f"/v1/leads/{lead_of(last)}/links", headers=WHY).json()
    (value,) = body["not_linking"]
    assert (value["reason"], value["note"]) == ("stoplist", "an embassy's")


def test_a_value_that_is_seen_everywhere_is_named_as_such(explain, reporter, network):
    tie = phone()
    countries = ["SK", "CZ", "PL", "HU", "AT", "DE", "IT", "FR", "ES", "PT", "RO", "BG"]
    sent = [
        reporter.http.post(
            "/v1/reports", json=report(attributes=[tie], place={"country": country})
        ).json()
        for country in countries * 2
    ]
    network.wait_until_linked()
    body = explain(sent[0], sent[1])
    assert (body["reason"], body["together"]) == ("only_shared_values", False)
    (value,) = body["not_linking"]
    assert (value["reason"], value["note"], value["carriers"]) == ("spread", None, len(sent))


def test_a_plate_of_two_countries_is_two_plates(explain, reporter):
    body = explain(
        *_send_apart(
            reporter,
            {"vehicles": [{"plate": "ZX 173 AB", "country": "SK"}]},
            {"vehicles": [{"plate": "ZX 173 AB", "country": "PL"}]},
        )
    )
    assert body["reason"] == "only_shared_values"
    assert [(v["kind"], v["reason"]) for v in body["not_linking"]] == [
        ("plate", "different_country")
    ]


def test_a_value_of_a_helper_is_named_though_it_never_links(explain, reporter):
    tie = phone()
    helpers = tie | {"role": "helper"}
    body = explain(*_send_apart(reporter, {"attributes": [tie]}, {"attributes": [helpers]}))
    assert body["reason"] == "only_shared_values"
    assert [v["reason"] for v in body["not_linking"]] == ["not_for_linking"]


def test_what_analysts_decided_wins_and_is_told(explain, judge, reporter):
    tie = email()
    one, two = _send_apart(reporter, {"attributes": [tie]}, {"attributes": [tie]})
    assert explain(one, two)["reason"] == "linked"
    judge("separate", one, two)
    body = explain(one, two)
    assert (body["reason"], body["together"]) == ("separated", False)
    assert body["judgement"]["kind"] == "separate"
    assert body["match_weight"] >= body["threshold"]
    third, fourth = _send_apart(reporter, {}, {})
    judge("join", third, fourth)
    body = explain(third, fourth)
    assert (body["reason"], body["together"]) == ("joined", True)
    assert body["judgement"]["kind"] == "join"


def test_a_report_in_the_queue_is_compared_and_said_to_wait(agency, explain, network, reporter):
    tie = email()
    first = reporter.send(report(attributes=[tie]))

    async def work(connection):
        await linking.wait_to_be_linker(connection)
        second = reporter.http.post("/v1/reports", json=report(attributes=[tie])).json()
        return explain(first, second)

    body = network.write(work)
    assert (body["reason"], body["together"]) == ("waiting", False)
    assert body["leads"][1] is None
    assert body["match_weight"] >= body["threshold"]
    network.wait_until_linked()


def test_explaining_writes_nothing_but_the_access_log(explain, network, agency, chain):
    tables = ("link", "link_queue", "shared_value", "lead_membership", "lead_event", "judgement")

    def state():
        return [network.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]

    before = state()
    with network.watched_log() as new:
        explain(chain[0], chain[2])
    assert state() == before
    assert [r["action"] for r in new] == ["reports_disclosed"]
    assert [str(each) for each in new[0]["objects"]] == [chain[0]["id"], chain[2]["id"]]
    assert {r["organisation_id"] for r in new} == {agency.organisation_id}
    assert {r["purpose"] for r in new} == {"investigation"}


def test_a_report_that_the_caller_may_not_read_is_answered_as_an_unknown_one(
    agency, network, reporter, chain
):
    withdrawn = reporter.send(report())
    assert reporter.http.delete(f"/v1/reports/{withdrawn['id']}").status_code == 204
    network.wait_until_linked()
    cases = [
        str(uuid.uuid4()),
        reporter.send(report(handling={"code": "H2"}))["id"],
        reporter.send(report(handling={"code": "H0", "tlp": "RED"}))["id"],
        reporter.send(report(consent={"basis": "consent", "scopes": ["linking"]}))["id"],
        withdrawn["id"],
    ]
    with network.watched_log() as new:
        answers = [
            agency.http.post(EXPLAIN, json={"reports": pair}, headers=WHY)
            for other in cases
            for pair in ([chain[0]["id"], other], [other, chain[0]["id"]])
        ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({str(answer.json() | {"instance": None}) for answer in answers}) == 1
    assert new == []


def test_a_recipient_who_is_named_may_have_a_restricted_report_explained(
    network, explain, reporter, chain
):
    named = network.caller("prosecution", country="CZ")
    share = {"code": "H2", "share_with": [str(named.organisation_id)]}
    restricted = reporter.send(report(handling=share))
    assert explain(chain[0], restricted, named)["reason"] == "nothing_in_common"


ONE = str(uuid.uuid4())


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/reports"),
        ({"reports": []}, "/reports"),
        ({"reports": [ONE]}, "/reports"),
        ({"reports": [ONE, str(uuid.uuid4()), str(uuid.uuid4())]}, "/reports"),
        ({"reports": [ONE, "not an id"]}, "/reports/1"),
        ({"reports": [ONE, None]}, "/reports/1"),
        ({"reports": [ONE, ONE]}, "/reports/1"),
        ({"reports": [ONE, str(uuid.uuid4())], "more": 1}, "/more"),
    ],
)
def test_anything_but_two_different_ids_is_refused(agency, body, pointer):
    answer = agency.http.post(EXPLAIN, json=body, headers=WHY)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_no_pair_is_explained_without_a_purpose(agency, chain):
    body = {"reports": ids(*chain[:2])}
    assert agency.http.post(EXPLAIN, json=body).status_code == 400


@pytest.mark.parametrize("scope", ["leads:write", "attributes:search"])
def test_no_pair_is_explained_without_the_scope_to_read_leads(network, chain, scope):
    caller = network.caller("prosecution", scope)
    answer = caller.http.post(EXPLAIN, json={"reports": ids(*chain[:2])}, headers=WHY)
    assert answer.status_code == 403


def test_a_reporter_has_no_pair_explained_even_of_its_own(reporter, chain):
    answer = reporter.http.post(EXPLAIN, json={"reports": ids(*chain[:2])}, headers=WHY)
    assert answer.status_code == 403
