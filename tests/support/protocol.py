"""A small protocol of the tests' own: seven indicators, checklists of a few questions, two languages."""

from app.domain.protocol.advising import Advice
from app.domain.protocol.catalogue import parse_catalogue
from app.domain.protocol.checklists import SECTORS, parse_checklist
from app.domain.protocol.protocol import CODES, build_protocol
from app.domain.protocol.texts import parse_texts
from app.domain.reports import ReportStatus


def row(code, dimension, element, strength="medium", **more):
    """A row of indicators.csv."""
    return {
        "code": code, "dimension": dimension, "element": element, "strength": strength,
        "forms": "any", "applies_to": "both", "label_en": f"Label of {code}", "source": "OWN",
        **more,
    }  # fmt: skip


ROWS = [
    row("AC-01", "act", "act", "structural"),
    row("EX-01", "exploitation", "purpose", "strong"),
    row("EX-02", "exploitation", "purpose"),
    row("EX-10", "exploitation", "purpose", "strong", applies_to="child"),
    row("CD-01", "coercion_destination", "means", "strong"),
    row("CD-04", "coercion_destination", "means", "strong"),
    row("OB-01", "observation", "context", "weak"),
]
RULES = {
    "defining": ["EX-10"],
    "prompts": {"OB-01": ["CD-04"]},
    "urgency": {"danger_now": ["CD-04"], "soon": ["CD-01"]},
}
QUESTIONS = [
    {"id": "danger_now", "step": "safety", "danger": "yes"},
    {"id": "alone", "step": "safety"},
    {"id": "under_18", "step": "child"},
    {"id": "scared", "step": "signs", "yes": ["OB-01"]},
    {"id": "works", "step": "signs"},
    {
        "id": "long_hours",
        "step": "signs",
        "yes": ["EX-01"],
        "when": {"question": "works", "answer": "yes"},
    },
    {
        "id": "paid",
        "step": "signs",
        "no": ["EX-02"],
        "when": {"question": "works", "answer": "yes"},
    },
    {
        "id": "violence",
        "step": "signs",
        "yes": ["CD-04"],
        "when": {"question": "alone", "answer": "yes"},
    },
    {"id": "own_papers", "step": "signs", "no": ["CD-01"]},
    {
        "id": "child_images",
        "step": "signs",
        "yes": ["EX-10"],
        "when": {"question": "under_18", "answer": "yes"},
    },
    {"id": "recruited", "step": "place_and_people", "yes": ["AC-01"]},
]


def catalogue(rows=ROWS, rules=RULES, version="1"):
    """The catalogue of those rows."""
    return parse_catalogue(rows, version=version, rules=rules)


def checklist(questions=QUESTIONS, sector="health", **more):
    """A checklist of those questions."""
    table = {"sector": sector, "questions": questions, **more}
    return parse_checklist(table, sector=sector, catalogue=catalogue())


def english(codes=tuple(each["code"] for each in ROWS), questions=QUESTIONS):
    """The tables of all English texts, by kind."""
    names = ("label", "explanation", "example", "not")
    return {
        "indicators": {
            "review": "draft",
            **{code: {name: f"{name} of {code}" for name in names} for code in codes},
        },
        "questions": {
            "review": "draft",
            **{each["id"]: {"text": f"Is it {each['id']}?"} for each in questions},
        },
        "advice": {
            "review": "reviewed",
            **{each.value: {"title": "Do", "text": "this."} for each in Advice},
        },
        "words": {
            "review": "draft",
            **{group: {code: f"word {code}" for code in codes} for group, codes in CODES.items()},
        },
        "feedback": {
            "review": "draft",
            **{each.value: {"text": "Thank you."} for each in ReportStatus},
        },
        "template": {"review": "draft", "page": {"title": "Report"}},
    }


def protocol(tables=None):
    """The whole: one checklist for all sectors, English and what else is given."""
    lists = [checklist(sector=sector) for sector in SECTORS]
    return build_protocol(catalogue(), lists, parse_texts(tables or {"en": english()}))
