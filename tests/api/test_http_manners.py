"""What holds for every route: headers, ids, methods, problems."""

import re
import uuid

import pytest

from tests.support.network import Network
from tests.support.raw_http import connect_to, head, read_answer
from tests.support.reports import report
from tests.support.service import serving_here

PROBLEM = "application/problem+json"
SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}

NOBODY = "0198b0e6-7c11-7cc1-8f3e-000000000000"
"""The id of nothing."""


@pytest.mark.parametrize("path", ["/healthz", "/v1/reports", "/v1/nowhere", "/v1/leads"])
def test_every_answer_carries_the_security_headers(network, path):
    answer = network.http().get(path)
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/v1/reports", "/v1/leads", "/v1/feedback", f"/v1/reports/{NOBODY}"]
)
def test_answers_that_may_hold_personal_data_are_not_stored_by_caches(
    network, agency, reporter, path
):
    caller = agency if "leads" in path else reporter
    assert caller.http.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "given", ["a-sane-id-00001", "0f8fad5b-d9cb-469f-a165-70867728950e", "A._~-" * 12]
)
def test_a_sane_request_id_is_kept(network, given):
    answer = network.http().get("/v1/reports", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] == given
    assert answer.json()["instance"] == f"urn:request:{given}"


@pytest.mark.parametrize(
    "given", ["short", "a" * 65, "with space in it", "<script>alert(1)</script>", "id;rm -rf x", ""]
)
def test_any_other_request_id_is_replaced(network, given):
    answer = network.http().get("/healthz", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] != given
    assert uuid.UUID(answer.headers["x-request-id"]).version == 7


def test_two_requests_have_different_ids(network):
    ids = {network.http().get("/healthz").headers["x-request-id"] for _ in range(2)}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/reports", {"GET", "POST"}),
        ("PATCH", f"/v1/reports/{NOBODY}", {"GET", "PUT", "DELETE"}),
        ("DELETE", "/v1/feedback", {"GET"}),
        ("PUT", "/v1/leads", {"GET"}),
        ("GET", f"/v1/leads/{NOBODY}/outcomes", {"POST"}),
        ("PUT", "/v1/oauth/token", {"POST"}),
        ("POST", "/healthz", {"GET"}),
        ("GET", "/v1/protocol/checklists/ngo/answers", {"POST"}),
        ("HEAD", "/v1/protocol/checklists/ngo/answers", {"POST"}),
    ],
)
def test_a_wrong_method_is_answered_with_405_and_all_that_are_allowed(
    reporter, method, path, allowed
):
    answer = reporter.http.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["content-type"] == PROBLEM
    named = set(re.split(r"\s*,\s*", answer.headers["allow"]))
    assert named == allowed | ({"HEAD"} if "GET" in allowed else set())
    if method != "HEAD":
        assert answer.json()["detail"] == f"This path takes {answer.headers['allow']}"


@pytest.mark.parametrize(
    "path",
    ["/healthz", "/v1/protocol", "/v1/protocol/codelists/indicators.csv", "/v1/reports", "/v1/no"],
)
def test_head_is_answered_as_get_is_but_without_a_body(reporter, path):
    got, head = reporter.http.get(path), reporter.http.head(path)
    assert head.status_code == got.status_code
    assert head.content == b""
    for name in ("content-type", "content-length", "etag", "cache-control"):
        assert head.headers.get(name) == got.headers.get(name), name
    assert reporter.http.get("/healthz").json() == {"status": "ok"}  # the connection is in step


def test_head_needs_the_token_that_get_needs(network):
    assert network.http().head("/v1/reports").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/nothing", None, 404),
        ("GET", f"/v1/reports/{NOBODY}", None, 404),
        ("DELETE", "/v1/feedback", None, 405),
        ("POST", "/v1/reports", {"external_ref": "R"}, 422),
        ("GET", "/v1/reports?limit=x", None, 422),
        ("PUT", f"/v1/reports/{NOBODY}", report(), 428),
        ("GET", "/v1/protocol?lang=de", None, 400),
    ],
)
def test_every_problem_says_in_a_sentence_what_is_wrong(reporter, method, path, body, status):
    answer = reporter.http.request(method, path, json=body)
    assert answer.status_code == status
    told = answer.json()
    assert len(told["detail"].split()) > 2
    assert told["detail"] != told["title"]


