"""How alike persons are: names across spellings, birth dates, sex, nationality.

The weights come from the model; what each comparison means comes from the rules of linking.
"""

import pytest

from app.domain.linkage.blocking import BlockKind, given_key, name_keys
from app.domain.linkage.persons import compare_persons
from app.domain.normalise.names import fold_name, name_tokens
from tests.support.traits import MODEL, person, shared_keys, traits

WEIGHTS = MODEL.person
RARE = MODEL.weight(WEIGHTS.name, 1)
FULL = (1999, 5, 2)


def named(name, country=None, **others):
    tokens = name_tokens(name=name, given_name=None, family_name=None, country=country)
    return person(" ".join(fold_name(tokens)), **others)


def compared(p, q, spread=1, **where):
    """The parts of two reports with one person each, in the same place."""
    a, b = traits(p, **where), traits(q, **where)
    return compare_persons(a, b, shared_keys(a, b, spread), MODEL)


def part_of(p, q, spread=1, **where):
    [part] = compared(p, q, spread, **where)
    assert (part.comparison, part.family, part.value) == ("person", "person", None)
    return part


def test_name_alone_is_weak():
    part = part_of(named("Anna Vzorova"), named("Vzorova, Anna"))
    assert (part.level, part.bits, part.weak) == ("same name", RARE, True)


def test_common_name_with_a_year_weighs_less_than_a_rare_one():
    one = named("Anna Vzorova", birth=(1999,))
    assert part_of(one, one).bits == pytest.approx(RARE + WEIGHTS.year_alone)
    common = part_of(one, one, spread=32)
    assert common.bits == pytest.approx(MODEL.weight(WEIGHTS.name, 32) + WEIGHTS.year_alone)
    assert common.bits < MODEL.thresholds.attach


BIRTHS = [
    ((), (), "", 0.0),
    (FULL, (), "", 0.0),  # missing is not different
    ((1999,), (), "", 0.0),
    (FULL, FULL, "same birth date", WEIGHTS.same_date),
    (FULL, (1999, 2, 5), "day and month of birth swapped", WEIGHTS.swapped_date),
    (FULL, (1999, 5, 3), "birth dates differ in one digit", WEIGHTS.near_date),
    (FULL, (1989, 5, 2), "birth dates differ in one digit", WEIGHTS.near_date),
    ((1999, 5, 12), (1999, 5, 2), "birth dates differ in one digit", WEIGHTS.near_date),
    (FULL, (1999, 11, 23), "same birth year", WEIGHTS.same_year),
    (FULL, (1998, 11, 23), "other birth date", WEIGHTS.other_date),
    (FULL, (1999,), "same birth year", WEIGHTS.year_alone),
    ((1999,), (1999,), "same birth year", WEIGHTS.year_alone),
    ((1999, 5), FULL, "same birth year", WEIGHTS.year_alone),
    ((1999, 5), (1999, 6), "same birth year", 0.0),
    ((1999, 6), FULL, "same birth year", 0.0),
    ((1999,), (2000,), "", 0.0),  # a year reckoned from an age is a guess by one
    ((1999,), (1998, 5, 2), "", 0.0),
    ((1999,), (2001,), "other birth year", WEIGHTS.other_year),
    ((1999, 5), (1985, 5, 2), "other birth year", WEIGHTS.other_year),
]


@pytest.mark.parametrize(("one", "other", "level", "bits"), BIRTHS)
def test_birth_dates_are_compared_as_far_as_both_are_known(one, other, level, bits):
    for p, q in ((one, other), (other, one)):
        part = part_of(named("Anna Vzorova", birth=p), named("Anna Vzorova", birth=q))
        assert part.bits == pytest.approx(RARE + bits)
        assert part.level == ", ".join(filter(None, ["same name", level]))


