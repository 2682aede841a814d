"""The catalogue as tables, as JSON and as a MISP taxonomy."""

import hashlib
import json
import re
from uuid import NAMESPACE_DNS, uuid5

import pytest

from app.domain.codelists.misp import machine_tag, misp_taxonomy
from app.domain.codelists.tables import (
    data_package,
    indicators_document,
    indicators_table,
    mapping_table,
)
from app.domain.indicators import Catalogue, Dimension, Element, Form, Profile
from app.domain.protocol.catalogue import parse_catalogue
from app.storage.catalogues import load_catalogue
from app.storage.codelists import load_mappings

CATALOGUE = load_catalogue()
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


def cells():
    header, rows = indicators_table(CATALOGUE)
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows}


def entries(taxonomy):
    return {
        (group["predicate"], entry["value"]): entry
        for group in taxonomy["values"]
        for entry in group["entry"]
    }


def test_the_table_is_read_back_as_the_catalogue_that_it_was_made_from():
    rows = cells().values()
    assert parse_catalogue(rows, version="1").indicators == CATALOGUE.indicators


@pytest.mark.parametrize(
    ("code", "column", "cell"),
    [
        ("EX-01", "strength_labour_adult", "strong"),
        ("EX-01", "strength_sexual_adult", "medium"),
        ("CD-05", "strength_labour_child", "strong"),
        ("CD-05", "strength_sexual_child", "medium"),
        ("AC-01", "strength_labour_adult", ""),
        ("OB-01", "strength_sexual_child", ""),
        ("EX-09", "defining", "yes"),
        ("EX-01", "defining", ""),
        ("CD-03", "urgency", "danger_now"),
        ("CD-02", "urgency", "soon"),
        ("CD-01", "urgency", ""),
        ("CD-01", "version", "1"),
        ("CD-01", "retired", ""),
        ("OB-07", "forms", "sexual_exploitation;labour_exploitation"),
        ("CD-01", "forms", "any"),
    ],
)
def test_a_row_says_what_the_rules_of_the_version_say(code, column, cell):
    assert cells()[code][column] == cell


def test_the_document_holds_what_the_catalogue_holds():
    document = indicators_document(CATALOGUE)
    found = {each["code"]: each for each in document["indicators"]}
    assert list(found) == list(CATALOGUE.codes)
    assert found["OB-01"]["prompts"] == ["CD-03", "AC-02"]
    assert found["OB-01"]["strengths"] == found["AC-01"]["strengths"] == {}
    assert set(found["CD-01"]["strengths"]) == set(Profile)
    assert (document["version"], document["licence"]["id"]) == ("1", "CC-BY-4.0")


def test_every_indicator_is_a_machine_tag_under_its_dimension():
    tags = set(entries(misp_taxonomy(CATALOGUE)))
    assert tags == {
        *((each.dimension.value, each.code) for each in CATALOGUE.indicators),
        *(("form", form.value) for form in Form),
    }


def test_a_machine_tag_is_a_triple():
    tag = machine_tag(Dimension.COERCION_DESTINATION, "CD-01")
    assert tag == 'thb:coercion_destination="CD-01"'
    assert re.fullmatch(r'[a-z]+:[a-z_]+="[^"]+"', tag)


def test_only_signs_that_weigh_have_a_number_and_stronger_ones_a_higher_one():
    numbers = {}
    for (predicate, value), entry in entries(misp_taxonomy(CATALOGUE)).items():
        if predicate != "form":
            indicator = CATALOGUE.get(value)
            weighs = indicator.element in (Element.MEANS, Element.PURPOSE)
            assert ("numerical_value" in entry) is weighs, value
            if weighs:
                numbers.setdefault(indicator.strength.value, set()).add(entry["numerical_value"])
    assert numbers == {"strong": {75}, "medium": {50}, "weak": {25}}


TEXT = {"value", "expanded", "description", "uuid"}
ALLOWED = {"namespace", "expanded", "description", "version", "uuid", "refs", "type", "predicates",
           "values"}  # fmt: skip


def is_text(value):
    return isinstance(value, str) and bool(value)


