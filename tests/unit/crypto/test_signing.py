"""ES256 keys and signatures, checked with other implementations of the same standards."""

import json
from base64 import urlsafe_b64decode
from hashlib import sha256

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from app.crypto.signing import (
    UnreadableKeyError,
    generate_key,
    key_from_bytes,
    key_to_bytes,
    public_jwk,
    sign_jwt,
)

KEY = generate_key()


def _decoded(segment: str) -> bytes:
    return urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def _der(private) -> bytes:
    return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def test_a_key_comes_back_from_its_bytes_with_the_same_name():
    again = key_from_bytes(key_to_bytes(KEY))
    assert again.kid == KEY.kid
    assert again.private.private_numbers() == KEY.private.private_numbers()


def test_no_two_keys_are_alike():
    assert generate_key().kid != generate_key().kid


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"no key at all",
        key_to_bytes(KEY)[:-1],
        _der(ec.generate_private_key(ec.SECP384R1())),
        _der(rsa.generate_private_key(65537, 2048)),
    ],
    ids=["empty", "text", "cut short", "another curve", "RSA"],
)
def test_other_bytes_are_no_key(stored):
    with pytest.raises(UnreadableKeyError):
        key_from_bytes(stored)


def test_the_public_jwk_tells_nothing_private():
    jwk = public_jwk(KEY)
    assert set(jwk) == {"kty", "crv", "x", "y", "use", "alg", "kid"}
    assert (jwk["kty"], jwk["crv"], jwk["use"], jwk["alg"]) == ("EC", "P-256", "sig", "ES256")
    assert len(_decoded(jwk["x"])) == len(_decoded(jwk["y"])) == 32


def test_the_kid_is_the_thumbprint_of_rfc_7638():
    jwk = public_jwk(KEY)
    members = f'{{"crv":"P-256","kty":"EC","x":"{jwk["x"]}","y":"{jwk["y"]}"}}'
    assert _decoded(KEY.kid) == sha256(members.encode()).digest()


def test_a_token_has_the_header_of_an_access_token():
    token = sign_jwt({"sub": "somebody"}, KEY)
    header, claims, signature = token.split(".")
    assert json.loads(_decoded(header)) == {"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt"}
    assert json.loads(_decoded(claims)) == {"sub": "somebody"}
    assert len(_decoded(signature)) == 64
    assert "=" not in token


CLAIMS = st.dictionaries(
    st.text(max_size=20).filter(
        lambda name: name not in {"exp", "nbf", "iat", "iss", "aud", "sub", "jti"}
    ),
    st.one_of(st.text(), st.integers(), st.booleans(), st.none(), st.lists(st.text(), max_size=3)),
    max_size=8,
)


@given(CLAIMS)
def test_pyjwt_verifies_what_we_sign(claims):
    key = jwt.PyJWK(public_jwk(KEY))
    assert jwt.decode(sign_jwt(claims, KEY), key, algorithms=["ES256"]) == claims


def test_another_key_does_not_verify():
    other = jwt.PyJWK(public_jwk(generate_key()))
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(sign_jwt({}, KEY), other, algorithms=["ES256"])


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_claims_that_json_cannot_say_are_not_signed(number):
    with pytest.raises(ValueError, match="JSON"):
        sign_jwt({"exp": number}, KEY)
