"""Clients that authenticate by what they have signed (private_key_jwt), over HTTP."""

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import text

from app.crypto.ids import new_id
from app.crypto.public_keys import read_public_jwk
from app.crypto.secrets import ClientCredentials
from app.services.disable_client import disable_client
from app.services.issue_client_with_key import KeyedClientRequest, issue_client_with_key
from app.services.rotate_client import Rotation, rotate_client
from tests.support.issuer import SigningPair
from tests.support.network import by_cli
from tests.support.service import serving_here

ENDPOINT = "http://localhost:8000/v1/oauth/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def pem_of(pair):
    return pair.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class Signer:
    """A client with a key: registers, signs assertions, asks for tokens."""

    def __init__(self, network, algorithm="ES256"):
        self.network = network
        self.pair = SigningPair(algorithm)
        self.jwk = read_public_jwk(pem_of(self.pair))
        organisation = network.organisation("ngo")

        async def work(connection):
            request = KeyedClientRequest(organisation, ["reports:read"], self.jwk)
            return await issue_client_with_key(connection, request, key_id=new_id(), by=by_cli())

        self.client_id = network.write(work)

    def assertion(self, pair=None, headers=None, **changed):
        now = int(time.time())
        claims = {
            "iss": self.client_id, "sub": self.client_id, "aud": ENDPOINT,
            "iat": now, "exp": now + 60, "jti": uuid.uuid4().hex,
        } | changed  # fmt: skip
        signer = pair or self.pair
        return jwt.encode(
            {name: value for name, value in claims.items() if value is not None},
            signer.private,
            algorithm=signer.algorithm,
            headers={"kid": self.jwk["kid"]} if headers is None else headers,
        )

    def ask(self, assertion, url=None, **fields):
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        } | fields
        return httpx2.post(f"{url or self.network.url}/v1/oauth/token", data=form, timeout=30)


@pytest.fixture
def signer(network):
    """A client of its own for each test: one that failed too often is shut out for a while."""
    return Signer(network)


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_client_gets_a_token_for_what_it_has_signed(network, algorithm):
    signer = Signer(network, algorithm)
    answer = signer.ask(signer.assertion())
    assert answer.status_code == 200, answer.text
    assert answer.json()["scope"] == "reports:read"
    token = answer.json()["access_token"]
    assert network.http(token).get("/v1/reports").status_code == 200


@pytest.mark.parametrize(
    "changed",
    [{"aud": "http://localhost:8000"}, {"aud": [ENDPOINT]}, {"exp": int(time.time()) + 299}],
)
def test_the_issuer_may_be_the_audience_and_a_list_of_one_will_do(signer, changed):
    assert signer.ask(signer.assertion(**changed)).status_code == 200


def test_a_client_with_one_key_need_not_name_it(signer):
    assert signer.ask(signer.assertion(headers={})).status_code == 200


def test_the_client_may_be_named_in_the_form_as_well(signer):
    assert signer.ask(signer.assertion(), client_id=signer.client_id).status_code == 200
    assert signer.ask(signer.assertion(), client_id="another").status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "tsc_another"},
        {"iss": None},
        {"iss": "tsc_\x00"},
        {"sub": "tsc_another"},
        {"sub": None},
        {"aud": "https://other.example/token"},
        {"aud": [ENDPOINT, "https://other.example"]},
        {"aud": None},
        {"exp": None},
        {"exp": int(time.time()) - 60},
        {"exp": int(time.time()) + 3600},
        {"iat": None},
        {"iat": int(time.time()) + 3600, "exp": int(time.time()) + 3660},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 257},
    ],
    ids=str,
)
def test_an_assertion_that_breaks_a_rule_gives_no_token(signer, changed):
    answer = signer.ask(_raw(signer, changed))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize("jti", [5, ["a"], {"a": 1}, True])
def test_a_jti_is_a_text(signer, jti):
    assert signer.ask(_raw(signer, {"jti": jti})).status_code == 401


def _raw(signer, changed):
    """Signed as bytes, for PyJWT minds some claims itself."""
    claims = jwt.decode(signer.assertion(), options={"verify_signature": False}) | changed
    body = json.dumps({k: v for k, v in claims.items() if v is not None}).encode()
    headers = {"kid": signer.jwk["kid"], "typ": "JWT"}
    return jwt.api_jws.encode(body, signer.pair.private, "ES256", headers=headers)