@pytest.mark.parametrize(
    ("one", "other", "weak"),
    [
        (FULL, FULL, False),
        (FULL, (1999, 2, 5), False),
        (FULL, (1999, 5, 3), False),
        (FULL, (1999, 11, 23), True),  # same year, and yet two dates
        (FULL, (), True),
        (FULL, (1985, 11, 23), True),
    ],
)
def test_only_a_date_that_supports_a_name_makes_it_strong(one, other, weak):
    part = part_of(named("Anna Vzorova", birth=one), named("Anna Vzorova", birth=other))
    assert part.weak is weak


@pytest.mark.parametrize(
    ("one", "other", "bits", "level"),
    [
        ({"sex": "female"}, {"sex": "male"}, WEIGHTS.other_sex, "other sex"),
        ({"sex": "female"}, {"sex": "female"}, 0.0, ""),
        ({"sex": "female"}, {}, 0.0, ""),
        ({"sex": "female"}, {"sex": "unknown"}, 0.0, ""),
        (
            {"nationality": "SK"},
            {"nationality": "BG"},
            WEIGHTS.other_nationality,
            "other nationality",
        ),
        ({"nationality": "SK"}, {"nationality": "SK"}, 0.0, ""),
        ({"nationality": "SK"}, {}, 0.0, ""),
    ],
)
def test_contradictions_subtract_and_what_is_missing_does_not(one, other, bits, level):
    part = part_of(named("Anna Vzorova", **one), named("Anna Vzorova", **other))
    assert part.bits == pytest.approx(RARE + bits)
    assert part.level == ", ".join(filter(None, ["same name", level]))


def test_contradictions_add_up_until_nothing_speaks_for_one_person():
    one = named("Anna Vzorova", birth=FULL, sex="female", nationality="SK")
    other = named("Anna Vzorova", birth=(1970, 11, 23), sex="male", nationality="BG")
    against = WEIGHTS.other_date + WEIGHTS.other_sex + WEIGHTS.other_nationality
    assert part_of(one, other).bits == pytest.approx(RARE + against)
    assert compared(one, other, spread=16) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Vzorova", "Vzorova Anna"),
        ("Анна Взорова", "Anna Vzorova"),
        ("Христо Йорданов", "Hristo Yordanoff"),
        ("Γεώργιος Παπαδόπουλος", "Georgios Papadopoulos"),
        ("Nguyễn Thị Hương", "Nguyen Thi Huong"),
        ("Hương Nguyễn Thị", "NGUYEN THI HUONG"),
        ("El Masri Youssef", "Yousef Al-Masri"),
    ],
)
def test_order_of_names_and_scripts_make_no_difference(one, other):
    part = part_of(named(one), named(other))
    assert (part.level, part.bits) == ("same name", RARE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Vzorova", "Anna Vzarova"),
        ("Mohammed Masri", "Muhammad Masri"),
        ("Aleksandr Kovalchuk", "Aleksander Kovalchuk"),
        ("Katerina Vzorova", "Katreina Vzorova"),  # two letters swapped
    ],
)
def test_a_word_that_nearly_agrees_costs_bits_and_links_still(one, other):
    part = part_of(named(one), named(other))
    assert part.level == "similar name"
    assert part.bits == pytest.approx(RARE + WEIGHTS.near_word)


def test_names_that_share_no_key_are_not_compared():
    one, other = named("Katarina Vzorova"), named("Matarina Bzorova")
    assert compared(one, other) == []


def test_words_that_agree_nearly_and_share_no_pair_are_weighed_as_fairly_common_ones():
    one = named("Katarina Vzorova", birth=FULL)
    other = named("Katarina Bzorova", birth=FULL)
    assert {key.kind for key in shared_keys(traits(one), traits(other))} == {BlockKind.BIRTH}
    expected = MODEL.weight(WEIGHTS.name, WEIGHTS.unmatched) + WEIGHTS.near_word
    assert part_of(one, other).bits == pytest.approx(expected + WEIGHTS.same_date)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Vzorova", "Anna Kolarova"),
        ("Anna Vzorova", "Ivan Petrov"),
        ("Ana Li", "Ina Lo"),  # short words agree wholly or not at all
        ("Anna Vzorova Kolar", "Anna Petrova Kovacs"),
    ],
)
def test_names_with_a_word_that_differs_are_two(one, other):
    assert compared(named(one), named(other), town="trnava") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ivan Petrov", "Ivan Georgiev Petrov"),
        ("Іван Петренко", "Іван Миколайович Петренко"),
        ("Maria Garcia", "Maria Garcia Lopez"),
    ],
)
def test_patronymic_optional(one, other):
    part = part_of(named(one), named(other))
    assert part.level == "same name"
    assert part.bits == pytest.approx(RARE + WEIGHTS.extra_word)


