"""The evidence of a pair: parts that add up, and what may link and what may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attributes import AttributeKind
from app.domain.linkage.blocking import given_key, keys_of, marks_of
from app.domain.linkage.scoring import Evidence, SharedValue, compare
from app.domain.linkage.traits import AddressTraits
from tests.support.traits import (
    DAY,
    MODEL,
    address,
    evidence,
    links,
    person,
    shared_keys,
    traits,
    value,
)

K = AttributeKind
EXACT = sorted(MODEL.kinds)
SAME_PLACE = {"town": "trnava", "country": "SK", "forms": ["labour"]}
ANNA = person("ana vzorova")


NOTHING = Evidence(0.0, strong=False, parts=())


def test_a_pair_that_cannot_reach_the_least_is_passed_over():
    a = traits(ANNA)
    found = evidence(a, a)
    keys = shared_keys(a, a)
    # The most that a name may add is its weight with that of a full birth date.
    most = found.weight + MODEL.person.same_date
    assert compare((a, a), [], keys, MODEL, least=most) == found
    assert compare((a, a), [], keys, MODEL, least=most + 0.01) == NOTHING


def bits_of(kind, spread=1):
    return MODEL.weight(MODEL.kinds[kind].term, spread)


def parts(found, comparison):
    return [part for part in found.parts if part.comparison == comparison]


def test_nothing_in_common_is_no_evidence_at_all():
    assert evidence(traits(**SAME_PLACE), traits(**SAME_PLACE)) == Evidence(
        0.0, strong=False, parts=()
    )


def test_circumstances_speak_only_where_something_else_agrees():
    a = traits(**SAME_PLACE)
    found = evidence(a, a, value(K.PHONE))
    circumstances = MODEL.place.same_town + MODEL.time.weight(0) + MODEL.form.same
    assert found.weight == pytest.approx(bits_of(K.PHONE) + circumstances)
    assert [part.comparison for part in found.parts] == ["phone", "place", "time", "form"]


@pytest.mark.parametrize("kind", EXACT)
def test_a_shared_value_weighs_as_its_kind_and_spread_say(kind):
    found = evidence(traits(), traits(), value(kind, b"x", 8))
    [part] = parts(found, kind.value)
    assert (part.level, part.bits, part.value) == ("same value", bits_of(kind, 8), b"x")
    assert part.weak is MODEL.kinds[kind].weak
    assert found.strong is not MODEL.kinds[kind].weak


@pytest.mark.parametrize("kind", ["phone", "email", "iban", "document", "plate", "vin", "wallet"])
def test_one_strong_value_seen_lately_in_one_town_links(kind):
    a = traits(town="trnava")
    assert links(evidence(a, a, value(K(kind))))


# The traps of linking


def test_name_alone_never_links_however_well_all_else_agrees():
    a = traits(ANNA, **SAME_PLACE)
    found = evidence(a, a)
    assert found.weight > 0
    assert not found.strong


def test_name_with_full_birth_date_links():
    a = traits(person("ana vzorova", birth=(1999, 5, 2)), town="trnava")
    assert links(evidence(a, a))


@pytest.mark.parametrize("spread", [32, 64, 512])
def test_common_name_with_a_year_never_links(spread):
    a = traits(person("ana vzorova", birth=(1999,)), **SAME_PLACE)
    assert not links(evidence(a, a, spread=spread))


def test_a_01_01_filler_counts_as_its_year():
    # traits give a filler as its year: see test_traits.
    full = traits(person("ana vzorova", birth=(1999, 5, 2)))
    filler = traits(person("ana vzorova", birth=(1999,)))
    year = MODEL.person.year_alone - MODEL.person.same_date
    assert evidence(filler, filler).weight == pytest.approx(evidence(full, full).weight + year)


def test_missing_is_not_different():
    said = {"country": "SK", "town": "trnava", "nuts": "SK021", "forms": ["labour"]}
    full = traits(person("ana vzorova", birth=(1999, 5, 2), sex="female", nationality="SK"), **said)
    bare = traits(ANNA)
    assert evidence(full, bare).weight == evidence(bare, bare).weight


@pytest.mark.parametrize("town", ["trnava", ""])
def test_address_alone_never_links(town):
    a = traits(addresses=[address("12|hlavna", town)], **SAME_PLACE)
    found = evidence(a, a)
    assert found.weight > 0
    assert not found.strong


def test_town_is_no_address():
    a = traits(town="trnava", nuts="SK021", country="SK", point=(48.4, 17.6))
    assert evidence(a, a).parts == ()


def test_firm_alone_never_links():
    a = traits(firms=["blu nails"], **SAME_PLACE)
    assert not evidence(a, a).strong
    assert not evidence(a, a, value(K.COMPANY, b"c")).strong  # its number is the same firm


def test_internet_address_alone_never_links():
    a = traits(**SAME_PLACE)
    assert not evidence(a, a, value(K.IP)).strong


def test_two_weak_kinds_of_different_families_link():
    a = traits(firms=["blu nails"], addresses=[address("12|hlavna", "trnava")], town="trnava")
    found = evidence(a, a)
    assert found.strong
    assert links(found)


def test_contradictions_subtract():
    one = traits(town="trnava", country="SK", forms=["labour"])
    same = evidence(one, one, value(K.PHONE)).weight
    for other, against in [
        (traits(town="nitra", country="SK", forms=["labour"]), "place"),
        (traits(town="trnava", country="BG", forms=["labour"]), "place"),
        (traits(town="trnava", country="SK", forms=["begging"]), "form"),
        (traits(town="trnava", country="SK", forms=["labour"], day=DAY + 1_000), "time"),
    ]:
        found = evidence(one, other, value(K.PHONE))
        assert found.weight < same
        [part] = parts(found, against)
        assert part.bits < 0


def test_time_gap_by_strangers_years_later_unlinks_a_phone():
    now, later = traits(), traits(day=DAY + 5 * 365)
    assert links(evidence(now, now, value(K.PHONE)))
    assert not links(evidence(now, later, value(K.PHONE)))


@pytest.mark.parametrize("other", [(1999, 2, 5), (1999, 5, 3), (1999, 5, 12)])
def test_day_and_month_swapped_or_one_digit_off_still_link(other):
    a = traits(person("ana vzorova", birth=(1999, 5, 2)), town="trnava")
    b = traits(person("ana vzorova", birth=other), town="trnava")
    found = evidence(a, b)
    assert links(found)
    assert found.weight < evidence(a, a).weight


def test_employers_contacts_are_one_family_with_the_firm():
    a = traits(firms=["blu nails"], town="trnava")
    phone = value(K.PHONE, b"p", of_firm=True)
    site = value(K.URL, b"u", of_firm=True)
    number = value(K.COMPANY, b"c")
    found = evidence(a, a, phone, site, number)
    families = [part.family for part in found.parts if part.family]
    assert families == ["firm"]
    assert found == evidence(a, a, phone)


def test_contacts_of_no_firm_count_beside_the_firm():
    a = traits(firms=["blu nails"], town="trnava")
    more = evidence(a, a, value(K.PHONE, b"p")).weight - evidence(a, a).weight
    assert more == pytest.approx(bits_of(K.PHONE))


# Families


def test_of_one_family_the_strongest_counts_in_full_and_the_others_by_a_share():
    a = traits()
    found = evidence(a, a, value(K.PHONE, b"p", 8), value(K.EMAIL, b"e"), value(K.PROFILE, b"f", 8))
    shares = {part.comparison: part.bits for part in found.parts if part.family}
    assert shares == {
        "email": bits_of(K.EMAIL),
        "phone": pytest.approx(bits_of(K.PHONE, 8) * MODEL.further, abs=0.01),
        "profile": pytest.approx(bits_of(K.PROFILE, 8) * MODEL.further, abs=0.01),
    }


def test_a_further_value_without_weight_is_not_listed():
    a = traits()
    found = evidence(a, a, value(K.PHONE, b"p"), value(K.EMAIL, b"e", 2**30))
    assert parts(found, "email") == []


def test_a_document_and_its_bearer_are_one_family():
    a = traits(person("ana vzorova", birth=(1999, 5, 2)))
    both = evidence(a, a, value(K.DOCUMENT))
    name = evidence(a, a).parts[0].bits
    [part] = parts(both, "document")
    assert part.bits == pytest.approx(bits_of(K.DOCUMENT) * MODEL.further, abs=0.01)
    assert parts(both, "person")[0].bits == name


# Reports without identity


def test_persons_known_by_token_only_agree_as_a_whole():
    found = evidence(traits(), traits(), value(K.PERSON, b"t", 2))
    [part] = parts(found, "person")
    expected = MODEL.weight(MODEL.person.name, 2) + MODEL.person.same_date
    assert (part.bits, part.weak, part.value) == (pytest.approx(expected), False, b"t")


def test_addresses_known_by_token_only_agree_as_a_whole_and_stay_weak():
    found = evidence(traits(), traits(), value(K.ADDRESS, b"t"))
    [part] = parts(found, "address")
    expected = MODEL.weight(MODEL.address.whole, 1)
    assert (part.bits, part.weak, part.value) == (expected, True, b"t")
    assert not found.strong


def test_what_was_compared_by_its_parts_is_not_counted_again_as_a_whole():
    a = traits(
        person("ana vzorova", birth=(1999, 5, 2)), addresses=[address("12|hlavna", "trnava")]
    )
    plain = evidence(a, a)
    assert evidence(a, a, value(K.PERSON, b"t"), value(K.ADDRESS, b"u")) == plain


# Properties

names = st.sampled_from(
    ["ana vzorova", "hana vzorova", "ana vzarova", "ana petrova vzorova", "ana", "bela kolar"]
)
persons = st.builds(
    lambda name, birth, sex, nation: person(*name, birth=birth, sex=sex, nationality=nation),
    st.lists(names, min_size=1, max_size=2, unique=True),
    st.sampled_from([(), (1999,), (1999, 5), (1999, 5, 2), (1999, 2, 5), (1985, 11, 23)]),
    st.sampled_from([None, "male", "female", "unknown"]),
    st.sampled_from([None, "SK", "BG"]),
)
some_traits = st.builds(
    lambda who, firms, addresses, days, **where: traits(
        *who, firms=firms, addresses=addresses, day=DAY + days, **where
    ),
    st.lists(persons, max_size=3),
    st.lists(st.sampled_from(["blu nails", "blu nailz", "blunails", "red bar"]), max_size=2),
    st.lists(
        st.sampled_from([address("12|hlavna", "trnava"), address("12|hlavna"), address("3|dolna")]),
        max_size=2,
    ),
    st.integers(0, 1_000),
    country=st.sampled_from([None, "SK", "BG"]),
    nuts=st.sampled_from([None, "SK02", "SK021", "SK031"]),
    town=st.sampled_from(["", "trnava", "trnavva", "nitra"]),
    point=st.sampled_from([None, (48.38, 17.59), (48.31, 18.09)]),
    forms=st.sets(st.sampled_from(["labour", "begging"])),
    named=st.sets(st.sampled_from(["trnava", "nitra"])),
)
some_values = st.lists(
    st.tuples(
        st.sampled_from(sorted(K)),
        st.sampled_from([1, 2, 4, 16, 64]),
        st.booleans(),
    ),
    max_size=4,
).map(
    lambda some: [
        SharedValue(bytes([n]), kind, spread, of_firm)
        for n, (kind, spread, of_firm) in enumerate(some)
    ]
)
spreads = st.sampled_from([1, 2, 8, 32])


@given(some_traits, some_traits, some_values, spreads)
def test_comparing_is_symmetric(a, b, values, spread):
    one, other = evidence(a, b, *values, spread=spread), evidence(b, a, *values, spread=spread)
    assert one.weight == other.weight
    assert one.strong == other.strong
    assert sorted(one.parts, key=repr) == sorted(other.parts, key=repr)


@given(some_traits, some_traits, some_values, spreads)
def test_the_parts_add_up_to_the_weight(a, b, values, spread):
    found = evidence(a, b, *values, spread=spread)
    assert sum(part.bits for part in found.parts) == pytest.approx(found.weight, abs=0.01)


@given(
    some_traits, some_traits, some_values, st.sampled_from([1, 2, 8]), st.sampled_from([15.0, 19.5])
)
def test_a_pair_passed_over_could_not_have_reached_the_least(a, b, values, spread, least):
    keys = shared_keys(a, b, spread)
    full = compare((a, b), values, keys, MODEL)
    quick = compare((a, b), values, keys, MODEL, least=least)
    assert quick == full or (full.weight < least and quick == NOTHING)


@given(some_traits, some_traits, some_values, st.randoms())
def test_the_order_of_values_does_not_matter(a, b, values, chance):
    mixed = list(values)
    chance.shuffle(mixed)
    assert evidence(a, b, *mixed) == evidence(a, b, *values)


LACKING = {
    "persons": lambda traits: not traits.persons,
    "firms": lambda traits: not traits.firms,
    "addresses": lambda traits: not traits.addresses,
    "country": lambda traits: traits.country is None,
    "nuts": lambda traits: traits.nuts is None,
    "town": lambda traits: not traits.town and not traits.named,
    "point": lambda traits: traits.point is None,
    "forms": lambda traits: not traits.forms,
    "named": lambda traits: not traits.town,
}


@given(some_traits, some_traits, some_values, spreads)
def test_missing_weighs_nothing(a, b, values, spread):
    empty = traits()
    keys = shared_keys(a, b, spread)
    found = compare((a, b), values, keys, MODEL)
    for field, lacks in LACKING.items():
        if lacks(b):
            less = a._replace(**{field: getattr(empty, field)})
            assert compare((less, b), values, keys, MODEL) == found, field


@given(some_traits, some_traits, spreads)
def test_weak_evidence_of_one_family_is_never_strong(a, b, spread):
    found = evidence(a, b, spread=spread)
    families = {part.family for part in found.parts if part.family}
    if found.strong and len(families) == 1:
        assert any(not part.weak for part in found.parts)


def test_a_second_kind_that_says_next_to_nothing_is_no_second_kind():
    """A name that is common in the town does not make an address strong."""
    one = traits(person("ana"), addresses=(AddressTraits("12|hlavna", "trnava"),), town="trnava")
    shared = dict.fromkeys(keys_of(marks_of(one)), 2) | {given_key("ana", "trnava"): 64}
    found = compare((one, one), [], shared, MODEL)
    assert not found.strong
    assert found.things
    rare = compare((one, one), [], dict.fromkeys(keys_of(marks_of(one)), 2), MODEL)
    assert rare.strong
    assert not rare.things
