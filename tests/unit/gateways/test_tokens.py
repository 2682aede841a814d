"""The fence around python-jose: one test for each rule and each known attack."""

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from app.crypto.signing import generate_key, public_jwk, sign_jwt
from app.gateways.tokens import (
    LONGEST_TOKEN,
    TokenRejectedError,
    TokenRules,
    key_id_of,
    rules_of_own_tokens,
    verify_access_token,
)

ISSUER = "https://tessera.example"
RULES = rules_of_own_tokens(ISSUER)
KEY = generate_key()
KEYS = {KEY.kid: public_jwk(KEY)}
NOW = datetime.now(UTC)
CLOCK = int(NOW.timestamp())
GOOD = {
    "iss": ISSUER,
    "aud": "tessera",
    "sub": "tsc_0123456789ab",
    "iat": CLOCK,
    "exp": CLOCK + 3000,
    "jti": "1",
    "org": "any",
}
HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": KEY.kid}


def _segment(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _json(value) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def _signed(header, claims, key=KEY) -> str:
    """A token with a valid ES256 signature over whatever header and claims are given."""
    body = f"{_segment(_json(header))}.{_segment(_json(claims))}"
    r, s = decode_dss_signature(key.private.sign(body.encode(), ec.ECDSA(SHA256())))
    return f"{body}.{_segment(r.to_bytes(32) + s.to_bytes(32))}"


def _hmac_signed(header, claims, secret: bytes) -> str:
    body = f"{_segment(_json(header))}.{_segment(_json(claims))}"
    return f"{body}.{_segment(hmac.digest(secret, body.encode(), 'sha256'))}"


def _verify(token, *, keys=KEYS, rules=RULES, now=NOW):
    return verify_access_token(token, keys, rules, now=now)


def _reason(token, **how) -> str:
    with pytest.raises(TokenRejectedError) as caught:
        _verify(token, **how)
    return caught.value.reason


def _without(name):
    return {claim: value for claim, value in GOOD.items() if claim != name}


def test_a_good_token_gives_its_claims():
    claims = _verify(sign_jwt(GOOD, KEY))
    assert claims.subject == GOOD["sub"]
    assert claims.issued_at == GOOD["iat"]
    assert claims.expires_at == GOOD["exp"]
    assert claims.values == GOOD


def test_the_tests_own_signer_makes_good_tokens_too():
    assert _verify(_signed(HEADER, GOOD)).values == GOOD


def test_pyjwt_verifies_our_tokens_with_the_published_key():
    claims = jwt.decode(
        sign_jwt(GOOD, KEY),
        jwt.PyJWK(KEYS[KEY.kid]),
        algorithms=["ES256"],
        audience="tessera",
        issuer=ISSUER,
        options={"require": ["exp", "iat", "aud", "iss", "sub"]},
    )
    assert claims == GOOD


def test_we_verify_what_pyjwt_signs():
    token = jwt.encode(
        GOOD, KEY.private, algorithm="ES256", headers={"kid": KEY.kid, "typ": "at+jwt"}
    )
    assert _verify(token).values == GOOD


# Which algorithm


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
@pytest.mark.parametrize("signature", ["", "AA", "x" * 86])
def test_a_token_without_signature_is_rejected(algorithm, signature):
    body = f"{_segment(_json(HEADER | {'alg': algorithm}))}.{_segment(_json(GOOD))}"
    assert _reason(f"{body}.{signature}") in {"malformed", "header"}


def test_a_stripped_signature_is_rejected():
    head, body, _ = sign_jwt(GOOD, KEY).split(".")
    assert _reason(f"{head}.{body}.") == "malformed"
    assert _reason(f"{head}.{body}") == "malformed"


def _public(encoding):
    return KEY.private.public_key().public_bytes(
        encoding,
        PublicFormat.UncompressedPoint
        if encoding is Encoding.X962
        else PublicFormat.SubjectPublicKeyInfo,
    )


@pytest.mark.parametrize(
    "secret",
    [
        _public(Encoding.PEM),
        _public(Encoding.PEM).strip(),
        _public(Encoding.DER),
        _public(Encoding.X962),
        json.dumps(KEYS[KEY.kid]).encode(),
        json.dumps({"keys": [KEYS[KEY.kid]]}).encode(),
        b"",
        b"a",
    ],
    ids=["PEM", "PEM stripped", "DER", "point", "JWK", "JWKS", "empty", "one character"],
)
@pytest.mark.parametrize("algorithm", ["HS256", "ES256"])
def test_a_public_key_is_no_hmac_secret(secret, algorithm):
    token = _hmac_signed(HEADER | {"alg": algorithm}, GOOD, secret)
    assert _reason(token) == ("header" if algorithm == "HS256" else "invalid")


@pytest.mark.parametrize(
    "algorithm",
    [
        "HS256",
        "HS384",
        "RS256",
        "PS256",
        "ES384",
        "ES512",
        "EdDSA",
        "es256",
        None,
        1,
        ["ES256"],
        {},
    ],
)
def test_only_the_one_algorithm_of_the_issuer_is_accepted(algorithm):
    assert _reason(_signed(HEADER | {"alg": algorithm}, GOOD)) == "header"


def test_a_header_without_algorithm_is_rejected():
    assert _reason(_signed({"typ": "at+jwt", "kid": KEY.kid}, GOOD)) == "header"


# Which key


@pytest.mark.parametrize("kid", [[], [KEY.kid], {}, 1, None, True, 1.5])
def test_a_kid_that_is_no_string_is_rejected(kid):
    assert _reason(_signed(HEADER | {"kid": kid}, GOOD)) == "header"


def test_a_token_without_kid_is_rejected():
    assert _reason(_signed({"alg": "ES256", "typ": "at+jwt"}, GOOD)) == "header"


@pytest.mark.parametrize(
    "kid", ["", "unknown", "../../dev/null", "' OR 1=1 --", KEY.kid + "\0"], ids=range(5)
)
def test_a_token_under_an_unknown_kid_is_rejected(kid):
    assert _reason(_signed(HEADER | {"kid": kid}, GOOD)) == "unknown_key"


def test_a_key_that_comes_with_the_token_is_not_used():
    stranger = generate_key()
    header = HEADER | {"jwk": public_jwk(stranger), "jku": "https://stranger.example/jwks.json"}
    assert _reason(_signed(header, GOOD, stranger)) == "invalid"
    assert _reason(_signed(header | {"kid": stranger.kid}, GOOD, stranger)) == "unknown_key"


def test_a_signature_by_another_key_is_rejected():
    assert _reason(_signed(HEADER, GOOD, generate_key())) == "invalid"


def test_the_key_named_is_the_only_one_tried():
    other = generate_key()
    keys = KEYS | {other.kid: public_jwk(other)}
    assert _reason(_signed(HEADER, GOOD, other), keys=keys) == "invalid"
    assert _verify(_signed(HEADER | {"kid": other.kid}, GOOD, other), keys=keys)


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "oct", "k": "YQ"},
        {"kty": "RSA"},
        {"crv": "P-384"},
        {"crv": "P-000"},
        {"x": None},
        {"y": 5},
    ],
    ids=str,
)
def test_a_key_of_another_kind_is_not_used(change):
    keys = {KEY.kid: KEYS[KEY.kid] | change}
    assert _reason(sign_jwt(GOOD, KEY), keys=keys) == "unknown_key"


