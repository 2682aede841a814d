"""Ids of leads: growth keeps, a merge keeps the oldest, a split keeps the larger part's."""

from itertools import count
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.linkage.identity import Before, Group, identify
from app.domain.linkage.partition import Cluster

R1, R2, R3, R4, R5, R6 = (UUID(int=n) for n in range(1, 7))
OLD, MIDDLE, YOUNG = (UUID(int=n) for n in (101, 102, 103))
NEW = 1000


def identified(clusters, loose, *, intact=(), broken=()):
    """Groups of these clusters: of their cores, or (core, attached)."""
    numbers = count(NEW)
    before = Before(loose, frozenset(intact), frozenset(broken))
    return identify(
        [cluster_of(each) for each in clusters], before, new_id=lambda: UUID(int=next(numbers))
    )


def cluster_of(nodes):
    if isinstance(nodes, tuple):
        core, attached = nodes
        return Cluster(tuple(core), tuple(attached))
    return Cluster(tuple(nodes))


def group(lead_id, nodes, *, is_new=False, **more):
    return Group(lead_id, is_new, cluster_of(nodes), **more)


def new(number):
    return UUID(int=NEW + number)


def test_reports_that_were_in_no_lead_open_one():
    [found] = identified([[R1, R2]], {R1: None, R2: None})
    assert found == group(new(0), [R1, R2], is_new=True, joined={R1: None, R2: None})
    assert found.is_changed


def test_a_lead_that_grows_keeps_its_id():
    [found] = identified([[R3, OLD]], {R3: None}, intact=[OLD])
    assert found == group(OLD, [R3, OLD], joined={R3: None})
    assert found.is_changed


def test_a_lead_that_is_only_looked_at_is_not_changed():
    [found] = identified([[OLD]], {}, intact=[OLD])
    assert found == group(OLD, [OLD])
    assert not found.is_changed


def test_a_merge_of_intact_leads_keeps_the_oldest_whatever_the_order():
    for cluster in ([YOUNG, R1, OLD, MIDDLE], [OLD, MIDDLE, YOUNG, R1]):
        [found] = identified([cluster], {R1: None}, intact=[OLD, MIDDLE, YOUNG])
        assert found == group(OLD, cluster, joined={R1: None}, absorbed=[MIDDLE, YOUNG])


def test_a_broken_lead_put_together_again_as_it_was_is_not_changed():
    [found] = identified([[R1, R2]], {R1: OLD, R2: OLD}, broken=[OLD])
    assert found == group(OLD, [R1, R2])
    assert not found.is_changed


def test_a_split_leaves_the_id_on_the_larger_part():
    loose = dict.fromkeys((R1, R2, R3), OLD)
    small, large = identified([[R1], [R2, R3]], loose, broken=[OLD])
    assert small == group(new(0), [R1], is_new=True, joined={R1: OLD})
    assert large == group(OLD, [R2, R3])


def test_equal_parts_leave_the_id_with_the_oldest_report():
    loose = dict.fromkeys((R1, R2, R3, R4), OLD)
    for clusters in ([[R2, R3], [R1, R4]], [[R4, R1], [R3, R2]]):
        groups = {each.lead_id: each for each in identified(clusters, loose, broken=[OLD])}
        assert groups.pop(OLD).joined == {}
        [other] = groups.values()
        assert other.joined == {R2: OLD, R3: OLD}


def test_only_reports_of_the_lead_itself_count_for_the_larger_part():
    loose = {R1: OLD, R2: OLD, R3: OLD, R4: None, R5: None}
    one, other = identified([[R1, R4, R5], [R2, R3]], loose, broken=[OLD])
    assert (one.lead_id, other.lead_id) == (new(0), OLD)
    assert one.joined == {R1: OLD, R4: None, R5: None}


def test_of_two_broken_leads_that_come_together_the_older_takes_the_reports_of_both():
    loose = {R1: YOUNG, R2: YOUNG, R3: OLD}
    [found] = identified([[R1, R2, R3]], loose, broken=[OLD, YOUNG])
    assert found == group(OLD, [R1, R2, R3], joined={R1: YOUNG, R2: YOUNG}, absorbed=[YOUNG])


