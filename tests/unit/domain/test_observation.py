"""From a draft to its values: whose they are, whether they link, and what the reporter is told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attributes import NEVER_LINKING_ROLES, AttributeKind, AttributeRole, Context
from app.domain.observation import NARRATIVE_POINTER, observe
from app.domain.reports import AddressMention, Draft, Facts, Handling, Mention, PersonMention

PHONE, MAIL, PROFILE, URL = (
    AttributeKind.PHONE, AttributeKind.EMAIL, AttributeKind.PROFILE, AttributeKind.URL,
)  # fmt: skip
SUSPECT, HELPER, UNKNOWN = (
    AttributeRole.SUSPECTED_PERPETRATOR, AttributeRole.HELPER, AttributeRole.UNKNOWN,
)  # fmt: skip
NUMBER, E164 = "0905 123 456", "+421905123456"


def draft(*mentions, persons=(), addresses=(), narrative="", country="SK", linking=True):
    facts = Facts(
        external_ref="LI-1",
        observed_from=date(2026, 3, 1),
        observed_to=None,
        language=None,
        forms=(),
        indicators=(),
        country=country,
        nuts=None,
        age_groups=frozenset(),
        at_risk=False,
        credibility=None,
        handling=Handling(linking=linking),
    )
    return Draft(facts, tuple(mentions), tuple(persons), tuple(addresses), narrative)


def mention(raw, kind=PHONE, role=SUSPECT, pointer="/attributes/0", country="SK", **more):
    return Mention(pointer, kind, role, Context(country=country), raw, **more)


def person(birth_date="1999-05-02", name="Jana Nováková", role=SUSPECT):
    return PersonMention("/persons/0", role, name, None, None, birth_date, None)


def seen(observed):
    return [(v.kind, v.normalised, v.role, v.links) for v in observed.values]


def test_a_draft_without_anything_has_no_values_and_no_warnings():
    found = observe(draft())
    assert (found.values, found.warnings) == ((), ())


def test_a_value_is_normalised_where_it_stands():
    [value] = observe(draft(mention(NUMBER))).values
    assert (value.pointer, value.kind, value.normalised) == ("/attributes/0", PHONE, E164)
    assert value.links


def test_two_numbers_in_one_field_are_two_values():
    found = observe(draft(mention(f"{NUMBER} / 0905 654 321")))
    assert [value.normalised for value in found.values] == [E164, "+421905654321"]


def test_what_cannot_be_normalised_is_a_warning_that_does_not_repeat_it():
    found = observe(draft(mention("0905-nonsense", country=None)))
    assert found.values == ()
    [warning] = found.warnings
    assert warning.pointer == "/attributes/0"
    assert "nonsense" not in warning.detail


@pytest.mark.parametrize(
    ("kind", "raw", "good"),
    [
        (MAIL, "boss@mail.example; jana@", ["boss@mail.example"]),
        (PHONE, f"{NUMBER}; +421 12", [E164]),
    ],
)
def test_of_two_values_in_one_field_the_good_one_is_kept_and_the_other_is_a_warning(
    kind, raw, good
):
    found = observe(draft(mention(raw, kind)))
    assert [value.normalised for value in found.values] == good
    assert [warning.pointer for warning in found.warnings] == ["/attributes/0"]


@pytest.mark.parametrize("role", AttributeRole)
def test_values_link_except_in_roles_that_say_nothing_of_the_operation(role):
    [value] = observe(draft(mention(NUMBER, role=role))).values
    assert value.links == (role not in NEVER_LINKING_ROLES)


def test_a_service_number_is_kept_and_does_not_link():
    [value] = observe(draft(mention("112"))).values
    assert not value.links
    assert value.note == "service_number"


def test_without_consent_to_linking_nothing_links():
    found = observe(
        draft(
            mention(NUMBER),
            mention("", token="x" * 43),
            persons=[person()],
            narrative="Write to boss@mail.example please",
            linking=False,
        )
    )
    assert {value.links for value in found.values} == {False}
    assert {value.kind for value in found.values} == {PHONE, MAIL, AttributeKind.PERSON}


@pytest.mark.parametrize(("role", "links"), [(SUSPECT, True), (HELPER, False)])
def test_a_token_is_kept_unread(role, links):
    [value] = observe(draft(mention("", token="x" * 43, role=role))).values
    assert (value.normalised, value.token, value.links) == (None, "x" * 43, links)


def test_the_address_of_a_profile_page_is_a_profile():
    sent = [mention("https://t.me/some_handle", URL), mention("telegram:some_handle", PROFILE)]
    first, second = observe(draft(*sent)).values
    assert first.kind is second.kind is PROFILE
    assert first.normalised == second.normalised


@pytest.mark.parametrize("page", ["https://jobs.example/offer?id=7", "https://t.me/unknown"])
def test_a_page_that_names_no_account_stays_a_page(page):
    [value] = observe(draft(mention(page, URL))).values
    assert value.kind is URL


def test_street_and_number_with_the_town_are_an_address():
    home = AddressMention("/place/address", AttributeRole.PLACE, "Hlavná 12", "Žilina", "SK")
    [value] = observe(draft(addresses=[home])).values
    assert (value.kind, value.pointer, value.role) == (
        AttributeKind.ADDRESS, "/place/address", AttributeRole.PLACE,
    )  # fmt: skip


def test_a_name_with_a_birth_date_is_a_value_and_one_without_is_none():
    [value] = observe(draft(persons=[person()])).values
    assert (value.kind, value.pointer) == (AttributeKind.PERSON, "/persons/0")
    assert observe(draft(persons=[person(birth_date=None)])).values == ()


@pytest.mark.parametrize("birth_date", ["1999", "1999-05"])
def test_a_name_with_part_of_a_birth_date_is_no_value_and_no_warning(birth_date):
    found = observe(draft(persons=[person(birth_date)]))
    assert (found.values, found.warnings) == ((), ())


def test_values_of_the_narrative_are_of_an_unknown_role():
    [value] = observe(draft(narrative=f"The foreman can be called on {NUMBER}.")).values
    assert value == (NARRATIVE_POINTER, PHONE, UNKNOWN, E164, True, value.note, None, None)


def test_a_narrative_does_not_turn_a_helpers_phone_into_an_unknown_one():
    helper = mention(NUMBER, role=HELPER)
    found = observe(draft(helper, narrative=f"I gave her my number, {NUMBER}."))
    assert seen(found) == [(PHONE, E164, HELPER, False)]


def test_a_value_that_stands_twice_in_the_narrative_is_one():
    found = observe(draft(narrative=f"{NUMBER}, again {NUMBER}, and +421 905 123 456"))
    assert seen(found) == [(PHONE, E164, UNKNOWN, True)]


def test_a_service_number_of_the_narrative_does_not_link():
    [value] = observe(draft(narrative="Call the line 0800 800 818 for advice.")).values
    assert (value.links, value.note) == (False, "service_number")


@given(
    st.lists(
        st.builds(
            mention,
            st.sampled_from([NUMBER, "112", "rubbish", "+43 664 1234567"]),
            role=st.sampled_from(list(AttributeRole)),
        ),
        max_size=5,
    ),
    st.booleans(),
)
def test_nothing_links_that_role_consent_or_the_value_forbids(mentions, linking):
    for value in observe(draft(*mentions, linking=linking)).values:
        if value.links:
            assert linking
            assert value.role not in NEVER_LINKING_ROLES
            assert value.note != "service_number"
