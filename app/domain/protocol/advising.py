"""What to do now, from what answers say. The texts of each piece of advice are in `texts`."""

from enum import StrEnum

from app.domain.assessment import Result, Urgency
from app.domain.indicators import Catalogue, Dimension
from app.domain.protocol.answering import Finding
from app.domain.protocol.checklists import Step


class Advice(StrEnum):
    """What a person who saw signs can be told to do, in the order in which it is told."""

    DANGER_NOW = "danger_now"
    CHILD = "child"
    SAFETY_FIRST = "safety_first"
    DO_NOT_CONFRONT = "do_not_confront"
    NO_CONTACT = "no_contact"
    REFER_SUPPORT = "refer_support"
    CONSENT = "consent"
    REPORT_NOW = "report_now"
    REPORT_FRAGMENT = "report_fragment"
    ASK_MORE = "ask_more"


def advise(finding: Finding, catalogue: Catalogue) -> tuple[Advice, ...]:
    """The advice for a finding, most pressing first.

    Nobody is ever told to confront or to rescue: with any sign comes the advice not to. One sign
    is worth a report (`report_fragment`), for others may hold the rest; what indicates all
    elements, or is urgent, is to be reported at once. Support does not wait for a finding: an
    indicated means or purpose, a child, or urgency is enough (Directive 2011/36/EU, Article 11(2):
    as soon as there is a reasonable-grounds indication). Consent is asked where there is time.
    """
    signs = bool(finding.indicators)
    concerns = signs or finding.danger
    in_danger = finding.assessment.urgency is Urgency.DANGER_NOW
    assessment = finding.assessment
    elements = (assessment.means.result, assessment.purpose.result)
    serious = concerns and (finding.child or finding.assessment.urgency is not Urgency.NONE_KNOWN)
    complete = assessment.reading.all_elements is Result.INDICATED
    safety_is_open = any(each.question.step is Step.SAFETY for each in finding.next_questions)
    given = {
        Advice.DANGER_NOW: in_danger,
        Advice.CHILD: finding.child,
        Advice.SAFETY_FIRST: not in_danger and (concerns or safety_is_open),
        Advice.DO_NOT_CONFRONT: concerns,
        Advice.NO_CONTACT: finding.danger or _is_controlled(finding, catalogue),
        Advice.REFER_SUPPORT: serious or (concerns and Result.INDICATED in elements),
        Advice.CONSENT: signs and not in_danger,
        Advice.REPORT_NOW: serious or complete,
        Advice.REPORT_FRAGMENT: signs and not (serious or complete),
        Advice.ASK_MORE: bool(finding.next_questions) and not in_danger,
    }
    return tuple(each for each in Advice if given[each])


_CONTROL = frozenset({Dimension.COERCIVE_RECRUITMENT, Dimension.COERCION_DESTINATION})


def _is_controlled(finding: Finding, catalogue: Catalogue) -> bool:
    """Whether some sign says that others coerce the person: they may then listen in."""
    return any(catalogue.get(code).dimension in _CONTROL for code in finding.indicators)
