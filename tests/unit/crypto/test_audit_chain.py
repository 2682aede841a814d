"""Hash chains of the access log, and the checkpoints of their ends."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crypto.audit_chain import CHAINS, GENESIS, Follower, Head, LoggedEntry, hash_after
from app.crypto.audit_checkpoint import CheckpointRefusedError, read_checkpoint, sign_checkpoint
from app.crypto.keyring import Keyring

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TEXTS = st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=5))
IDS = st.uuids()


def entry(sequence, **changed):
    usual = LoggedEntry(
        3, sequence, UUID(int=sequence), NOW, "client", UUID(int=7), "tsc_1", "lead_read",
        "prevention", "lead", [UUID(int=8)], None, 1,
    )  # fmt: skip
    return usual._replace(**changed)


def chained(count=5, key=KEY):
    """So many entries in a chain, each with its hash."""
    found, end = [], GENESIS
    for sequence in range(1, count + 1):
        one = entry(sequence)
        end = hash_after(end, one, key)
        found.append((one, end))
    return found


def faults(found, key=KEY):
    follower = Follower(3, key)
    return [(f.sequence, f.problem) for one in found if (f := follower.follow(*one))]


def test_a_chain_as_it_was_written_fits():
    assert faults(chained()) == []


CHANGES = {
    "id": UUID(int=99),
    "at": NOW + timedelta(microseconds=1),
    "actor": "cli",
    "organisation_id": UUID(int=6),
    "client_id": None,
    "action": "reports_read",
    "purpose": None,
    "object_kind": "report",
    "objects": [UUID(int=8), UUID(int=9)],
    "subject": "tsc_2",
    "key_version": 2,
    "chain": 4,
}


def test_every_field_has_its_case():
    assert set(CHANGES) == set(LoggedEntry._fields) - {"sequence"}


@pytest.mark.parametrize("name", CHANGES)
def test_an_edit_of_any_field_is_found_where_it_is(name):
    found = chained()
    one, stored = found[2]
    found[2] = one._replace(**{name: CHANGES[name]}), stored
    assert [sequence for sequence, _ in faults(found)] == [3]


@pytest.mark.parametrize("objects", [[], [None], [[UUID(int=8)]], [UUID(int=8), None]])
def test_odd_objects_that_only_an_owner_of_the_database_can_write_are_found(objects):
    found = chained()
    found[0] = found[0][0]._replace(objects=objects), found[0][1]
    assert [sequence for sequence, _ in faults(found)] == [1]


def test_an_entry_hashed_anew_without_the_key_is_found():
    found = chained()
    forged = found[1][0]._replace(action="audit_read")
    found[1] = forged, hash_after(found[0][1], forged, OTHER_KEY)
    assert [sequence for sequence, _ in faults(found)] == [2, 3]


def test_a_gap_is_told_once_and_where_it_begins():
    found = chained()
    del found[1:3]
    assert faults(found) == [(2, "missing: the next is 4")]


def test_two_entries_that_changed_places_are_found():
    found = chained()
    (two, at_two), (three, at_three) = found[1:3]
    found[1:3] = (three._replace(sequence=2), at_three), (two._replace(sequence=3), at_two)
    assert [sequence for sequence, _ in faults(found)] == [2, 3, 4]


def test_an_entry_put_in_again_is_found():
    found = chained()
    found.insert(3, found[2])
    assert len(faults(found)) == 1


def test_a_chain_made_with_another_key_does_not_fit_from_its_first_entry():
    assert [sequence for sequence, _ in faults(chained(key=OTHER_KEY))] == [1, 2, 3, 4, 5]


@given(
    one=st.builds(
        LoggedEntry, st.just(3), st.just(1), IDS, st.datetimes(timezones=st.just(UTC)), TEXTS,
        st.one_of(st.none(), IDS), TEXTS, TEXTS, TEXTS, TEXTS, st.lists(IDS, max_size=3), TEXTS,
        st.integers(1, 9),
    ),
    other=st.builds(
        LoggedEntry, st.just(3), st.just(1), IDS, st.datetimes(timezones=st.just(UTC)), TEXTS,
        st.one_of(st.none(), IDS), TEXTS, TEXTS, TEXTS, TEXTS, st.lists(IDS, max_size=3), TEXTS,
        st.integers(1, 9),
    ),
    name=st.sampled_from([name for name in LoggedEntry._fields if name not in ("chain", "sequence")]),
)  # fmt: skip
def test_two_entries_have_the_same_hash_only_if_they_say_the_same(one, other, name):
    mixed = one._replace(**{name: getattr(other, name)})
    same = hash_after(GENESIS, one, KEY) == hash_after(GENESIS, mixed, KEY)
    assert same == (one == mixed)


def checkpoint():
    heads = [Head(chain, chain, bytes([chain]) * 32) for chain in range(CHAINS)]
    return heads, json.loads(json.dumps(sign_checkpoint(heads, NOW, KEY)))


def test_a_checkpoint_is_read_as_it_was_signed():
    heads, told = checkpoint()
    assert read_checkpoint(json.dumps(told, indent=2).encode(), KEY) == heads


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told["heads"][5].update(sequence=4),
        lambda told: told["heads"][5].update(hash="00" * 32),
        lambda told: told["heads"].pop(),
        lambda told: told.update(at="2026-11-25T00:00:00+00:00"),
        lambda told: told.pop("signature"),
        lambda told: told.update(signature=None),
    ],
)
def test_a_checkpoint_that_was_changed_is_refused(change):
    _, told = checkpoint()
    change(told)
    with pytest.raises(CheckpointRefusedError):
        read_checkpoint(json.dumps(told).encode(), KEY)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b"\xff", b'{"heads": 1}', b"[" * 9999])
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(CheckpointRefusedError):
        read_checkpoint(text, KEY)


def test_a_checkpoint_of_another_installation_is_refused():
    _, told = checkpoint()
    with pytest.raises(CheckpointRefusedError):
        read_checkpoint(json.dumps(told).encode(), OTHER_KEY)


def test_a_checkpoint_of_a_log_that_lacked_a_chain_is_refused():
    heads = [Head(chain, 0, GENESIS) for chain in range(CHAINS - 1)]
    with pytest.raises(CheckpointRefusedError):
        read_checkpoint(json.dumps(sign_checkpoint(heads, NOW, KEY)).encode(), KEY)


def test_chains_and_checkpoints_have_keys_of_their_own():
    keyring = Keyring(b"root" * 8)
    assert len({keyring.audit, keyring.checkpoint, keyring.cursor, keyring.pepper}) == 4
