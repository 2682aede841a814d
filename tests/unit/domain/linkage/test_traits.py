"""What a report offers for comparison: whom and what it names, and where and when it was."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attributes import AttributeRole
from app.domain.linkage.traits import (
    AddressTraits,
    PersonTraits,
    Traits,
    from_plain,
    plain,
    traits_of,
)
from app.domain.observation import observe
from app.domain.reports import (
    AddressMention,
    Draft,
    Facts,
    FirmMention,
    Handling,
    PersonMention,
    PlaceMention,
)

VICTIM = AttributeRole.SUSPECTED_VICTIM
OBSERVED = date(2026, 3, 2)


def mention(name=None, role=VICTIM, *, birth=None, **others):
    given = {"given_name": None, "family_name": None, "nationality": None} | others
    return PersonMention(pointer="/persons/0", role=role, name=name, birth_date=birth, **given)


def read(*persons, firms=(), addresses=(), narrative="", place=None, linking=True, **facts):
    known = {
        "external_ref": "r-1",
        "observed_from": OBSERVED,
        "observed_to": None,
        "language": None,
        "forms": (),
        "indicators": (),
        "country": None,
        "nuts": None,
        "age_groups": frozenset(),
        "at_risk": False,
        "credibility": None,
        "handling": Handling(linking=linking),
    } | facts
    draft = Draft(
        facts=Facts(**known),
        mentions=(),
        persons=persons,
        addresses=tuple(addresses),
        narrative=narrative,
        firms=tuple(firms),
        place=place or PlaceMention(),
    )
    return traits_of(draft, observe(draft))


def firm(name, role=AttributeRole.EMPLOYER):
    return FirmMention("/organisations/0/name", role, name, None)


def street(text, locality="Trnava", role=AttributeRole.PLACE):
    return AddressMention("/place/address", role, text, locality, "SK")


def only_person(*args, **others):
    [found] = read(mention(*args, **others)).persons
    return found


@pytest.mark.parametrize(
    "role", [AttributeRole.WITNESS, AttributeRole.REPORTER, AttributeRole.HELPER]
)
def test_roles_of_witnesses_reporters_and_helpers_give_no_traits(role):
    found = read(
        mention("Anna Vzorova", role, birth="1999-05-02"),
        firms=[firm("Blue Nails", role)],
        addresses=[street("Hlavná 12", role=role)],
    )
    assert (found.persons, found.firms, found.addresses) == ((), (), ())


@pytest.mark.parametrize("role", sorted(set(AttributeRole) - {"witness", "reporter", "helper"}))
def test_all_other_roles_give_traits(role):
    found = read(mention("Anna Vzorova", role), firms=[firm("Blue Nails", role)])
    assert len(found.persons) == len(found.firms) == 1


def test_without_consent_to_linking_nothing_that_identifies_is_given():
    found = read(
        mention("Anna Vzorova"),
        firms=[firm("Blue Nails")],
        addresses=[street("Hlavná 12")],
        linking=False,
    )
    assert (found.persons, found.firms, found.addresses) == ((), (), ())


@pytest.mark.parametrize(
    "person",
    [
        mention("Vzorova Anna"),
        mention("ANNA VZOROVÁ"),
        mention("Ms Anna Vzorova"),
        mention(given_name="Anna", family_name="Vzorová"),
        mention(given_name="Vzorová", family_name="Anna"),
        mention("Анна Взорова"),
    ],
)
def test_order_of_names_titles_and_script_make_no_difference(person):
    assert read(person).persons == read(mention("Anna Vzorova")).persons


def test_each_alias_is_a_name_and_none_counts_twice():
    aliases = ("Lola", "Vzorova Anna", "unknown", "Lola")
    found = only_person("Anna Vzorova", aliases=aliases)
    assert found.names == (("ana", "vzorova"), ("lola",))


@pytest.mark.parametrize("person", [mention(), mention("unknown"), mention(birth="1999-05-02")])
def test_a_person_without_a_name_gives_no_traits(person):
    assert read(person).persons == ()


def test_a_person_known_by_an_alias_only_gives_traits():
    assert only_person(aliases=("Lola",)).names == (("lola",),)


@pytest.mark.parametrize(
    ("given_date", "birth"),
    [
        (None, ()),
        ("1999", (1999,)),
        ("1999-05", (1999, 5)),
        ("1999-05-02", (1999, 5, 2)),
        ("1999-01-01", (1999,)),  # a filler: only its year is known
        ("1999-01-02", (1999, 1, 2)),
        ("1999-02-30", ()),
        ("02.05.1999", ()),
    ],
)
def test_a_birth_date_is_taken_as_far_as_known_and_01_01_is_a_filler(given_date, birth):
    assert only_person("Anna Vzorova", birth=given_date).birth == birth


def test_sex_and_nationality_are_taken_as_said():
    found = only_person("Anna Vzorova", sex="female", nationality="SK")
    assert (found.sex, found.nationality) == ("female", "SK")


def test_firms_lose_their_legal_form_and_none_counts_twice():
    found = read(firms=[firm("Blue Nails s.r.o."), firm("BLUE NAILS"), firm("unknown")])
    assert found.firms == (("blu", "nails"),)


def test_an_address_is_a_building_with_its_town_and_a_town_alone_is_no_address():
    found = read(addresses=[street("Hlavná 12"), street("Hlavna ul. 12"), street("Trnava")])
    assert found.addresses == (AddressTraits("12|hlavna", "trnava"),)


def test_place_and_point_are_taken_from_the_place_of_observation():
    place = PlaceMention("SK", "SK021", "Košice", 48.7, 21.2)
    found = read(place=place)
    assert (found.country, found.nuts, found.point) == ("SK", "SK021", (48.7, 21.2))
    assert found.town == read(place=PlaceMention(locality="Kassa")).town != ""


def test_without_a_place_nothing_is_known_of_it():
    found = read()
    assert (found.country, found.nuts, found.town, found.point) == (None, None, "", None)


@pytest.mark.parametrize(
    ("observed_to", "last"),
    [(None, OBSERVED), (date(2026, 3, 9), date(2026, 3, 9)), (date(2026, 1, 1), OBSERVED)],
)
def test_an_observation_lasts_from_its_first_day_to_its_last(observed_to, last):
    found = read(observed_to=observed_to)
    assert (found.first, found.last) == (OBSERVED.toordinal(), last.toordinal())


def test_vague_forms_say_nothing():
    found = read(forms=("labour_exploitation", "unknown", "other"))
    assert found.forms == {"labour_exploitation"}


@pytest.mark.parametrize(
    ("narrative", "named"),
    [
        ("", set()),
        ("She works in Trnava.", {"trnava"}),
        ("Trnava is where she works", set()),  # every sentence begins with a capital
        ("She left. Trnava is near.", set()),
        ("He lives in Banská Štiavnica now", {"banska", "stiavnika", "banska stiavnika"}),
        ("seen in Trnava or Martin.", {"trnava", "martin"}),
        ("no names here", set()),
    ],
)
def test_a_narrative_names_what_has_a_capital_inside_a_sentence(narrative, named):
    assert read(narrative=narrative).named == named


def test_of_a_long_narrative_the_beginning_is_read():
    assert read(narrative="x " * 1_000 + "in Trnava").named == frozenset()
    many = [f"near {one}a{other}a" for one in "BDLMNPR" for other in "bdlm"]
    assert len(read(narrative=" ".join(many)).named) == 20


def test_the_narrative_is_not_searched_where_the_town_is_said():
    found = read(narrative="She works in Nitra.", place=PlaceMention(locality="Trnava"))
    assert (found.town, found.named) == ("trnava", frozenset())


words = st.text("abcdefg", min_size=1, max_size=8)
names = st.lists(words, min_size=1, max_size=3).map(lambda some: tuple(sorted(some)))
births = st.lists(st.integers(1, 2100), max_size=3).map(tuple)
persons = st.builds(
    PersonTraits,
    st.lists(names, min_size=1, max_size=2).map(tuple),
    births,
    st.sampled_from([None, "male", "female"]),
    st.sampled_from([None, "SK", "BG"]),
)
any_traits = st.builds(
    Traits,
    persons=st.lists(persons, max_size=2).map(tuple),
    firms=st.lists(names, max_size=2).map(tuple),
    addresses=st.lists(st.builds(AddressTraits, words, words), max_size=2).map(tuple),
    country=st.sampled_from([None, "SK"]),
    nuts=st.sampled_from([None, "SK021"]),
    town=st.sampled_from(["", "trnava"]),
    point=st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
    first=st.integers(1, 800_000),
    last=st.integers(1, 800_000),
    forms=st.frozensets(words, max_size=3),
    named=st.frozensets(words, max_size=3),
)


@given(any_traits)
def test_traits_survive_the_way_through_json(some):
    assert from_plain(json.loads(json.dumps(plain(some)))) == some
    assert from_plain(plain(some)) == some


def test_the_same_traits_are_stored_in_the_same_words():
    one, other = (read(forms=forms) for forms in (("b", "a", "c"), ("c", "b", "a")))
    assert json.dumps(plain(one)) == json.dumps(plain(other))
