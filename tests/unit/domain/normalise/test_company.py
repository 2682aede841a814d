"""Company numbers. Numbers are invented ones or the examples that registers publish."""

import pytest

from app.domain.attributes import Context
from app.domain.normalise.company import normalise_company
from app.domain.normalise.company_schemes import is_ico


def value_of(raw, country=None):
    outcome = normalise_company(raw, Context(country=country))
    return outcome.values[0].value if outcome.values else None


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("IČO: 31 333 532", "SK", "SK:31333532"),
        ("SK2020317068", None, "SK:2020317068"),
        ("IČ DPH: SK2020317068", None, "SK:2020317068"),
        ("ЕИК 175074752", None, "BG:175074752"),
        ("BG175074752", None, "BG:175074752"),
        ("NIP 526-000-12-46", None, "PL:5260001246"),
        ("PL5260001246", "PL", "PL:5260001246"),
        ("KRS 0000127206", None, "PL:0000127206"),
        ("REGON 192598184", None, "PL:192598184"),
        ("ESA58818501", None, "ES:A58818501"),
        ("CIF: A-58818501", "ES", "ES:A58818501"),
        ("Α.Φ.Μ. 094259216", None, "GR:094259216"),
        ("EL 094259216", None, "GR:094259216"),
        ("94259216", "GR", "GR:094259216"),
        ("ΓΕΜΗ 123456789000", None, "GR:123456789000"),
        ("P.IVA 00743110157", None, "IT:00743110157"),
        ("IT00743110157", "IT", "IT:00743110157"),
        ("REA MI-1234567", None, "IT:MI1234567"),
        ("CUI 18547290", None, "RO:18547290"),
        ("RO18547290", "RO", "RO:18547290"),
        ("J40/123/2001", None, "RO:J40/123/2001"),
        ("J 40 / 0123 / 2001", "RO", "RO:J40/123/2001"),
        ("HU12892312", None, "HU:12892312"),
        ("12892312-1-42", "HU", "HU:12892312"),
        ("ЄДРПОУ 32855961", None, "UA:32855961"),
        ("HRB 48554103", None, "DE:48554103"),
        ("48554103", "DE", "DE:48554103"),
        ("HRB 45678, Amtsgericht Ulm", None, "DE:45678ULM"),
        ("AG Ulm HRB 45678", "DE", "DE:45678ULM"),
        ("USt-IdNr. DE136695976", None, "DE:136695976"),
        ("SIREN 552 008 443", None, "FR:552008443"),
        ("552 008 443 00012", "FR", "FR:552008443"),
        ("RCS Paris B 552 008 443", None, "FR:552008443"),
        ("FR83404833048", None, "FR:404833048"),
        ("KvK 75624996", None, "NL:75624996"),
        ("NL004495445B01", None, "NL:004495445B01"),
        ("IČO 25123891", "CZ", "CZ:25123891"),
        ("CZ25123891", None, "CZ:25123891"),
        ("FN 123456 a", None, "AT:123456A"),
        ("ATU13585627", None, "AT:U13585627"),
        ("BE 0403.019.261", None, "BE:0403019261"),
        ("403019261", "BE", "BE:0403019261"),
        ("LEI 213800KUD8LAJWSQ9D15", "SK", "ZZ:213800KUD8LAJWSQ9D15"),
    ],
)  # fmt: skip
def test_labels_go_out_and_forms_of_one_number_agree(raw, country, expected):
    assert value_of(raw, country) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("SK2020317068", "SK"), ("31333532", "SK")),
        (("DE136695976", "DE"), ("HRB 136695", "DE")),
        (("31333532", "SK"), ("31333532", "CZ")),
        (("HRB 45678 Ulm", "DE"), ("HRB 45678 Köln", "DE")),
    ],
)
def test_numbers_of_different_registers_stay_apart(left, right):
    assert value_of(*left) != value_of(*right)


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("KvK 75624996", "BE", "NL:75624996"),
        ("DE136695976", "SK", "DE:136695976"),
        ("SK:31333532", "CZ", "SK:31333532"),
    ],
)
def test_the_register_counts_for_more_than_the_country_as_sent(raw, country, expected):
    assert value_of(raw, country) == expected


@pytest.mark.parametrize(
    ("raw", "country"),
    [
        ("31333531", "SK"),
        ("25123892", "CZ"),
        ("175074751", "BG"),
        ("5260001247", "PL"),
        ("A58818502", "ES"),
        ("094259217", "GR"),
        ("00743110158", "IT"),
        ("18547291", "RO"),
        ("12892313", "HU"),
        ("32855962", "UA"),
        ("552008444", "FR"),
        ("55200844400012", "FR"),
        ("U13585626", "AT"),
        ("0403019262", "BE"),
        ("DE136695977", "DE"),
    ],
)
def test_a_wrong_check_digit_leaves_no_value(raw, country):
    outcome = normalise_company(raw, Context(country=country))
    assert outcome.values == ()
    assert "check digit" in outcome.problem


@pytest.mark.parametrize(
    ("raw", "country", "note"),
    [
        ("31333532", "SK", None),
        ("KvK 75624996", None, "check_digit_unknown"),
        ("65340523", "SE", "check_digit_unknown"),
        ("8498663", "VN", "check_digit_unknown"),
        ("8498663", None, "country_unknown"),
        ("B91211857", None, "country_unknown"),
    ],
)
def test_the_note_says_what_could_not_be_verified(raw, country, note):
    assert normalise_company(raw, Context(country=country)).values[0].note == note


@pytest.mark.parametrize(
    ("raw", "country"),
    [
        ("SI0123456", None),
        ("24680", None),
        ("-", "SK"),
        ("unknown", "SK"),
        ("IČO:", "SK"),
        ("abc", "SK"),
        ("9" * 90, "SK"),
        ("公司12345678", None),
    ],
)
def test_what_is_no_number_has_no_value_but_a_reason(raw, country):
    outcome = normalise_company(raw, Context(country=country))
    assert outcome.values == ()
    assert outcome.problem


@pytest.mark.parametrize("number", ["31333532", "36421928", "00151742", "25123891"])
def test_the_check_digit_of_the_ico_is_weighted_by_eight_to_two(number):
    assert is_ico(number)
    assert not any(is_ico(number[:7] + digit) for digit in "0123456789" if digit != number[7])