def test_the_rarest_pair_of_words_says_how_rare_a_name_is():
    a = traits(named("Anna Vzorova Kolar"))
    keys = dict.fromkeys(shared_keys(a, a), 32)
    (rare,) = name_keys(("vzorova", "kolar"))
    assert rare in keys
    [part] = compare_persons(a, a, keys | {rare: 2}, MODEL)
    assert part.bits == MODEL.weight(WEIGHTS.name, 2)


def test_an_alias_counts_as_a_name():
    one, other = person("ana vzorova", "bela kolar"), person("kolar bela")
    assert part_of(one, other).bits == RARE


# One word of a name


def test_one_name_counts_only_in_one_place():
    lola, full = named("Lola"), named("Lola Vzorova")
    assert compared(lola, full) == []
    assert compared(lola, full, country="SK") == []
    part = part_of(lola, full, town="trnava")
    expected = MODEL.weight(WEIGHTS.given, 1)
    assert (part.level, part.bits, part.weak) == ("one name in one place", expected, True)


def test_one_name_counts_as_the_rarest_of_town_and_region():
    a = traits(named("Lola"), town="trnava", nuts="SK021")
    keys = {given_key("lola", "trnava"): 2, given_key("lola", "SK02"): 8}
    [part] = compare_persons(a, a, keys, MODEL)
    assert part.bits == MODEL.weight(WEIGHTS.given, 2)


def test_one_name_so_common_in_its_place_that_its_key_is_left_out_counts_nothing():
    a = traits(named("Lola"), town="trnava", nuts="SK021")
    assert compare_persons(a, a, {}, MODEL) == []
    elsewhere = {given_key("bela", "trnava"): 1}
    assert compare_persons(a, a, elsewhere, MODEL) == []


def test_one_name_needs_the_same_place():
    a, b = traits(named("Lola"), town="trnava"), traits(named("Lola"), town="nitra")
    assert compare_persons(a, b, shared_keys(a, b), MODEL) == []


def test_one_name_that_agrees_only_nearly_counts_nothing():
    assert compared(named("Katarina"), named("Katerina"), town="trnava") == []


def test_beside_one_name_a_birth_date_counts_less_and_never_makes_it_strong():
    one = named("Lola", birth=FULL)
    part = part_of(one, one, town="trnava")
    expected = MODEL.weight(WEIGHTS.given, 1) + WEIGHTS.most_beside_one_word
    assert part.bits == pytest.approx(expected)
    assert part.weak


# Several persons


def test_each_person_meets_the_one_it_is_most_like_best_first():
    a = traits(named("Anna Vzorova"), named("Bela Kolar", birth=FULL))
    b = traits(named("Bela Kolar", birth=FULL), named("Anna Vzorova"), named("Cila Duda"))
    parts = compare_persons(a, b, shared_keys(a, b), MODEL)
    expected = [RARE + WEIGHTS.same_date, RARE]
    assert [part.bits for part in parts] == pytest.approx(expected)


def test_a_person_is_met_once():
    a = traits(named("Anna Vzorova", birth=FULL))
    b = traits(named("Anna Vzorova"), named("Anna Vzorova", birth=FULL))
    [part] = compare_persons(a, b, shared_keys(a, b), MODEL)
    assert part.bits == pytest.approx(RARE + WEIGHTS.same_date)


def test_without_persons_there_is_nothing_to_compare():
    assert compare_persons(traits(), traits(named("Anna Vzorova")), {}, MODEL) == []
