"""Who may read a report: one table of cases, and two rules that always hold."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sharing import Conditions, may_read

OWNER, READER, OTHER = (UUID(int=n) for n in (1, 2, 3))


def conditions(code="H1", tlp="AMBER", *, to=(), police=True):
    return Conditions(OWNER, code, tlp, to, police)


@pytest.mark.parametrize(
    ("given_under", "readable", "why"),
    [
        (conditions(), True, "nobody named means every agency"),
        (conditions("H0", "CLEAR"), True, "the most open"),
        (conditions("H0", "GREEN"), True, "green"),
        (conditions("H1", "AMBER+STRICT"), True, "the network is the organisation's own circle"),
        (conditions("H2"), False, "H2 asks for permission first"),
        (conditions("H3"), False, "H3 asks for permission first"),
        (conditions(tlp="RED"), False, "red is for named recipients only"),
        (conditions(police=False), False, "no consent to police"),
        (conditions(police=False, to=[str(READER)]), False, "naming does not replace consent"),
        (conditions(to=["SK"]), True, "the reader's country is named"),
        (conditions(to=["AT", "SK"]), True, "the reader's country is among them"),
        (conditions(to=["AT"]), False, "another country is named"),
        (conditions(to=[str(OTHER)]), False, "another organisation is named"),
        (conditions(to=[str(READER)]), True, "the reader is named"),
        (conditions("H2", to=[str(READER)]), True, "being named is the permission of H2"),
        (conditions("H3", to=[str(READER)]), True, "being named is the permission of H3"),
        (conditions(tlp="RED", to=[str(READER)]), True, "a named recipient reads red"),
        (conditions("H2", to=["SK"]), False, "a country is no named recipient under H2"),
        (conditions(tlp="RED", to=["SK"]), False, "nor under red"),
    ],
)
def test_an_agency_reads_what_the_conditions_allow(given_under, readable, why):
    assert may_read(given_under, reader=READER, country="SK") is readable, why


any_conditions = st.builds(
    Conditions,
    owner=st.just(OWNER),
    handling_code=st.sampled_from(["H0", "H1", "H2", "H3"]),
    tlp=st.sampled_from(["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"]),
    share_with=st.lists(st.sampled_from(["SK", "AT", str(READER), str(OTHER)]), unique=True),
    police=st.booleans(),
)


@given(any_conditions)
def test_the_owner_always_reads_its_own(given_under):
    assert may_read(given_under, reader=OWNER, country="XX")


@given(any_conditions)
def test_without_consent_to_police_nobody_else_reads(given_under):
    if not given_under.police:
        assert not may_read(given_under, reader=READER, country="SK")
