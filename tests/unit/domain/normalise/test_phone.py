"""Telephone numbers: every way in which reporters write one, and what must stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attributes import Context
from app.domain.normalise.phone import INCOMPLETE, NO_COUNTRY, NOT_POSSIBLE, normalise_phone


def values(raw, country=None):
    return [value.value for value in normalise_phone(raw, Context(country=country)).values]


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("+421 905 123 456", None, "+421905123456"),
        ("+421905123456", "DE", "+421905123456"),
        ("00421 905 123 456", None, "+421905123456"),
        ("00421-905-123-456", "SK", "+421905123456"),
        ("0905/123 456", "SK", "+421905123456"),
        ("0905.123.456", "SK", "+421905123456"),
        ("905123456", "SK", "+421905123456"),
        ("421905123456", "AT", "+421905123456"),
        ("380671234567", "GR", "+380671234567"),
        ("00359 88 812 3456", None, "+359888123456"),
        ("8 (067) 123-45-67", "UA", "+380671234567"),
        ("067 123 45 67", "UA", "+380671234567"),
        ("8 (916) 123-45-67", "RU", "+79161234567"),
        ("8 029 123-45-67", "BY", "+375291234567"),
        ("+49 (0)177 4578975", "NL", "+491774578975"),
        ("+31 (0)618 324014", "DE", "+31618324014"),
        ("+34 (0) 612 345 678", None, "+34612345678"),
        ("+39 (0)6 6982 1234", None, "+390669821234"),
        ("06 6982 1234", "IT", "+390669821234"),
        ("+0905 123 456", "SK", "+421905123456"),
        ("011 421 905 123 456", "US", "+421905123456"),
        ("+421 2 5441 1234 ext. 12", None, "+421254411234"),
        ("02/5441 1234 kl. 12", "SK", "+421254411234"),
        ("0151/74951556", "DE", "+4915174951556"),
        ("＋４２１ ９０５ １２３ ４５６", None, "+421905123456"),
        ("٠٩٠٥ ١٢٣ ٤٥٦", "SK", "+421905123456"),
        ("+49 l7O 256 7789", None, "+491702567789"),
        ("Tel.: 0905 123 456", "SK", "+421905123456"),
        ("tel:+421905123456", None, "+421905123456"),
        ("WhatsApp +421 905 123 456", None, "+421905123456"),
        ("\u202a+421 905 123 456\u202c", None, "+421905123456"),
    ],
)
def test_spellings_of_a_number_become_one_value(raw, country, expected):
    assert values(raw, country) == [expected]
    assert values(expected, country) == [expected]


@pytest.mark.parametrize(
    ("raw", "country"),
    [
        ("0905 123 456 / 0911 222 333", "SK"),
        ("0905 123 456/0911 222 333", "SK"),
        ("0905123456, 0911222333", "SK"),
        ("0905 123 456 or 0911 222 333", "SK"),
        ("0905 123 456 alebo 0911 222 333", "SK"),
        ("0905 123 456; +421 911 222 333", "SK"),
        ("0905 123 456\n0911 222 333", "SK"),
        ("+421905123456 +421911222333", None),
        ("+421905123456/+421911222333", None),
        ("0905 123 456 0911 222 333", "SK"),
        ("0905 123 456; 0911 222 333; 0905123456", "SK"),
    ],
)
def test_two_numbers_in_one_field_are_two_values(raw, country):
    assert values(raw, country) == ["+421905123456", "+421911222333"]


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("112", "BG", "BG:112"),
        ("116 000", "BG", "BG:116000"),
        ("116000", "SK", "SK:116000"),
        ("116 123", "DE", "DE:116123"),
        ("155", "SK", "SK:155"),
        ("158", "CZ", "CZ:158"),
        ("112", None, "EU:112"),
        ("+359112", None, "BG:112"),
        ("+359 116 000", "DE", "BG:116000"),
        ("0800 123 456", "SK", "+421800123456"),
        ("0900 211 111", "SK", "+421900211111"),
        ("+49 800 1234567", None, "+498001234567"),
    ],
)
def test_a_service_number_is_kept_and_never_links(raw, country, expected):
    (value,) = normalise_phone(raw, Context(country=country)).values
    assert (value.value, value.is_service, value.note) == (expected, True, "service_number")
    assert values(expected, country) == [expected]


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("+34798872249", None, "+34798872249"),
        ("0034 798 872 249", "DE", "+34798872249"),
        ("7988 72249", "ES", "+34798872249"),
        ("+420 629 537 230", "PL", "+420629537230"),
    ],
)
def test_a_number_in_no_assigned_range_is_kept_with_a_note(raw, country, expected):
    (value,) = normalise_phone(raw, Context(country=country)).values
    assert (value.value, value.is_service, value.note) == (expected, False, "not_assigned")


@pytest.mark.parametrize(
    ("left", "right", "country"),
    [
        ("3222153633", "+3222153633", "ES"),
        ("13012345678", "+13012345678", "DE"),
        ("905123456", "+905123456", "SK"),
        ("0905 123 456", "0905 123 457", "SK"),
    ],
)
def test_two_different_numbers_never_become_one(left, right, country):
    assert not set(values(left, country)) & set(values(right, country))


@pytest.mark.parametrize(
    ("raw", "country", "problem"),
    [
        ("0905 123 456", None, NO_COUNTRY),
        ("0905 123 456", "ZZ", None),
        ("3222153633", None, NO_COUNTRY),
        ("+4207877885", None, NOT_POSSIBLE),
        ("0162-748-2691", "ES", NOT_POSSIBLE),
        ("12345678901234567890123", "SK", None),
        ("+49 160 888 76xx", None, INCOMPLETE),
        ("+31 652 517 9xx", None, INCOMPLETE),
        ("0905 *** 456", "SK", INCOMPLETE),
        ("0905 12…", "SK", INCOMPLETE),
        ("+000000000", None, None),
        ("+421 000 000 000", None, None),
        ("unknown", "SK", None),
        ("neznáme", "SK", None),
        ("123456789", "DE", None),
        ("call me", "SK", None),
        ("+999 905 123 456", None, None),
        ("SK:4711", None, None),
        ("ZZ:155", None, None),
        ("SK:012", None, None),
        ("155", None, NO_COUNTRY),
        ("+49 0 0 123456", None, None),
        ("", "SK", None),
        (";", "SK", None),
        ("#12", "SK", None),
    ],
)
def test_what_cannot_be_one_number_has_no_value(raw, country, problem):
    outcome = normalise_phone(raw, Context(country=country))
    assert outcome.values == ()
    assert outcome.problem
    assert problem is None or outcome.problem == problem


def test_one_good_number_beside_a_bad_one_is_kept():
    assert values("0905 123 456; xxx; 12", "SK") == ["+421905123456"]


@given(
    code=st.sampled_from([1, 7, 30, 34, 36, 39, 48, 49, 359, 370, 380, 420, 421]),
    rest=st.integers(10**5, 10**12),
)
def test_a_number_told_quickly_is_the_one_that_is_told_slowly(code, rest):
    text = f"+{code}{rest}"
    spaced = f"+{code} {rest}"
    assert normalise_phone(text, Context()) == normalise_phone(spaced, Context())


@pytest.mark.parametrize(
    ("raw", "good", "words"),
    [
        ("+421 905 123 456; +421 12", ["+421905123456"], NOT_POSSIBLE),
        ("0905 xxx 456; 0905 123 456", ["+421905123456"], INCOMPLETE),
        ("0905 123 456\n0000000", ["+421905123456"], "not known"),
    ],
)
def test_of_several_numbers_the_good_ones_are_taken_and_a_bad_one_is_told(raw, good, words):
    outcome = normalise_phone(raw, Context(country="SK"))
    assert [value.value for value in outcome.values] == good
    assert outcome.problem.startswith("One of several numbers")
    assert words in outcome.problem


@pytest.mark.parametrize(
    "raw",
    ["0905 123 456;", "0905 123 456; Ivan", "0905 123 456 / 0905 654 321", "\n0905 123 456\n"],
)
def test_nothing_is_told_where_every_number_was_taken(raw):
    assert normalise_phone(raw, Context(country="SK")).problem is None


@pytest.mark.parametrize(
    "raw",
    ["+421905111222 / 0905xx", "+421905111222 a 0905***222", "+421905111222 / 0905 xxx xxx",
     "0905 111 222/3", "+421905111222; +42190512"],
)  # fmt: skip
def test_a_good_number_beside_a_bad_one_is_taken_and_the_bad_one_told(raw):
    outcome = normalise_phone(raw, Context(country="SK"))
    assert [number.value for number in outcome.values] == ["+421905111222"]
    assert outcome.problem
