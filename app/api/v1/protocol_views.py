"""The protocol as it is told in one language."""

from dataclasses import fields
from typing import Any

from app.api.v1.schemas.protocol import REQUIRED_OF_A_REPORT
from app.domain.assessment import SCREENING_NOTE, Assessment
from app.domain.indicators import Additions, AgeGroup, Form
from app.domain.protocol.advising import Advice, advise
from app.domain.protocol.answering import Finding
from app.domain.protocol.checklists import Answer, Checklist, Question, Step
from app.domain.protocol.extensions import Extension
from app.domain.protocol.own_words import OwnWords
from app.domain.protocol.profiles import PartnerProfile
from app.domain.protocol.protocol import CODES, Protocol
from app.domain.protocol.texts import KINDS, LANGUAGES, WORDS, Told
from app.domain.reports import ReportStatus

_RULES = {
    "dimension": (
        "A dimension is positive with two strong signs, or one strong and one other, or three "
        "medium, or two medium and one weak (ILO and European Commission, Operational indicators "
        "of trafficking in human beings, 2009)."
    ),
    "elements": (
        "Act, means and purpose (Directive 2011/36/EU, Article 2, as amended by Directive (EU) "
        "2024/1712). For a child the means need not be shown (Article 2(5)); where the age is not "
        "known, both readings are given."
    ),
}


class Voice:
    """Tells the texts of a protocol in one language, and keeps note of the languages it needed."""

    def __init__(self, protocol: Protocol, language: str) -> None:
        self.protocol = protocol
        self.language = language
        self._used: set[str] = set()

    @property
    def content_language(self) -> str:
        """What the answer is in (RFC 9110, section 8.5): the language, or English, or both."""
        used = [self.language] if self.language in self._used else []
        return ", ".join([*used, *sorted(self._used - {self.language})]) or self.language

    def tell(self, kind: str, key: str) -> dict[str, Any]:
        """The texts of an entry with their language and review."""
        return self._told(self.protocol.texts.tell(kind, key, self.language))

    def own(self, words: OwnWords, key: str) -> dict[str, Any]:
        """The same of the texts of an extension or a profile."""
        return self._told(words.tell(key, self.language))

    def word(self, group: str, code: str) -> str:
        """The word for a code."""
        told = self.protocol.texts.piece(WORDS, group, code, self.language)
        self._used.add(told.language)
        return told.text

    def _told(self, told: Told) -> dict[str, Any]:
        self._used.add(told.language)
        return {**told.texts, "language": told.language, "review": told.review}


def overview(voice: Voice) -> dict[str, Any]:
    """The version and what belongs to it."""
    protocol = voice.protocol
    words = protocol.texts.books[WORDS]
    told_in = voice.language if voice.language in words else LANGUAGES[0]
    return {
        "version": protocol.version,
        "versions": protocol.versions,
        "language": voice.language,
        "languages": [_language(protocol, each) for each in LANGUAGES],
        "indicator_count": len(protocol.catalogue.indicators),
        "sectors": [_sector(voice, each) for each in protocol.checklists.values()],
        "extensions": [_extension(each) for each in protocol.extensions.values()],
        "profiles": [_profile(each) for each in protocol.profiles.values()],
        "words": {
            "language": told_in,
            "review": words[told_in].review,
            "groups": {
                group: {code: voice.word(group, code) for code in codes}
                for group, codes in CODES.items()
            },
        },
        "advice": [_advice(voice, each) for each in Advice],
        "feedback": [
            {"status": each.value, **voice.tell("feedback", each)} for each in ReportStatus
        ],
        "rules": {
            **_RULES,
            "additions": [
                each.name
                for each in fields(Additions)
                if getattr(voice.protocol.catalogue.rules.additions, each.name) is True
            ],
            "note": SCREENING_NOTE,
        },
    }


def checklist(voice: Voice, found: Checklist) -> dict[str, Any]:
    """A checklist with its texts."""
    steps = {each.step for each in found.questions}
    return {
        "version": voice.protocol.version,
        "language": voice.language,
        "sector": found.sector,
        "name": voice.word("sectors", found.sector),
        "steps": [
            {"step": each.value, "name": voice.word("steps", each)}
            for each in Step
            if each in steps
        ],
        "answers": {each.value: voice.word("answers", each) for each in Answer},
        "questions": [_question(voice, each) for each in found.questions],
    }


