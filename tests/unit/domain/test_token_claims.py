"""From the principal to claims and back."""

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access import OrganisationKind, Principal, Scope
from app.domain.token_claims import (
    UnreadableClaimsError,
    claims_of,
    generation_of,
    principal_of,
)

PRINCIPAL = Principal(
    client_id="tsc_0123456789ab",
    organisation_id=UUID("01890000-0000-7000-8000-000000000001"),
    kind=OrganisationKind.NGO,
    country="SK",
    agency=False,
    scopes=frozenset({Scope.REPORTS_WRITE, Scope.FEEDBACK_READ}),
    no_identity=True,
)
PRINCIPALS = st.builds(Principal, scopes=st.frozensets(st.sampled_from(Scope)))


@given(PRINCIPALS)
def test_a_principal_comes_back_from_its_claims(principal):
    over_the_wire = json.loads(json.dumps(claims_of(principal, 1)))
    assert principal_of(over_the_wire) == principal


def test_scopes_are_written_as_oauth_does():
    claims = claims_of(PRINCIPAL, 1)
    assert claims["scope"] == "feedback:read reports:write"
    assert claims["sub"] == claims["client_id"] == "tsc_0123456789ab"


def test_claims_that_mean_nothing_to_us_do_no_harm():
    assert principal_of(claims_of(PRINCIPAL, 1) | {"jti": "1", "exp": 5}) == PRINCIPAL


NEEDED = ["sub", "org", "kind", "country", "agency", "scope", "no_identity"]


@pytest.mark.parametrize("claim", NEEDED)
def test_no_claim_may_be_missing(claim):
    claims = claims_of(PRINCIPAL, 1)
    del claims[claim]
    with pytest.raises(UnreadableClaimsError):
        principal_of(claims)


@pytest.mark.parametrize("value", [None, 1, [], {}, ["ngo"]], ids=repr)
@pytest.mark.parametrize("claim", NEEDED)
def test_no_claim_may_be_of_another_type(claim, value):
    with pytest.raises(UnreadableClaimsError):
        principal_of(claims_of(PRINCIPAL, 1) | {claim: value})


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("org", "not an id"),
        ("kind", "secret_service"),
        ("scope", "reports:write everything"),
        ("agency", "true"),
        ("no_identity", "false"),
    ],
)
def test_no_claim_may_say_what_we_do_not_know(claim, value):
    with pytest.raises(UnreadableClaimsError):
        principal_of(claims_of(PRINCIPAL, 1) | {claim: value})


def test_the_generation_comes_back():
    assert generation_of(claims_of(PRINCIPAL, 7)) == 7


@pytest.mark.parametrize("value", [None, "1", True, 1.0, [1]], ids=repr)
def test_a_generation_is_a_whole_number(value):
    with pytest.raises(UnreadableClaimsError):
        generation_of(claims_of(PRINCIPAL, 1) | {"gen": value})


def test_a_token_without_generation_is_none_of_ours():
    claims = claims_of(PRINCIPAL, 1)
    del claims["gen"]
    with pytest.raises(UnreadableClaimsError):
        generation_of(claims)
