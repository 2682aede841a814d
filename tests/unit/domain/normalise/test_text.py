"""Text forms: what is folded, and that folding settles."""

import pytest

from app.domain.normalise import text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  a \t b\n c ", "a b c"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("zero\u200bwidth", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("nul\x00byte", "nulbyte"),
        ("no\u00a0break", "no break"),
        ("e\u200d\u0301", "é"),
        ("lone\ud800surrogate", "lonesurrogate"),
        ("", ""),
    ],
)
def test_cleaning_removes_what_cannot_be_seen(raw, expected):
    assert text.clean(raw) == expected


def test_folding_is_full_case_folding():
    assert text.fold(" STRASSE ") == text.fold("Straße") == "strasse"


def test_capitals_of_a_ligature_are_two_letters():
    assert text.upper("ﬁne ß") == "FINE SS"


def test_digits_of_other_scripts_become_ascii():
    assert text.fold_digits("٠٩٠٥ ۱۲۳ १२") == "0905 123 12"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("авекмнорстух", "ABEKMHOPCTYX"),
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
        ("са 1234 ав", "CA 1234 AB"),
        ("Ά", "A"),
        ("ДЖ", "ДЖ"),
        ("za123ab", "ZA123AB"),
    ],
)
def test_letters_that_look_latin_become_latin(raw, expected):
    assert text.fold_lookalikes(raw) == expected


def test_marks_are_stripped():
    assert text.strip_marks("Žilina") == "Zilina"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("paypal", False),
        ("pаypal", True),
        ("пример", False),
        ("žilina", False),
        ("αlpha", True),
        ("δέλτα1", False),
        ("北京abc", False),
    ],
)
def test_mixed_scripts_are_noticed_within_one_word(word, expected):
    assert text.has_mixed_scripts(word) is expected
