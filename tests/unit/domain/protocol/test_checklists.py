"""Checklists as read: the order of steps, skip logic, and what is refused."""

import pytest

from app.domain.protocol.checklists import (
    Answer,
    Condition,
    Step,
    check_agreement,
    parse_checklist,
)
from tests.support.protocol import QUESTIONS, ROWS, catalogue, checklist

CHILD = {"id": "under_18", "step": "child"}
SIGN = {"id": "scared", "step": "signs", "yes": ["OB-01"]}


def test_a_checklist_keeps_the_order_and_knows_what_it_reaches():
    found = checklist()
    assert [each.id for each in found.questions] == [each["id"] for each in QUESTIONS]
    assert found.reaches == {each["code"] for each in ROWS}
    assert found.by_id["violence"].when == Condition("alone", Answer.YES)
    assert found.by_id["danger_now"].danger is Answer.YES
    assert found.by_id["scared"].step is Step.SIGNS


@pytest.mark.parametrize(
    ("answer", "codes"),
    [(Answer.YES, ()), (Answer.NO, ("CD-01",)), (Answer.NOT_KNOWN, ())],
)
def test_an_answer_reports_its_own_indicators(answer, codes):
    assert checklist().by_id["own_papers"].reports(answer) == codes


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ([], "at least one"),
        ("none", "list of tables"),
        (["none"], "question 1: must be a table"),
        ([{"step": "signs"}], "question 1: id must be"),
        ([CHILD | {"id": "Under 18"}], "id must be lower_snake"),
        ([CHILD | {"id": "a" * 61}], "at most 60"),
        ([CHILD | {"text": "Is it?"}], r"question 1 \(under_18\): text is not one of"),
        ([CHILD | {"step": "later"}], r"\(under_18\): step is not one of"),
        ([{"id": "under_18"}], "step is not one of"),
        ([CHILD, SIGN, SIGN], r"question 3 \(scared\) is there twice"),
        ([CHILD, SIGN | {"yes": ["ZZ-99"]}], r"\(scared\): yes: 'ZZ-99' is not in the catalogue"),
        ([CHILD, SIGN | {"yes": [["OB-01"]]}], "is not in the catalogue"),
        ([CHILD, SIGN | {"no": "OB-01"}], "no must be a list"),
        ([CHILD, SIGN | {"no": ["OB-01"]}], "OB-01 is reported by yes and by no"),
        ([CHILD, SIGN | {"yes": ["OB-01", "OB-01"]}], "twice"),
        ([CHILD, SIGN | {"danger": "maybe"}], "danger is not one of"),
        ([CHILD, SIGN | {"danger": "not_known"}], "what is not known is no danger"),
        ([CHILD, SIGN | {"when": "yes"}], "when must have question and answer"),
        ([CHILD, SIGN | {"when": {"question": "under_18"}}], "when must have"),
        (
            [CHILD, SIGN | {"when": {"question": "under_18", "answer": "perhaps"}}],
            r"when.answer is not one of",
        ),
        (
            [CHILD, SIGN | {"when": {"question": "scared", "answer": "yes"}}],
            "when names no earlier question",
        ),
        (
            [
                CHILD,
                SIGN | {"when": {"question": "later", "answer": "yes"}},
                SIGN | {"id": "later"},
            ],
            "when names no earlier question",
        ),
        ([SIGN, CHILD], "step child comes before signs"),
        ([CHILD, {"id": "alone", "step": "safety"}], "step safety comes before child"),
        ([SIGN], "under_18 must be asked of everybody"),
        ([CHILD | {"step": "signs"}], "under_18 must be asked of everybody, in the step child"),
        (
            [
                {"id": "alone", "step": "safety"},
                CHILD | {"when": {"question": "alone", "answer": "yes"}},
            ],
            "under_18 must be asked of everybody",
        ),
    ],
)
def test_faulty_questions_are_refused_with_the_place(questions, said):
    with pytest.raises(ValueError, match=said):
        checklist(questions)


@pytest.mark.parametrize(
    ("table", "sector", "said"),
    [
        ({"sector": "health", "questions": [CHILD], "title": "a"}, "health", "title is not one of"),
        ({"sector": "ngo", "questions": [CHILD]}, "health", "the name of the file"),
        ({"questions": [CHILD]}, "health", "sector must be"),
        ({"sector": "gaming", "questions": [CHILD]}, "gaming", "sector must be one of"),
    ],
)
def test_a_checklist_is_of_the_sector_that_its_file_names(table, sector, said):
    with pytest.raises(ValueError, match=said):
        parse_checklist(table, sector=sector, catalogue=catalogue())


def test_a_retired_code_is_not_asked_about():
    rows = [each | ({"retired": "2"} if each["code"] == "EX-02" else {}) for each in ROWS]
    table = {"sector": "health", "questions": [CHILD, SIGN | {"yes": ["EX-02"]}]}
    with pytest.raises(ValueError, match=r"\(scared\): yes: EX-02 is retired"):
        parse_checklist(table, sector="health", catalogue=catalogue(rows))


@pytest.mark.parametrize(
    "change", [{"yes": []}, {"no": ["EX-02"]}, {"step": "place_and_people"}, {"danger": "yes"}]
)
def test_a_question_means_the_same_in_every_checklist(change):
    one, other = checklist([CHILD, SIGN]), checklist([CHILD, SIGN | change], sector="ngo")
    with pytest.raises(ValueError, match="scared means one thing for health, another for ngo"):
        check_agreement([one, other])


def test_a_question_may_be_asked_after_different_answers():
    when = {"when": {"question": "under_18", "answer": "no"}}
    check_agreement([checklist([CHILD, SIGN]), checklist([CHILD, SIGN | when], sector="ngo")])
