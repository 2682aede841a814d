"""Who gets in: tokens, scopes of every route, purposes, the token endpoint."""

import base64
import hmac
import json
import re
import time
import uuid
from datetime import timedelta

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.routing import APIRoute, iter_route_contexts

from app.api.auth import PUBLIC_ROUTES
from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.crypto.secrets import ClientCredentials
from app.crypto.signing import generate_key, key_from_bytes, sign_jwt
from app.domain.access import OrganisationKind, Scope
from app.domain.errors import InvalidInputError
from app.main import create_app
from app.services.disable_client import disable_client
from app.services.rotate_client import Rotation, rotate_client
from tests.support.network import by_cli
from tests.support.reports import report
from tests.support.service import ROOT_KEY, serving_here, settings_for

PROBLEM = "application/problem+json"


def _protected():
    """Every route that needs a scope, with it."""
    app = create_app(
        settings_for("postgresql://nobody@localhost/nowhere"),
        "postgresql://nobody@localhost/nowhere",
    )
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute):
            continue
        for method in sorted(context.methods - {"HEAD"}):
            if (method, context.path) in PUBLIC_ROUTES:
                continue
            needed = _scopes(context.dependant)
            assert needed, f"{method} {context.path} asks for no scope"
            yield method, context.path, needed


def _scopes(dependant):
    scopes = set(dependant.own_oauth_scopes or ())
    for dependency in dependant.dependencies:
        scopes |= _scopes(dependency)
    return scopes


PROTECTED = list(_protected())
ROUTES = [pytest.param(m, p, id=f"{m} {p}") for m, p, _ in PROTECTED]
PAIRS = [
    pytest.param(m, p, scope, id=f"{m} {p} with {scope.value}")
    for m, p, needed in PROTECTED
    for scope in Scope
    if scope.value not in needed
]
KIND_OF = {
    Scope.REPORTS_WRITE: "ngo",
    Scope.REPORTS_READ: "ngo",
    Scope.FEEDBACK_READ: "ngo",
    Scope.LEADS_READ: "prosecution",
    Scope.LEADS_WRITE: "prosecution",
    Scope.ATTRIBUTES_SEARCH: "prosecution",
    Scope.STATISTICS_READ: "research",
    Scope.DIRECTORY_WRITE: "coordinator",
    Scope.PROTOCOL_WRITE: "coordinator",
    Scope.AUDIT_READ: "auditor",
    Scope.ADMIN: "coordinator",
}


def filled(path: str) -> str:
    """A path with an id for every parameter."""
    return re.sub(r"\{\w+(:uuid)?\}", str(uuid.uuid4()), path)


@pytest.fixture(scope="module")
def holder_of(network):
    """A caller that holds one scope and no other, by the scope."""
    return {scope: network.caller(kind, scope.value) for scope, kind in KIND_OF.items()}


def test_the_routes_of_reports_leads_and_feedback_are_all_protected():
    assert {path.split("/")[2] for _, path, _ in PROTECTED} >= {"reports", "leads", "feedback"}
    assert len(PROTECTED) >= 13


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_token_every_route_answers_401(network, method, path):
    answer = network.http().request(method, filled(path))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="tessera"'
    assert answer.headers["content-type"] == PROBLEM


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_with_a_token_that_is_none_every_route_answers_401(network, method, path):
    answer = network.http("not.a.token").request(method, filled(path))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert "not.a.token" not in answer.text


@pytest.mark.parametrize(("method", "path", "scope"), PAIRS)
def test_with_another_scope_every_route_answers_403(holder_of, method, path, scope):
    answer = holder_of[scope].http.request(method, filled(path))
    assert answer.status_code == 403
    assert answer.headers["content-type"] == PROBLEM


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [pytest.param(m, p, n, id=f"{m} {p}") for m, p, n in PROTECTED],
)
def test_with_its_own_scope_every_route_lets_in(holder_of, method, path, needed):
    (scope,) = needed
    answer = holder_of[Scope(scope)].http.request(method, filled(path))
    assert answer.status_code not in (401, 403)
    assert answer.status_code < 500


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer"])
def test_the_name_of_the_scheme_has_no_case(network, reporter, scheme):
    headers = {"Authorization": f"{scheme} {reporter.token}"}
    assert network.http().get("/v1/reports", headers=headers).status_code == 200


@pytest.mark.parametrize("value", ["Basic Zm9vOmJhcg==", "Bearer", "Token x", " "])
def test_anything_but_a_bearer_token_is_401(network, value):
    headers = {"Authorization": value} if value.strip() else {}
    answer = network.http().get("/v1/reports", headers=headers)
    assert answer.status_code == 401


def _forged(reporter, **changed):
    """A token like the caller's, signed by a key of our own."""
    claims = jwt.decode(reporter.token, options={"verify_signature": False}) | changed
    return sign_jwt(claims, generate_key())