def answered(voice: Voice, sector: str, finding: Finding, forms: list[Form]) -> dict[str, Any]:
    """What answers add up to, what to ask next, and what to do now."""
    report = _report(finding, forms)
    return {
        "version": voice.protocol.version,
        "language": voice.language,
        "sector": sector,
        "indicators": [
            _reported(voice, code, because) for code, because in finding.indicators.items()
        ],
        "age_group": finding.age.value,
        "urgency": finding.assessment.urgency.value,
        "assessment": finding.assessment.as_dict(),
        "next_questions": [
            {**_question(voice, each.question), "decides": each.decides}
            for each in finding.next_questions
        ],
        "set_aside": finding.set_aside,
        "advice": [_advice(voice, each) for each in advise(finding, voice.protocol.catalogue)],
        "report": report,
        "missing": [name for name in REQUIRED_OF_A_REPORT if report is not None],
    }


def open_questions(voice: Voice, assessment: Assessment, sector: str) -> list[dict[str, Any]]:
    """What an assessment leaves open, each as a question in words, asked as a sector asks it."""
    codes = (code for element in assessment.reading for code in element.open_questions)
    asked = []
    for code in dict.fromkeys(codes):
        found = voice.protocol.question_about(code, sector)
        if found is not None:
            question, answer = found
            told = voice.tell("questions", question.id)
            asked.append({"code": code, "answer": answer.value, "help": None, **told})
    return asked


def _language(protocol: Protocol, language: str) -> dict[str, Any]:
    books = protocol.texts.books
    return {
        "language": language,
        "review": {kind: books[kind][language].review for kind in KINDS if language in books[kind]},
        "missing_count": len(protocol.texts.missing(language)),
    }


def _sector(voice: Voice, found: Checklist) -> dict[str, Any]:
    return {
        "sector": found.sector,
        "name": voice.word("sectors", found.sector),
        "question_count": len(found.questions),
        "indicator_count": len(found.reaches),
        "checklist": f"/v1/protocol/checklists/{found.sector}",
    }


def _extension(found: Extension) -> dict[str, Any]:
    return {
        "name": found.name,
        "prefix": found.prefix,
        "indicator_count": len(found.codes),
        "languages": list(found.words.books),
        "indicators": f"/v1/protocol/indicators?extension={found.name}",
    }


def _profile(found: PartnerProfile) -> dict[str, Any]:
    return {
        "name": found.name,
        "sector": found.sector,
        "indicator_count": len(found.codes),
        "languages": list(found.words.books),
        "indicators": f"/v1/protocol/indicators?profile={found.name}",
    }


def _question(voice: Voice, found: Question) -> dict[str, Any]:
    when = found.when
    return {
        "id": found.id,
        "step": found.step.value,
        "help": None,
        **voice.tell("questions", found.id),
        "yes": found.yes,
        "no": found.no,
        "when": {"question": when.question, "answer": when.answer.value} if when else None,
        "danger": found.danger.value if found.danger else None,
    }


def _advice(voice: Voice, found: Advice) -> dict[str, Any]:
    return {"id": found.value, **voice.tell("advice", found)}


def _reported(voice: Voice, code: str, because: tuple[str, ...]) -> dict[str, Any]:
    found = voice.protocol.catalogue.get(code)
    told = voice.tell("indicators", code)
    return {
        "code": code,
        "label": told["label"],
        "element": found.element.value,
        "dimension": found.dimension.value,
        "strength": found.strength.value,
        "because": because,
        "language": told["language"],
        "review": told["review"],
    }


def _report(finding: Finding, forms: list[Form]) -> dict[str, Any] | None:
    """The body of a report, as far as the answers go; None where there is nothing to report."""
    if not (finding.indicators or finding.danger):
        return None
    report: dict[str, Any] = {"indicators": list(finding.indicators)}
    if forms:
        report["forms"] = [each.value for each in dict.fromkeys(forms)]
    if finding.age is not AgeGroup.UNKNOWN:
        report["persons"] = [{"role": "suspected_victim", "age_group": finding.age.value}]
    if finding.danger:
        report["safety"] = {"at_risk": True}
    return report