def test_the_part_of_a_broken_lead_that_meets_an_older_intact_one_goes_into_it():
    loose = {R1: YOUNG, R2: YOUNG, R3: YOUNG}
    small, large = identified([[R1, OLD], [R2, R3]], loose, intact=[OLD], broken=[YOUNG])
    assert small == group(OLD, [R1, OLD], joined={R1: YOUNG})
    assert large == group(YOUNG, [R2, R3])


def test_a_broken_lead_whose_larger_part_meets_an_older_one_is_absorbed_and_the_rest_is_new():
    loose = {R1: YOUNG, R2: YOUNG, R3: YOUNG}
    large, small = identified([[R1, R2, OLD], [R3]], loose, intact=[OLD], broken=[YOUNG])
    assert large == group(OLD, [R1, R2, OLD], joined={R1: YOUNG, R2: YOUNG}, absorbed=[YOUNG])
    assert small == group(new(0), [R3], is_new=True, joined={R3: YOUNG})


def test_a_broken_older_lead_takes_a_younger_intact_one_in():
    [found] = identified([[R1, YOUNG]], {R1: OLD}, intact=[YOUNG], broken=[OLD])
    assert found == group(OLD, [R1, YOUNG], absorbed=[YOUNG])


def test_a_broken_lead_without_reports_left_is_nobodys():
    [found] = identified([[R1]], {R1: None}, broken=[OLD])
    assert found.lead_id == new(0)


def test_a_report_that_weak_evidence_brings_comes_with_its_lead_into_no_other():
    loose = {R1: OLD, R2: OLD, R3: YOUNG, R4: None}
    [found] = identified([([R1, R2], [R3, R4])], loose, broken=[OLD, YOUNG])
    assert found == group(OLD, ([R1, R2], [R3, R4]), joined={R3: YOUNG, R4: None}, absorbed=[YOUNG])


def test_an_attached_part_counts_for_the_id_as_the_core_does():
    loose = {R1: OLD, R2: OLD, R3: OLD, R4: None, R5: None}
    attached, core = identified([([R4, R5], [R1, R2]), [R3]], loose, broken=[OLD])
    assert attached == group(OLD, ([R4, R5], [R1, R2]), joined={R4: None, R5: None})
    assert core == group(new(0), [R3], is_new=True, joined={R3: OLD})


def test_reports_that_come_to_an_intact_core_weakly_leave_its_id_alone():
    [found] = identified([([OLD], [R1])], {R1: YOUNG}, intact=[OLD], broken=[YOUNG])
    assert found == group(OLD, ([OLD], [R1]), joined={R1: YOUNG}, absorbed=[YOUNG])


def grouped(labels):
    groups = {}
    for report, label in labels.items():
        groups.setdefault(label, []).append(report)
    return groups


REPORTS = [UUID(int=n) for n in range(1, 13)]
labels = st.lists(st.integers(0, 4), min_size=12, max_size=12).map(
    lambda some: dict(zip(REPORTS, some, strict=True))
)


@given(labels, labels)
def test_every_id_goes_on_where_most_of_its_reports_are_and_none_is_used_twice(before, after):
    loose = {report: UUID(int=101 + label) for report, label in before.items()}
    clusters = list(grouped(after).values())
    groups = identified(clusters, loose, broken=set(loose.values()))
    awarded = [
        lead for each in groups if not each.is_new for lead in (each.lead_id, *each.absorbed)
    ]
    assert sorted(awarded) == sorted(set(loose.values()))
    for cluster, each in zip(clusters, groups, strict=True):
        assert each.joined == {r: loose[r] for r in cluster if loose[r] != each.lead_id}
        assert each.absorbed == sorted(each.absorbed)
        for lead in () if each.is_new else (each.lead_id, *each.absorbed):
            assert each.lead_id <= lead
            own = sum(loose[report] == lead for report in cluster)
            assert own == max(sum(loose[r] == lead for r in other) for other in clusters)


@given(labels)
def test_a_partition_that_stays_changes_nothing(before):
    loose = {report: UUID(int=101 + label) for report, label in before.items()}
    groups = identified(grouped(before).values(), loose, broken=set(loose.values()))
    assert not any(each.is_changed for each in groups)
