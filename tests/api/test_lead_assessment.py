"""The assessment of a lead over HTTP: fragments of several organisations that complete each other,
and what a reader is shown of it who may not read all.
"""

import pytest

from app.api.v1.schemas.assessment import LeadAssessmentOut
from tests.support.reports import email, report

WHY = {"Purpose": "investigation"}
ELEMENTS = ("act", "means", "purpose")
ADULT, CHILD = ({"role": "suspected_victim", "age_group": age} for age in ("adult", "child"))
ACT, MEANS, PURPOSE = ["AC-01"], ["CD-01", "CD-02"], ["EX-01", "EX-02"]


@pytest.fixture(scope="module")
def senders(network):
    """Organisations of three sectors."""
    return [network.caller(kind) for kind in ("ngo", "labour_inspection", "trade_union")]


class Lead:
    """A lead that grows by the reports that are sent to it, as agencies see it."""

    def __init__(self, lead_of, agency, person=ADULT):
        self.tie = email()
        self.lead_of = lead_of
        self.agency = agency
        self.person = person
        self.id = None

    def add(self, caller, codes, **more):
        """Send a report with these indicators; its id."""
        body = {
            "forms": ["labour_exploitation"], "indicators": list(codes), "persons": [self.person],
            "attributes": [self.tie],
        }  # fmt: skip
        sent = caller.send(report(**(body | more)))
        found = self.lead_of(sent)
        assert self.id in (None, found), "it does not link"
        self.id = found
        return sent["id"]

    def detail(self, agency=None):
        answer = (agency or self.agency).http.get(f"/v1/leads/{self.id}", headers=WHY)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def assessment(self, agency=None):
        found = self.detail(agency)["assessment"]
        assert LeadAssessmentOut.model_validate(found).model_dump(mode="json") == found
        return found

    def listed(self, agency=None):
        http, after = (agency or self.agency).http, None
        while True:
            query = {"limit": 500, "sort": "-updated_at"} | ({"after": after} if after else {})
            page = http.get("/v1/leads", params=query).json()
            found = [each for each in page["items"] if each["id"] == self.id]
            if found:
                return found[0]
            after = page["next"]
            assert after, "the lead is not listed"

    def figures(self, agency=None):
        found = self.listed(agency)
        return found["completeness"], found["urgency"]


@pytest.fixture
def lead(lead_of, agency):
    return Lead(lead_of, agency)


def results(assessment):
    return [assessment[element]["result"] for element in ELEMENTS]


def test_own_codes_of_an_extension_add_up_with_the_common_codes_of_others(lead, senders, agency):
    first, second, _ = senders
    lead.add(first, ["AC-01", "SK-03", "SK-02"])
    lead.add(second, ["CD-01", "EX-01"])
    assert results(lead.assessment()) == ["indicated"] * 3
    assert lead.figures()[0] == 1
    assert {"CD-13", "EX-03"} <= set(lead.listed()["indicators"])
    for code in ("SK-03", "CD-13"):
        page = agency.http.get("/v1/leads", params={"indicator": code, "limit": 500}).json()
        assert lead.id in {each["id"] for each in page["items"]}


def test_three_organisations_show_together_what_none_of_them_had(lead, senders):
    first, second, third = senders
    reports = [
        lead.add(first, ["AC-01", "CD-01"]),
        lead.add(second, ["CD-02", "EX-01"]),
        lead.add(third, ["EX-02"]),
    ]
    found = lead.assessment()
    assert results(found) == ["indicated"] * 3
    assert (found["all_elements"], found["by_combination"]) == ("indicated", True)
    assert [found[each]["by_combination"] for each in ELEMENTS] == [False, True, True]
    assert [found[each]["across_organisations"] for each in ELEMENTS] == [False, True, True]
    assert found["means"]["reports"] == sorted(reports[:2])
    ids = [str(each.organisation_id) for each in senders]
    assert found["purpose"]["organisations"] == sorted(ids[1:])
    assert found["said_by"] == {
        "AC-01": [reports[0]], "CD-01": [reports[0]], "CD-02": [reports[1]],
        "EX-01": [reports[1]], "EX-02": [reports[2]],
    }  # fmt: skip
    assert found["reports_assessed"] == 3
    by_sender = {each["organisation"]["id"]: each for each in found["contributions"]}
    assert [by_sender[id_]["shows_alone"] for id_ in ids] == [["act"], [], []]
    assert [by_sender[id_]["elements"] for id_ in ids] == [
        ["act", "means"], ["means", "purpose"], ["purpose"],
    ]  # fmt: skip
    assert by_sender[ids[1]]["organisation"]["kind"] == "labour_inspection"


