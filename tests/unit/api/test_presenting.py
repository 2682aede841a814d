"""How a stored report is shown."""

from dataclasses import replace
from uuid import UUID

from app.api.v1.presenting import present_report
from app.domain.indicators import Strength
from app.intake.content import Content
from app.storage.catalogues import load_catalogue
from app.storage.repositories.report_record import ReportRecord

FIRST = load_catalogue()
CONTENT = Content({"external_ref": "LI-1"}, (), ())


def stricter(catalogue):
    """A next version in which one sign of exploitation weighs less."""
    entries = tuple(
        replace(each, strength=Strength.WEAK) if each.code == "EX-01" else each
        for each in catalogue.indicators
    )
    return replace(catalogue, version="2", indicators=entries)


def record(version):
    given = dict.fromkeys(ReportRecord._fields) | {
        "id": UUID(int=1), "age": "adult", "at_risk": False, "credibility": 2, "forms": [],
        "indicators": ["EX-01", "EX-02"], "catalogue_version": version,
    }  # fmt: skip
    return ReportRecord(**given)


def test_a_report_is_assessed_by_the_version_that_it_was_written_under():
    catalogues = {"1": FIRST, "2": stricter(FIRST)}
    for version, result in (("1", "indicated"), ("2", "unknown")):
        shown = present_report(record(version), CONTENT, catalogues)
        assert shown["assessment"]["catalogue_version"] == version
        assert shown["assessment"]["purpose"]["result"] == result
