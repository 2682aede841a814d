"""Mappings to other standards: those that are shipped, and what is refused when one is read."""

import tomllib
from copy import deepcopy
from pathlib import Path

import pytest

import app
from app.domain.codelists.mappings import Relation, our_lists, parse_mapping
from app.domain.indicators import Form
from app.storage.catalogues import load_catalogue
from app.storage.codelists import load_mappings

CATALOGUE = load_catalogue()
FOLDER = Path(app.__file__).parent / "data" / "protocol" / "v1" / "mappings"
SHIPPED = {mapping.name: mapping for mapping in load_mappings(CATALOGUE)}
FORMS = [["forms", form.value, "none", "", "", "no such list"] for form in Form]
OTHER_LISTS = [name for name in our_lists(CATALOGUE) if name != "forms"]
SMALL = {
    "standard": "S",
    "title": "A standard",
    "publisher": "Somebody",
    "version": "1",
    "source": "https://standard.example/",
    "seen": "all of it",
    "licence": "CC-BY-4.0",
    "terms": "Attribution.",
    "review": "draft",
    "uncertain": ["everything"],
    "rows": [["forms", "other", "close", "theirs", "Other", ""], *FORMS[:-2], FORMS[-1]],
    "not_mapped": dict.fromkeys(OTHER_LISTS, "not in it"),
    "theirs": {"theirs": ["Other", "Secret"]},
    "not_reached": {"theirs": {"Secret": "unknown here"}},
}


def parsed(tables):
    return parse_mapping(tables, name="small", catalogue=CATALOGUE)


def found(mapping, our_list, our_code):
    return {
        (row.relation.value, row.their_list, row.their_value)
        for row in SHIPPED[mapping].rows
        if (row.our_list, row.our_code) == (our_list, our_code)
    }


