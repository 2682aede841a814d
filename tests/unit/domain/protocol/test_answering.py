"""From answers to indicators, the assessment, and what to ask next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assessment import Result, Urgency
from app.domain.indicators import AgeGroup
from app.domain.protocol.answering import find
from app.domain.protocol.checklists import Answer, Step
from tests.support.protocol import catalogue, checklist

LIST = checklist()
CATALOGUE = catalogue()
ANSWERS = st.dictionaries(st.sampled_from(sorted(LIST.by_id)), st.sampled_from(Answer))


def answered(**answers):
    given_answers = {id_: Answer(answer) for id_, answer in answers.items()}
    return find(LIST, given_answers, catalogue=CATALOGUE)


def asked(finding):
    return [each.question.id for each in finding.next_questions]


@pytest.mark.parametrize(
    ("answers", "indicators"),
    [
        ({}, {}),
        ({"scared": "yes"}, {"OB-01": ("scared",)}),
        ({"scared": "no"}, {}),
        ({"scared": "not_known"}, {}),
        ({"own_papers": "no"}, {"CD-01": ("own_papers",)}),
        ({"own_papers": "yes"}, {}),
        (
            {"recruited": "yes", "own_papers": "no", "works": "yes", "long_hours": "yes"},
            {"AC-01": ("recruited",), "EX-01": ("long_hours",), "CD-01": ("own_papers",)},
        ),
    ],
)
def test_answers_report_the_indicators_of_their_questions(answers, indicators):
    found = answered(**answers)
    assert found.indicators == indicators
    assert list(found.indicators) == [each for each in CATALOGUE.codes if each in indicators]


@pytest.mark.parametrize(
    ("answers", "age"),
    [
        ({"under_18": "yes"}, AgeGroup.CHILD),
        ({"under_18": "no"}, AgeGroup.ADULT),
        ({"under_18": "not_known"}, AgeGroup.UNKNOWN),
        ({}, AgeGroup.UNKNOWN),
    ],
)
def test_the_age_is_what_the_child_question_says(answers, age):
    assert answered(**answers).age is age


def test_where_the_age_is_not_known_both_readings_are_given_and_differ():
    found = answered(
        under_18="not_known", recruited="yes", works="yes", long_hours="yes", paid="no"
    )
    assert found.assessment.adult.all_elements is Result.UNKNOWN
    assert found.assessment.child.all_elements is Result.INDICATED
    assert found.assessment.reading.all_elements is Result.UNKNOWN
    assert found.child is False


def test_for_a_child_act_and_purpose_are_enough():
    found = answered(under_18="yes", recruited="yes", works="yes", long_hours="yes", paid="no")
    assert found.assessment.reading.all_elements is Result.INDICATED
    assert found.assessment.adult is found.assessment.child is None
    assert found.child
    assert found.assessment.urgency is Urgency.SOON


def test_the_same_answers_of_an_adult_leave_the_means_open():
    found = answered(under_18="no", recruited="yes", works="yes", long_hours="yes", paid="no")
    assert found.assessment.means.result is Result.UNKNOWN
    assert found.child is False


def test_a_sign_that_speaks_of_a_child_has_a_child_presumed():
    found = answered(child_images="yes")
    assert found.age is AgeGroup.UNKNOWN
    assert found.child


@pytest.mark.parametrize(
    ("answers", "danger", "urgency"),
    [
        ({"danger_now": "yes"}, True, Urgency.DANGER_NOW),
        ({"danger_now": "no"}, False, Urgency.NONE_KNOWN),
        ({"danger_now": "not_known"}, False, Urgency.NONE_KNOWN),
        ({"violence": "yes"}, False, Urgency.DANGER_NOW),
        ({"own_papers": "no"}, False, Urgency.SOON),
    ],
)
def test_urgency_is_that_of_the_signs_raised_by_an_answer_of_danger(answers, danger, urgency):
    found = answered(**answers)
    assert (found.danger, found.assessment.urgency) == (danger, urgency)


def test_without_answers_safety_comes_first_and_the_child_question_next():
    assert asked(answered())[:3] == ["danger_now", "alone", "under_18"]


def test_then_come_the_questions_that_would_decide_an_element():
    done = answered(
        danger_now="no", alone="yes", under_18="no", scared="no", works="yes", recruited="yes",
        long_hours="yes", paid="no", violence="not_known",
    )  # fmt: skip
    assert [(each.question.id, each.decides) for each in done.next_questions] == [
        ("own_papers", True)
    ]


def test_questions_that_decide_stand_before_those_that_do_not():
    found = answered(danger_now="no", alone="yes", under_18="yes")
    # One sign of a child suffices for the purpose, so that is asked first; what opens other
    # questions counts as they do; the means, not needed for a child, decide nothing.
    assert [(each.question.id, each.decides) for each in found.next_questions] == [
        ("child_images", True), ("recruited", True), ("works", True), ("scared", False),
        ("violence", False), ("own_papers", False),
    ]  # fmt: skip


def test_once_an_element_is_decided_its_questions_come_last():
    found = answered(danger_now="no", alone="no", under_18="yes", child_images="yes")
    assert [(each.question.id, each.decides) for each in found.next_questions] == [
        ("recruited", True), ("scared", False), ("works", False), ("own_papers", False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("gate", "is_asked"), [({"works": "yes"}, True), ({"works": "no"}, False),
                           ({"works": "not_known"}, False), ({}, False)],
)  # fmt: skip
def test_a_question_is_asked_only_after_the_answer_it_waits_for(gate, is_asked):
    assert ("long_hours" in asked(answered(**gate))) is is_asked


def test_in_immediate_danger_only_safety_and_child_are_still_asked():
    assert asked(answered(danger_now="yes", works="yes")) == ["alone", "under_18"]
    assert asked(answered(danger_now="yes", alone="no", under_18="not_known")) == []


def test_an_answer_that_an_earlier_one_rules_out_does_not_count_and_is_named():
    found = answered(works="no", long_hours="yes", own_papers="no")
    assert found.set_aside == ("long_hours",)
    assert list(found.indicators) == ["CD-01"]


@pytest.mark.parametrize("gate", [{}, {"works": "not_known"}])
def test_an_answer_counts_where_the_question_before_it_was_left_open(gate):
    found = answered(long_hours="yes", **gate)
    assert found.set_aside == ()
    assert list(found.indicators) == ["EX-01"]


def test_what_was_not_safe_to_ask_may_be_known_all_the_same():
    found = answered(alone="no", violence="yes")
    assert found.set_aside == ()
    assert list(found.indicators) == ["CD-04"]


def test_no_to_all_that_could_show_an_element_means_not_indicated():
    found = answered(under_18="no", works="yes", long_hours="no", paid="yes")
    assert found.assessment.purpose.result is Result.NOT_INDICATED
    assert found.assessment.means.result is Result.UNKNOWN


@pytest.mark.parametrize("left", ["long_hours", "paid"])
def test_one_question_left_open_leaves_the_element_open(left):
    answers = {"long_hours": "no", "paid": "yes"} | {left: "not_known"}
    found = find(
        checklist(
            [
                {"id": "under_18", "step": "child"},
                {"id": "long_hours", "step": "signs", "yes": ["EX-01", "EX-02"]},
                {"id": "paid", "step": "signs", "no": ["EX-01", "EX-02"]},
            ]
        ),
        {id_: Answer(answer) for id_, answer in answers.items()} | {"under_18": Answer.NO},
        catalogue=CATALOGUE,
    )
    assert found.assessment.purpose.result is Result.UNKNOWN


def test_a_question_that_is_not_of_the_checklist_is_a_key_error():
    with pytest.raises(KeyError):
        answered(shoe_size="yes")


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing(answers, chance):
    items = list(answers.items())
    chance.shuffle(items)
    assert find(LIST, dict(items), catalogue=CATALOGUE) == find(LIST, answers, catalogue=CATALOGUE)


@given(ANSWERS)
def test_what_is_asked_next_is_new_allowed_and_in_order(answers):
    found = find(LIST, answers, catalogue=CATALOGUE)
    for each in found.next_questions:
        question = each.question
        assert question.id not in answers or question.id in found.set_aside
        if question.when is not None:
            assert answers[question.when.question] is question.when.answer
        assert not found.danger or question.step in (Step.SAFETY, Step.CHILD)
    first = [each.question.step in (Step.SAFETY, Step.CHILD) for each in found.next_questions]
    assert first == sorted(first, reverse=True)


@given(ANSWERS)
def test_asking_on_comes_to_an_end(answers):
    given_answers = dict(answers)
    for _ in LIST.questions:
        found = find(LIST, given_answers, catalogue=CATALOGUE)
        if not found.next_questions:
            return
        given_answers[found.next_questions[0].question.id] = Answer.NO
    assert not find(LIST, given_answers, catalogue=CATALOGUE).next_questions