def test_the_taxonomy_has_the_fields_that_misp_allows_and_no_others():
    taxonomy = misp_taxonomy(CATALOGUE)
    assert set(taxonomy) <= ALLOWED
    assert isinstance(taxonomy["version"], int)
    assert all(is_text(taxonomy[name]) for name in ("namespace", "description", "expanded"))
    assert taxonomy["refs"]
    assert all(map(is_text, taxonomy["refs"]))
    assert set(taxonomy["type"]) <= {"org", "user", "attribute", "event"}
    for predicate in taxonomy["predicates"]:
        assert set(predicate) <= TEXT
        assert all(map(is_text, predicate.values()))
    for group in taxonomy["values"]:
        assert set(group) == {"predicate", "entry"}
        assert group["entry"]
        for entry in group["entry"]:
            assert set(entry) <= TEXT | {"numerical_value"}
            assert all(is_text(text) for name, text in entry.items() if name in TEXT)


def test_the_version_rises_with_every_change_of_what_the_taxonomy_says():
    """Where this fails, raise `REVISION` and write version and digest anew."""
    taxonomy = misp_taxonomy(CATALOGUE)
    version = taxonomy.pop("version")
    said = json.dumps(taxonomy, sort_keys=True, ensure_ascii=False).encode()
    assert (version, hashlib.sha256(said).hexdigest()) == (
        1001,
        "c2bdad67fc1fb1a00edc793ad6b74d5d142bd41767013aa925b8eff6aea44378",
    )


def test_the_next_version_of_the_protocol_is_a_higher_one_of_the_taxonomy():
    later = parse_catalogue([ROW], version="2")
    assert misp_taxonomy(later)["version"] > misp_taxonomy(CATALOGUE)["version"]


def test_every_predicate_is_declared_once_and_so_is_every_entry():
    taxonomy = misp_taxonomy(CATALOGUE)
    declared = [predicate["value"] for predicate in taxonomy["predicates"]]
    used = [group["predicate"] for group in taxonomy["values"]]
    assert declared == [*Dimension, "form"]
    assert len(set(used)) == len(used)
    assert set(used) <= set(declared)
    assert sum(len(group["entry"]) for group in taxonomy["values"]) == len(entries(taxonomy))


def test_the_uuids_are_those_that_the_keepers_of_the_taxonomies_would_make():
    taxonomy = misp_taxonomy(CATALOGUE)
    entry = entries(taxonomy)["coercion_destination", "CD-01"]
    assert taxonomy["uuid"] == str(uuid5(NAMESPACE_DNS, "thb"))
    assert entry["uuid"] == str(uuid5(NAMESPACE_DNS, 'thb:coercion_destination="CD-01"'))


def test_a_retired_code_stays_and_is_said_to_be_retired():
    catalogue = parse_catalogue([ROW | {"retired": "2"}], version="2")
    header, [row] = indicators_table(catalogue)
    assert row[header.index("retired")] == "2"
    entry = entries(misp_taxonomy(catalogue))["coercion_destination", "CD-01"]
    assert "Retired with version 2" in entry["description"]


def test_a_dimension_without_indicators_has_no_entries():
    used = [
        group["predicate"] for group in misp_taxonomy(parse_catalogue([ROW], version="1"))["values"]
    ]
    assert used == ["coercion_destination", "form"]


def test_a_version_that_is_no_number_makes_no_taxonomy():
    with pytest.raises(ValueError, match="whole number"):
        misp_taxonomy(Catalogue("1.1", CATALOGUE.indicators, CATALOGUE.rules))


def test_no_text_of_the_files_could_be_taken_for_a_formula():
    for _, rows in [indicators_table(CATALOGUE), *map(mapping_table, load_mappings(CATALOGUE))]:
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_package_names_every_file_with_source_licence_and_doubts():
    mappings = load_mappings(CATALOGUE)
    package = data_package(CATALOGUE, mappings, taxonomy="t.json", document="d.json")
    assert [each["name"] for each in package["licenses"]] == ["CC-BY-4.0"]
    resources = {each["path"]: each for each in package["resources"]}
    assert set(resources) == {
        "indicators.csv", "t.json", "d.json",
        "mappings/eu-thb.csv", "mappings/htcds-2.0.csv", "mappings/niem-6.0.csv",
    }  # fmt: skip
    for mapping in mappings:
        resource = resources[f"mappings/{mapping.name}.csv"]
        assert resource["sources"][0]["licence"] == "CC-BY-4.0"
        assert resource["uncertain"] == list(mapping.uncertain)
    fields = [each["name"] for each in resources["indicators.csv"]["schema"]["fields"]]
    assert fields == list(indicators_table(CATALOGUE).header)
