"""What attackers send for a token, over HTTP: never anything but 401, and never a 500.

One table for tokens that pretend to be ours and one for those that pretend to be an outside
issuer's. Unlike tests/unit/gateways/test_tokens.py this holds all of the way in to account.
"""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from contextlib import ExitStack

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.crypto.signing import generate_key, key_from_bytes, public_jwk, sign_jwt
from app.services.enrol_organisation import Enrolment, enrol_organisation
from tests.support.issuer import SigningPair, issuers_file, issuing
from tests.support.network import Network, by_cli
from tests.support.service import ROOT_KEY, serving_here


def segment(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Attack:
    """What an attacker may have: a good token of its own, the public keys, even (to show that a
    rule holds by itself) the signing key.
    """

    def __init__(self, network, caller, issuer):
        self.network, self.caller, self.issuer = network, caller, issuer
        self.keys = network.http().get("/.well-known/jwks.json").json()["keys"]
        self.header = jwt.get_unverified_header(caller.token)
        self.claims = jwt.decode(caller.token, options={"verify_signature": False})
        row = network.rows("SELECT sealed, record_id FROM signing_key ORDER BY signs_from")[0]
        sealer = Sealer(Keyring(ROOT_KEY.encode()))
        plain = sealer.unseal(row["sealed"], table="signing_key", record=row["record_id"])
        self.key = key_from_bytes(plain)

    def signed(self, header=None, claims=None, key=None):
        """With a good ES256 signature by our own key, over anything."""
        head = header if isinstance(header, bytes) else self.header | (header or {})
        body = claims if isinstance(claims, bytes) else self.claims | (claims or {})
        text = f"{segment(head)}.{segment(body)}"
        r, s = decode_dss_signature(
            (key or self.key).private.sign(text.encode(), ec.ECDSA(SHA256()))
        )
        return f"{text}.{segment(r.to_bytes(32) + s.to_bytes(32))}"

    def mac(self, secret, header=None):
        """With an HMAC under something that everybody knows."""
        text = f"{segment(self.header | {'alg': 'HS256'} | (header or {}))}.{segment(self.claims)}"
        return f"{text}.{segment(hmac.digest(secret, text.encode(), 'sha256'))}"

    def without(self, *names):
        claims = {name: value for name, value in self.claims.items() if name not in names}
        return self.signed(claims=json.dumps(claims).encode())

    def public(self, encoding):
        return self.key.private.public_key().public_bytes(
            encoding, PublicFormat.SubjectPublicKeyInfo
        )


NOW = int(time.time())
STRANGER = generate_key()
OWN = {
    "alg none": lambda a: f"{segment(a.header | {'alg': 'none'})}.{segment(a.claims)}.",
    "alg None with a signature": lambda a: a.signed({"alg": "None"}),
    "alg missing": lambda a: a.signed(json.dumps({"typ": "at+jwt", "kid": a.key.kid}).encode()),
    "alg a list": lambda a: a.signed({"alg": ["ES256"]}),
    "alg of another curve": lambda a: a.signed({"alg": "ES384"}),
    "HS256 with the key as PEM": lambda a: a.mac(a.public(Encoding.PEM)),
    "HS256 with the key as PEM, stripped": lambda a: a.mac(a.public(Encoding.PEM).strip()),
    "HS256 with the key as DER": lambda a: a.mac(a.public(Encoding.DER)),
    "HS256 with the key as JWK": lambda a: a.mac(json.dumps(a.keys[0]).encode()),
    "HS256 with the JWKS": lambda a: a.mac(json.dumps({"keys": a.keys}).encode()),
    "HS256 with nothing": lambda a: a.mac(b""),
    "ES256 with an HMAC": lambda a: a.mac(a.public(Encoding.DER), {"alg": "ES256"}),
    "no kid": lambda a: a.signed(json.dumps({"alg": "ES256", "typ": "at+jwt"}).encode()),
    "kid a path": lambda a: a.signed({"kid": "../../../../dev/null"}),
    "kid SQL": lambda a: a.signed({"kid": "' UNION SELECT 'x' --"}),
    "kid a list": lambda a: a.signed({"kid": [a.key.kid]}),
    "kid an object": lambda a: a.signed({"kid": {"a": 1}}),
    "kid a number": lambda a: a.signed({"kid": 1}),
    "kid null": lambda a: a.signed({"kid": None}),
    "kid very long": lambda a: a.signed({"kid": "k" * 5_000}),
    "kid with a nought": lambda a: a.signed({"kid": a.key.kid + "\0"}),
    "kid half a character": lambda a: a.signed({"kid": "\ud800"}),
    "crit": lambda a: a.signed({"crit": ["exp"]}),
    "crit with b64": lambda a: a.signed({"crit": ["b64"], "b64": False}),
    "crit empty": lambda a: a.signed({"crit": []}),
    "a key of its own": lambda a: a.signed({"jwk": public_jwk(STRANGER)}, key=STRANGER),
    "a key elsewhere": lambda a: a.signed(
        {"jku": "http://127.0.0.1:1/jwks", "x5u": "http://127.0.0.1:1/x", "kid": STRANGER.kid},
        key=STRANGER,
    ),
    "another key": lambda a: a.signed(key=STRANGER),
    "typ JWT": lambda a: a.signed({"typ": "JWT"}),
    "typ missing": lambda a: a.signed(json.dumps({"alg": "ES256", "kid": a.key.kid}).encode()),
    "typ a number": lambda a: a.signed({"typ": 1}),
    "no exp": lambda a: a.without("exp"),
    "no aud": lambda a: a.without("aud"),
    "no iat": lambda a: a.without("iat"),
    "no iss": lambda a: a.without("iss"),
    "no sub": lambda a: a.without("sub"),
    "no organisation": lambda a: a.without("org"),
    "no generation": lambda a: a.without("gen"),
    "an earlier generation of none": lambda a: a.signed(claims={"gen": "1"}),
    "expired": lambda a: a.signed(claims={"iat": NOW - 2000, "exp": NOW - 1000}),
    "iat in the future": lambda a: a.signed(claims={"iat": NOW + 600, "exp": NOW + 900}),
    "valid for a year": lambda a: a.signed(claims={"iat": NOW, "exp": NOW + 31_536_000}),
    "exp before iat": lambda a: a.signed(claims={"iat": NOW, "exp": NOW - 1}),
    "not yet valid": lambda a: a.signed(claims={"nbf": NOW + 86_400}),
    "another issuer": lambda a: a.signed(claims={"iss": "https://stranger.example"}),
    "issuer a list": lambda a: a.signed(claims={"iss": [a.claims["iss"]]}),
    "another audience": lambda a: a.signed(claims={"aud": "other"}),
    "scope nonsense": lambda a: a.signed(claims={"scope": "everything"}),
    "scope a list": lambda a: a.signed(claims={"scope": ["admin"]}),
    "a claim twice": lambda a: a.signed(
        claims=json.dumps(a.claims).encode()[:-1] + b', "scope": "admin"}'
    ),
    "a header twice": lambda a: a.signed(json.dumps(a.header).encode()[:-1] + b', "alg": "ES256"}'),
    "exp beyond numbers": lambda a: a.signed(
        claims=json.dumps(a.claims | {"exp": 0}).encode().replace(b'"exp": 0', b'"exp": 1e400')
    ),
    "exp not a number": lambda a: a.signed(
        claims=json.dumps(a.claims | {"exp": 0}).encode().replace(b'"exp": 0', b'"exp": NaN')
    ),
    "claims a list": lambda a: a.signed(claims=b"[]"),
    "claims a nest": lambda a: a.signed(claims=b"[" * 3_000),
    "claims in a nest": lambda a: a.signed(claims=b'{"iss":' * 700),
    "claims no UTF-8": lambda a: a.signed(claims=b"\xff\xfe"),
    "header a nest": lambda a: a.signed(b"[" * 3_000),
    "huge": lambda a: a.signed(claims={"x": "x" * 20_000}),
    "huge and no token": lambda _: "A" * 30_000,
    "trailing data": lambda a: a.caller.token + "AAAA",
    "a fourth part": lambda a: a.caller.token + "." + segment(b"more"),
    "padding": lambda a: a.caller.token + "=",
    "spare bits in the signature": lambda a: _spare_bits(a.caller.token),
    "a nested token": lambda a: a.signed({"cty": "JWT"}, a.caller.token.encode()),
    "a JWE": lambda _: ".".join(
        [segment({"alg": "dir", "enc": "A128CBC-HS256", "zip": "DEF"}), "", "AA", "AA", "AA"]
    ),
    "the signature of another token": lambda a: (
        a.caller.token.rpartition(".")[0] + "." + a.signed(claims={"jti": "x"}).rpartition(".")[2]
    ),
    "a signature of noughts": lambda a: a.caller.token.rpartition(".")[0] + "." + segment(bytes(64)),
    "a signature in DER": lambda a: f"{a.caller.token.rpartition('.')[0]}." + segment(
        a.key.private.sign(a.caller.token.rpartition(".")[0].encode(), ec.ECDSA(SHA256()))
    ),
    "other claims under the same signature": lambda a: a.caller.token.replace(
        a.caller.token.split(".")[1], segment(a.claims | {"scope": "admin"})
    ),
}  # fmt: skip


def _spare_bits(token):
    """The same bytes in another spelling: base64url of 64 bytes leaves four bits over."""
    last = token[-1]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(last) ^ 1]


