"""Flat columns: every column of the format, the refusal of others, and rows as reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from app.api.v1.reading import read_draft
from app.api.v1.schemas.report import ReportIn
from app.intake.files.columns import known_columns, layout_of
from app.intake.files.rows import FileRefusedError, Row


def report_of(cells):
    return layout_of(list(cells)).report_of(list(cells.values()))[0]


FULL = {
    "external_ref": "LI-1",
    "observed_from": "2026-03-01",
    "observed_to": "2026-03-02",
    "language": "sk",
    "forms": "labour_exploitation; other",
    "indicators": "AC-01;EX-03;",
    "narrative": "Two men, no papers.",
    "country": "SK",
    "nuts": "SK031",
    "locality": "Žilina",
    "address": "Hlavná 12",
    "lat": "49,22",
    "lon": "18.74",
    "route": "UA;SK",
    "person_1_role": "suspected_victim",
    "person_1_name": "Jana Vymyslená",
    "person_1_given_name": "Jana",
    "person_1_family_name": "Vymyslená",
    "person_1_aliases": "Jani",
    "person_1_birth_date": "1999-05",
    "person_1_age_group": "adult",
    "person_1_sex": "female",
    "person_1_nationality": "SK",
    "person_1_languages": "sk;cs",
    "person_1_phones": "0905 000 111; 0905 000 222",
    "person_1_emails": "jana@mail.example",
    "person_1_profiles": "telegram:jana_demo",
    "person_1_document_kind": "passport",
    "person_1_document_number": "AB123456",
    "person_1_document_country": "SK",
    "organisation_1_role": "employer",
    "organisation_1_name": "Firma",
    "organisation_1_registration_number": "53994183",
    "organisation_1_country": "SK",
    "organisation_1_address": "Dlhá 1",
    "organisation_1_phones": "+421 905 000 333",
    "organisation_1_emails": "firma@mail.example",
    "organisation_1_urls": "https://firma.example",
    "vehicle_1_plate": "ZA417FK",
    "vehicle_1_country": "SK",
    "vehicle_1_vin": "WMAR08ZZ7JT041852",
    "vehicle_1_description": "white van",
    "attribute_1_kind": "phone",
    "attribute_1_value": "+421 905 000 444",
    "attribute_1_role": "helper",
    "attribute_1_country": "SK",
    "attribute_1_platform": "telegram",
    "attribute_1_note": "on the poster",
    "source_reliability": "B",
    "source_credibility": "2",
    "source_channel": "direct",
    "handling_code": "H0",
    "handling_tlp": "AMBER",
    "handling_share_with": "SK;AT",
    "consent_basis": "consent",
    "consent_scopes": "linking;police",
    "consent_victim_informed": "yes",
    "consent_note": "asked",
    "safety_do_not_contact": "FALSE",
    "safety_at_risk": "1",
}


def test_a_row_with_every_column_is_a_valid_report_with_every_field():
    report = report_of(FULL)
    ReportIn.model_validate_json(to_json(report))
    assert report["place"] == {
        "country": "SK", "nuts": "SK031", "locality": "Žilina", "address": "Hlavná 12",
        "lat": 49.22, "lon": 18.74,
    }  # fmt: skip
    assert report["forms"] == ["labour_exploitation", "other"]
    assert report["indicators"] == ["AC-01", "EX-03"]
    person = report["persons"][0]
    assert person["phones"] == ["0905 000 111", "0905 000 222"]
    assert person["documents"] == [{"kind": "passport", "number": "AB123456", "country": "SK"}]
    assert report["source"]["credibility"] == 2
    assert report["consent"]["victim_informed"] is True
    assert report["safety"] == {"do_not_contact": False, "at_risk": True}


def test_the_columns_name_every_field_that_a_report_has():
    """A field that is added to reports and has no column fails here; tokens stand alone."""
    reached = {column.path[:1] for column in layout_of(list(FULL)).columns}
    assert reached == {(name,) for name in ReportIn.model_fields}


def test_columns_can_be_written_in_any_case_and_with_spaces_around():
    assert report_of({" External_Ref ": " A-1 "}) == {"external_ref": "A-1"}


def test_groups_close_up_and_empty_cells_leave_nothing():
    report = report_of(
        {
            "external_ref": "A-1",
            "person_1_name": " ",
            "person_3_name": "third",
            "person_2_phones": ";",
            "person_12_name": "twelfth",
            "source_channel": "",
        }
    )
    assert report == {
        "external_ref": "A-1",
        "persons": [{"phones": []}, {"name": "third"}, {"name": "twelfth"}],
    }


def test_each_value_remembers_its_column_though_groups_close_up():
    layout = layout_of(["person_1_name", "person_4_phones", "lat"])
    _, origins = layout.report_of(["", "1;2", "49"])
    row = Row(2, b"{}", columns=origins)
    assert row.place_of("/persons/0/phones/1") == {"column": "person_4_phones"}
    assert row.place_of("/place/lat") == {"column": "lat"}
    assert row.place_of("/place") == {}
    assert row.place_of("") == {}


@pytest.mark.parametrize(
    "name",
    ["foo", "person_0_name", "person_1_plate", "person_name", "person_1000_name", "persons_1_name",
     "place_country", "source", "source_", "vehicle_1", "", "attribute_1_document_kind", "tlp"],
)  # fmt: skip
def test_a_column_that_is_none_of_ours_is_refused_by_name(name):
    with pytest.raises(FileRefusedError, match="unknown columns") as refused:
        layout_of(["external_ref", name, "narrative"])
    assert name in str(refused.value)


def test_a_column_twice_is_refused():
    with pytest.raises(FileRefusedError, match="twice: “forms”"):
        layout_of(["forms", "external_ref", "Forms "])


def test_many_unknown_columns_and_strange_names_still_make_one_line():
    with pytest.raises(FileRefusedError) as refused:
        layout_of([f"x{n}" for n in range(40)] + ["new\nline", "y" * 500])
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300
    assert "and 32 more" in str(refused.value)


def test_columns_without_a_name_at_the_end_are_nothing():
    assert len(layout_of(["external_ref", "", " "]).columns) == 1


@pytest.mark.parametrize(
    ("column", "cell"),
    [("lat", "north"), ("lat", "nan"), ("lat", "1e5"), ("source_credibility", "high"),
     ("consent_victim_informed", "perhaps")],
)  # fmt: skip
def test_text_of_the_wrong_form_is_passed_on_to_be_refused_by_the_rules_of_reports(column, cell):
    report, _ = layout_of([column]).report_of([cell])
    part, _, field = column.partition("_")
    assert (report[part][field] if field else report["place"][part]) == cell


@given(st.dictionaries(st.sampled_from(sorted(FULL)), st.text(max_size=20)))
def test_any_row_of_known_columns_makes_a_report_whose_pointers_lead_back(cells):
    layout = layout_of(list(cells))
    report, origins = layout.report_of(list(cells.values()))
    assert known_columns(list(cells)) == len(cells)
    assert set(origins.values()) == {name for name, cell in cells.items() if cell.strip()}
    for pointer in origins:
        place = report
        for part in pointer.split("/")[1:]:
            place = place[int(part)] if isinstance(place, list) else place[part]


def test_the_report_of_a_row_passes_the_one_way_in():
    draft = read_draft(to_json(report_of(FULL)))
    assert draft.facts.external_ref == "LI-1"
    assert draft.facts.country == "SK"
