"""Public keys as people hand them in, and root keys that are plainly none."""

import json
import secrets

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from app.crypto.keyring import Keyring
from app.crypto.persons import person_id
from app.crypto.public_keys import UnreadablePublicKeyError, read_public_jwk
from app.crypto.root_keys import weakness_of
from app.crypto.signing import generate_key, public_jwk

EC = generate_key()
RSA = rsa.generate_private_key(65537, 2048)


def pem(private):
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_a_pem_and_a_jwk_of_one_key_are_the_same_under_the_same_name():
    assert read_public_jwk(pem(EC.private)) == public_jwk(EC)
    named = public_jwk(EC)
    del named["kid"], named["alg"], named["use"]
    assert read_public_jwk(json.dumps(named).encode()) == public_jwk(EC)


def test_an_rsa_key_comes_back_as_it_was():
    jwk = read_public_jwk(pem(RSA))
    assert jwk["alg"] == "RS256"
    assert jwt.PyJWK(jwk).key.public_numbers() == RSA.public_key().public_numbers()


def test_a_kid_of_ones_own_is_kept():
    assert read_public_jwk(json.dumps(public_jwk(EC) | {"kid": "ours"}).encode())["kid"] == "ours"


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 5000,
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        json.dumps({"kty": "oct", "k": "YQ"}).encode(),
        json.dumps({"kty": "oct"}).encode(),
        json.dumps(public_jwk(EC) | {"d": "AAAA"}).encode(),
        json.dumps(public_jwk(EC) | {"x": public_jwk(EC)["y"]}).encode(),
        json.dumps(public_jwk(EC) | {"crv": "P-384"}).encode(),
        json.dumps(public_jwk(EC) | {"x": 5}).encode(),
        json.dumps(public_jwk(EC) | {"kid": ""}).encode(),
        json.dumps(public_jwk(EC) | {"kid": 5}).encode(),
        json.dumps(public_jwk(EC) | {"kid": "x" * 201}).encode(),
        pem(rsa.generate_private_key(65537, 1024)),
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(ed25519.Ed25519PrivateKey.generate()),
        EC.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    ],
    ids=range(20),
)
def test_what_is_no_public_key_of_the_right_kind_is_refused_in_words(given):
    with pytest.raises(UnreadablePublicKeyError) as caught:
        read_public_jwk(given)
    assert str(caught.value)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "Tr0ub4dor&3",
        "a" * 64,
        "password" * 8,
        "abcdefghijklmnopqrstuvwxyz123456",
        "0123456789" * 4,
        "ab" * 40,
        "01" * 32,
        "1234567890abcdef" * 4,
        "zyxwvutsrqponmlkjihgfedcba987654321",
        "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddefghij",
    ],
)
def test_a_root_key_that_nobody_drew_at_random_is_refused(key):
    weakness = weakness_of(key)
    assert weakness
    assert not key or key not in weakness


@pytest.mark.parametrize(
    "draw", [secrets.token_urlsafe, secrets.token_hex], ids=["urlsafe", "hexadecimal"]
)
def test_a_root_key_that_was_drawn_at_random_is_taken(draw):
    assert [key for key in (draw(32) for _ in range(500)) if weakness_of(key)] == []


def test_a_person_has_one_opaque_name_an_installation():
    keyring = Keyring(b"one root key, long enough for a test")
    name = person_id(keyring, "https://idp.example", "nora@police.example")
    assert name == person_id(keyring, "https://idp.example", "nora@police.example")
    assert name.startswith("person_")
    assert len(name) == len("person_") + 32
    other = Keyring(b"another root key, as long as the one")
    assert name != person_id(other, "https://idp.example", "nora@police.example")
