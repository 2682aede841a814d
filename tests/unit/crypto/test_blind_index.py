"""Blind indexes: a token links exactly as its value does, and nothing else does."""

import hmac
from base64 import urlsafe_b64encode
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crypto.blind_index import (
    MalformedTokenError,
    index_of_key,
    index_of_token,
    index_of_value,
    kind_of_key,
    token_of,
)
from app.crypto.keyring import Keyring
from app.domain.attributes import AttributeKind
from app.domain.linkage.blocking import BlockKey, BlockKind

KEYRING = Keyring(b"a root key for tests, no secret at all")
KINDS = st.sampled_from(AttributeKind)
VALUE = "+421255501234"


def test_a_partner_can_make_the_token_itself():
    digest = hmac.digest(KEYRING.network, b"phone:" + VALUE.encode(), "sha256")
    expected = urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert token_of(KEYRING, AttributeKind.PHONE, VALUE) == expected
    assert len(expected) == 43


@given(KINDS, st.text())
def test_a_token_links_exactly_as_its_value_does(kind, value):
    token = token_of(KEYRING, kind, value)
    assert index_of_token(KEYRING, kind, token) == index_of_value(KEYRING, kind, value)


@given(KINDS, st.text(), st.text())
def test_different_values_have_different_indexes(kind, left, right):
    same = index_of_value(KEYRING, kind, left) == index_of_value(KEYRING, kind, right)
    assert same is (left == right)


def test_the_same_value_of_different_kinds_has_different_indexes():
    indexes = {index_of_value(KEYRING, kind, "12345678") for kind in AttributeKind}
    assert len(indexes) == len(AttributeKind)


def test_a_token_of_one_kind_is_no_token_of_another():
    token = token_of(KEYRING, AttributeKind.PHONE, VALUE)
    as_value = index_of_value(KEYRING, AttributeKind.EMAIL, VALUE)
    assert index_of_token(KEYRING, AttributeKind.EMAIL, token) != as_value


def test_the_network_key_alone_does_not_give_the_index():
    digest = hmac.digest(KEYRING.network, b"phone:" + VALUE.encode(), "sha256")
    index = index_of_value(KEYRING, AttributeKind.PHONE, VALUE)
    assert index != digest
    assert index != hmac.digest(KEYRING.network, digest, "sha256")


def test_padding_does_not_change_a_token():
    token = token_of(KEYRING, AttributeKind.PHONE, VALUE)
    index = index_of_value(KEYRING, AttributeKind.PHONE, VALUE)
    assert index_of_token(KEYRING, AttributeKind.PHONE, token + "=") == index


GOOD = bytes(range(200, 232))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "=",
        "a",
        "phone",
        VALUE,
        urlsafe_b64encode(GOOD[:31]).decode(),
        urlsafe_b64encode(GOOD + b"x").decode(),
        urlsafe_b64encode(GOOD).decode()[:-2] + "é",
        urlsafe_b64encode(GOOD).decode()[:-2] + "\ud800",
        "A" * 10_000,
    ],
)
def test_what_is_not_32_bytes_in_base64url_is_refused(token):
    with pytest.raises(MalformedTokenError):
        index_of_token(KEYRING, AttributeKind.PHONE, token)


@given(st.text(max_size=60))
def test_any_text_is_a_token_or_malformed(token):
    with suppress(MalformedTokenError):
        assert len(index_of_token(KEYRING, AttributeKind.PHONE, token)) == 32


@pytest.mark.parametrize("junk", ["!", "*", " ", "\n", "."])
def test_a_token_with_a_foreign_character_is_refused(junk):
    token = token_of(KEYRING, AttributeKind.PHONE, VALUE)
    with pytest.raises(MalformedTokenError):
        index_of_token(KEYRING, AttributeKind.PHONE, token[:20] + junk + token[20:])


def test_block_keys_are_keyed_and_say_their_kind():
    keys = [BlockKey(kind, "ana vzorova") for kind in BlockKind]
    indexes = [index_of_key(KEYRING, key) for key in keys]
    assert [kind_of_key(index) for index in indexes] == list(BlockKind)
    other = Keyring(b"o" * 32)
    assert not set(indexes) & {index_of_key(other, key) for key in keys}
