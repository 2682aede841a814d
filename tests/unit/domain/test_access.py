"""Kinds of organisations and the scopes that they may hold: the table of the contract,
section 11, row by row."""

import pytest

from app.domain.access import OrganisationKind, Scope, allowed_scopes, is_agency, may_be_agency

REPORTING = {"reports:write", "reports:read", "feedback:read"}
AGENCY = REPORTING | {"leads:read", "leads:write", "attributes:search"}
COORDINATOR = {"statistics:read", "directory:write", "protocol:write", "admin"}

TABLE = [
    ("law_enforcement", False, AGENCY),
    ("law_enforcement", True, AGENCY),
    ("prosecution", False, AGENCY),
    ("prosecution", True, AGENCY),
    ("labour_inspection", False, REPORTING),
    ("labour_inspection", True, AGENCY),
    ("government", False, REPORTING),
    ("diplomatic", False, REPORTING),
    ("ngo", False, REPORTING),
    ("health", False, REPORTING),
    ("legal", False, REPORTING),
    ("community", False, REPORTING),
    ("local_government", False, REPORTING),
    ("commerce", False, REPORTING),
    ("faith", False, REPORTING),
    ("trade_union", False, REPORTING),
    ("immigration", False, REPORTING),
    ("employment_agency", False, REPORTING),
    ("gaming", False, REPORTING),
    ("online_platform", False, REPORTING),
    ("public", False, REPORTING),
    ("research", False, {"statistics:read"}),
    ("coordinator", False, COORDINATOR),
    ("auditor", False, {"audit:read"}),
]


def _allowed(kind: OrganisationKind, *, enrolled_as_agency: bool) -> set[str]:
    agency = is_agency(kind, enrolled_as_agency=enrolled_as_agency)
    return {scope.value for scope in allowed_scopes(kind, agency=agency)}


@pytest.mark.parametrize(("kind", "enrolled_as_agency", "scopes"), TABLE)
def test_a_kind_may_hold_these_scopes_and_no_others(kind, enrolled_as_agency, scopes):
    allowed = _allowed(OrganisationKind(kind), enrolled_as_agency=enrolled_as_agency)
    assert allowed == scopes


def test_the_table_speaks_of_every_kind():
    assert {kind for kind, _, _ in TABLE} == {kind.value for kind in OrganisationKind}


AGENCIES = {"law_enforcement", "prosecution", "labour_inspection"}


@pytest.mark.parametrize("kind", OrganisationKind)
def test_only_these_kinds_may_be_agencies(kind):
    assert may_be_agency(kind) is (kind.value in AGENCIES)


@pytest.mark.parametrize("kind", [kind for kind in OrganisationKind if kind.value not in AGENCIES])
def test_enrolment_as_agency_gives_no_other_kind_a_lead(kind):
    assert not is_agency(kind, enrolled_as_agency=True)
    allowed = _allowed(kind, enrolled_as_agency=True)
    assert allowed == _allowed(kind, enrolled_as_agency=False)
    assert not allowed & {"leads:read", "leads:write", "attributes:search"}


def test_every_scope_is_for_somebody():
    held = {scope for _, _, scopes in TABLE for scope in scopes}
    assert held == {scope.value for scope in Scope}
