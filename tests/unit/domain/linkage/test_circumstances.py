"""Place, time and form: they speak for or against, each where both reports say something."""

import pytest

from app.domain.linkage.circumstances import compare_circumstances, kilometres
from tests.support.traits import DAY, MODEL, traits

PLACE, TIME, FORM = MODEL.place, MODEL.time, MODEL.form
TRNAVA = (48.3774, 17.5883)
NITRA = (48.3069, 18.0864)


def parts_of(a, b):
    found = list(compare_circumstances(a, b, MODEL).parts())
    assert found == list(compare_circumstances(b, a, MODEL).parts())
    assert all(part.weak and part.family == "" and part.value is None for part in found)
    return {part.comparison: (part.level, part.bits) for part in found}


SAME = ("same town", PLACE.same_town)
OTHER = ("other town", PLACE.other_town)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, None),
        ({"town": "trnava", "nuts": "SK021", "country": "SK", "point": TRNAVA}, {}, None),
        ({"country": "SK"}, {"country": "SK"}, None),
        ({"country": "SK"}, {"country": "BG"}, ("other country", PLACE.other_country)),
        (
            {"country": "SK", "town": "trnava"},
            {"country": "BG", "town": "trnava"},
            ("other country", PLACE.other_country),
        ),
        # by name
        ({"town": "trnava"}, {"town": "trnava"}, SAME),
        ({"town": "trnava"}, {"town": "nitra"}, OTHER),
        ({"town": "trnava"}, {"town": "trnavva"}, None),  # a spelling, or another town
        ({"town": "trnava"}, {"town": ""}, None),
        # by distance, which goes before the name
        ({"point": TRNAVA}, {"point": TRNAVA}, SAME),
        ({"point": TRNAVA}, {"point": NITRA}, OTHER),
        ({"point": TRNAVA, "town": "a"}, {"point": TRNAVA, "town": "modra"}, SAME),
        ({"point": TRNAVA, "town": "trnava"}, {"point": NITRA, "town": "trnava"}, OTHER),
        ({"point": TRNAVA, "town": "trnava"}, {"point": None, "town": "trnava"}, SAME),
        ({"point": (48.0, 17.0)}, {"point": (48.18, 17.0)}, None),  # 20 km: neither
        ({"point": (48.0, 17.0), "town": "a"}, {"point": (48.18, 17.0), "town": "a"}, SAME),
        # by region
        ({"nuts": "SK021"}, {"nuts": "SK021"}, ("same region", PLACE.same_region)),
        (
            {"nuts": "SK021", "town": "trnava"},
            {"nuts": "SK021"},
            ("same region", PLACE.same_region),
        ),
        ({"nuts": "SK02"}, {"nuts": "SK02"}, None),
        ({"nuts": "SK021"}, {"nuts": "SK023"}, None),
        ({"nuts": "SK021"}, {"nuts": "SK031"}, OTHER),
        ({"nuts": "SK02"}, {"nuts": "SK031"}, OTHER),
        ({"nuts": "SK"}, {"nuts": "SK031"}, None),
        ({"nuts": "SK021", "town": "trnava"}, {"nuts": "SK021", "town": "trnavva"}, None),
        # by what a narrative names
        ({"town": "trnava"}, {"named": {"trnava", "nitra"}}, SAME),
        ({"town": "trnava"}, {"named": {"nitra"}}, None),
        ({"town": "trnava", "nuts": "SK021"}, {"named": {"trnava"}, "nuts": "SK031"}, OTHER),
        ({"named": {"trnava"}}, {"named": {"trnava"}}, None),
    ],
)
def test_places_agree_differ_or_are_not_known(one, other, expected):
    assert parts_of(traits(**one), traits(**other)).get("place") == expected


@pytest.mark.parametrize(
    ("one", "other", "days"),
    [
        ((DAY, DAY), (DAY, DAY), 0),
        ((DAY, DAY + 10), (DAY + 5, DAY + 30), 0),
        ((DAY, DAY + 100), (DAY + 5, DAY + 6), 0),
        ((DAY, DAY + 10), (DAY + 40, DAY + 50), 30),
        ((DAY, DAY), (DAY + 2_000, DAY + 2_000), 2_000),
    ],
)
def test_time_is_counted_from_the_last_day_of_one_to_the_first_of_the_other(one, other, days):
    a, b = (traits(day=first, last=last) for first, last in (one, other))
    assert parts_of(a, b)["time"] == (f"{days} days apart", TIME.weight(days))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((), (), None),
        (("labour",), (), None),
        (("labour",), ("labour", "begging"), ("same form", FORM.same)),
        (("labour",), ("begging",), ("other form", FORM.other)),
    ],
)
def test_forms_are_compared_where_both_say_one(one, other, expected):
    assert parts_of(traits(forms=one), traits(forms=other)).get("form") == expected


@pytest.mark.parametrize(
    ("p", "q", "apart"),
    [
        (TRNAVA, TRNAVA, 0.0),
        ((0.0, 0.0), (0.0, 1.0), 111.19),  # a degree of a circle of 6371 km
        ((0.0, 0.0), (90.0, 77.0), 10_007.54),  # a quarter of it
        ((0.0, 0.0), (0.0, 180.0), 20_015.09),
        ((0.0, 179.5), (0.0, -179.5), 111.19),
    ],
)
def test_distances_are_great_circles(p, q, apart):
    assert kilometres(p, q) == pytest.approx(apart, abs=0.01)
    assert kilometres(q, p) == pytest.approx(apart, abs=0.01)
