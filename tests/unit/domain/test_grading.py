"""The grade of information: what is said of it, and what is taken where nothing is said."""

import pytest

from app.domain.access import OrganisationKind
from app.domain.codes import Channel
from app.domain.grading import grade_of


@pytest.mark.parametrize(
    ("given", "channel", "sender", "grade"),
    [
        (None, None, None, None),
        (None, Channel.DIRECT, OrganisationKind.NGO, None),
        (None, Channel.THIRD_PARTY, OrganisationKind.HEALTH, None),
        (None, Channel.ANONYMOUS, OrganisationKind.NGO, 4),
        (None, None, OrganisationKind.PUBLIC, 4),
        (None, Channel.DIRECT, OrganisationKind.PUBLIC, 4),
        (2, Channel.ANONYMOUS, OrganisationKind.NGO, 2),
        (3, None, OrganisationKind.PUBLIC, 3),
        (1, Channel.DIRECT, None, 1),
    ],
)
def test_only_what_nobody_answers_for_and_nobody_graded_is_least_reliable(
    given, channel, sender, grade
):
    assert grade_of(given, channel=channel, sender=sender) == grade