OTHER = SigningPair()
OUTSIDE = {
    "for another audience": lambda i, _: i.token(aud="another-service"),
    "for us, by what we call ourselves": lambda i, _: i.token(aud="tessera"),
    "claims to be us": lambda i, own: i.token(iss=own),
    "claims to be us with our claims": lambda i, own: i.token(
        iss=own, aud="tessera", org=str(new_id()), kind="law_enforcement", country="SK",
        agency=True, scope="leads:read", no_identity=False, gen=1, headers={"typ": "at+jwt"},
    ),
    "of another key": lambda i, _: i.token(pair=OTHER),
    "of another key under a known kid": lambda i, _: i.token(
        pair=OTHER, headers={"kid": i.pairs[0].kid}
    ),
    "kid a list": lambda i, _: _outside(i, {"kid": ["a"]}),
    "kid missing": lambda i, _: _outside(i, {"kid": None}),
    "kid very long": lambda i, _: _outside(i, {"kid": "k" * 5_000}),
    "kid SQL": lambda i, _: _outside(i, {"kid": "' OR 1=1 --"}),
    "crit": lambda i, _: _outside(i, {"crit": ["x"]}),
    "alg none": lambda i, _: jwt.encode(i.claims(), None, "none", headers={"kid": i.pairs[0].kid}),
    "HS256 with the key as JWK": lambda i, _: _outside(
        i, {"alg": "HS256"}, json.dumps(i.pairs[0].jwk).encode()
    ),
    "ES256 under a kid of RS256": lambda i, _: i.token(
        pair=SigningPair("ES256"), headers={"kid": i.pairs[0].kid}
    ),
    "without sub": lambda i, _: i.token(sub=None),
    "without exp": lambda i, _: i.token(exp=None),
    "without iat": lambda i, _: i.token(iat=None),
    "without aud": lambda i, _: i.token(aud=None),
    "expired": lambda i, _: i.token(iat=NOW - 900, exp=NOW - 300),
    "an ID token": lambda i, _: i.token(at_hash="x" * 22, nonce="n"),
}  # fmt: skip


