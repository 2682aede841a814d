"""Key derivation: one root key, and for each purpose a key of its own."""

from hashlib import sha256
from hmac import digest

import pytest

from app.crypto.keyring import Keyring
from app.domain.attributes import AttributeKind

ROOT = b"a root key for tests, no secret at all"


def _all_keys(keyring: Keyring) -> list[bytes]:
    named = ("network", "sealing", "content", "pepper", "cursor")
    return [*(getattr(keyring, name) for name in named), *keyring.index.values()]


def _hkdf(root: bytes, label: bytes) -> bytes:
    """RFC 5869 by hand, for one block without salt."""
    extracted = digest(bytes(32), root, sha256)
    return digest(extracted, label + b"\x01", sha256)


def test_no_two_purposes_share_a_key():
    keys = _all_keys(Keyring(ROOT))
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {32}


def test_every_kind_of_attribute_has_an_index_key():
    assert set(Keyring(ROOT).index) == set(AttributeKind)


def test_the_same_root_gives_the_same_keys():
    assert _all_keys(Keyring(ROOT)) == _all_keys(Keyring(ROOT))


def test_another_root_shares_no_key():
    assert not set(_all_keys(Keyring(ROOT))) & set(_all_keys(Keyring(ROOT + b"!")))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("network", b"tessera/v1/network-token"),
        ("sealing", b"tessera/v1/sealing"),
        ("content", b"tessera/v1/content"),
        ("pepper", b"tessera/v1/client-secret"),
        ("cursor", b"tessera/v1/cursor"),
    ],
)
def test_keys_are_hkdf_of_labels_that_never_change(name, label):
    assert getattr(Keyring(ROOT), name) == _hkdf(ROOT, label)


def test_index_keys_are_labelled_with_their_kind():
    for kind, key in Keyring(ROOT).index.items():
        assert key == _hkdf(ROOT, b"tessera/v1/blind-index/" + kind.value.encode())


def test_a_keyring_does_not_print_its_keys():
    keyring = Keyring(ROOT)
    shown = repr(keyring) + str(keyring)
    assert ROOT.decode() not in shown
    assert all(key.hex() not in shown and repr(key) not in shown for key in _all_keys(keyring))
