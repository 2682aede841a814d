"""Analysts from an outside issuer, a real one on this machine: who gets in, as whom, with what."""

import json

import httpx2
import jwt
import pytest

from app.crypto.ids import new_id
from app.crypto.persons import person_id
from app.services.block_person import block_person
from app.services.enrol_organisation import Enrolment, enrol_organisation
from app.services.unblock_person import unblock_person
from tests.support.issuer import AUDIENCE, SigningPair, issuers_file, issuing
from tests.support.network import Network, by_cli
from tests.support.reports import report
from tests.support.service import serving_here


@pytest.fixture(scope="module")
def issuer():
    with issuing() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def enrolled(module_database):
    """Organisations by the refs that the issuers' file names; the network without a service."""
    network = Network(module_database, "")

    async def work(connection):
        for ref, kind in (("police-ref", "law_enforcement"), ("ngo-ref", "ngo")):
            enrolment = Enrolment(f"Invented {kind}", kind, "SK", ref=ref)
            await enrol_organisation(connection, enrolment, organisation_id=new_id(), by=by_cli())

    network.write(work)
    return network


@pytest.fixture
def serve(module_database, enrolled, tmp_path):
    """Start a service that trusts an issuer, as the file says; gives its address."""
    contexts = []

    def serve(issuer, **changed):
        file = issuers_file(tmp_path, issuer, **changed)
        context = serving_here(module_database, issuers_file=file, issuers_loopback=True)
        contexts.append(context)
        return context.__enter__()

    yield serve
    for context in contexts:
        context.__exit__(None, None, None)


def get(url, token, path="/v1/leads", **headers):
    headers |= {"Authorization": f"Bearer {token}"}
    return httpx2.get(url + path, headers=headers, timeout=30)


def test_an_analyst_reads_leads_with_a_token_of_the_issuer(serve, issuer):
    assert get(serve(issuer), issuer.token()).status_code == 200


def test_keys_are_found_by_discovery_where_no_address_is_given(serve, issuer):
    url = serve(issuer, jwks_url=None)
    assert get(url, issuer.token()).status_code == 200
    assert "/.well-known/openid-configuration" in issuer.asked


def test_a_person_may_do_what_its_roles_and_the_kind_of_its_organisation_allow(serve, issuer):
    url = serve(issuer, roles={"analyst": ["leads:read", "statistics:read", "admin"]})
    token = issuer.token()
    assert get(url, token).status_code == 200
    assert get(url, token, "/v1/reports").status_code == 403


def test_an_organisation_that_is_no_agency_gives_nobody_leads(serve, issuer):
    url = serve(issuer, organisations={"unit-7": "ngo-ref"}, roles={"analyst": ["leads:read"]})
    assert get(url, issuer.token()).status_code == 403


@pytest.mark.parametrize("roles", [[], ["cleaner"], "cleaner", None, 5, {"analyst": True}])
def test_without_a_listed_role_a_person_may_do_nothing(serve, issuer, roles):
    url = serve(issuer)
    assert get(url, issuer.token(realm_access={"roles": roles})).status_code == 403


@pytest.mark.parametrize("org", [None, "unit-8", [], ["unit-7", "unit-9"], 7, {"unit-7": 1}])
def test_a_person_of_no_listed_organisation_or_of_two_is_nobody(serve, issuer, org):
    url = serve(issuer, organisations={"unit-7": "police-ref", "unit-9": "ngo-ref", "gone": "x"})
    assert get(url, issuer.token(org=org)).status_code == 401


def test_an_organisation_that_is_not_enrolled_opens_nothing(serve, issuer):
    url = serve(issuer, organisations={"unit-7": "nobody-enrolled-this"})
    assert get(url, issuer.token()).status_code == 401


def test_one_organisation_for_all_people_of_an_issuer_needs_no_claim(serve, issuer):
    url = serve(issuer, organisation="police-ref", organisation_claim=None, organisations=None)
    assert get(url, issuer.token(org=None)).status_code == 200