def _outside(issuer, header, mac_secret=None):
    """With any header; signed by the issuer's key, or with an HMAC under what everybody knows."""
    pair = issuer.pairs[0]
    head = {"alg": "RS256", "kid": pair.kid} | header
    head = {name: value for name, value in head.items() if value is not None}
    text = f"{segment(head)}.{segment(issuer.claims())}"
    if mac_secret is not None:
        return f"{text}.{segment(hmac.digest(mac_secret, text.encode(), 'sha256'))}"
    rs256 = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)
    return f"{text}.{segment(rs256.sign(text.encode(), pair.private))}"


@pytest.fixture(scope="module")
def attack(module_database, tmp_path_factory):
    """A service that trusts an outside issuer, and an attacker who knows much."""
    with ExitStack() as stack:
        issuer = stack.enter_context(issuing())
        file = issuers_file(tmp_path_factory.mktemp("issuers"), issuer)
        url = stack.enter_context(
            serving_here(module_database, issuers_file=file, issuers_loopback=True)
        )
        network = Network(module_database, url)
        stack.callback(network.close)

        async def enrol(connection):
            enrolment = Enrolment("Invented police", "law_enforcement", "SK", ref="police-ref")
            await enrol_organisation(connection, enrolment, organisation_id=new_id(), by=by_cli())

        network.write(enrol)
        yield Attack(network, network.caller("prosecution"), issuer)


def status(attack, token):
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.get(f"{attack.network.url}/v1/leads", headers=headers, timeout=30).status_code


def test_the_tables_forge_nothing_but_what_they_say(attack):
    assert status(attack, attack.caller.token) == 200
    assert status(attack, attack.signed(claims={"jti": "own"})) == 200
    assert status(attack, sign_jwt(attack.claims, attack.key)) == 200
    assert status(attack, attack.issuer.token()) == 200
    assert status(attack, _outside(attack.issuer, {})) == 200


@pytest.mark.parametrize("name", OWN)
def test_a_token_that_pretends_to_be_ours_is_401(attack, name):
    assert status(attack, OWN[name](attack)) == 401


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_token_that_pretends_to_be_an_outside_issuers_is_401(attack, name):
    assert status(attack, OUTSIDE[name](attack.issuer, attack.claims["iss"])) == 401


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    header=st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "jwk", "zip"]), JSON),
    claims=st.dictionaries(
        st.sampled_from(["iss", "sub", "aud", "exp", "iat", "org", "gen", "scope"]),
        JSON,
        min_size=1,
    ),
)
def test_whatever_is_signed_by_nobody_is_401(attack, header, claims):
    assert status(attack, attack.signed(header, claims, key=STRANGER)) == 401
