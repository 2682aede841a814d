"""Whether somebody was a child when something was observed.

A child is anyone below 18 (Directive 2011/36/EU, Article 2(6)).
"""

from datetime import date

from app.domain.indicators import AgeGroup
from app.domain.normalise.dates import PartialDate

_ADULT_AT = 18


def age_group_at(
    observed: date, birth: PartialDate | None, *, stated: AgeGroup = AgeGroup.UNKNOWN
) -> AgeGroup:
    """The age group on the day of the observation.

    What the reporter states counts first. A birth date decides as far as it is known: of a year
    alone, the year in which somebody turned 18 leaves it open. A filler such as 1900-01-01
    decides nothing, and of a filler such as 1 January only the year counts.
    """
    if stated is not AgeGroup.UNKNOWN:
        return stated
    if birth is None or birth.year <= _FILLER_YEAR:
        return AgeGroup.UNKNOWN
    if birth.is_full and not birth.is_filler:
        birthday_passed = (observed.month, observed.day) >= (birth.month, birth.day)
        years = observed.year - birth.year - (not birthday_passed)
        return AgeGroup.CHILD if years < _ADULT_AT else AgeGroup.ADULT
    years = observed.year - birth.year
    if years < _ADULT_AT:
        return AgeGroup.CHILD
    return AgeGroup.ADULT if years > _ADULT_AT else AgeGroup.UNKNOWN


_FILLER_YEAR = 1900
