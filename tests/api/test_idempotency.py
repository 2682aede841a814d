"""Sending again: by reference and by key, one after the other and all at once."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.reports import report, whole_report

JSON = {"Content-Type": "application/json"}


def keyed(key: str) -> dict[str, str]:
    """Headers with an idempotency key."""
    return {"Idempotency-Key": key}


def test_the_same_again_is_answered_200_with_the_stored_report(reporter):
    body = whole_report(f"IDEM-{uuid.uuid4()}")
    first = reporter.http.post("/v1/reports", json=body)
    second = reporter.http.post("/v1/reports", json=body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.headers["location"] == second.headers["location"]


def test_other_content_under_the_same_reference_is_409_and_changes_nothing(reporter):
    body = report(narrative="prvé")
    first = reporter.http.post("/v1/reports", json=body)
    second = reporter.http.post("/v1/reports", json=body | {"narrative": "druhé"})
    assert (first.status_code, second.status_code) == (201, 409)
    assert "prvé" not in second.text
    assert first.json()["id"] not in second.text
    assert reporter.http.get(first.headers["location"]).json()["narrative"] == "prvé"


@pytest.mark.parametrize(
    "write",
    [
        lambda body: json.dumps(body, indent=3),
        lambda body: json.dumps(body, separators=(",", ":")),
        lambda body: json.dumps(body, ensure_ascii=False),
        lambda body: json.dumps(dict(reversed(body.items()))),
        lambda body: json.dumps(body, sort_keys=True),
        lambda body: "\r\n\t " + json.dumps(body) + " \n",
    ],
    ids=["indented", "compact", "without escapes", "reversed", "sorted", "space around"],
)
def test_order_of_keys_spacing_and_escapes_are_not_content(reporter, write):
    body = whole_report(f"SPACE-{uuid.uuid4()}")
    first = reporter.http.post("/v1/reports", json=body)
    second = reporter.http.post("/v1/reports", content=write(body).encode(), headers=JSON)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


def test_the_order_of_a_list_is_content(reporter):
    body = report(route=["UA", "SK"])
    assert reporter.http.post("/v1/reports", json=body).status_code == 201
    assert reporter.http.post("/v1/reports", json=body | {"route": ["SK", "UA"]}).status_code == 409


def test_a_key_with_the_same_content_is_answered_200(reporter):
    body, key = report(), f"key-{uuid.uuid4()}"
    first = reporter.http.post("/v1/reports", json=body, headers=keyed(key))
    second = reporter.http.post("/v1/reports", json=body, headers=keyed(key))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


def test_a_key_with_other_content_is_409_and_nothing_is_stored(reporter, network):
    key = f"key-{uuid.uuid4()}"
    first = reporter.http.post("/v1/reports", json=report(), headers=keyed(key))
    before = network.one("SELECT count(*) FROM report")
    second = reporter.http.post("/v1/reports", json=report(), headers=keyed(key))
    assert (first.status_code, second.status_code) == (201, 409)
    assert network.one("SELECT count(*) FROM report") == before


def test_a_key_whose_report_was_refused_may_be_used_again(reporter):
    body, key = report(narrative="a"), f"key-{uuid.uuid4()}"
    reporter.http.post("/v1/reports", json=body)
    taken = reporter.http.post("/v1/reports", json=body | {"narrative": "b"}, headers=keyed(key))
    invalid = reporter.http.post("/v1/reports", json={"nonsense": 1}, headers=keyed(key))
    good = reporter.http.post("/v1/reports", json=report(), headers=keyed(key))
    assert [taken.status_code, invalid.status_code, good.status_code] == [409, 422, 201]


def test_two_keys_for_one_report_give_the_same_report(reporter):
    body = report()
    first = reporter.http.post("/v1/reports", json=body, headers=keyed(f"k-{uuid.uuid4()}"))
    second = reporter.http.post("/v1/reports", json=body, headers=keyed(f"k-{uuid.uuid4()}"))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


def test_references_and_keys_of_organisations_are_independent(reporter, other_reporter):
    body, key = report(narrative="moje"), f"key-{uuid.uuid4()}"
    mine = reporter.http.post("/v1/reports", json=body, headers=keyed(key))
    other = body | {"narrative": "iné"}
    theirs = other_reporter.http.post("/v1/reports", json=other, headers=keyed(key))
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["id"] != theirs.json()["id"]


def test_two_clients_of_one_organisation_share_its_references(network, reporter):
    colleague = network.caller("ngo", organisation_id=reporter.organisation_id)
    body = report()
    first = reporter.http.post("/v1/reports", json=body)
    second = colleague.http.post("/v1/reports", json=body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


@pytest.mark.parametrize("headers", [{}, keyed("fifty")], ids=["by reference", "by key"])
def test_fifty_identical_posts_at_once_make_one_report(network, headers):
    caller = network.caller("ngo")
    body = report("FIFTY")
    with ThreadPoolExecutor(50) as pool:
        answers = list(
            pool.map(
                lambda _: caller.http.post("/v1/reports", json=body, headers=headers), range(50)
            )
        )
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    own = "SELECT count(*) FROM report WHERE organisation_id = $1"
    assert network.one(own, caller.organisation_id) == 1


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_different_contents_at_once_one_is_taken(network, reporter, attempt):
    body = report()
    contents = [body | {"narrative": text} for text in ("a", "b")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda b: reporter.http.post("/v1/reports", json=b), contents))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    taken = next(answer for answer in answers if answer.status_code == 201)
    kept = reporter.http.get(taken.headers["location"]).json()
    assert kept["narrative"] == taken.json()["narrative"]


def test_many_keys_that_contend_for_the_same_references_end_without_a_failure(network):
    caller = network.caller("ngo")
    bodies = [report(f"CONTEND-{n % 5}", narrative=str(n % 2)) for n in range(60)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(
                lambda pair: caller.http.post(
                    "/v1/reports", json=pair[1], headers=keyed(f"contend-{pair[0] % 7}")
                ),
                enumerate(bodies),
            )
        )
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    created = [answer for answer in answers if answer.status_code == 201]
    own = "SELECT count(*) FROM report WHERE organisation_id = $1"
    assert network.one(own, caller.organisation_id) == len(created) <= 5


def test_a_withdrawn_report_sent_again_is_a_new_report(reporter):
    body, key = report(), f"key-{uuid.uuid4()}"
    first = reporter.http.post("/v1/reports", json=body, headers=keyed(key))
    reporter.http.delete(first.headers["location"])
    second = reporter.http.post("/v1/reports", json=body)
    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]
    assert reporter.http.get(first.headers["location"]).json()["status"] == "withdrawn"


def test_a_request_repeated_late_does_not_bring_back_what_was_withdrawn(reporter):
    body, key = report(), f"key-{uuid.uuid4()}"
    first = reporter.http.post("/v1/reports", json=body, headers=keyed(key))
    reporter.http.delete(first.headers["location"])
    assert reporter.http.post("/v1/reports", json=body, headers=keyed(key)).status_code == 409


def test_an_amended_content_sent_again_is_recognised(reporter):
    body = report(narrative="a")
    path = reporter.http.post("/v1/reports", json=body).headers["location"]
    amended = body | {"narrative": "b"}
    reporter.http.put(path, json=amended, headers={"If-Match": "*"})
    assert reporter.http.post("/v1/reports", json=amended).status_code == 200
