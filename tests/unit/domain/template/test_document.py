"""The template report as a document, empty and filled."""

import json

import pytest

from app.api.v1.schemas.report import ReportIn
from app.domain.assessment import Urgency
from app.domain.protocol.texts import LANGUAGES
from app.domain.template.asked import SECTIONS
from app.domain.template.document import build_document, printable
from tests.support.report_form import wording

REPORT = {
    "external_ref": "R-1", "observed_from": "2026-03-01T10:00:00Z", "language": "sk",
    "forms": ["labour_exploitation", "other"],
    "indicators": ["EX-01", {"code": "CD-01", "note": "In a safe."}],
    "narrative": "Seen.",
    "place": {"country": "SK", "nuts": "SK031", "lat": 49.22, "lon": 18.74},
    "route": ["UA", "SK"],
    "persons": [
        {"role": "suspected_victim", "age_group": "child",
         "documents": [{"kind": "passport", "number": "X1", "country": "VN"}]},
        {"phones": ["1", "2"]},
    ],
    "attributes": [{"kind": "phone", "token": "A" * 43}],
    "source": {"credibility": 2},
    "safety": {"at_risk": True, "do_not_contact": False},
    "handling": {"code": "H0", "tlp": "RED", "share_with": ["SK"]},
    "consent": {"basis": "consent", "scopes": ["police"]},
}  # fmt: skip


def filled(language="en", **more):
    report = ReportIn.model_validate_json(json.dumps(REPORT | more))
    return build_document(wording(language), report.model_dump(mode="json", exclude_none=True))


def part(document, title):
    return next(each for each in document.parts if each.title == title)


def said(part):
    return {entry.label: entry.value for group in part.groups for entry in group.entries}


def test_an_empty_form_asks_every_sign_with_three_answers():
    signs = part(build_document(wording()), "Signs")
    codes = [row.code for table in signs.signs for row in table.rows]
    assert codes == list(wording().catalogue.codes)
    assert signs.answers == ("Yes", "No", "Not known")
    assert all(table.title for table in signs.signs)


def test_an_empty_form_leaves_room_or_boxes_everywhere():
    document = build_document(wording())
    entries = [e for p in document.parts for g in p.groups for e in g.entries]
    assert all((entry.boxes or entry.lines) and not entry.value for entry in entries)
    assert [entry.label for entry in entries if entry.needed] == [
        "Your own reference", "Seen on, or from",
    ]  # fmt: skip
    titles = [group.title for group in part(document, "Persons").groups]
    assert titles == ["Person 1", "Person 2"]


def test_a_filled_form_says_what_the_report_says_in_words():
    document = filled()
    event = said(part(document, "What, when and where"))
    assert event["Possible form of exploitation"] == "Labour exploitation; Another form"
    assert event["Coordinates"] == "49.22, 18.74"
    assert event["Countries of the journey, in order"] == "UA · Ukraine → SK · Slovakia"
    assert said(part(document, "Safety and urgency")) == {
        "Somebody is at risk": "Yes", "Do not contact the person": "No",
    }  # fmt: skip
    first, second = part(document, "Persons").groups
    assert [(entry.label, entry.value) for entry in first.entries] == [
        ("Role", "May be affected"), ("Adult or child", "Child (under 18)"),
        ("Identity documents", "passport, X1, VN · Vietnam"),
    ]  # fmt: skip
    assert second.entries[-1].value == "1; 2"
    assert said(part(document, "Details that may tie reports together"))["As seen or written"]
    rows = part(document, "Signs").signs[0].rows
    assert [(row.code, row.note) for row in rows] == [("EX-01", ""), ("CD-01", "In a safe.")]
    handling = said(part(document, "How this report may be used"))
    assert handling["Handling code"] == "H0 · May be used to prevent and fight crime"
    consent = said(part(document, "Legal basis and consent"))
    assert consent["The person agreed to"] == "Passing on to the police"


def test_a_filled_form_leaves_out_what_is_not_said_and_keeps_what_a_hand_fills_in():
    document = filled(persons=[], attributes=[], indicators=[], consent=None)
    titles = {each.title for each in document.parts}
    assert titles.isdisjoint({"Persons", "Signs", "Vehicles", "Legal basis and consent"})
    asked = said(part(document, "What you ask for"))
    assert list(asked.values()) == ["", ""]
    assert "Reporting organisation" in said(part(document, "This report"))


def test_a_code_that_the_catalogue_does_not_have_is_shown_as_it_is():
    rows = part(filled(indicators=["ZZ-99"]), "Signs").signs[0].rows
    assert [(row.code, row.label) for row in rows] == [("ZZ-99", "ZZ-99")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("report", [None, REPORT])
def test_every_language_says_first_what_to_do_in_danger(language, report):
    document = build_document(wording(language), report)
    assert "112" in document.notes[0]
    assert document.language == language
    assert document.notes[-1] == wording(language).say("page", "draft")
    assert document.filled == (report is not None)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a\nb"), ("a\r\nb", "a\nb"), ("a\x00\x1b[31mb", "a[31mb"),
        ("abc\u202edef", "abcdef"), ("\u2066a\u2069", "a"), ("e\u0301", "é"), ("ὰ 王", "ὰ 王"),
    ],
)  # fmt: skip
def test_characters_that_are_not_seen_or_turn_others_around_are_left_out(text, shown):
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("sk", "Nútená živnosť: osoba musí pracovať na živnosť, hoci ide o závislú prácu"),
        ("el", "Has to work on a trade licence as if employed"),
    ],
)
def test_an_own_code_of_an_extension_stands_with_its_own_label(language, label):
    title = wording(language).say("sections", "signs")
    (row,) = part(filled(language, indicators=["SK-01"]), title).signs[0].rows
    assert (row.code, row.label) == ("SK-01", label)


@pytest.mark.parametrize(
    ("urgency", "shown"),
    [(Urgency.DANGER_NOW, "Danger now"), (Urgency.SOON, "Act soon"), (Urgency.NONE_KNOWN, None)],
)
@pytest.mark.parametrize("safety", [None, {"at_risk": True, "do_not_contact": False}])
def test_the_urgency_of_the_signs_is_filled_in_where_there_is_one(urgency, shown, safety):
    report = {key: value for key, value in REPORT.items() if key != "safety"}
    report |= {"safety": safety} if safety else {}
    document = build_document(wording(), report, urgency)
    entries = {}
    for each in document.parts:
        entries |= said(each) if each.title == "Safety and urgency" else {}
    assert entries.get("Urgency") == shown
    assert entries.get("Somebody is at risk") == ("Yes" if safety else None)


def test_an_empty_form_does_not_ask_what_no_report_can_carry():
    by_hand = {ask.name for section in SECTIONS for ask in section.asks if ask.by_hand}
    assert by_hand == {"reporter", "contact", "action", "feedback"}
    assert "Urgency" not in said(part(build_document(wording()), "Safety and urgency"))