@pytest.mark.parametrize(
    "make",
    [
        lambda s: s.assertion(pair=SigningPair("ES256")),
        lambda s: s.assertion(pair=SigningPair("RS256")),
        lambda s: s.assertion(headers={"kid": "another"}),
        lambda s: s.assertion(headers={"kid": ""}),
        lambda s: s.assertion() + "x" * 20_000,
        lambda _: "not.a.jwt",
        lambda s: s.assertion().rpartition(".")[0] + ".AA",
        lambda s: jwt.encode({"iss": s.client_id}, None, algorithm="none"),
        lambda s: jwt.encode({"iss": s.client_id, "sub": s.client_id}, "k" * 32, "HS256"),
    ],
)  # fmt: skip
def test_what_the_client_did_not_sign_gives_no_token(signer, make):
    assert signer.ask(make(signer)).status_code in (400, 401)


def test_an_assertion_opens_once_also_for_many_at_once_and_at_another_process(
    signer, module_database
):
    assertion = signer.assertion()
    with serving_here(module_database) as url, ThreadPoolExecutor(8) as pool:
        places = [url, None] * 4
        statuses = list(pool.map(lambda at: signer.ask(assertion, at).status_code, places))
    assert sorted(statuses) == [200] + [401] * 7


def test_two_clients_may_use_the_same_jti(network, signer):
    other = Signer(network)
    assert signer.ask(signer.assertion(jti="same")).status_code == 200
    assert other.ask(other.assertion(jti="same")).status_code == 200


def test_used_assertions_are_forgotten_when_nobody_could_use_them_again(network, signer):
    async def work(connection):
        await connection.execute(
            text("UPDATE used_assertion SET expires_at = now() - interval '1s'")
        )

    signer.ask(signer.assertion())
    network.write(work)
    signer.ask(signer.assertion())
    count = "SELECT count(*) FROM used_assertion WHERE client_id = $1"
    assert network.one(count, signer.client_id) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
        {"client_assertion_type": ""},
        {"client_assertion": ""},
        {"client_secret": "x"},
    ],
)
def test_half_an_assertion_and_two_ways_at_once_are_refused(signer, fields):
    answer = signer.ask(signer.assertion(), **fields)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_the_way_in_is_published(network):
    found = network.http().get("/.well-known/openid-configuration").json()
    assert "private_key_jwt" in found["token_endpoint_auth_methods_supported"]
    assert found["token_endpoint_auth_signing_alg_values_supported"] == ["ES256", "RS256"]
    assert found["token_endpoint"] == ENDPOINT


def rotate(network, client_id, overlap, jwk=None):
    async def work(connection):
        return await rotate_client(
            connection,
            Rotation(client_id, overlap, jwk),
            keyring=network.keyring,
            new_id=new_id(),
            by=by_cli(),
        )

    return network.write(work)


@pytest.mark.parametrize(("hours", "old_status"), [(1, 200), (0, 401)])
def test_a_new_key_holds_at_once_and_the_old_one_as_long_as_was_agreed(network, hours, old_status):
    signer = Signer(network)
    fresh = SigningPair("ES256")
    jwk = read_public_jwk(pem_of(fresh))
    assert rotate(network, signer.client_id, timedelta(hours=hours), jwk) is None
    new = signer.assertion(pair=fresh, headers={"kid": jwk["kid"]})
    assert signer.ask(new).status_code == 200
    assert signer.ask(signer.assertion()).status_code == old_status


def test_a_client_may_go_over_from_a_secret_to_a_key(network):
    caller, pair = network.caller("ngo"), SigningPair("ES256")
    jwk = read_public_jwk(pem_of(pair))
    rotate(network, caller.credentials.client_id, timedelta(0), jwk)
    signer = Signer(network)
    signer.client_id, signer.pair, signer.jwk = caller.credentials.client_id, pair, jwk
    assert signer.ask(signer.assertion()).status_code == 200
    old = ClientCredentials(signer.client_id, caller.credentials.client_secret)
    login = {"auth": (old.client_id, old.client_secret)}
    form = {"grant_type": "client_credentials"}
    answer = httpx2.post(f"{network.url}/v1/oauth/token", data=form, **login)
    assert answer.status_code == 401


def test_a_disabled_client_gets_no_token_for_what_it_signs(network):
    signer = Signer(network)

    async def work(connection):
        await disable_client(connection, signer.client_id, by=by_cli())

    network.write(work)
    assert signer.ask(signer.assertion()).status_code == 401


def test_a_key_on_another_curve_is_no_key_of_a_client():
    private = ec.generate_private_key(ec.SECP384R1())
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(ValueError, match="P-256"):
        read_public_jwk(pem)
