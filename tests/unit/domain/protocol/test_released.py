"""The protocol as shipped: every text in every language, every indicator within reach."""

import itertools
import re

import pytest

from app.domain.access import OrganisationKind
from app.domain.assessment import Result
from app.domain.indicators import Element
from app.domain.protocol.advising import Advice, advise
from app.domain.protocol.answering import find
from app.domain.protocol.checklists import CHILD_QUESTION, SECTORS, Answer, Step
from app.domain.protocol.texts import KINDS, LANGUAGES
from app.storage.catalogues import load_protocol

# Of the field's own terms these are the ones that would judge a person.
JUDGING = re.compile(
    r"\b(trafficker|prostitute|illegal (im)?migrant|illegals|pimp|victims?)\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def released():
    return load_protocol()


@pytest.mark.parametrize("sector", [*SECTORS, "prosecution"])
def test_every_indicator_in_force_can_be_asked_about_in_words(released, sector):
    for indicator in released.catalogue.in_force:
        question, answer = released.question_about(indicator.code, sector)
        assert indicator.code in question.reports(answer)
        own = released.checklists.get(sector)
        if own and indicator.code in own.reaches:
            assert question.id in own.by_id
    assert released.question_about("ZZ-99", sector) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_every_language(released, language):
    assert released.texts.missing(language) == ()


@pytest.mark.parametrize(("language", "kind"), [*itertools.product(LANGUAGES, KINDS)])
def test_every_language_says_how_far_it_was_reviewed(released, language, kind):
    assert language in released.texts.books[kind]


def test_every_indicator_in_force_is_reached_from_some_checklist(released):
    reached = frozenset().union(*(each.reaches for each in released.checklists.values()))
    assert {each.code for each in released.catalogue.in_force} == reached


def test_the_sectors_are_kinds_of_organisations():
    assert set(SECTORS) <= set(OrganisationKind)


@pytest.mark.parametrize("sector", SECTORS)
def test_a_checklist_begins_with_danger_and_knows_all_elements(released, sector):
    checklist = released.checklists[sector]
    first = checklist.questions[0]
    assert first.step is Step.SAFETY
    assert first.danger is not None
    elements = {released.catalogue.get(code).element for code in checklist.reaches}
    assert {Element.ACT, Element.MEANS, Element.PURPOSE} <= elements


@pytest.mark.parametrize("sector", SECTORS)
def test_what_a_checklist_reaches_suffices_for_all_elements(released, sector):
    """Whoever answers all of it can come to a whole assessment, for an adult and for a child."""
    checklist = released.checklists[sector]
    worst = {
        each.id: Answer.NO if each.no else Answer.YES
        for each in checklist.questions
        if each.danger is None or each.yes
    }
    # Which answer opens the questions behind it goes before what it reports itself.
    worst |= {each.when.question: each.when.answer for each in checklist.questions if each.when}
    for age in (Answer.YES, Answer.NO):
        found = find(checklist, worst | {CHILD_QUESTION: age}, catalogue=released.catalogue)
        assert found.assessment.reading.all_elements is Result.INDICATED, age
        assert Advice.REPORT_NOW in advise(found, released.catalogue)


@pytest.mark.parametrize("kind", ["indicators", "questions", "advice", "feedback"])
def test_nobody_is_called_names(released, kind):
    book = released.texts.books[kind]["en"]
    found = [
        f"{key}.{name}"
        for key, texts in book.entries.items()
        for name, text in texts.items()
        if JUDGING.search(text)
    ]
    assert found == []


def test_a_translation_is_no_copy_of_the_english(released):
    """A word may be the same in two languages, a sentence hardly ever."""
    for kind, language in itertools.product(("indicators", "questions", "advice"), LANGUAGES[1:]):
        book = released.texts.books[kind].get(language)
        master = released.texts.books[kind]["en"]
        copied = [
            f"{language}: {key}.{name}"
            for key, texts in (book.entries if book else {}).items()
            for name, text in texts.items()
            if text == master.entries[key][name] and len(text.split()) > 3
        ]
        assert copied == []


@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize("age", Answer)
def test_no_sign_at_all_in_a_whole_checklist_is_not_indicated_where_it_could_have_shown(
    released, sector, age
):
    checklist = released.checklists[sector]
    least = {each.id: Answer.YES if each.no else Answer.NO for each in checklist.questions}
    found = find(checklist, least | {CHILD_QUESTION: age}, catalogue=released.catalogue)
    results = {each.result for each in found.assessment.reading if each.required}
    assert not found.indicators
    if sector == "public":  # too few questions to show act or means
        assert Result.UNKNOWN in results
    else:
        assert results == {Result.NOT_INDICATED}


@pytest.mark.parametrize(
    ("language", "code", "name", "words"),
    [
        ("el", "CD-14", "explanation", "γυμνές ή ερωτικές εικόνες"),  # intimate, not just private
        ("bg", "RV-01", "not", "Тежък произход или тежко детство"),
    ],
)
def test_what_was_once_mistranslated_stays_mended(released, language, code, name, words):
    assert words in released.texts.tell("indicators", code, language).texts[name]
