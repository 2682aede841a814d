"""Ids of leads: growth keeps, a merge keeps the oldest, a split keeps the larger part's."""

from itertools import count
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.linkage.identity import Group, Region, identify

R1, R2, R3, R4, R5, R6 = (UUID(int=n) for n in range(1, 7))
OLD, MIDDLE, YOUNG = (UUID(int=n) for n in (101, 102, 103))
NEW = 1000


def identified(clusters, loose, *, intact=(), broken=()):
    numbers = count(NEW)
    region = Region(loose, frozenset(intact), frozenset(broken))
    return identify(clusters, region, new_id=lambda: UUID(int=next(numbers)))


def new(number):
    return UUID(int=NEW + number)


def test_reports_that_were_in_no_lead_open_one():
    [group] = identified([[R1, R2]], {R1: None, R2: None})
    assert group == Group(new(0), is_new=True, joined={R1: None, R2: None})
    assert group.is_changed


def test_a_lead_that_grows_keeps_its_id():
    [group] = identified([[R3, OLD]], {R3: None}, intact=[OLD])
    assert group == Group(OLD, is_new=False, joined={R3: None})
    assert group.is_changed


def test_a_lead_that_is_only_looked_at_is_not_changed():
    [group] = identified([[OLD]], {}, intact=[OLD])
    assert group == Group(OLD, is_new=False)
    assert not group.is_changed


def test_a_merge_of_intact_leads_keeps_the_oldest_whatever_the_order():
    for cluster in ([YOUNG, R1, OLD, MIDDLE], [OLD, MIDDLE, YOUNG, R1]):
        [group] = identified([cluster], {R1: None}, intact=[OLD, MIDDLE, YOUNG])
        assert group == Group(OLD, is_new=False, joined={R1: None}, absorbed=[MIDDLE, YOUNG])


def test_a_broken_lead_put_together_again_as_it_was_is_not_changed():
    [group] = identified([[R1, R2]], {R1: OLD, R2: OLD}, broken=[OLD])
    assert group == Group(OLD, is_new=False)
    assert not group.is_changed


def test_a_split_leaves_the_id_on_the_larger_part():
    loose = dict.fromkeys((R1, R2, R3), OLD)
    small, large = identified([[R1], [R2, R3]], loose, broken=[OLD])
    assert small == Group(new(0), is_new=True, joined={R1: OLD})
    assert large == Group(OLD, is_new=False)


def test_equal_parts_leave_the_id_with_the_oldest_report():
    loose = dict.fromkeys((R1, R2, R3, R4), OLD)
    for clusters in ([[R2, R3], [R1, R4]], [[R4, R1], [R3, R2]]):
        groups = {group.lead_id: group for group in identified(clusters, loose, broken=[OLD])}
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
    [group] = identified([[R1, R2, R3]], loose, broken=[OLD, YOUNG])
    assert group == Group(OLD, is_new=False, joined={R1: YOUNG, R2: YOUNG}, absorbed=[YOUNG])


def test_the_part_of_a_broken_lead_that_meets_an_older_intact_one_goes_into_it():
    loose = {R1: YOUNG, R2: YOUNG, R3: YOUNG}
    small, large = identified([[R1, OLD], [R2, R3]], loose, intact=[OLD], broken=[YOUNG])
    assert small == Group(OLD, is_new=False, joined={R1: YOUNG})
    assert large == Group(YOUNG, is_new=False)


def test_a_broken_lead_whose_larger_part_meets_an_older_one_is_absorbed_and_the_rest_is_new():
    loose = {R1: YOUNG, R2: YOUNG, R3: YOUNG}
    large, small = identified([[R1, R2, OLD], [R3]], loose, intact=[OLD], broken=[YOUNG])
    assert large == Group(OLD, is_new=False, joined={R1: YOUNG, R2: YOUNG}, absorbed=[YOUNG])
    assert small == Group(new(0), is_new=True, joined={R3: YOUNG})


def test_a_broken_older_lead_takes_a_younger_intact_one_in():
    [group] = identified([[R1, YOUNG]], {R1: OLD}, intact=[YOUNG], broken=[OLD])
    assert group == Group(OLD, is_new=False, absorbed=[YOUNG])


def test_a_broken_lead_without_reports_left_is_nobodys():
    [group] = identified([[R1]], {R1: None}, broken=[OLD])
    assert group.lead_id == new(0)


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
        lead for group in groups if not group.is_new for lead in (group.lead_id, *group.absorbed)
    ]
    assert sorted(awarded) == sorted(set(loose.values()))
    for cluster, group in zip(clusters, groups, strict=True):
        assert group.joined == {r: loose[r] for r in cluster if loose[r] != group.lead_id}
        assert group.absorbed == sorted(group.absorbed)
        for lead in () if group.is_new else (group.lead_id, *group.absorbed):
            assert group.lead_id <= lead
            own = sum(loose[report] == lead for report in cluster)
            assert own == max(sum(loose[r] == lead for r in other) for other in clusters)


@given(labels)
def test_a_partition_that_stays_changes_nothing(before):
    loose = {report: UUID(int=101 + label) for report, label in before.items()}
    groups = identified(grouped(before).values(), loose, broken=set(loose.values()))
    assert not any(group.is_changed for group in groups)