def test_the_access_log_names_a_person_by_an_opaque_id(serve, issuer, enrolled, module_database):
    url = serve(issuer)
    network = Network(module_database, url)
    sent = network.caller("ngo").send(report("PEOPLE-1"))
    statement = f"SELECT lead_id FROM lead_membership WHERE report_id = '{sent['id']}'"
    lead = enrolled.one(statement)
    answer = get(url, issuer.token(), f"/v1/leads/{lead}", Purpose="investigation")
    assert answer.status_code == 200
    person = person_id(enrolled.keyring, issuer.url, "nora.analyst@police.example")
    police = enrolled.one("SELECT id FROM organisation WHERE ref = 'police-ref'")
    logged = enrolled.rows("SELECT * FROM audit_entry")
    assert "nora" not in str(logged).lower()
    assert {
        (row["actor"], row["organisation_id"], row["action"], row["purpose"])
        for row in logged
        if row["client_id"] == person and lead in row["objects"]
    } == {("client", police, "lead_read", "investigation")}
    network.close()


def test_the_same_sub_of_another_issuer_is_another_person(enrolled):
    one, other = (person_id(enrolled.keyring, url, "1") for url in ("https://a", "https://b"))
    assert one != other
    assert person_id(enrolled.keyring, "https://a1", "2") != person_id(
        enrolled.keyring, "https://a", "12"
    )


def test_a_blocked_person_is_shut_out_at_once_and_let_in_again(serve, issuer, enrolled):
    url, token = serve(issuer), issuer.token(sub="shut-out")
    assert get(url, token).status_code == 200
    person = person_id(enrolled.keyring, issuer.url, "shut-out")
    enrolled.write(lambda connection: block_person(connection, person, by=by_cli()))
    assert get(url, token).status_code == 401
    assert get(url, issuer.token(sub="shut-out", jti="new")).status_code == 401
    assert get(url, issuer.token(sub="another")).status_code == 200
    enrolled.write(lambda connection: unblock_person(connection, person, by=by_cli()))
    assert get(url, token).status_code == 200


# The issuer's keys: new ones, lost ones, and an issuer that is away or lies.


def test_a_key_that_the_issuer_adds_is_found_and_asked_for_once_a_minute(serve):
    with issuing() as own:
        url = serve(own)
        assert get(url, own.token()).status_code == 200
        own.pairs.append(SigningPair("ES256"))
        asked = len(own.asked)
        # The keys were fetched a moment ago, for the first token.
        assert get(url, own.token()).status_code == 401
        for _ in range(5):
            get(url, own.token(headers={"kid": "invented"}))
        assert len(own.asked) == asked


def test_an_issuer_that_is_away_keeps_nobody_out_whose_key_is_known(serve):
    with issuing() as own:
        url = serve(own)
        assert get(url, own.token()).status_code == 200
        own.is_away = True
        assert get(url, own.token(sub="another")).status_code == 200


def test_an_issuer_that_was_never_reached_costs_a_503_and_nobody_else_anything(serve, enrolled):
    with issuing() as own:
        own.is_away = True
        url = serve(own)
        answer = get(url, own.token())
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        network = Network(enrolled.dsn, url)
        assert network.caller("ngo").http.get("/v1/reports").status_code == 200
        network.close()


def _keys(*keys):
    return 200, {}, json.dumps({"keys": list(keys)}).encode()


def _without_kid(pair):
    return {name: value for name, value in pair.jwk.items() if name != "kid"}


