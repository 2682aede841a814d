"""The vocabulary of reports: statuses as the contract names them, and what handling defaults to."""

from app.domain.reports import Handling, ReportStatus


def test_the_statuses_are_those_of_the_contract():
    named = (
        "received linked under_assessment information_requested investigation_opened "
        "victim_referred no_further_action prosecution conviction closed withdrawn"
    )
    assert [status.value for status in ReportStatus] == named.split()


def test_without_a_word_on_handling_every_agency_may_read_and_linking_may_happen():
    usual = Handling()
    assert (usual.code, usual.tlp, usual.share_with) == ("H1", "AMBER", ())
    assert usual.police
    assert usual.linking
