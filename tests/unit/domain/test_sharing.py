"""Who may know of a report and who may read it: tables of cases, and rules that always hold."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sharing import Conditions, circle_of, includes, readers_of

OWNER, READER, OTHER = (UUID(int=n) for n in (1, 2, 3))


def conditions(code="H1", tlp="AMBER", *, to=(), police=True, agency=True):
    return Conditions(OWNER, agency, code, tlp, to, police)


def may_read(given_under, *, reader, country):
    return includes(readers_of(given_under), agency=reader, country=country)


def may_know(given_under, *, reader, country):
    return includes(circle_of(given_under), agency=reader, country=country)


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


@pytest.mark.parametrize(
    ("given_under", "known", "why"),
    [
        (conditions(), True, "nobody named means every agency"),
        (
            conditions("H2"),
            True,
            "who has to ask first must know that there is something to ask for",
        ),
        (conditions("H3"), True, "likewise"),
        (conditions(to=["AT"]), True, "recipients bound the content, not the hit"),
        (conditions(police=False), True, "so does consent"),
        (conditions(tlp="RED"), False, "red without recipients is the owner's alone"),
        (conditions(tlp="RED", to=["AT"]), False, "another country is named"),
        (conditions(tlp="RED", to=[str(OTHER)]), False, "another organisation is named"),
        (conditions(tlp="RED", to=[str(READER)]), True, "the reader is named"),
        (conditions(tlp="RED", to=["SK"]), True, "its country is: it may ask"),
        (conditions(tlp="RED", to=["SK"], police=False), True, "and may not read"),
    ],
)
def test_an_agency_knows_of_what_is_not_closed_to_it(given_under, known, why):
    assert may_know(given_under, reader=READER, country="SK") is known, why


@pytest.mark.parametrize(
    ("given_under", "circle"),
    [
        (conditions(tlp="RED", to=["SK", str(READER), "SK"]), (str(OWNER), str(READER), "SK")),
        (conditions(tlp="RED", to=[str(READER)], agency=False), (str(READER),)),
        (conditions(tlp="RED", agency=False), (str(OWNER),)),
        (conditions(tlp="RED"), (str(OWNER),)),
        (conditions(), None),
    ],
)
def test_a_circle_is_the_same_however_it_was_written(given_under, circle):
    assert circle_of(given_under) == circle


any_conditions = st.builds(
    Conditions,
    owner=st.just(OWNER),
    agency=st.booleans(),
    handling_code=st.sampled_from(["H0", "H1", "H2", "H3"]),
    tlp=st.sampled_from(["RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"]),
    share_with=st.lists(st.sampled_from(["SK", "AT", str(READER), str(OTHER)]), unique=True),
    police=st.booleans(),
)


@given(any_conditions)
def test_an_agency_always_reads_its_own(given_under):
    assert may_read(given_under, reader=OWNER, country="XX") or not given_under.agency


@given(any_conditions, st.sampled_from([OWNER, READER, OTHER]), st.sampled_from(["SK", "AT", "XX"]))
def test_who_may_read_a_report_may_know_of_it(given_under, reader, country):
    if may_read(given_under, reader=reader, country=country):
        assert may_know(given_under, reader=reader, country=country)


@given(any_conditions)
def test_without_consent_to_police_nobody_else_reads(given_under):
    if not given_under.police:
        assert not may_read(given_under, reader=READER, country="SK")
