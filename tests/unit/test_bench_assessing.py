"""The measurement of assessment assesses what it says, and says what is wanted."""

from datetime import date

import pytest

from app.domain.reports import Facts, Handling
from app.domain.screening import screen_report
from app.storage.catalogues import load_catalogue
from bench import assessing
from bench.assessing import Cost, assess_alone, assess_together, figures_of, leads_of

CATALOGUE = load_catalogue()


def facts(reference, *codes):
    return Facts(
        external_ref=reference,
        observed_from=date(2026, 3, 1),
        observed_to=None,
        language=None,
        forms=("labour_exploitation",),
        indicators=codes,
        country=None,
        nuts=None,
        age_groups=frozenset({"adult"}),
        at_risk=False,
        credibility=2,
        handling=Handling(),
    )


FIRST, SECOND, THIRD = facts("1", "CD-01"), facts("2", "CD-01"), facts("3", "EX-01")


def test_reports_are_grouped_by_their_true_lead_and_the_rest_stands_alone():
    read = [(FIRST, "a"), (SECOND, None), (THIRD, "a"), (SECOND, None)]
    assert leads_of(read) == [[FIRST, THIRD], [SECOND], [SECOND]]


def test_only_with_memory_is_a_report_that_was_met_before_not_assessed_again():
    screen_report.cache_clear()
    assess_alone([FIRST, SECOND], CATALOGUE, remember=False)
    assert screen_report.cache_info().currsize == 0
    assess_alone([FIRST, SECOND, THIRD], CATALOGUE, remember=True)
    assert screen_report.cache_info()[:2] == (1, 2)


def test_a_lead_is_assessed_over_all_its_reports(monkeypatch):
    seen = []
    whole = assessing.screen

    def screen(signs, concerned, catalogue):
        seen.append([(sign.code, sign.report_id) for sign in signs])
        return whole(signs, concerned, catalogue)

    monkeypatch.setattr(assessing, "screen", screen)
    assess_together([[FIRST, THIRD], [SECOND]], CATALOGUE)
    assert seen == [[("CD-01", "0"), ("EX-01", "1")], [("CD-01", "0")]]


@pytest.mark.parametrize(("together", "holds"), [(0.09, True), (0.11, False)])
def test_what_is_wanted_is_that_both_together_cost_a_fifth_of_linking(together, holds):
    cost = Cost(alone=0.1, remembered=0.0, together=together, linking=1.0, leads=7)
    assert figures_of(cost)[-1].holds is holds
