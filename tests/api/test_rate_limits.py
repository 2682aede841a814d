"""Too many requests: 429 with Retry-After, for clients, addresses and failed logins."""

import httpx2
import pytest

from tests.support.network import Network
from tests.support.service import serving_here

TOKEN = "/v1/oauth/token"


@pytest.fixture
def serve(fresh_database):
    contexts = []

    def serve(**settings):
        context = serving_here(fresh_database, **settings)
        contexts.append(context)
        network = Network(fresh_database, context.__enter__())
        contexts.append(network)
        return network

    yield serve
    for context in reversed(contexts):
        context.close() if isinstance(context, Network) else context.__exit__(None, None, None)


def is_too_many(answer, policy):
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:tessera:problem:too-many-requests"
    seconds = int(answer.headers["retry-after"])
    assert 1 <= seconds <= 60
    assert answer.headers["ratelimit"] == f'"{policy}";r=0;t={seconds}'
    assert answer.headers["x-request-id"]
    assert "127.0.0.1" not in answer.text
    return True


def login(network, client_id, secret, **headers):
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return httpx2.post(network.url + TOKEN, data=form, headers=headers, timeout=30)


def test_a_client_is_refused_when_it_calls_too_often_and_no_other_is(serve):
    network = serve(client_requests_per_minute=5)
    caller, other = network.caller("ngo"), network.caller("ngo")
    # The token itself was the first request.
    assert [caller.http.get("/v1/reports").status_code for _ in range(4)] == [200] * 4
    assert is_too_many(caller.http.get("/v1/reports"), "client")
    assert other.http.get("/v1/reports").status_code == 200


def test_what_is_public_is_limited_by_address_and_probes_are_not(serve):
    network = serve(address_requests_per_minute=5)
    http = network.http()
    paths = ["/v1/protocol", "/.well-known/jwks.json", "/v1/protocol/codelists/x", "/openapi.json"]
    for path in [*paths, "/v1/protocol"]:
        assert http.get(path).status_code != 429
    for path in [*paths, "/docs", "/v1/protocol/checklists/health"]:
        assert is_too_many(http.get(path), "address")
    assert is_too_many(http.post(TOKEN), "address")
    assert http.get("/healthz").status_code == 200
    assert http.get("/metrics").status_code == 200


def test_a_header_opens_no_second_address(serve):
    network = serve(address_requests_per_minute=3)
    statuses = [
        network.http()
        .get("/v1/protocol", headers={"X-Forwarded-For": f"198.51.100.{n}"})
        .status_code
        for n in range(5)
    ]
    assert statuses == [200, 200, 200, 429, 429]


def test_a_named_proxy_speaks_for_its_callers(serve):
    network = serve(address_requests_per_minute=3, trusted_proxies="127.0.0.0/8")
    statuses = [
        network.http()
        .get("/v1/protocol", headers={"X-Forwarded-For": f"198.51.100.{n}"})
        .status_code
        for n in range(5)
    ]
    assert statuses == [200] * 5


def test_tokens_that_do_not_hold_are_counted_by_address(serve):
    network = serve(address_requests_per_minute=3)
    http = network.http("not.a.token")
    assert [http.get("/v1/reports").status_code for _ in range(3)] == [401] * 3
    assert is_too_many(http.get("/v1/reports"), "address")


def test_who_fails_too_often_is_locked_out_there_and_nowhere_else(serve):
    network = serve(trusted_proxies="127.0.0.1")
    own = network.client(network.organisation("ngo"), "reports:read")
    attacker, home = {"X-Forwarded-For": "198.51.100.7"}, {"X-Forwarded-For": "192.0.2.1"}
    for _ in range(10):
        assert login(network, own.client_id, "wrong", **attacker).status_code == 401
    assert is_too_many(login(network, own.client_id, own.client_secret, **attacker), "failed")
    assert login(network, own.client_id, own.client_secret, **home).status_code == 200


def test_a_good_login_makes_the_failures_before_it_forgotten(serve):
    network = serve()
    own = network.client(network.organisation("ngo"), "reports:read")
    for _ in range(3):
        for _ in range(8):
            assert login(network, own.client_id, "wrong").status_code == 401
        assert login(network, own.client_id, own.client_secret).status_code == 200


def test_a_scope_that_is_refused_is_no_failed_login(serve):
    network = serve()
    own = network.client(network.organisation("ngo"), "reports:read")
    form = {"grant_type": "client_credentials", "scope": "leads:read"}
    for _ in range(15):
        answer = httpx2.post(
            network.url + TOKEN, data=form, auth=(own.client_id, own.client_secret)
        )
        assert answer.status_code == 400