def test_a_problem_with_several_faults_tells_the_first_and_how_many_more(reporter):
    body = report(indicators=["Jana", "Jana"])
    told = reporter.http.post("/v1/reports", json=body).json()
    assert told["detail"] == "/indicators/0: not a code of the catalogue, and 1 more in errors"


@pytest.mark.parametrize(
    ("sign", "pointer"),
    [
        ("a sentence that is longer than any code", "/indicators/0"),
        ("EX-01\n", "/indicators/0"),
        ("ZZ-99", "/indicators/0"),
        ({"code": "ex-1"}, "/indicators/0/code"),
    ],
)
def test_what_is_no_code_is_refused_for_that_reason_alone(reporter, sign, pointer):
    told = reporter.http.post("/v1/reports", json=report(indicators=[sign])).json()
    assert told["errors"] == [{"pointer": pointer, "detail": "not a code of the catalogue"}]


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v2/reports", "/admin", "/v1/leads/x/y/z", "/%00", "/é"]
)
def test_an_unknown_path_is_a_problem_of_404(reporter, path):
    answer = reporter.http.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == PROBLEM
    body = answer.json()
    assert body["status"] == 404
    assert body["type"] == "urn:tessera:problem:not-found"
    assert body["title"]
    assert body["instance"] == f"urn:request:{answer.headers['x-request-id']}"


@pytest.mark.parametrize("path", ["/v1/reports/{}", "/v1/leads/{}"])
@pytest.mark.parametrize("name", ["no-uuid-Linh", "%00", "1", "'; DROP TABLE report; --"])
def test_an_id_that_is_none_is_refused_without_being_repeated(reporter, agency, path, name):
    caller = agency if "leads" in path else reporter
    answer = caller.http.get(path.format(name), headers={"Purpose": "investigation"})
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == PROBLEM
    assert "Linh" not in answer.text
    assert "DROP" not in answer.text


def test_a_problem_has_the_members_of_rfc_9457(reporter):
    answer = reporter.http.post("/v1/reports", json=report(nonsense=1))
    assert answer.headers["content-type"] == PROBLEM
    body = answer.json()
    assert body["type"] == "urn:tessera:problem:invalid-input"
    assert body["status"] == answer.status_code == 422
    assert body["title"]
    assert body["errors"] == [{"pointer": "/nonsense", "detail": "Extra inputs are not permitted"}]


def test_liveness_and_readiness_are_public(network):
    assert network.http().get("/healthz").json() == {"status": "ok"}
    ready = network.http().get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ready", "database": "ok", "schema": "ok", "worker": "ok"}


def test_metrics_name_routes_by_their_template_and_hold_no_ids(network, reporter):
    made = reporter.http.post("/v1/reports", json=report()).json()["id"]
    reporter.http.get(f"/v1/reports/{made}")
    text = network.http().get("/metrics").text
    assert 'route="/v1/reports/{report_id}"' in text
    assert made not in text
    assert str(reporter.organisation_id) not in text


def test_the_documents_for_people_and_machines_are_public(network):
    assert network.http().get("/docs").status_code == 200
    assert network.http().get("/openapi.json").json()["openapi"].startswith("3.1")


def test_headers_of_64_kilobytes_end_in_an_answer_and_not_in_a_failure(network):
    with connect_to(network.url) as connection:
        connection.sendall(head("GET", "/healthz", X_Long="a" * 60_000))
        assert read_answer(connection).status < 500


def test_a_failure_inside_is_a_problem_with_the_usual_headers(postgres_server):
    dsn = postgres_server.database()
    with serving_here(dsn) as url:
        own = Network(dsn, url)
        caller = own.caller("ngo")
        own.rows("ALTER TABLE report RENAME TO elsewhere")
        answer = caller.http.get("/v1/reports")
        own.close()
    postgres_server.drop(dsn)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM
    assert set(answer.json()) == {"type", "title", "status", "detail", "instance"}
    assert answer.json()["instance"] == f"urn:request:{answer.headers['x-request-id']}"
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