def test_three_standards_are_mapped():
    assert list(SHIPPED) == ["eu-thb", "htcds-2.0", "niem-6.0"]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_code_of_ours_has_a_counterpart_or_a_reason(name):
    rows = SHIPPED[name].rows
    told = {(row.our_list, row.our_code) for row in rows}
    for our_list, codes in our_lists(CATALOGUE).items():
        whole = (our_list, "") in told
        assert whole or {code for listed, code in told if listed == our_list} == set(codes)
    assert all(row.note for row in rows if row.relation is Relation.NONE)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_value_of_theirs_is_reached_or_has_a_reason(name):
    lists = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["theirs"]
    told = {(row.their_list, row.their_value) for row in SHIPPED[name].rows}
    assert told - {("", "")} == {
        (each, value) for each, values in lists.items() for value in values
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_every_mapping_says_where_it_comes_from_and_what_is_uncertain(name):
    mapping = SHIPPED[name]
    assert mapping.source.startswith("https://")
    assert mapping.review == "draft"
    assert len(mapping.uncertain) >= 3


@pytest.mark.parametrize(
    ("mapping", "our_list", "our_code", "theirs"),
    [
        (
            "htcds-2.0", "forms", "forced_begging",
            {("exact", "vic_TypeOfExploitation", "ForcedBegging")},
        ),
        (
            "htcds-2.0", "forms", "forced_criminality",
            {("broader", "vic_TypeOfExploitation", "Other")},
        ),
        (
            "htcds-2.0", "indicators", "CD-03",
            {
                ("broader", "vic_MethodsOfControl", "Other"),
                ("close", "MethodsOfControl", "MethodsOfControlRestrictsMovement"),
            },
        ),
        (
            "htcds-2.0", "indicators", "CD-12",
            {
                ("close", "vic_MethodsOfControl", "ThreatensChildrenFamily"),
                ("broader", "MethodsOfControl", "MethodsOfControlThreats"),
            },
        ),
        ("htcds-2.0", "indicators", "OB-05", {("none", "", "")}),
        ("htcds-2.0", "ages", "child", {("none", "", "")}),
        (
            "htcds-2.0", "person_roles", "suspected_victim",
            {("close", "vic_TraffickingStatus", "PossibleVictimOfTrafficking")},
        ),
        (
            "eu-thb", "forms", "labour_exploitation",
            {("close", "form_of_exploitation", "Forced labour or services")},
        ),
        ("eu-thb", "citizenship_groups", "non_eu", {("exact", "citizenship", "Non-EU country")}),
        ("eu-thb", "ages", "child", {("exact", "age_group", "Children")}),
        (
            "niem-6.0", "forms", "domestic_servitude",
            {("close", "ExploitationIndustryCodeSimpleType", "Domestic Work")},
        ),
    ],
)  # fmt: skip
def test_a_code_is_told_as_the_standard_has_it(mapping, our_list, our_code, theirs):
    assert found(mapping, our_list, our_code) == theirs


def test_no_report_makes_an_actual_victim():
    rows = [row for row in SHIPPED["htcds-2.0"].rows if "ActualVictim" in row.their_value]
    assert [row.relation for row in rows] == [Relation.NONE]


def test_the_two_lists_of_methods_of_control_are_as_published():
    lists = tomllib.loads((FOLDER / "htcds-2.0.toml").read_text(encoding="utf-8"))["theirs"]
    picked, defined = set(lists["vic_MethodsOfControl"]), set(lists["MethodsOfControl"])
    defined = {name.removeprefix("MethodsOfControl") for name in defined}
    assert (len(picked), len(defined)) == (16, 17)
    assert picked - defined == {
        "PhysicalThreats",
        "ThreatsLawEnforcement",
        "ThreatensChildrenFamily",
        "PsychoactiveSubstance",
    }
    assert defined - picked == {
        "Threats",
        "ThreatOfLawEnforcement",
        "PsychoactiveSubstances",
        "RestrictsMovement",
        "UsesChildren",
    }


def test_ours_come_in_our_order_and_theirs_last():
    rows = parsed(SMALL).rows
    assert rows[0][:2] == ("forms", "other")
    assert rows[-1] == ("", "", Relation.NONE, "theirs", "Secret", "unknown here")
    assert [row.our_list for row in rows if row.our_list and not row.our_code] == OTHER_LISTS


def test_the_rest_of_a_list_may_have_one_reason():
    tables = SMALL | {"not_reached": {"theirs": {"*": "for all"}}}
    assert parsed(tables).rows[-1].note == "for all"


def changed(*path, to):
    tables = deepcopy(SMALL)
    place = tables
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return tables


@pytest.mark.parametrize(
    ("tables", "why"),
    [
        ({key: SMALL[key] for key in SMALL if key != "source"}, "source is missing"),
        (SMALL | {"more": "1"}, "more is missing or not known"),
        (changed("licence", to=" "), "licence: must be a text"),
        (changed("review", to="done"), "review is draft or reviewed"),
        (changed("rows", 0, to=["forms", "other"]), "row 1: must be 6 texts"),
        (changed("rows", 0, 5, to=1), "row 1: must be 6 texts"),
        (changed("rows", 0, 2, to="same"), "'same' is not one of exact"),
        (changed("rows", 0, 1, to="slavery"), "forms has no 'slavery'"),
        (changed("rows", 0, 4, to="Another"), "theirs has no 'Another'"),
        (changed("rows", 0, 3, to="lost"), "lost has no 'Other'"),
        (changed("rows", 0, 2, to="none"), "none has no value of theirs"),
        (changed("rows", 1, 2, to="close"), "none has no value of theirs"),
        (changed("rows", 1, 5, to=""), "none needs a reason"),
        (SMALL | {"rows": [*SMALL["rows"], SMALL["rows"][0]]}, "is there twice"),
        (
            SMALL | {"rows": [*SMALL["rows"], ["forms", "other", "none", "", "", "x"]]},
            "other is said to have no counterpart",
        ),
        (SMALL | {"rows": SMALL["rows"][:-1]}, "forms: unknown is not mapped"),
        (changed("not_mapped", "forms", to="x"), "forms is both mapped and not_mapped"),
        (changed("not_mapped", "shoes", to="x"), "shoes is no list of ours"),
        (SMALL | {"not_reached": {}}, "nothing leads to Secret"),
        (changed("not_reached", "theirs", "Other", to="x"), "Other is reached or not there"),
        (changed("not_reached", "theirs", "*", to="x"), r"\* stands for nothing"),
        (changed("not_reached", "lost", to={"a": "x"}), "lost is no list of theirs"),
        (changed("theirs", "theirs", to=["Other", "Secret", "Other"]), "a value is there twice"),
        (SMALL | {"theirs": []}, "theirs: must be a table"),
        (SMALL | {"uncertain": "no"}, "must be a list"),
    ],
)
def test_a_mapping_at_odds_with_itself_is_refused(tables, why):
    with pytest.raises(ValueError, match=why):
        parsed(tables)