def test_elements_that_stand_in_three_reports_are_combined_as_a_whole_only(lead, senders):
    for caller, codes in zip(senders, (ACT, MEANS, PURPOSE), strict=True):
        lead.add(caller, codes)
    found = lead.assessment()
    assert not any(found[each]["by_combination"] for each in ELEMENTS)
    assert found["by_combination"]


def test_three_reports_of_one_organisation_are_no_combination_of_organisations(lead, senders):
    for codes in (["AC-01", "CD-01"], ["CD-02"], PURPOSE):
        lead.add(senders[0], codes)
    found = lead.assessment()
    assert found["all_elements"] == "indicated"
    assert not found["by_combination"]
    assert found["means"]["by_combination"]
    assert not found["means"]["across_organisations"]


def test_where_one_organisation_has_all_the_others_add_nothing_by_combination(lead, senders):
    lead.add(senders[0], [*ACT, *MEANS, *PURPOSE])
    lead.add(senders[1], ["CD-01"])
    found = lead.assessment()
    assert found["all_elements"] == "indicated"
    assert not found["by_combination"]
    assert not any(found[each]["by_combination"] for each in ELEMENTS)
    assert ["act", "means", "purpose"] in [each["shows_alone"] for each in found["contributions"]]


def test_for_a_child_act_and_purpose_are_enough(lead, senders):
    lead.person = CHILD
    lead.add(senders[0], ACT)
    lead.add(senders[1], PURPOSE)
    found = lead.assessment()
    assert (found["all_elements"], found["by_combination"]) == ("indicated", True)
    assert found["means"]["required"] is False
    assert found["adult"] is found["child"] is None
    assert lead.figures() == (1.0, "soon")


def test_where_the_age_is_not_known_both_results_are_given(lead, senders):
    lead.person = {"role": "suspected_victim"}
    lead.add(senders[0], ACT)
    lead.add(senders[1], PURPOSE)
    found = lead.assessment()
    assert found["all_elements"] == "unknown"
    assert not found["by_combination"]
    assert (found["adult"]["all_elements"], found["adult"]["by_combination"]) == ("unknown", False)
    assert (found["child"]["all_elements"], found["child"]["by_combination"]) == ("indicated", True)
    assert found["means"]["open_questions"]
    assert lead.figures() == (0.67, "none_known")


def test_information_that_is_not_reliable_is_set_aside(lead, senders, network):
    lead.add(senders[0], ACT)
    graded = lead.add(senders[1], MEANS, source={"credibility": 4})
    anonymous = lead.add(senders[2], ["CD-04"], source={"channel": "anonymous"})
    public = lead.add(network.caller("public"), ["CD-06"])
    found = lead.assessment()
    assert results(found) == ["indicated", "unknown", "unknown"]
    assert {(each["code"], each["report_id"], each["reason"]) for each in found["set_aside"]} == {
        ("CD-01", graded, "low_grade"), ("CD-02", graded, "low_grade"),
        ("CD-04", anonymous, "low_grade"), ("CD-06", public, "low_grade"),
    }  # fmt: skip
    assert found["reports_assessed"] == 4
    assert [each["indicators"] for each in found["contributions"]] == [ACT]
    assert found["urgency"] == "danger_now"
    assert lead.figures() == (0.33, "danger_now")


def test_an_anonymous_source_that_was_graded_keeps_its_grade(lead, senders):
    lead.add(senders[0], MEANS, source={"channel": "anonymous", "credibility": 3})
    assert results(lead.assessment())[1] == "indicated"


def test_a_lead_of_one_unreliable_report_indicates_nothing(lead, senders):
    lead.add(senders[0], [*ACT, *MEANS, *PURPOSE], source={"credibility": 4})
    assert results(lead.assessment()) == ["unknown"] * 3
    assert lead.figures()[0] == 0
    assert lead.listed()["score_parts"]["elements"] == 0


def test_the_same_sign_of_several_reports_counts_once(lead, senders):
    reports = [lead.add(caller, ["CD-01"]) for caller in senders]
    found = lead.assessment()
    assert found["means"]["result"] == "unknown"
    assert found["said_by"] == {"CD-01": sorted(reports)}


def test_an_amended_report_is_assessed_as_it_stands_now(lead, senders, network):
    lead.add(senders[0], ACT)
    changed = lead.add(senders[1], MEANS)
    path = f"/v1/reports/{changed}"
    kept = senders[1].http.get(path)
    body = report(
        kept.json()["external_ref"], forms=["labour_exploitation"], indicators=["CD-01"],
        persons=[ADULT], attributes=[lead.tie],
    )  # fmt: skip
    answer = senders[1].http.put(path, json=body, headers={"If-Match": kept.headers["etag"]})
    assert answer.status_code == 200
    network.wait_until_linked()
    assert results(lead.assessment()) == ["indicated", "unknown", "unknown"]
    assert lead.figures() == (0.33, "none_known")


