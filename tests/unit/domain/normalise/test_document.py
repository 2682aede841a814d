"""Numbers of identity documents. Zones are the specimens of ICAO Doc 9303 (issuer Utopia)."""

import pytest

from app.domain.attributes import Context
from app.domain.normalise.country_codes import COUNTRIES, alpha_2_of_issuer
from app.domain.normalise.document import normalise_document
from app.domain.normalise.mrz import check_digit

PASSPORT = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
)
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
CARD = (
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
)
LONG_CARD = (
    "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
)


def value_of(raw, country=None, kind=None):
    outcome = normalise_document(raw, Context(country=country, document_kind=kind))
    return outcome.values[0].value if outcome.values else None


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("AB 123456", "SK", "AB123456"),
        ("ab-123.456", "SK", "AB123456"),
        ("АВ 123456", "UA", "AB123456"),
        ("ΑΒ 123456", "GR", "AB123456"),
        ("Passport No. AB123456", "SK", "AB123456"),
        ("паспорт АВ123456", "UA", "AB123456"),
        ("AB12O4I6", "SK", "AB120416"),
        ("OI123456", "SK", "OI123456"),
        ("AB123456", None, "AB123456"),
        ("J0 273036", None, "J0273036"),
        ("AB1234567", "SK", "AB1234567"),
    ],
)
def test_spellings_of_one_number_agree(raw, country, expected):
    assert value_of(raw, country) == expected


def test_the_kind_of_the_document_does_not_change_the_value():
    assert value_of("AB123456", "SK", "passport") == value_of("AB123456", "SK", "id_card")


def test_an_unknown_country_is_said_in_the_note():
    outcome = normalise_document("AB123456", Context())
    assert outcome.values[0].note == "country_unknown"


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("RO J3024260", None, "J3024260"),
        ("ESNT1323721", None, "NT1323721"),
        ("ESNT1323721", "ES", "NT1323721"),
        ("ESNT1323721", "RO", "ESNT1323721"),
        ("PAA123456", None, "PAA123456"),
        ("QQAB1234567", None, "QQAB1234567"),
    ],
)
def test_a_country_before_a_number_goes_out_only_where_the_rest_is_a_whole_number(
    raw, country, expected
):
    assert value_of(raw, country) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (PASSPORT, "L898902C3"),
        (PASSPORT.replace("\n", " "), "L898902C3"),
        (PASSPORT.replace("\n", "").lower(), "L898902C3"),
        (TD2, "D23145890"),
        (CARD, "D23145890"),
        (LONG_CARD, "D23145890734"),
        (PASSPORT.splitlines()[1], "L898902C3"),
        (CARD.splitlines()[0], "D23145890"),
        (CARD.replace("I<UTO", "I<SVK"), "D23145890"),
        (PASSPORT.replace("P<UTO", "P<D<<"), "L898902C3"),
    ],
)
def test_a_machine_readable_zone_gives_number_and_issuer(raw, expected):
    assert value_of(raw) == expected


def test_the_zone_names_the_issuer_before_the_sender_does():
    assert value_of(CARD.replace("I<UTO", "I<SVK"), "CZ") == "D23145890"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (PASSPORT.replace("L898902C3", "L898902C4"), "check digit"),
        (PASSPORT.replace("740812", "740813"), "check digit"),
        (PASSPORT[:-1] + "1", "check digit"),
        (CARD.replace("D231458907", "D231458906"), "check digit"),
        (LONG_CARD.replace("7349", "7348"), "check digit"),
        ("P<UTOERIKSSON<<ANNA<MARIA", "zone"),
        ("<<<<<<", "zone"),
    ],
)
def test_a_zone_that_does_not_add_up_has_no_value(raw, words):
    outcome = normalise_document(raw, Context(country="SK"))
    assert outcome.values == ()
    assert words in outcome.problem


def test_check_digits_are_those_of_the_specimens():
    assert [check_digit(field) for field in ("520727", "AB2134<<<", "L898902C3")] == ["3", "5", "6"]


@pytest.mark.parametrize(
    ("country", "sound", "wrong"),
    [
        ("BG", "7523169263", "7523169264"),
        ("GR", "01013099997", "01013099998"),
        ("SK", "710319/2745", "710319/2746"),
        ("CZ", "710319/2745", "710319/2746"),
        ("PL", "44051401359", "44051401358"),
        ("ES", "54362315-K", "54362315-A"),
        ("ES", "X-2482300-W", "X-2482300-A"),
        ("IT", "RCCMNL83S18D969H", "RCCMNL83S18D969I"),
        ("RO", "1630615123457", "1630615123458"),
    ],
)
@pytest.mark.parametrize("kind", ["national_id", "personal_number"])
def test_personal_numbers_must_have_their_check_digit(country, sound, wrong, kind):
    assert value_of(sound, country, kind) is not None
    outcome = normalise_document(wrong, Context(country=country, document_kind=kind))
    assert outcome.values == ()
    assert "personal number" in outcome.problem


@pytest.mark.parametrize(
    ("raw", "country", "kind"),
    [
        ("44051401358", "PL", "passport"),
        ("44051401358", None, "national_id"),
        ("ABC123456", "PL", "national_id"),
        ("44051401358", "VN", "national_id"),
    ],
)
def test_other_kinds_shapes_and_countries_are_not_checked(raw, country, kind):
    assert value_of(raw, country, kind) == raw


def test_letters_of_an_italian_fiscal_code_are_not_taken_for_digits():
    assert value_of("RSSMRA85T10I608K", "IT") == "RSSMRA85T10I608K"


@pytest.mark.parametrize(
    "raw", ["", "-", "unknown", "неизвестно", "000000", "123456", "xxxxxx", "XX000000"]
)
def test_placeholders_have_no_value(raw):
    assert "not known" in normalise_document(raw, Context(country="BG")).problem


@pytest.mark.parametrize("raw", ["lost", "A1", "ABCDEFGH", "1" * 12 + "2" * 12, "Ж123456Ы"])
def test_what_is_no_number_has_no_value(raw):
    outcome = normalise_document(raw, Context(country="BG"))
    assert outcome.values == ()
    assert outcome.problem


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("SVK", "SK"),
        ("D", "DE"),
        ("GBN", "GB"),
        ("RKS", "XK"),
        ("UNO", None),
        ("UTO", None),
        ("", None),
    ],
)
def test_issuers_of_zones_become_two_letter_codes(code, expected):
    assert alpha_2_of_issuer(code) == expected


def test_the_countries_are_all_there_once():
    assert len(COUNTRIES) == 250  # 249 of ISO 3166-1 and Kosovo
    assert {"SK", "BG", "GR", "UA", "VN", "XK"} <= COUNTRIES
    assert "ZZ" not in COUNTRIES