@pytest.mark.parametrize(
    "change", [{"x": ""}, {"x": "AAAA"}, {"y": "é"}, {"x": "A" * 500}], ids=str
)
def test_a_broken_key_verifies_nothing(change):
    assert _reason(sign_jwt(GOOD, KEY), keys={KEY.kid: KEYS[KEY.kid] | change}) == "invalid"


def test_a_jwk_that_pretends_to_be_a_jwks_is_read_as_itself():
    stranger = generate_key()
    keys = {KEY.kid: KEYS[KEY.kid] | {"keys": [public_jwk(stranger)]}}
    assert _reason(_signed(HEADER, GOOD, stranger), keys=keys) == "invalid"


# The rest of the header


@pytest.mark.parametrize("crit", [["exp"], ["b64"], [], None, "x"])
def test_a_critical_extension_is_rejected(crit):
    assert _reason(_signed(HEADER | {"crit": crit}, GOOD)) == "header"


@pytest.mark.parametrize(
    "typ", ["JWT", "jwt", "at", "logout+jwt", "id+jwt", "", None, 1, ["at+jwt"]]
)
def test_another_type_of_token_is_rejected(typ):
    assert _reason(_signed(HEADER | {"typ": typ}, GOOD)) == "header"


def test_a_token_without_type_is_rejected():
    assert _reason(_signed({"alg": "ES256", "kid": KEY.kid}, GOOD)) == "header"


@pytest.mark.parametrize("typ", ["AT+JWT", "application/at+jwt"])
def test_the_type_is_a_media_type(typ):
    assert _verify(_signed(HEADER | {"typ": typ}, GOOD))


