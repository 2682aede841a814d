"""Codes of others: whose region a NUTS code is, and language tags that have no room for a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.codes import COUNTRIES, country_of_nuts, is_plain_language, lies_in


@pytest.mark.parametrize(
    ("region", "country"),
    [
        ("SK031", "SK"), ("SK", "SK"), ("EL30", "GR"), ("GR30", "GR"), ("UKI", "GB"), ("GB", "GB"),
        ("XK", "XK"), ("XX031", None), ("ZZ", None), ("EU", None),
    ],
)  # fmt: skip
def test_the_first_letters_of_a_region_name_its_country(region, country):
    assert country_of_nuts(region) == country


@pytest.mark.parametrize(
    ("region", "country", "lies"),
    [
        ("SK031", "SK", True), ("AT130", "SK", False), ("EL30", "GR", True), ("UKI", "GB", True),
        ("UKI", "GR", False), ("FRY40", "RE", True), ("FRY40", "FR", True), ("FR101", "DE", False),
        ("FI200", "AX", True), ("SK031", "AX", False), ("ZZ", "SK", False),
    ],
)  # fmt: skip
def test_a_region_lies_in_its_country_and_in_territories_of_that_state(region, country, lies):
    assert lies_in(region, country) is lies


@given(st.sampled_from(sorted(COUNTRIES)), st.sampled_from(sorted(COUNTRIES)))
def test_a_region_that_has_a_country_lies_in_it(first, second):
    assert lies_in(f"{first}0", first)
    if lies_in(f"{first}0", second) and first != second:
        assert not lies_in(f"{second}0", first)


@pytest.mark.parametrize("tag", ["sk", "vi", "zh-Hans", "sr-Latn-RS", "pt-BR", "rom"])
def test_language_script_and_country_are_plain(tag):
    assert is_plain_language(tag)


@pytest.mark.parametrize(
    "tag", ["en-Jana", "en-Jana-Novakova", "SK", "sk-x-jana", "en-ZZ", "en-Latn-Jana", "", "sk\n"]
)
def test_a_tag_with_room_for_a_name_is_not_plain(tag):
    assert not is_plain_language(tag)
