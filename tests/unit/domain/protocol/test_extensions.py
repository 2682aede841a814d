"""Extensions: own codes, what they count as, and the faults that are refused with their place."""

from copy import deepcopy

import pytest

from app.domain.protocol.catalogue import check_succession
from app.domain.protocol.extensions import extended, parse_extension
from tests.support.protocol import ROWS, catalogue

TEXTS = {"label": "a", "explanation": "b", "example": "c", "not": "d"}
TABLE = {
    "prefix": "SK",
    "codes": [{"code": "SK-01", "maps_to": "EX-01"}, {"code": "SK-02", "maps_to": "EX-01"}],
    "texts": {
        "en": {"review": "draft", "SK-01": dict(TEXTS), "SK-02": dict(TEXTS)},
        "sk": {"review": "reviewed", "SK-01": {**TEXTS, "label": "e"}, "SK-02": {"label": "f"}},
    },
}
RETIRED = [each | ({"retired": "2"} if each["code"] == "EX-02" else {}) for each in ROWS]


def parsed(table=TABLE, *, name="sk", of=None):
    return parse_extension(table, name=name, catalogue=of or catalogue())


def changed(path, value):
    """The table with one place of it changed; None takes the place out."""
    table = deepcopy(TABLE)
    *steps, last = path
    at = table
    for step in steps:
        at = at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return table


def test_an_own_code_counts_as_the_common_code_that_it_maps_to():
    common = extended(catalogue(), [parsed()])
    assert common.common("SK-01") == "EX-01"
    assert common.common("EX-02") == "EX-02"
    assert common.common("SK-09") is None
    assert common.common_codes(["SK-02", "ZZ-01", "AC-01", "EX-01"]) == ("EX-01", "AC-01")


def test_own_codes_are_no_codes_of_the_catalogue():
    common = extended(catalogue(), [parsed()])
    assert "SK-01" not in common
    assert common.codes == catalogue().codes


def test_the_texts_of_an_own_code_are_in_one_language():
    words = parsed().words
    assert words.tell("SK-01", "sk") == ({**TEXTS, "label": "e"}, "sk", "reviewed")
    assert words.tell("SK-02", "sk") == (TEXTS, "en", "draft")
    assert words.tell("SK-01", "pl") == (TEXTS, "en", "draft")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["prefix"], None, "^prefix: must be two capital letters"),
        (["prefix"], "sk", "^prefix: must be two capital letters"),
        (["prefix"], "EX", "^prefix: EX is one of the catalogue"),
        (["country"], "SK", "^country is not one of codes, prefix, texts"),
        (["codes"], [], "^codes: must be a list of at least one code"),
        (["codes", 0], "SK-01", "^code 1: must be a table"),
        (["codes", 0, "code"], "CZ-01", "^code 1: code 'CZ-01' is not of the form SK-01"),
        (["codes", 0, "code"], "SK-1", "^code 1: code 'SK-1' is not of the form SK-01"),
        (["codes", 0, "code"], None, "^code 1: code None is not of the form SK-01"),
        (["codes", 0, "note"], "a", "^code 1: note is not one of code, maps_to, retired"),
        (["codes", 0, "retired"], 2, r"^code 1 \(SK-01\): retired must be a version"),
        (["codes", 1, "code"], "SK-01", r"^code 2 \(SK-01\): is there twice"),
        (["codes", 1, "maps_to"], None, r"^code 2 \(SK-02\): maps_to is missing"),
        (["codes", 1, "maps_to"], "ZZ-01", r"^code 2 \(SK-02\): maps to ZZ-01, which is not in"),
        (["codes", 1, "maps_to"], "SK-01", r"^code 2 \(SK-02\): maps to SK-01, an own code"),
        (["texts"], None, "^texts.en is missing"),
        (["texts", "en"], None, "^texts.en is missing"),
        (["texts", "en"], "a", "^texts.en: must be a table"),
        (["texts", "de"], {"review": "draft"}, "^texts.de: not one of en, sk"),
        (["texts", "en", "review"], None, "^texts.en: review is not one of"),
        (["texts", "en", "SK-02"], None, "^texts.en: SK-02.label is missing"),
        (["texts", "en", "SK-02", "not"], None, "^texts.en: SK-02.not is missing"),
        (["texts", "en", "SK-02", "hint"], "a", "^texts.en: SK-02.hint is not one of its texts"),
        (["texts", "en", "SK-03"], TEXTS, "^texts.en: SK-03 belongs to nothing"),
        (["texts", "sk", "SK-03"], TEXTS, "^texts.sk: SK-03.label is not in English"),
    ],
)
def test_a_fault_is_refused_with_its_place(path, value, said):
    with pytest.raises(ValueError, match=said):
        parsed(changed(path, value))


def test_the_name_is_that_of_a_file():
    with pytest.raises(ValueError, match=r"^the name of an extension"):
        parsed(name="SK v2")


def test_a_code_in_force_does_not_map_to_a_retired_one():
    later = catalogue(RETIRED, version="2")
    to_retired = changed(["codes", 1, "maps_to"], "EX-02")
    with pytest.raises(ValueError, match=r"^code 2 \(SK-02\): maps to EX-02, which is retired"):
        parsed(to_retired, of=later)
    to_retired["codes"][1]["retired"] = "2"
    assert parsed(to_retired, of=later).codes[1].retired == "2"


def test_two_extensions_do_not_share_a_prefix():
    with pytest.raises(ValueError, match="sk and other share the prefix SK"):
        extended(catalogue(), [parsed(), parsed(name="other")])


def test_a_next_version_keeps_the_own_codes():
    older = extended(catalogue(), [parsed()])
    check_succession(older, extended(catalogue(version="2"), [parsed()]))
    with pytest.raises(ValueError, match="version 2: SK-01 of an extension is missing"):
        check_succession(older, catalogue(version="2"))
