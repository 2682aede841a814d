"""Registration plates."""

import pytest

from app.domain.attributes import Context
from app.domain.normalise.plate import normalise_plate


def value_of(raw, country=None):
    outcome = normalise_plate(raw, Context(country=country))
    return outcome.values[0].value if outcome.values else None


@pytest.mark.parametrize(
    "raw", ["CA 1234 XB", "ca1234xb", "СА 1234 ХВ", "CА-1234-ХB", "BG CA1234XB"]
)
def test_four_spellings_of_one_bulgarian_plate_agree(raw):
    assert value_of(raw, "BG") == "CA1234XB"


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("ΖΜΥ-1234", "GR", "ZMY1234"),
        ("АА 0969 ХТ", "UA", "AA0969XT"),
        ("ZA·123 AB", "SK", "ZA123AB"),
        ("BC 3O74 EP", "UA", "BC3074EP"),
        ("WÜ-A 12", "DE", "WUEA12"),
        ("WU\u0308-A 12", "DE", "WUEA12"),
        ("WU-A 12", "DE", "WUA12"),
        ("EL*66143", None, "EL66143"),
        ("ŠA 123-AB", "RS", "SA123AB"),
        ("\uff21\uff22\uff11\uff12\uff13\uff23\uff24", "IT", "AB123CD"),
    ],
)
def test_letters_of_every_alphabet_and_marks_come_to_one_form(raw, country, expected):
    assert value_of(raw, country) == expected


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("SK ZA123AB", "SK", "ZA123AB"),
        ("SK ZA123AB", None, "ZA123AB"),
        ("BG-CA1234XB", None, "CA1234XB"),
        ("(D) M-AB 123", None, "MAB123"),
        ("I AB123CD", None, "AB123CD"),
        ("UA: AA0969XT", None, "AA0969XT"),
        ("SRB BG 123-AB", None, "BG123AB"),
        ("D-LG 330", "DE", "DLG330"),
        ("SK ZA123AB", "PL", "SKZA123AB"),
        ("BG 123-AB", "RS", "BG123AB"),
        ("SK XYZ", None, None),
        ("29A12345", "SK", "29A12345"),
    ],
)
def test_a_country_sign_goes_out_only_before_a_plate_of_that_country(raw, country, expected):
    assert value_of(raw, country) == expected


def test_a_german_district_letter_is_not_taken_for_a_sign():
    assert value_of("M AB 123") == "MAB123"


def test_an_unknown_country_is_said_in_the_note():
    assert normalise_plate("ZA123AB", Context()).values[0].note == "country_unknown"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("??1WAN", "only in part"),
        ("10*9 FEL", "only in part"),
        ("ZA12**B", "only in part"),
        ("A1", "4 to 10"),
        ("ZA123AB456CD", "4 to 10"),
        ("white van", "4 to 10"),
        ("БГ 123-ЖЩ", "alphabet"),
        ("0000", "not known"),
        ("XXXX 000", "not known"),
        ("UNKNOWN", "not known"),
        ("", "not known"),
        ("неизвестен", "not known"),
    ],
)
def test_what_cannot_be_compared_has_no_value_but_a_reason(raw, words):
    outcome = normalise_plate(raw, Context(country="ES"))
    assert outcome.values == ()
    assert words in outcome.problem
