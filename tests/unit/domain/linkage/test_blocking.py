"""Which reports find each other: those that may be alike share a key."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.linkage.blocking import (
    BlockKey,
    BlockKind,
    building_key,
    firm_key,
    given_key,
    keys_of,
    marks_of,
    places_of,
    sound_of,
)
from app.domain.normalise.names import fold_name, name_tokens
from tests.support.traits import address, person, traits


def named(name, country=None, **others):
    tokens = name_tokens(name=name, given_name=None, family_name=None, country=country)
    return traits(person(" ".join(fold_name(tokens))), **others)


def kinds(keys):
    return {key.kind for key in keys}


def test_a_report_that_names_nothing_has_no_keys():
    assert keys_of(marks_of(traits(town="trnava", nuts="SK021", country="SK"))) == frozenset()


def test_every_pair_of_words_of_a_name_is_a_key_by_its_sound():
    keys = keys_of(marks_of(traits(person("ana vzorova petra"))))
    a, p, v = sound_of("ana"), sound_of("petra"), sound_of("vzorova")
    pairs = [tuple(sorted(pair)) for pair in ((a, p), (a, v), (p, v))]
    assert keys == {BlockKey(BlockKind.NAME, " ".join(pair)) for pair in pairs}


@pytest.mark.parametrize(
    ("birth", "is_key"), [((1999, 5, 2), True), ((1999, 5), False), ((1999,), False), ((), False)]
)
def test_only_a_full_birth_date_is_part_of_a_key(birth, is_key):
    keys = keys_of(marks_of(traits(person("ana vzorova", birth=birth))))
    assert (BlockKind.BIRTH in kinds(keys)) is is_key
    assert (BlockKey(BlockKind.BIRTH, f"{sound_of('ana')} 1999-5-2") in keys) is is_key


def test_one_word_of_a_name_is_a_key_in_its_town_and_region_only():
    assert keys_of(marks_of(traits(person("lola")))) == frozenset()
    keys = keys_of(marks_of(traits(person("lola"), town="trnava", nuts="SK021")))
    assert keys == {given_key("lola", "trnava"), given_key("lola", "SK02")}


@pytest.mark.parametrize(
    ("nuts", "town", "places"),
    [
        (None, "", []),
        (None, "trnava", ["trnava"]),
        ("SK021", "", ["SK02"]),
        ("SK02", "trnava", ["trnava", "SK02"]),
    ],
)
def test_places_are_the_town_and_the_region_of_level_two(nuts, town, places):
    assert places_of(traits(nuts=nuts, town=town)) == places


def test_a_firm_is_found_by_its_first_telling_words():
    keys = keys_of(marks_of(traits(firms=["a blu nails trnava zapad"])))
    assert keys == {firm_key("blu"), firm_key("nails"), firm_key("trnava")}


def test_a_firm_of_short_words_alone_is_found_by_these():
    assert keys_of(marks_of(traits(firms=["as"]))) == {firm_key("as")}


def test_a_building_is_found_whatever_its_town():
    one = traits(addresses=[address("12|hlavna", "trnava")])
    other = traits(addresses=[address("12|hlavna")])
    assert keys_of(marks_of(one)) == keys_of(marks_of(other)) == {building_key("12|hlavna")}


@pytest.mark.parametrize("word", ["", "a", "o", "123"])
def test_a_word_that_has_no_sound_to_speak_of_stands_for_itself(word):
    assert sound_of(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Анна Взорова", "Anna Vzorova"),
        ("Ιωάννα Παπαδοπούλου", "Ioanna Papadopoulou"),
        ("Щерьо Йорданов", "Shteryo Yordanoff"),
        ("Олена Ковальчук", "Olena Kowalczuk"),
        ("Nguyễn Thị Hương", "Nguyen Thi Huong"),
        ("Mohammed Al-Masri", "Muhammad El Masri"),
        ("Yousef Haddad", "Youssef Hadad"),
    ],
)
def test_scripts_and_romanisations_of_one_name_share_a_key(one, other):
    assert keys_of(marks_of(named(one))) & keys_of(marks_of(named(other)))


def test_a_patronymic_leaves_a_key_in_common():
    one, other = named("Иван Петров"), named("Иван Георгиев Петров")
    assert keys_of(marks_of(one)) & keys_of(marks_of(other))


def test_more_than_five_words_make_no_more_than_ten_keys_of_a_name():
    assert len(keys_of(marks_of(traits(person("ana bela cila dora ema fana"))))) == 10


some_names = st.lists(
    st.sampled_from(["Anna", "Vzorova", "Petrov", "Huong", "Masri", "Kolar"]),
    min_size=2,
    max_size=4,
    unique=True,
)


@given(some_names)
def test_the_same_person_in_any_order_of_words_has_the_same_keys(words):
    found = {keys_of(marks_of(named(" ".join(order)))) for order in permutations(words)}
    assert len(found) == 1
    assert found.pop()


@given(some_names, st.text("abcdefghijk", min_size=3, max_size=8))
def test_another_word_takes_no_key_away(words, more):
    if len(words) < 5:
        base = traits(person(" ".join(word.lower() for word in words)))
        longer = traits(person(" ".join([*(word.lower() for word in words), more])))
        assert keys_of(marks_of(base)) <= keys_of(marks_of(longer))
