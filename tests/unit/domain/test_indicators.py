"""The catalogue as shipped, and what is refused when one is read."""

import csv
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import app
from app.domain.indicators import (
    ANY_FORM,
    AgeGroup,
    AppliesTo,
    Dimension,
    Element,
    Form,
    Profile,
    Sign,
    Strength,
)
from app.domain.protocol.catalogue import parse_catalogue

FOLDER = Path(app.__file__).parent / "data" / "protocol" / "v1"
ROW = {
    "code": "CD-01",
    "dimension": "coercion_destination",
    "element": "means",
    "strength": "strong",
    "forms": "any",
    "applies_to": "both",
    "label_en": "Identity papers are held by someone else",
    "source": "ILO-EC-2009",
}
OBSERVED = ROW | {
    "code": "OB-01",
    "dimension": "observation",
    "element": "context",
    "strength": "weak",
}
ACT = ROW | {"code": "AC-01", "dimension": "act", "element": "act", "strength": "structural"}


def read_rows():
    with (FOLDER / "indicators.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_rules():
    return tomllib.loads((FOLDER / "overrides.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def catalogue():
    return parse_catalogue(read_rows(), version="1", rules=read_rules())


def test_the_shipped_catalogue_has_eighty_indicators_in_eight_dimensions(catalogue):
    assert len(catalogue.indicators) == len(catalogue.codes) == 80
    assert Counter(each.dimension for each in catalogue.indicators) == {
        Dimension.ACT: 4,
        Dimension.DECEPTIVE_RECRUITMENT: 10,
        Dimension.COERCIVE_RECRUITMENT: 9,
        Dimension.VULNERABILITY_RECRUITMENT: 10,
        Dimension.EXPLOITATION: 18,
        Dimension.COERCION_DESTINATION: 16,
        Dimension.VULNERABILITY_DESTINATION: 4,
        Dimension.OBSERVATION: 9,
    }


def test_an_entry_is_read_whole(catalogue):
    entry = catalogue.get("EX-10")
    assert entry.element is Element.PURPOSE
    assert entry.strength is Strength.STRONG
    assert entry.forms == {Form.SEXUAL_EXPLOITATION}
    assert entry.applies_to is AppliesTo.CHILD
    assert entry.label == "Child used in paid sex or sexual images"
    assert entry.source == "DIR-2011/36-2;OWN"


def test_codes_can_be_asked_for(catalogue):
    assert "CD-01" in catalogue
    assert "XX-99" not in catalogue
    assert catalogue.codes[0] == "AC-01"
    assert catalogue.get("CD-01").forms == ANY_FORM
    with pytest.raises(KeyError):
        catalogue.get("XX-99")


@pytest.mark.parametrize(
    ("code", "age", "applies"),
    [
        ("EX-10", AgeGroup.CHILD, True),
        ("EX-10", AgeGroup.ADULT, False),
        ("EX-10", AgeGroup.UNKNOWN, True),
        ("CD-01", AgeGroup.ADULT, True),
        ("CD-01", AgeGroup.CHILD, True),
    ],
)
def test_an_indicator_applies_to_its_ages(catalogue, code, age, applies):
    assert catalogue.get(code).applies_at(age) is applies


def test_every_purpose_of_the_directive_has_a_defining_sign_but_labour(catalogue):
    covered = set().union(*(catalogue.get(code).forms for code in catalogue.rules.defining))
    missing = set(Form) - {Form.OTHER, Form.UNKNOWN} - covered
    assert missing == {Form.LABOUR_EXPLOITATION}


@pytest.mark.parametrize(
    ("profile", "strong", "medium"),
    [
        (
            Profile.LABOUR_CHILD,
            {"DR-07", "CR-02", "CR-03", "CR-04", "CD-05", "CD-06", "CD-07", "CD-08"},
            {"RV-09", "RV-10", "EX-08", "CD-14"},
        ),
        (Profile.SEXUAL_ADULT, {"CD-07"}, {"EX-01"}),
        (Profile.SEXUAL_CHILD, {"CD-07", "EX-06"}, {"EX-01"}),
    ],
)
def test_the_lists_override_the_strengths_they_should(catalogue, profile, strong, medium):
    overrides = catalogue.rules.strengths[profile]
    assert {code for code, level in overrides.items() if level is Strength.STRONG} == strong
    assert {code for code, level in overrides.items() if level is Strength.MEDIUM} == medium
    assert len(overrides) == len(strong) + len(medium)


def test_every_observation_brings_up_questions(catalogue):
    observed = {each.code for each in catalogue.indicators if each.element is Element.CONTEXT}
    assert catalogue.rules.prompts.keys() == observed


def test_columns_beyond_the_eight_are_left_alone():
    assert parse_catalogue([ROW | {"example": "…"}], version="1").codes == ("CD-01",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": ""}, "row 2: column code is missing"),
        ({"code": "cd 2"}, "not of the form"),
        ({"code": "C" * 40 + "-01"}, "not of the form"),
        ({"code": "CD-01"}, "CD-01 is there twice"),
        ({"dimension": "mood"}, r"row 2 \(CD-02\): Dimension 'mood' is not one of"),
        ({"element": "purpose"}, "coercion_destination belongs to means"),
        ({"element": "motive"}, "Element 'motive'"),
        ({"strength": "mighty"}, "Strength 'mighty'"),
        ({"strength": "structural"}, "acts, and nothing else"),
        ({"dimension": "act", "element": "act"}, "acts, and nothing else"),
        ({"forms": "labour"}, "Form 'labour'"),
        ({"forms": "forced_begging;forced_begging"}, "twice"),
        ({"forms": "forced_begging;unknown"}, "says any"),
        ({"applies_to": "everyone"}, "AppliesTo 'everyone'"),
        ({"label_en": "  "}, "label_en is missing or empty"),
        ({"source": None}, "source is missing or empty"),
        ({None: ["left over"]}, "more cells than columns"),
    ],
)
def test_a_faulty_row_is_refused_with_the_reason(change, said):
    with pytest.raises(ValueError, match=said):
        parse_catalogue([ROW, ROW | {"code": "CD-02"} | change], version="1")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"weights": {}}, "weights is not one of"),
        ({"defining": "EX-01"}, "defining: must be a list"),
        ({"defining": ["EX-99"]}, "'EX-99' is not in the catalogue"),
        ({"defining": [["CD-01"]]}, "is not in the catalogue"),
        ({"defining": ["CD-01"]}, "CD-01 is no purpose"),
        ({"strengths": []}, "strengths: must be a table"),
        ({"strengths": {"labour_elder": {}}}, "Profile 'labour_elder'"),
        ({"strengths": {"labour_child": {"mighty": []}}}, "Strength 'mighty'"),
        ({"strengths": {"labour_child": {"structural": ["CD-01"]}}}, "cannot weigh structural"),
        ({"strengths": {"labour_child": {"strong": ["AC-01"]}}}, "AC-01 cannot weigh"),
        ({"strengths": {"labour_child": {"strong": ["CD-01"] * 2}}}, "a code is there twice"),
        (
            {"strengths": {"labour_child": {"strong": ["CD-01"], "weak": ["CD-01"]}}},
            "CD-01 is there twice",
        ),
        ({"prompts": {"CD-01": ["CD-01"]}}, "CD-01 is no observation"),
        ({"prompts": {"OB-01": []}}, "must name acts"),
        ({"prompts": {"OB-01": ["OB-01"]}}, "must name acts"),
        ({"prompts": {"OB-01": ["AC-01"]}}, "the first must be"),
        ({"urgency": {"never": []}}, "never is not one of"),
        ({"urgency": {"soon": ["CD-01"], "danger_now": ["CD-01"]}}, "in both levels"),
    ],
)
def test_faulty_rules_are_refused_with_the_reason(rules, said):
    with pytest.raises(ValueError, match=said):
        parse_catalogue([ROW, OBSERVED, ACT], version="1", rules=rules)


@pytest.mark.parametrize(
    ("rows", "version", "said"), [([ROW], " ", "a version"), ([], "1", "at least one")]
)
def test_an_empty_catalogue_or_version_is_refused(rows, version, said):
    with pytest.raises(ValueError, match=said):
        parse_catalogue(rows, version=version)


@pytest.mark.parametrize("grade", [0, 5, -1])
def test_a_grade_outside_the_europol_scale_is_refused(grade):
    with pytest.raises(ValueError, match="1 to 4"):
        Sign("CD-01", grade=grade)