@pytest.mark.parametrize(
    "header",
    [b"[]", b"1", b"null", b'"x"', b"{", b"\xff", b"", b"[" * 2000, b'{"alg":' * 500],
    ids=repr,
)
def test_a_header_that_is_no_object_is_rejected(header):
    assert _reason(_signed(header, GOOD)) == "malformed"


# Claims


@pytest.mark.parametrize("claim", ["exp", "iat", "aud", "iss", "sub"])
def test_a_token_must_say(claim):
    assert _reason(sign_jwt(_without(claim), KEY)) == "invalid"


WRONG = [None, [], {}, "", True, -1]


@pytest.mark.parametrize("value", WRONG, ids=repr)
@pytest.mark.parametrize("claim", ["exp", "iat", "aud", "iss", "sub"])
def test_a_claim_of_another_type_is_rejected(claim, value):
    assert _reason(sign_jwt(GOOD | {claim: value}, KEY)) in {"invalid", "expired", "lifetime"}


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "https://stranger.example"),
        ("iss", ISSUER + "/"),
        ("iss", [ISSUER]),
        ("aud", "other"),
        ("aud", ["other"]),
        ("aud", ["tessera", 1]),
        ("exp", str(CLOCK + 900)),
        ("iat", str(CLOCK)),
        ("nbf", CLOCK + 86_400),
        ("at_hash", "x"),
    ],
)
def test_a_token_for_or_from_others_is_rejected(claim, value):
    assert _reason(sign_jwt(GOOD | {claim: value}, KEY)) == "invalid"


def test_one_of_several_audiences_is_enough():
    assert _verify(sign_jwt(GOOD | {"aud": ["other", "tessera"]}, KEY))


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "Infinity", "1" * 4000, "1" * 5000])
@pytest.mark.parametrize("claim", ["exp", "iat", "nbf"])
def test_an_absurd_number_is_rejected_like_any_other(claim, number):
    claims = _json(_without(claim))[:-1] + f', "{claim}": {number}}}'.encode()
    assert _reason(_signed(HEADER, claims)) in {"invalid", "expired", "lifetime"}


@pytest.mark.parametrize(
    "claims",
    [b"[]", b"1", b"null", b"{", b"\xff", b"\xef\xbb\xbf{}", b"[" * 2000, b'{"a":' * 600],
    ids=repr,
)
def test_signed_claims_that_are_no_object_are_rejected(claims):
    assert _reason(_signed(HEADER, claims)) == "invalid"


# Times


@pytest.mark.parametrize(
    ("iat", "exp", "reason"),
    [
        (-900, -31, "expired"),
        (-3600, -3600, "expired"),
        (31, 900, "lifetime"),
        (3600, 7200, "lifetime"),
        (0, 3601, "lifetime"),
        (-10, 3591, "lifetime"),
        (0, 86_400 * 365, "lifetime"),
        (10, 10, "lifetime"),
        (20, 10, "lifetime"),
    ],
)
def test_a_token_outside_its_time_is_rejected(iat, exp, reason):
    now = datetime.now(UTC)
    clock = int(now.timestamp())
    claims = GOOD | {"iat": clock + iat, "exp": clock + exp}
    assert _reason(sign_jwt(claims, KEY), now=now) == reason


@pytest.mark.parametrize(("iat", "exp"), [(-900, -20), (25, 900), (0, 3600), (-3599, 1)])
def test_clocks_may_be_half_a_minute_apart(iat, exp):
    now = datetime.now(UTC)
    clock = int(now.timestamp())
    claims = GOOD | {"iat": clock + iat, "exp": clock + exp}
    assert _verify(sign_jwt(claims, KEY), now=now).expires_at == clock + exp


@pytest.mark.parametrize(("later", "reason"), [(3031, "expired"), (-31, "lifetime")])
def test_the_clock_given_counts_as_well_as_that_of_the_machine(later, reason):
    assert _reason(sign_jwt(GOOD, KEY), now=NOW + timedelta(seconds=later)) == reason


def test_a_fraction_of_a_second_is_a_time():
    assert _verify(sign_jwt(GOOD | {"iat": CLOCK - 0.5}, KEY)).issued_at == CLOCK - 1


# Size and shape


def test_a_token_is_bounded_before_anything_is_parsed():
    claims = GOOD | {"more": "x" * LONGEST_TOKEN}
    assert _reason(sign_jwt(claims, KEY)) == "malformed"


