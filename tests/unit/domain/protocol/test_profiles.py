"""Profiles: common codes in own words, and the faults that are refused with their place."""

import pytest

from app.domain.protocol.extensions import extended, parse_extension
from app.domain.protocol.profiles import parse_profile
from tests.support.protocol import ROWS, catalogue

OWN = {"label": "a", "explanation": "b", "example": "c", "not": "d"}
WORDS = {"review": "draft", "EX-02": {"label": "a"}, "AC-01": {"label": "b", "hint": "c"}}
TABLE = {"sector": "ngo", "codes": ["EX-02", "AC-01"], "texts": {"en": WORDS}}


def known():
    """A catalogue with a retired code and an extension."""
    rows = [each | ({"retired": "1"} if each["code"] == "EX-01" else {}) for each in ROWS]
    common = catalogue(rows)
    table = {
        "prefix": "SK",
        "codes": [{"code": "SK-01", "maps_to": "CD-01"}],
        "texts": {"en": {"review": "draft", "SK-01": OWN}},
    }
    return extended(common, [parse_extension(table, name="sk", catalogue=common)])


def parsed(table, name="helpline"):
    return parse_profile(table, name=name, catalogue=known())


def test_a_profile_has_common_codes_in_its_own_order_and_words():
    found = parsed(TABLE)
    assert (found.name, found.sector, found.codes) == ("helpline", "ngo", ("EX-02", "AC-01"))
    assert found.words.tell("AC-01", "sk") == ({"label": "b", "hint": "c"}, "en", "draft")


def test_a_profile_need_not_be_that_of_a_sector():
    assert parsed({key: TABLE[key] for key in ("codes", "texts")}).sector is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sector": "gaming"}, "^sector: 'gaming' is not one of"),
        ({"forms": []}, "^forms is not one of codes, sector, texts"),
        ({"codes": []}, "^codes: must be a list of at least one code"),
        ({"codes": "EX-02"}, "^codes: must be a list of at least one code"),
        ({"codes": ["EX-02", "ZZ-01"]}, "^code 2: 'ZZ-01' is not in the catalogue"),
        ({"codes": ["EX-02", 7]}, "^code 2: 7 is not in the catalogue"),
        ({"codes": ["EX-02", "AC-01", "EX-02"]}, "^code 3: EX-02 is there twice"),
        ({"codes": ["SK-01"]}, "^code 1: SK-01 is of an extension; its common code is CD-01"),
        ({"codes": ["EX-01"]}, "^code 1: EX-01 is retired"),
        ({"codes": ["EX-02"]}, "^texts.en: AC-01 belongs to nothing"),
        ({"codes": ["EX-02", "AC-01", "CD-01"]}, "^texts.en: CD-01.label is missing"),
        ({"texts": {}}, "^texts.en is missing"),
    ],
)
def test_a_fault_is_refused_with_its_place(change, said):
    with pytest.raises(ValueError, match=said):
        parsed({**TABLE, **change})


def test_the_name_is_that_of_a_file():
    with pytest.raises(ValueError, match=r"^the name of a profile"):
        parsed(TABLE, name="Help line")