LIES = {
    "no keys": lambda _: _keys(),
    "a secret as key": lambda own: _keys({"kty": "oct", "k": "YQ", "kid": own.pairs[0].kid}),
    "a key to encrypt with": lambda own: _keys(own.pairs[0].jwk | {"use": "enc"}),
    "a key of another algorithm": lambda own: _keys(own.pairs[0].jwk | {"alg": "PS256"}),
    "a kid twice": lambda own: _keys(own.pairs[0].jwk, SigningPair(kid=own.pairs[0].kid).jwk),
    "no kid": lambda own: _keys(_without_kid(own.pairs[0])),
    "a short key": lambda own: _keys(SigningPair(kid=own.pairs[0].kid, bits=1024).jwk),
    "keys that are none": lambda _: _keys(None, 1, [], {"kid": ["a"]}),
    "no object": lambda _: (200, {}, b"[]"),
    "no JSON": lambda _: (200, {}, b"<html>"),
    "a nest": lambda _: (200, {}, b"[" * 100_000),
    "too much": lambda own: (200, {}, json.dumps({"keys": [own.pairs[0].jwk], "x": "x" * 300_000}).encode()),
    "an error": lambda own: (500, {}, _keys(own.pairs[0].jwk)[2]),
    "a way elsewhere": lambda _: (302, {"Location": "/real"}, b""),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_an_issuer_that_lies_opens_nothing_and_breaks_nothing(serve, lie):
    with issuing() as own:
        own.answers["/real"] = own.answer("/jwks")
        own.answers["/jwks"] = LIES[lie](own)
        url = serve(own)
        assert get(url, own.token()).status_code in (401, 503)
        assert httpx2.get(url + "/healthz").status_code == 200


@pytest.mark.parametrize(
    "found", [{"issuer": "https://other.example"}, {}, {"jwks_uri": 5}, {"jwks_uri": "ftp://x/"}]
)
def test_a_discovery_document_about_another_issuer_is_not_followed(serve, found):
    with issuing() as own:
        body = {"issuer": own.url, "jwks_uri": own.jwks_url} | found
        if not found:
            del body["issuer"]
        own.answers["/.well-known/openid-configuration"] = 200, {}, json.dumps(body).encode()
        assert get(serve(own, jwks_url=None), own.token()).status_code == 503


# Tokens of the issuer that do not hold.


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another-service"},
        {"aud": None},
        {"aud": [AUDIENCE + "x"]},
        {"iss": "http://127.0.0.1:1"},
        {"iss": "http://localhost:8000"},
        {"iss": None},
        {"iss": 5},
        {"sub": None},
        {"sub": ""},
        {"sub": 5},
        {"exp": None},
        {"iat": None},
        {"exp": 1},
        {"iat": 4_000_000_000, "exp": 4_000_000_100},
        {"exp": 4_000_000_000},
        {"nbf": 4_000_000_000},
    ],
    ids=str,
)
def test_a_token_of_the_issuer_that_breaks_a_rule_is_401(serve, issuer, changed):
    now = issuer.claims()["iat"]
    good = {"iss": issuer.url, "aud": AUDIENCE, "sub": "x", "iat": now, "exp": now + 60}
    signer = issuer.pairs[0]
    claims = {k: v for k, v in (issuer.claims() | good | changed).items() if v is not None}
    # PyJWT minds some of these itself, so the claims are signed as bytes.
    token = jwt.api_jws.encode(
        json.dumps(claims).encode(), signer.private, "RS256", headers={"kid": signer.kid}
    )
    assert get(serve(issuer), token).status_code == 401


def test_a_token_is_good_for_its_own_issuer_alone(serve, issuer, module_database, tmp_path):
    with issuing() as other:
        token = issuer.token(pair=other.pairs[0])
        assert get(serve(issuer), token).status_code == 401


def test_an_algorithm_that_the_operator_did_not_list_is_refused(serve, issuer):
    url = serve(issuer, algorithms=["ES256"])
    assert get(url, issuer.token()).status_code == 401


def test_a_type_of_token_is_held_to_where_the_operator_says_it(serve, issuer):
    url = serve(issuer, token_type="at+jwt")
    assert get(url, issuer.token()).status_code == 401
    assert get(url, issuer.token(headers={"typ": "at+JWT"})).status_code == 200


def test_an_outside_issuer_that_is_not_listed_is_nobody(network, issuer):
    assert get(network.url, issuer.token()).status_code == 401