def _unsigned(reporter, algorithm):
    head = {
        "alg": algorithm,
        "typ": "at+jwt",
        "kid": jwt.get_unverified_header(reporter.token)["kid"],
    }
    parts = (
        json.dumps(head).encode(),
        base64.urlsafe_b64decode(reporter.token.split(".")[1] + "=="),
    )
    return ".".join(_base64url(part).decode() for part in parts) + "."


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _tampered(reporter):
    head, _, signature = reporter.token.split(".")
    claims = jwt.decode(reporter.token, options={"verify_signature": False})
    claims["scope"] = "leads:read leads:write admin"
    body = _base64url(json.dumps(claims).encode()).decode()
    return f"{head}.{body}.{signature}"


@pytest.mark.parametrize(
    "make",
    [
        _forged,
        lambda caller: _forged(caller, exp=int(time.time()) + 10_000_000),
        lambda caller: _unsigned(caller, "none"),
        lambda caller: _unsigned(caller, "None"),
        _tampered,
        lambda caller: caller.token[:-4] + "AAAA",
        lambda caller: caller.token.rpartition(".")[0] + ".",
        lambda caller: caller.token + "." + "A" * 20,
        lambda _: "A" * 20_000,
    ],
    ids=[
        "foreign key", "foreign key far future", "none", "None", "other claims", "cut signature",
        "no signature", "four parts", "long",
    ],
)  # fmt: skip
def test_a_forged_token_is_401(network, reporter, make):
    answer = network.http(make(reporter)).get("/v1/reports")
    assert answer.status_code == 401


def test_a_token_confused_with_a_mac_of_the_public_key_is_401(network, reporter):
    key = network.http().get("/.well-known/jwks.json").json()["keys"][0]
    claims = jwt.decode(reporter.token, options={"verify_signature": False})
    pem = jwt.PyJWK(key).key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    heads = {"alg": "HS256", "typ": "at+jwt", "kid": key["kid"]}
    signed = b".".join(_base64url(json.dumps(part).encode()) for part in (heads, claims))
    mac = _base64url(hmac.digest(pem, signed, "sha256"))
    token = (signed + b"." + mac).decode()
    assert network.http(token).get("/v1/reports").status_code == 401


def test_an_expired_token_is_401_and_says_so(network, reporter):
    row = network.rows("SELECT sealed, record_id FROM signing_key ORDER BY signs_from")[0]
    sealer = Sealer(Keyring(ROOT_KEY.encode()))
    plain = sealer.unseal(row["sealed"], table="signing_key", record=row["record_id"])
    claims = jwt.decode(reporter.token, options={"verify_signature": False})
    claims |= {"iat": int(time.time()) - 2000, "exp": int(time.time()) - 1000, "jti": str(new_id())}
    answer = network.http(sign_jwt(claims, key_from_bytes(plain))).get("/v1/reports")
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


def test_tokens_are_verified_by_the_published_keys_alone(network, reporter):
    keys = network.http().get("/.well-known/jwks.json").json()["keys"]
    assert all("d" not in key for key in keys)
    kid = jwt.get_unverified_header(reporter.token)["kid"]
    key = next(jwt.PyJWK(each) for each in keys if each["kid"] == kid)
    claims = jwt.decode(reporter.token, key, algorithms=["ES256"], options={"verify_aud": False})
    assert claims["iss"] == network.http().get("/.well-known/openid-configuration").json()["issuer"]


# The token endpoint.


def _ask(network, form, **more):
    return httpx2.post(f"{network.url}/v1/oauth/token", data=form, timeout=30, **more)


def test_a_client_may_authenticate_by_header_or_in_the_form(network, reporter):
    id_, secret = reporter.credentials.client_id, reporter.credentials.client_secret
    form = {"grant_type": "client_credentials"}
    for answer in (
        _ask(network, form, auth=(id_, secret)),
        _ask(network, form | {"client_id": id_, "client_secret": secret}),
    ):
        assert answer.status_code == 200
        body = answer.json()
        assert body["token_type"] == "Bearer"
        assert body["expires_in"] == 900
        assert set(body["scope"].split()) == {"reports:write", "reports:read", "feedback:read"}
        assert answer.headers["cache-control"] == "no-store"


def test_a_narrower_scope_is_granted_and_holds(network, reporter):
    token = network.token(reporter.credentials, "reports:read")
    http = network.http(token)
    assert http.get("/v1/reports").status_code == 200
    assert http.post("/v1/reports", json=report()).status_code == 403


