"""Towns of the reporting countries: region (NUTS 3, 2021), rough position, postcode, other names.

Regions are given where they are known; coordinates are those of the centre.
"""

from typing import NamedTuple

from bench.scenarios.tables import rows


class Town(NamedTuple):
    """nuts: "" where not known. postcode: a pattern, `#` a digit. names: the first is its own."""

    country: str
    names: tuple[str, ...]
    nuts: str
    lat: float
    lon: float
    postcode: str


def _town(row: str) -> Town:
    country, names, nuts, lat, lon, postcode = row.split()
    return Town(
        country,
        tuple(names.replace("_", " ").split("/")),
        nuts.strip("-"),
        float(lat),
        float(lon),
        postcode.replace("_", " "),
    )


TOWNS: dict[str, tuple[Town, ...]] = {}
for _row in rows("towns"):
    _new = _town(_row)
    TOWNS[_new.country] = (*TOWNS.get(_new.country, ()), _new)
