"""Sealing: what was sealed opens for its own record only, and not when it was changed."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crypto.keyring import KEY_VERSION, Keyring
from app.crypto.sealing import Sealer, UnsealError

SEALER = Sealer(Keyring(b"a root key for tests, no secret at all"))
RECORD = UUID("01890000-0000-7000-8000-000000000001")
OTHER = UUID("01890000-0000-7000-8000-000000000002")
PLAIN = b"the narrative of an invented report"


def _sealed(plain: bytes = PLAIN) -> bytes:
    return SEALER.seal(plain, table="report", record=RECORD)


@given(st.binary(max_size=2000), st.uuids(), st.sampled_from(["report", "signing_key"]))
def test_what_is_sealed_opens_again(plain, record, table):
    sealed = SEALER.seal(plain, table=table, record=record)
    assert SEALER.unseal(sealed, table=table, record=record) == plain


def test_the_plain_text_is_not_in_the_sealed_one():
    assert PLAIN not in _sealed()


def test_the_same_text_never_looks_the_same():
    assert _sealed() != _sealed()


def test_the_layout_is_the_one_described():
    sealed = _sealed(b"")
    assert sealed[:2] == KEY_VERSION.to_bytes(2)
    assert len(sealed) == 2 + 12 + 48 + 12 + 16


@pytest.mark.parametrize(
    ("table", "record"),
    [("report", OTHER), ("feedback", RECORD), ("feedback", OTHER)],
)
def test_it_does_not_open_for_another_record(table, record):
    with pytest.raises(UnsealError):
        SEALER.unseal(_sealed(), table=table, record=record)


def test_it_does_not_open_under_another_root_key():
    with pytest.raises(UnsealError):
        Sealer(Keyring(b"another root key")).unseal(_sealed(), table="report", record=RECORD)


@given(st.integers(0, len(_sealed()) - 1), st.integers(1, 255))
def test_it_does_not_open_after_any_byte_was_changed(place, change):
    sealed = bytearray(_sealed())
    sealed[place] ^= change
    with pytest.raises(UnsealError):
        SEALER.unseal(bytes(sealed), table="report", record=RECORD)


@given(st.integers(0, len(_sealed()) - 1))
def test_it_does_not_open_when_cut_short(length):
    with pytest.raises(UnsealError):
        SEALER.unseal(_sealed()[:length], table="report", record=RECORD)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_raise_anything_else(data):
    with pytest.raises(UnsealError):
        SEALER.unseal(data, table="report", record=RECORD)


def test_parts_of_two_sealed_values_do_not_open_together():
    first, second = _sealed(), _sealed()
    with pytest.raises(UnsealError):
        SEALER.unseal(first[:62] + second[62:], table="report", record=RECORD)