@pytest.mark.parametrize("scope", ["leads:read", "reports:read leads:read", "nonsense", "  "])
def test_a_scope_that_the_client_has_not_is_refused(network, reporter, scope):
    login = (reporter.credentials.client_id, reporter.credentials.client_secret)
    form = {"grant_type": "client_credentials", "scope": scope}
    answer = _ask(network, form, auth=login)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_an_unknown_client_and_a_wrong_secret_are_answered_alike(network, reporter):
    form = {"grant_type": "client_credentials"}
    real = reporter.credentials
    unknown = ClientCredentials(real.client_id[:-4] + "zzzz", real.client_secret)
    answers = [
        _ask(network, form, auth=(unknown.client_id, unknown.client_secret)),
        _ask(network, form, auth=(real.client_id, real.client_secret[:-4] + "zzzz")),
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].content == answers[1].content
    assert all(a.headers["www-authenticate"].startswith("Basic") for a in answers)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": ["client_credentials", "client_credentials"]}, "invalid_request"),
        ({"grant_type": "client_credentials", "client_id": "another"}, "invalid_request"),
        ({"grant_type": "client_credentials", "client_secret": "x"}, "invalid_request"),
    ],
)
def test_a_malformed_request_for_a_token_is_refused_by_name(network, reporter, form, error):
    login = (reporter.credentials.client_id, reporter.credentials.client_secret)
    answer = _ask(network, form, auth=login)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert reporter.credentials.client_secret not in answer.text


def test_a_request_for_a_token_as_json_is_refused(network, reporter):
    answer = httpx2.post(
        f"{network.url}/v1/oauth/token",
        json={"grant_type": "client_credentials"},
        auth=(reporter.credentials.client_id, reporter.credentials.client_secret),
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "kind", [kind for kind in OrganisationKind if kind.value != "law_enforcement"]
)
def test_only_agencies_are_given_the_scopes_of_leads(network, kind):
    if kind is OrganisationKind.PROSECUTION:
        assert network.client(network.organisation(kind.value), "leads:read")
        return
    with pytest.raises(InvalidInputError):
        network.client(network.organisation(kind.value), "leads:read")


def test_a_labour_inspection_enrolled_as_an_agency_reads_leads(network):
    own = network.organisation("labour_inspection", agency=True)
    http = network.http(network.token(network.client(own, "leads:read")))
    assert http.get("/v1/leads").status_code == 200


def test_two_instances_of_the_service_take_each_others_tokens(network, reporter, module_database):
    with serving_here(module_database) as url:
        headers = {"Authorization": f"Bearer {reporter.token}"}
        assert httpx2.get(f"{url}/v1/reports", headers=headers).status_code == 200


def _login_status(network, credentials):
    form = {"grant_type": "client_credentials"}
    login = (credentials.client_id, credentials.client_secret)
    return _ask(network, form, auth=login).status_code


def test_a_disabled_client_gets_no_more_tokens(network):
    caller = network.caller("ngo")
    client_id = caller.credentials.client_id

    async def work(connection):
        await disable_client(connection, client_id, by=by_cli())

    assert _login_status(network, caller.credentials) == 200
    network.write(work)
    assert _login_status(network, caller.credentials) == 401


@pytest.mark.parametrize(
    ("overlap", "old_status"), [(timedelta(hours=1), 200), (timedelta(0), 401)]
)
def test_a_new_secret_holds_at_once_and_the_old_one_as_long_as_was_agreed(
    network, overlap, old_status
):
    caller = network.caller("ngo")

    async def work(connection):
        return await rotate_client(
            connection,
            Rotation(caller.credentials.client_id, overlap),
            keyring=network.keyring,
            new_id=new_id(),
            by=by_cli(),
        )

    fresh = network.write(work)
    assert fresh.client_secret != caller.credentials.client_secret
    assert _login_status(network, fresh) == 200
    assert _login_status(network, caller.credentials) == old_status


# Purposes.

READS = ["/v1/leads/{}", "/v1/leads/{}/reports", "/v1/leads/{}/links"]


@pytest.fixture(scope="module")
def lead_id(network, reporter):
    body = reporter.send(report())
    statement = "SELECT lead_id FROM lead_membership WHERE report_id = $1"
    return network.one(statement, uuid.UUID(body["id"]))


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("purpose", [None, "", "curiosity", "Investigation", "investigation, x"])
def test_personal_data_of_a_lead_are_not_read_without_a_purpose(agency, lead_id, path, purpose):
    headers = {} if purpose is None else {"Purpose": purpose}
    answer = agency.http.get(path.format(lead_id), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:tessera:problem:purpose-missing"
    assert "curiosity" not in answer.text


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize(
    "purpose", ["prevention", "investigation", "prosecution", "victim_protection"]
)
def test_every_read_is_logged_with_who_what_and_why(network, agency, lead_id, path, purpose):
    with network.watched_log() as new:
        answer = agency.http.get(path.format(lead_id), headers={"Purpose": purpose})
    assert answer.status_code == 200
    # A report that is linked to no other is not opened to show that.
    opened = set() if path.endswith("/links") else {("reports_disclosed", "report")}
    assert {(r["action"], r["object_kind"]) for r in new} == {("lead_read", "lead")} | opened
    assert {r["purpose"] for r in new} == {purpose}
    assert {r["organisation_id"] for r in new} == {agency.organisation_id}
    assert {r["client_id"] for r in new} == {agency.credentials.client_id}


def test_a_read_that_found_nothing_is_not_logged(network, agency):
    missing = f"/v1/leads/{uuid.uuid4()}"
    with network.watched_log() as new:
        assert agency.http.get(missing, headers={"Purpose": "prevention"}).status_code == 404
    assert new == []
