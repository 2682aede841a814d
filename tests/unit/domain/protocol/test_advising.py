"""What to do now: never to confront, support early, one sign is worth a report."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assessment import Urgency
from app.domain.protocol.advising import Advice, advise
from app.domain.protocol.answering import find
from app.domain.protocol.checklists import Answer
from tests.support.protocol import catalogue, checklist

LIST = checklist()
CATALOGUE = catalogue()
ALL_NO = {
    "danger_now": "no", "alone": "yes", "under_18": "no", "scared": "no", "works": "no",
    "violence": "no", "own_papers": "yes", "recruited": "no",
}  # fmt: skip
COMPLETE = {
    "under_18": "no", "recruited": "yes", "works": "yes", "long_hours": "yes", "paid": "no",
    "own_papers": "no", "violence": "yes",
}  # fmt: skip


def advised(answers):
    finding = find(LIST, {id_: Answer(each) for id_, each in answers.items()}, catalogue=CATALOGUE)
    return [each.value for each in advise(finding, CATALOGUE)]


@pytest.mark.parametrize(
    ("answers", "advice"),
    [
        ({}, ["safety_first", "ask_more"]),
        (ALL_NO, []),
        (
            ALL_NO | {"scared": "yes"},
            ["safety_first", "do_not_confront", "consent", "report_fragment"],
        ),
        (
            {"scared": "yes"},
            ["safety_first", "do_not_confront", "consent", "report_fragment", "ask_more"],
        ),
        (
            ALL_NO | {"own_papers": "no"},
            ["safety_first", "do_not_confront", "no_contact", "refer_support", "consent",
             "report_now"],
        ),
        (
            ALL_NO | {"works": "yes", "long_hours": "yes", "paid": "no"},
            ["safety_first", "do_not_confront", "refer_support", "consent", "report_fragment"],
        ),
        (
            {"danger_now": "yes"},
            ["danger_now", "do_not_confront", "no_contact", "refer_support", "report_now"],
        ),
        ({"under_18": "yes"}, ["child", "safety_first", "ask_more"]),
        (
            {"under_18": "yes", "scared": "yes"},
            ["child", "safety_first", "do_not_confront", "refer_support", "consent", "report_now",
             "ask_more"],
        ),
        (
            {"child_images": "yes"},
            ["child", "safety_first", "do_not_confront", "refer_support", "consent", "report_now",
             "ask_more"],
        ),
        (
            COMPLETE,
            ["danger_now", "do_not_confront", "no_contact", "refer_support", "report_now"],
        ),
    ],
)  # fmt: skip
def test_advice_follows_from_what_the_answers_say(answers, advice):
    assert advised(answers) == advice


@given(st.dictionaries(st.sampled_from(sorted(LIST.by_id)), st.sampled_from(Answer)))
def test_with_any_sign_or_danger_comes_a_way_to_report_and_the_advice_not_to_confront(answers):
    finding = find(LIST, answers, catalogue=CATALOGUE)
    advice = advise(finding, CATALOGUE)
    concerns = bool(finding.indicators) or finding.danger
    assert (Advice.DO_NOT_CONFRONT in advice) == concerns
    reports = {Advice.REPORT_NOW, Advice.REPORT_FRAGMENT} & set(advice)
    assert len(reports) == concerns
    assert (Advice.DANGER_NOW in advice) == (finding.assessment.urgency is Urgency.DANGER_NOW)
    assert list(advice) == [each for each in Advice if each in advice]
