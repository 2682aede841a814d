"""Values that look alike and are of different countries."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.linkage.qualifiers import compatible, is_divided

CARRIERS = st.lists(st.sampled_from([None, "SK", "IT", "FR"]), max_size=8).map(
    lambda said: list(enumerate(said))
)


def test_what_is_not_said_does_not_differ():
    assert compatible([(1, None), (2, "SK"), (3, "SK")]) == [[1, 2, 3]]


def test_two_countries_are_two_things_and_what_could_be_either_is_neither():
    assert compatible([(1, "SK"), (2, None), (3, "IT"), (4, "SK")]) == [[1, 4], [3]]


@given(CARRIERS)
def test_nobody_is_in_two_parts_and_no_part_has_two_countries(carriers):
    said = dict(carriers)
    parts = compatible(carriers)
    placed = [node for part in parts for node in part]
    assert len(placed) == len(set(placed))
    assert all(len({said[node] for node in part} - {None}) <= 1 for part in parts)
    if not is_divided(said.values()):
        assert sorted(placed) == sorted(said)