def test_a_token_just_within_the_bound_is_read():
    spare = LONGEST_TOKEN - len(sign_jwt(GOOD | {"more": ""}, KEY))
    token = sign_jwt(GOOD | {"more": "x" * (spare * 3 // 4 - 2)}, KEY)
    assert LONGEST_TOKEN - 4 < len(token) <= LONGEST_TOKEN
    assert _verify(token)


GOOD_TOKEN = sign_jwt(GOOD, KEY)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a.b",
        GOOD_TOKEN + ".x",
        GOOD_TOKEN + "=",
        " " + GOOD_TOKEN,
        GOOD_TOKEN + "\n",
        GOOD_TOKEN.replace(".", "!.", 1),
        GOOD_TOKEN + "\u00e9",
        GOOD_TOKEN + "\ud800",
        "\0" * 50,
        ".".join(["a"] * 5),
    ],
    ids=range(14),
)
def test_what_has_not_the_shape_of_a_token_is_rejected(token):
    assert _reason(token) == "malformed"


@given(st.integers(0, len(GOOD_TOKEN) - 3), st.sampled_from("Aa0_"))
def test_no_character_of_a_token_can_be_changed(place, character):
    # The last character carries bits that no byte of the signature needs.
    changed = GOOD_TOKEN[:place] + character + GOOD_TOKEN[place + 1 :]
    if changed != GOOD_TOKEN:
        assert _reason(changed)


# Outside issuers: RS256

OUTSIDE = TokenRules(
    issuer="https://idp.example",
    audiences=("tessera",),
    algorithms=("RS256",),
    token_type=None,
    longest_lifetime_seconds=3600,
)
RSA_KEY = rsa.generate_private_key(65537, 2048)
RSA_JWK = jwt.algorithms.RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True)
OUTSIDE_GOOD = GOOD | {"iss": OUTSIDE.issuer}


def _rsa_token(**header):
    return jwt.encode(OUTSIDE_GOOD, RSA_KEY, algorithm="RS256", headers={"kid": "r1"} | header)


def test_a_token_of_an_outside_issuer_is_verified_by_its_own_rules():
    assert _verify(_rsa_token(), keys={"r1": RSA_JWK}, rules=OUTSIDE).values == OUTSIDE_GOOD


def test_a_token_of_one_issuer_is_none_of_another():
    assert _reason(_rsa_token(typ="at+jwt"), keys={"r1": RSA_JWK}) == "header"
    assert _reason(sign_jwt(OUTSIDE_GOOD, KEY), rules=OUTSIDE) == "header"


def test_an_rsa_issuer_accepts_no_key_of_another_kind():
    assert _reason(_rsa_token(), keys={"r1": KEYS[KEY.kid]}, rules=OUTSIDE) == "unknown_key"


def test_an_rsa_public_key_is_no_hmac_secret():
    pem = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    token = _hmac_signed({"alg": "HS256", "kid": "r1"}, OUTSIDE_GOOD, pem)
    assert _reason(token, keys={"r1": RSA_JWK}, rules=OUTSIDE) == "header"


def test_an_rsa_signature_with_another_hash_is_rejected():
    body = f"{_segment(_json({'alg': 'RS256', 'kid': 'r1'}))}.{_segment(_json(OUTSIDE_GOOD))}"
    signature = RSA_KEY.sign(body.encode(), padding.PKCS1v15(), SHA384())
    assert (
        _reason(f"{body}.{_segment(signature)}", keys={"r1": RSA_JWK}, rules=OUTSIDE) == "invalid"
    )


# Whatever comes

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
PARTS = st.one_of(
    st.binary(max_size=60),
    JSON.map(_json),
    st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "jwk"]), JSON).map(_json),
)


@given(st.lists(PARTS.map(_segment), max_size=4).map(".".join) | st.text(max_size=80))
def test_arbitrary_segments_are_only_ever_rejected(token):
    _reason(token)


@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "jwk", "x5c"]), JSON), PARTS)
def test_arbitrary_headers_under_a_good_signature_are_only_ever_rejected(header, claims):
    _reason(_signed(HEADER | header, claims))


@given(st.dictionaries(st.sampled_from([*GOOD, "nbf", "at_hash"]), JSON, min_size=1))
def test_arbitrary_signed_claims_are_verified_or_rejected(claims):
    try:
        verified = _verify(_signed(HEADER, GOOD | claims))
    except TokenRejectedError:
        return
    assert 0 < verified.expires_at - verified.issued_at <= RULES.longest_lifetime_seconds
    assert verified.values["iss"] == ISSUER


def test_the_kid_can_be_read_before_keys_are_looked_for():
    assert key_id_of(GOOD_TOKEN, RULES) == KEY.kid
