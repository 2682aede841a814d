"""IBANs."""

import pytest

from app.domain.attributes import Context
from app.domain.normalise.iban import normalise_iban

HERE = Context(country="DE")


def value_of(raw):
    return [normalised.value for normalised in normalise_iban(raw, HERE).values]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("de89370400440532013000", "DE89370400440532013000"),
        ("IBAN: DE89.3704.0044.0532.0130.00", "DE89370400440532013000"),
        ("iban DE89-3704-0044-0532-0130-00", "DE89370400440532013000"),
        ("ВG80 ВNВG 9661 1020 3456 78", "BG80BNBG96611020345678"),
        ("ИБАН ВG80 BNBG 9661 1020 3456 78", "BG80BNBG96611020345678"),
        ("SK31 1200 0000 1987 4263 7541", "SK3112000000198742637541"),
        ("BG80 BNBG 9661 1020 3456 78", "BG80BNBG96611020345678"),
        ("GB82\u00a0WEST\u00a01234\u00a05698\u00a07654\u00a032", "GB82WEST12345698765432"),
    ],
)
def test_every_spelling_of_an_iban_gives_its_electronic_format(raw, expected):
    assert value_of(raw) == [expected]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("DE88 3704 0044 0532 0130 00", "check digits"),
        ("DE89 3704 0044 0532 0130 0", "check digits"),
        ("XX00 0000 0000", "not known"),
        ("not an account", "form or length"),
        ("unknown", "not known"),
        ("", "not known"),
        ("ZZ82 WEST 1234 5698 7654 32", "wrong"),
    ],
)
def test_what_is_no_sound_iban_has_no_value_but_a_reason(raw, words):
    outcome = normalise_iban(raw, HERE)
    assert outcome.values == ()
    assert words in outcome.problem


def test_the_reason_never_repeats_the_account():
    assert "3704" not in normalise_iban("DE88 3704 0044 0532 0130 00", HERE).problem
