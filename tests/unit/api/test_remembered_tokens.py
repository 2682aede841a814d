"""The memory of verified tokens: bounded, and never longer than the tokens hold."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.api.access import KnownCaller, RememberedTokens
from app.domain.access import OrganisationKind, Principal

NOW = datetime(2026, 3, 1, tzinfo=UTC)
EXPIRES_AT = int(NOW.timestamp()) + 900
PRINCIPAL = Principal(
    client_id="tsc_1",
    organisation_id=UUID("01890000-0000-7000-8000-000000000001"),
    kind=OrganisationKind.NGO,
    country="SK",
    agency=False,
    scopes=frozenset(),
)


CALLER = KnownCaller(PRINCIPAL, 1, EXPIRES_AT)


@pytest.mark.parametrize(
    ("seconds", "is_known"), [(0, True), (899, True), (900, False), (901, False)]
)
def test_a_token_is_remembered_until_it_expires(seconds, is_known):
    remembered = RememberedTokens(10)
    remembered.keep(b"token", CALLER)
    found = remembered.find(b"token", NOW + timedelta(seconds=seconds))
    assert found == (CALLER if is_known else None)


def test_an_unknown_token_has_no_caller():
    assert RememberedTokens(10).find(b"token", NOW) is None


def test_an_expired_token_is_forgotten():
    remembered = RememberedTokens(10)
    remembered.keep(b"token", CALLER)
    remembered.find(b"token", NOW + timedelta(hours=1))
    assert remembered.find(b"token", NOW) is None


def test_no_more_than_the_bound_are_remembered_and_the_oldest_leave_first():
    remembered = RememberedTokens(3)
    for number in range(5):
        remembered.keep(bytes([number]), CALLER)
    known = [number for number in range(5) if remembered.find(bytes([number]), NOW)]
    assert known == [2, 3, 4]


def test_a_token_seen_again_pushes_nobody_out():
    remembered = RememberedTokens(2)
    remembered.keep(b"a", CALLER)
    remembered.keep(b"b", CALLER)
    remembered.keep(b"b", KnownCaller(PRINCIPAL, 1, EXPIRES_AT + 60))
    assert remembered.find(b"a", NOW)
    assert remembered.find(b"b", NOW + timedelta(seconds=930))
