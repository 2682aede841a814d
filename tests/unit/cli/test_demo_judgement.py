"""What the demo says of traps and operations is computed: answers that differ, differ there."""

from app.cli.demo.comparing import compare
from app.cli.demo.findings import Findings, Found, Seen
from app.cli.demo.sample import read_sample
from app.cli.demo.traps import Trap, judge, read_traps

TRUTH = {"A-1": "a", "A-2": "a", "A-3": "a", "B-1": "b", "B-2": "b", "X-1": "", "X-2": ""}


def seen(reference, values=(), warnings=(), **sent):
    """A report whose id is its reference, so that answers are easily written."""
    item = {
        "id": f"id-{reference}",
        "external_ref": reference,
        "values": [{"kind": kind, "normalised": form} for kind, form in values],
        "warnings": [{"pointer": pointer, "detail": ""} for pointer in warnings],
        **sent,
    }
    return Seen("someone", item)


def found(*members, links=()):
    return Found({"id": "+".join(members)}, [], links, members)


def findings(*leads, reports=()):
    known = {reference: seen(reference) for reference in TRUTH}
    return Findings(known | {report.reference: report for report in reports}, leads)


def link(first, second, *parts):
    return {
        "reports": [f"id-{first}", f"id-{second}"],
        "parts": [{"kind": kind, "value": value} for kind, value in parts],
    }


def verdict(trap, *leads, reports=(), values=(), laid=("A-1", "B-1", "X-1")):
    return judge(Trap(trap, values, "", laid), findings(*leads, reports=reports), TRUTH)


def test_a_trap_holds_where_what_does_not_belong_together_is_apart():
    assert verdict("hotel", found("A-1", "A-2"), found("B-1", "B-2")).held
    assert verdict("hotel", found("A-1", "A-2"), laid=("A-1", "A-2")).held


def test_a_trap_fails_where_two_operations_meet():
    judged = verdict("hotel", found("A-1", "B-1"))
    assert not judged.held
    assert judged.failures == ["A-1 and B-1 are in one lead"]


def test_a_trap_fails_where_a_report_that_belongs_with_none_is_in_a_lead():
    assert verdict("hotel", found("X-1", "B-2")).failures == ["X-1 does not stand alone"]


def test_a_value_that_must_never_count_fails_even_inside_one_operation():
    phone = ("phone", "+421254410190")
    reports = [seen(ref, [phone]) for ref in ("A-1", "A-2", "X-1")]
    lead = found("A-1", "A-2", links=[link("A-1", "A-2", phone, ("plate", "X"))])
    judged = verdict("helpline", lead, reports=reports, laid=("A-1", "A-2", "X-1"))
    assert judged.failures == ["phone counts between A-1 and A-2"]
    assert "phone in 3 reports, counted in 1 links" in judged.seen
    assert verdict("hotel", lead, reports=reports, laid=("A-1", "A-2", "X-1")).held


def test_a_withheld_value_counts_as_the_one_that_both_carry():
    phone = ("phone", "+421254410190")
    reports = [seen(ref, [phone]) for ref in ("A-1", "A-2", "X-1")]
    lead = found("A-1", "A-2", links=[link("A-1", "A-2", ("phone", None))])
    assert not verdict("helpline", lead, reports=reports, laid=("A-1", "A-2", "X-1")).held


def test_a_placeholder_of_which_a_value_was_made_fails():
    made = [seen("X-1", [("document", "SK:000000")]), seen("A-1", [("person", "unknown|1990")])]
    assert verdict("placeholder", reports=made[:1], values=["000000"]).failures
    assert verdict("placeholder", reports=made, values=["n/a"]).held


def test_a_value_that_cannot_be_normalised_must_be_kept_and_warned_of():
    sent = {"attributes": [{"value": "SK34 9990"}], "persons": [{"phones": ["07700 900214"]}]}
    warned = seen("X-1", warnings=["/attributes/0", "/persons/0/phones/0"], **sent)
    values = ["SK34 9990", "07700 900214"]
    assert verdict("unnormalisable", reports=[warned], values=values).held
    silent = seen("X-1", warnings=["/attributes/0", "/persons/7"], **sent)
    judged = verdict("unnormalisable", reports=[silent], values=values)
    assert judged.failures == ["nobody is warned of 07700 900214"]


def test_a_value_that_was_repaired_fails():
    kept = seen("X-1", [("document", "FE400127")])
    assert verdict("one_digit", reports=[kept], values=["UA:FE400127"]).held
    repaired = seen("X-1", [("document", "FE400172")])
    assert not verdict("one_digit", reports=[repaired], values=["UA:FE400127"]).held


def test_the_traps_are_read_from_the_description_of_the_sample():
    sample = read_sample()
    traps = read_traps(sample.description)
    assert len(traps) >= 8
    for trap in traps:
        assert trap.values
        assert trap.hidden
        assert set(trap.reports) <= set(sample.truth)
        assert any(sample.truth[ref] == "" for ref in trap.reports)


def test_operations_are_compared_with_the_lead_that_shows_them_best():
    a, b = compare(findings(found("A-1", "X-1"), found("A-2", "A-3", "B-2")), TRUTH)
    assert (a.operation, set(a.found), set(a.missed), set(a.false)) == (
        "a", {"A-2", "A-3"}, {"A-1"}, {"B-2"},
    )  # fmt: skip
    assert not a.is_found
    assert (b.operation, set(b.found), set(b.missed)) == ("b", {"B-2"}, {"B-1"})
    assert not b.is_found


def test_an_operation_is_found_by_half_of_it_in_a_pure_lead_and_not_by_less():
    half = compare(findings(found("A-1", "A-2")), TRUTH)
    assert [each.is_found for each in half] == [True, False]
    assert half[1].lead_id is None
    assert set(half[1].missed) == {"B-1", "B-2"}
