"""Client secrets: what they look like, what is stored of them, what is accepted."""

import hmac
import re
from urllib.parse import quote_plus

import pytest

from app.crypto.keyring import Keyring
from app.crypto.secrets import (
    ClientCredentials,
    hash_secret,
    is_secret,
    new_client_id,
    new_client_secret,
)

KEYRING = Keyring(b"a root key for tests, no secret at all")


def test_a_client_id_is_readable_and_new_each_time():
    assert re.fullmatch(r"tsc_[0-9a-f]{24}", new_client_id())
    assert len({new_client_id() for _ in range(100)}) == 100


def test_a_secret_has_256_random_bits_behind_its_prefix():
    assert re.fullmatch(r"tss_[A-Za-z0-9_-]{43}", new_client_secret())
    assert len({new_client_secret() for _ in range(100)}) == 100


def test_credentials_need_no_escaping_in_a_form():
    text = new_client_id() + new_client_secret()
    assert quote_plus(text) == text


def test_what_is_stored_is_an_hmac_under_the_pepper():
    assert hash_secret(KEYRING, "tss_x") == hmac.digest(KEYRING.pepper, b"tss_x", "sha256")


def test_another_installation_stores_something_else():
    assert hash_secret(KEYRING, "tss_x") != hash_secret(Keyring(b"another root key"), "tss_x")


@pytest.mark.parametrize(
    ("presented", "valid", "accepted"),
    [
        ("tss_a", ["tss_a"], True),
        ("tss_a", ["tss_a", "tss_b"], True),
        ("tss_b", ["tss_a", "tss_b"], True),
        ("tss_c", ["tss_a", "tss_b"], False),
        ("tss_A", ["tss_a"], False),
        ("tss_a ", ["tss_a"], False),
        ("", ["tss_a"], False),
        ("tss_a", [], False),
        ("", [], False),
    ],
)
def test_only_a_valid_secret_is_accepted(presented, valid, accepted):
    hashes = [hash_secret(KEYRING, secret) for secret in valid]
    assert is_secret(KEYRING, presented, hashes) is accepted


def test_every_hash_is_compared_whichever_matches(monkeypatch):
    compared = []

    def compare(left, right):
        compared.append(right)
        return left == right

    monkeypatch.setattr("app.crypto.secrets.hmac.compare_digest", compare)
    hashes = [hash_secret(KEYRING, secret) for secret in ("tss_a", "tss_b")]
    assert is_secret(KEYRING, "tss_a", hashes)
    assert compared[:2] == hashes
    compared.clear()
    assert not is_secret(KEYRING, "tss_a", [])
    assert compared, "an unknown client must cost a comparison too"


def test_the_secret_does_not_show_when_credentials_are_printed():
    assert "tss_hidden" not in repr(ClientCredentials("tsc_x", "tss_hidden"))
