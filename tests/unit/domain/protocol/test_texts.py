"""Texts: English where one is missing, entry by entry, and the review of what is told."""

import pytest

from app.domain.protocol.texts import LANGUAGES, Piece, Review, parse_texts
from tests.support.protocol import english

SLOVAK = {
    "review": "reviewed",
    "AC-01": {"label": "Nábor", "explanation": "a", "example": "b", "not": "c"},
    "EX-01": {"label": "Dlhé hodiny"},
}


def texts(**others):
    return parse_texts({"en": english(), **others})


def test_an_entry_is_told_in_the_language_with_its_review():
    told = texts(sk={"indicators": SLOVAK}).tell("indicators", "AC-01", "sk")
    assert (told.texts["label"], told.language, told.review) == ("Nábor", "sk", Review.REVIEWED)


@pytest.mark.parametrize(
    ("key", "language"),
    [("EX-02", "sk"), ("EX-01", "sk"), ("AC-01", "bg"), ("AC-01", "en"), ("AC-01", "xx")],
)
def test_an_entry_that_is_not_whole_in_a_language_is_told_in_english(key, language):
    told = texts(sk={"indicators": SLOVAK}).tell("indicators", key, language)
    assert (told.texts["label"], told.language) == (f"label of {key}", "en")
    assert told.review is Review.DRAFT


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("yes", Piece("áno", "sk", Review.DRAFT)),
        ("no", Piece("word no", "en", Review.DRAFT)),
    ],
)
def test_words_are_in_english_one_by_one(code, told):
    slovak = {"words": {"review": "draft", "answers": {"yes": "áno"}}}
    assert texts(sk=slovak).piece("words", "answers", code, "sk") == told


@pytest.mark.parametrize("language", ["en", "sk"])
def test_what_english_does_not_have_is_a_key_error(language):
    with pytest.raises(KeyError):
        texts().tell("indicators", "ZZ-99", language)
    with pytest.raises(KeyError):
        texts().piece("words", "answers", "maybe", language)


def test_what_a_language_lacks_is_named():
    known = texts(sk={"indicators": SLOVAK})
    missing = known.missing("sk")
    assert "indicators.EX-01.explanation" in missing
    assert "words.answers.yes" in missing
    assert not [each for each in missing if each.startswith("indicators.AC-01")]
    assert "indicators.EX-01.label" not in missing
    assert known.missing("en") == ()


def without(kind):
    return {name: table for name, table in english().items() if name != kind}


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"en": english(), "de": {}}, f"texts/de: not one of {LANGUAGES[0]}"),
        ({"en": english() | {"poems": {}}}, r"texts/en/poems.toml: not one of"),
        ({"en": without("advice")}, r"texts/en/advice.toml is missing"),
        ({}, "is missing"),
        ({"en": english(), "sk": {"words": {}}}, r"texts/sk/words.toml: review is not one of"),
        ({"en": english(), "sk": {"words": {"review": "done"}}}, "review is not one of"),
        ({"en": english(), "sk": {"words": {"review": ["draft"]}}}, "review is not one of"),
        (
            {"en": english(), "sk": {"indicators": {"review": "draft", "AC-01": "Nábor"}}},
            "AC-01 must be a table",
        ),
        (
            {"en": english(), "sk": {"indicators": {"review": "draft", "AC-01": {}}}},
            "AC-01 must be a table",
        ),
        *(
            (
                {
                    "en": english(),
                    "sk": {"indicators": {"review": "draft", "AC-01": {"label": bad}}},
                },
                r"AC-01.label must be a text",
            )
            for bad in ("", "  ", " a", "a\n", 7, ["a"])
        ),
        (
            {"en": english(), "sk": {"indicators": {"review": "draft", "ZZ-99": {"label": "a"}}}},
            r"texts/sk/indicators.toml: ZZ-99.label is not in English",
        ),
        (
            {"en": english(), "sk": {"indicators": {"review": "draft", "AC-01": {"title": "a"}}}},
            r"AC-01.title is not in English",
        ),
    ],
)
def test_faulty_texts_are_refused_with_the_place(tables, said):
    with pytest.raises(ValueError, match=said):
        parse_texts(tables)
