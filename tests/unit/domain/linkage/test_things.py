"""How alike firms and buildings are."""

import pytest

from app.domain.linkage.blocking import building_key, firm_key
from app.domain.linkage.things import compare_buildings, compare_firms
from app.domain.normalise.firm import firm_words
from tests.support.traits import MODEL, address, shared_keys, traits

FIRM, ADDRESS = MODEL.firm, MODEL.address
RARE = MODEL.weight(FIRM.name, 1)


def firms(*names):
    return traits(firms=[" ".join(firm_words(name)) for name in names])


def of_firms(a, b, spread=1):
    return compare_firms(a, b, shared_keys(a, b, spread), MODEL)


@pytest.mark.parametrize(
    ("one", "other", "level", "bits"),
    [
        ("Blue Nails s.r.o.", "BLUE NAILS", "same firm name", RARE),
        ("Агро Плюс ООД", "Agro Plus", "same firm name", RARE),
        ("Blue Nails", "Blue Nailz", "similar firm name", RARE + FIRM.near_name),
        ("Studio Bluenails", "Studio Blue Nails", "similar firm name", RARE + FIRM.near_name),
        (
            "Studio Bigoldredbar",
            "Studio Big Old Red Bar",
            "similar firm name",
            RARE + FIRM.near_name,
        ),
        ("Blue Nails", "Blue Nails Trnava", "similar firm name", RARE + FIRM.near_name),
        ("Nails Blue Studio", "Blue Nails", "similar firm name", RARE + FIRM.near_name),
    ],
)
def test_names_of_firms_agree_wholly_or_nearly(one, other, level, bits):
    for a, b in ((firms(one), firms(other)), (firms(other), firms(one))):
        part = of_firms(a, b)
        assert (part.comparison, part.level, part.family, part.weak) == (
            "firm",
            level,
            "firm",
            True,
        )
        assert part.bits == pytest.approx(bits)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Blue Nails", "Red Nails"),
        ("Nails", "Blue Nails"),  # one word within another name says too little
        ("Alfa", "Olfo"),  # two letters of four
        ("Agro Trans", "Moto Trans"),
    ],
)
def test_other_names_are_other_firms(one, other):
    assert of_firms(firms(one), firms(other)) is None


def test_a_name_weighs_as_its_rarest_word():
    a = firms("Blue Nails")
    keys = {firm_key("blu"): 64, firm_key("nails"): 2}
    assert compare_firms(a, a, keys, MODEL).bits == MODEL.weight(FIRM.name, 2)


def test_names_that_share_no_key_are_not_compared():
    assert of_firms(firms("Bluenails"), firms("Blue Nails")) is None


def test_names_that_agree_nearly_beside_another_key_are_weighed_as_fairly_common():
    part = compare_firms(firms("Bluenails"), firms("Blue Nails"), {firm_key("bar"): 1}, MODEL)
    expected = MODEL.weight(FIRM.name, FIRM.unmatched) + FIRM.near_name
    assert part.bits == pytest.approx(expected)


def test_the_two_firms_that_agree_most_count():
    a, b = firms("Red Bar", "Blue Nails"), firms("Blue Nails", "Red Bar Trnava")
    assert of_firms(a, b).level == "same firm name"


def test_reports_without_firms_have_none_in_common():
    assert of_firms(firms(), firms("Blue Nails")) is None


def buildings(*addresses):
    return traits(addresses=addresses)


def of_buildings(a, b, spread=1):
    return compare_buildings(a, b, shared_keys(a, b, spread), MODEL)


@pytest.mark.parametrize(
    ("town", "level", "term"),
    [
        ("trnava", "same address", ADDRESS.whole),
        ("nitra", "same street and number", ADDRESS.street),
        ("", "same street and number", ADDRESS.street),
    ],
)
def test_street_and_number_count_more_in_one_town(town, level, term):
    a, b = buildings(address("12|hlavna", "trnava")), buildings(address("12|hlavna", town))
    for part in (of_buildings(a, b), of_buildings(b, a)):
        assert part.comparison == "address"
        assert (part.level, part.family, part.weak) == (level, "place", True)
        assert part.bits == MODEL.weight(term, 1)


def test_without_any_town_it_is_street_and_number_only():
    a = buildings(address("12|hlavna"))
    assert of_buildings(a, a).level == "same street and number"


@pytest.mark.parametrize("building", ["14|hlavna", "12|dolna", "12a|hlavna"])
def test_another_number_or_street_is_another_building(building):
    a, b = buildings(address("12|hlavna", "trnava")), buildings(address(building, "trnava"))
    assert of_buildings(a, b) is None


def test_a_building_so_common_that_its_key_is_left_out_counts_nothing():
    a = buildings(address("12|hlavna", "trnava"))
    assert compare_buildings(a, a, {}, MODEL) is None


def test_the_two_addresses_that_agree_most_count():
    a = buildings(address("12|hlavna", "trnava"), address("3|dolna", "trnava"))
    b = buildings(address("12|hlavna", "nitra"), address("3|dolna", "trnava"))
    keys = {building_key("12|hlavna"): 1, building_key("3|dolna"): 1}
    assert compare_buildings(a, b, keys, MODEL).level == "same address"
