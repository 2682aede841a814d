"""`tessera client` and `tessera person`: who gets in, by what, and how that ends."""

import json

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from app.crypto.signing import generate_key

KEY = generate_key()
PUBLIC = KEY.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
PRIVATE = KEY.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture(scope="module")
def organisation(tessera):
    return tessera.organisation()


@pytest.fixture
def key_file(tmp_path):
    file = tmp_path / "key.pem"
    file.write_bytes(PUBLIC)
    return file


def test_a_client_has_the_scopes_that_were_named_and_none_by_default(tessera, organisation):
    made = tessera.json("client", "add", "--org", organisation, "--scope", "reports:write")
    assert made["scopes"] == ["reports:write"]
    assert set(made) == {"client_id", "client_secret", "scopes", "no_identity"}
    assert "--scope" in tessera.run("client", "add", "--org", organisation, code=2)[1]
    wanted = ["--scope", "reports:write", "--scope", "leads:read"]
    assert "/scopes" in tessera.run("client", "add", "--org", organisation, *wanted, code=2)[1]


def test_a_client_with_a_key_has_no_secret(tessera, organisation, key_file):
    made = tessera.json(
        "client", "add", "--org", organisation, "--scope", "reports:read", "--public-key", key_file
    )
    assert made["kid"] == KEY.kid
    assert "client_secret" not in made


@pytest.mark.parametrize("content", [b"", b"no key", PRIVATE, b'{"kty": "oct", "k": "YQ"}'])
def test_what_is_no_public_key_is_refused_and_not_repeated(
    tessera, organisation, tmp_path, content
):
    file = tmp_path / "key"
    file.write_bytes(content)
    command = ["client", "add", "--org", organisation, "--scope", "reports:read"]
    told = tessera.run(*command, "--public-key", file, code=2)[1]
    assert "/public_key" in told
    assert "BEGIN" not in told
    assert "/public_key" in tessera.run(*command, "--public-key", tmp_path / "none", code=2)[1]


def test_a_client_gets_a_new_secret_or_key_and_is_disabled_once(tessera, organisation, key_file):
    made = tessera.json("client", "add", "--org", organisation, "--scope", "reports:read")
    own = ["--client", made["client_id"]]
    fresh = tessera.json("client", "rotate", *own, "--overlap", "1")
    assert fresh["client_id"] == made["client_id"]
    assert fresh["client_secret"] != made["client_secret"]
    assert tessera.json("client", "rotate", *own, "--public-key", key_file)["kid"] == KEY.kid
    for overlap in ("-1", "721", "nan", "inf"):
        assert "/overlap" in tessera.run("client", "rotate", *own, "--overlap", overlap, code=2)[1]
    assert tessera.json("client", "disable", *own)["client_id"] == made["client_id"]
    tessera.run("client", "disable", *own, code=2)
    tessera.run("client", "rotate", *own, code=2)


def test_a_person_is_blocked_once_and_let_in_once_and_never_named(tessera):
    who = ["--issuer", "https://idp.example", "--sub", "nora@police.example"]
    shown = tessera.json("person", "show", *who)["person"]
    assert tessera.json("person", "block", *who) == {"person": shown, "blocked": True}
    tessera.run("person", "block", *who, code=2)
    assert tessera.json("person", "unblock", *who) == {"person": shown, "blocked": False}
    told = tessera.run("person", "unblock", *who, code=2)[1]
    assert "nora" not in json.dumps([shown, told])