ALL_SIGNS = [*MEANS, *PURPOSE, "CD-03", "CD-04"]
WITHHELD = [
    {"handling": {"code": "H2"}},
    {"handling": {"share_with": ["AT"]}},
    {"consent": {"basis": "consent", "scopes": ["linking"]}},
]


@pytest.mark.parametrize("conditions", WITHHELD)
def test_a_withheld_report_changes_nothing_that_an_outsider_sees(
    lead, senders, network, conditions
):
    """Its signs would show every element, with danger, and its person is a child."""
    lead.add(senders[0], ACT)
    lead.add(senders[1], ["CD-01"])
    before, figures = lead.assessment(), lead.figures()
    lead.add(senders[2], ALL_SIGNS, persons=[CHILD], **conditions)
    assert lead.detail()["withheld_count"] == 1
    after = lead.assessment()
    assert after == before
    assert after["reports_assessed"] == 2
    assert lead.figures() == figures
    assert str(senders[2].organisation_id) not in str(after)


def test_whom_a_report_is_shared_with_sees_the_combination(lead, senders, network):
    named = network.caller("prosecution", country="CZ")
    lead.add(senders[0], ACT)
    lead.add(senders[1], MEANS)
    share = {"code": "H2", "share_with": [str(named.organisation_id)]}
    lead.add(senders[2], PURPOSE, handling=share)
    theirs = lead.assessment(named)
    assert (theirs["all_elements"], theirs["by_combination"]) == ("indicated", True)
    assert theirs["reports_assessed"] == 3
    ours = lead.assessment()
    assert (ours["all_elements"], ours["by_combination"]) == ("unknown", False)
    for each, found in ((named, theirs), (None, ours)):
        assert lead.figures(each) == (found["completeness"], found["urgency"])
    assert lead.figures(named) != lead.figures()
    assert lead.listed(named)["score"] == lead.listed()["score"]


def test_lists_give_completeness_and_urgency_as_two_figures(lead_of, agency, senders):
    urgent, complete = Lead(lead_of, agency), Lead(lead_of, agency)
    urgent.add(senders[0], ["CD-03"])
    complete.add(senders[0], [*ACT, "DR-02", "DR-03", "DR-07", *PURPOSE])
    assert urgent.figures() == (0.0, "danger_now")
    assert complete.figures() == (1.0, "none_known")
    for each in (urgent, complete):
        whole = each.detail()
        found = whole["assessment"]
        assert (whole["completeness"], whole["urgency"]) == (
            found["completeness"],
            found["urgency"],
        )


ANONYMOUS = {"source": {"credibility": 4, "channel": "anonymous"}}


def test_a_rumour_of_a_child_does_not_put_aside_what_the_case_of_an_adult_lacks(lead, senders):
    first, second, third = senders
    lead.add(first, ACT)
    lead.add(second, PURPOSE)
    before = lead.assessment()
    lead.add(third, ["OB-04"], persons=[CHILD], **ANONYMOUS)
    after = lead.assessment()
    assert results(after) == results(before) == ["indicated", "unknown", "indicated"]
    assert after["means"]["required"]
    assert lead.figures() == (0.67, "soon")


def test_an_adult_and_a_child_are_not_read_by_the_rule_for_the_child(lead, senders):
    first, second, _ = senders
    lead.add(first, [*ACT, "EX-01"])
    lead.add(second, ["EX-02"], persons=[CHILD])
    found = lead.assessment()
    assert found["all_elements"] == "unknown"
    assert (found["adult"]["all_elements"], found["child"]["all_elements"]) == (
        "unknown",
        "indicated",
    )
    assert lead.detail()["has_children"]


def test_danger_that_a_checklist_was_told_of_makes_report_and_lead_urgent(lead, senders):
    answers = {"answers": {"danger_now": "yes", "under_18": "no", "bad_conditions": "yes"}}
    path = "/v1/protocol/checklists/labour_inspection/answers"
    ready = senders[0].http.post(path, json=answers).json()["report"]
    sent = senders[0].send(report(**ready, attributes=[lead.tie]))
    assert sent["assessment"]["urgency"] == "danger_now"
    lead.id = lead.lead_of(sent)
    assert lead.assessment()["urgency"] == "danger_now"
    assert lead.figures()[1] == "danger_now"
