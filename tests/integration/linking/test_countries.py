"""Plates of different countries that read the same."""

import pytest

from tests.integration.linking.corpus import links

SLOVAK, ITALIAN, UNSAID = (links("plate", "ZA171AB", country) for country in ("SK", "IT", None))


async def sizes(corpus):
    return sorted(len(lead) for lead in await corpus.partition())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([SLOVAK, SLOVAK], [2]),
        ([SLOVAK, ITALIAN], [1, 1]),
        ([SLOVAK, UNSAID], [2]),
        ([UNSAID, UNSAID], [2]),
    ],
)
async def test_a_country_that_is_said_and_differs_keeps_reports_apart(corpus, values, expected):
    for value in values:
        await corpus.submit([value])
        await corpus.drain()
    assert await sizes(corpus) == expected
    await corpus.check_relinking()


async def test_a_second_country_takes_the_link_of_one_that_says_none_back(corpus):
    for value in (SLOVAK, UNSAID):
        await corpus.submit([value])
        await corpus.drain()
    assert await sizes(corpus) == [2]
    [late] = await corpus.submit([ITALIAN])
    await corpus.drain()
    assert await sizes(corpus) == [1, 1, 1]
    await corpus.check_relinking()
    await corpus.withdraw(late)
    await corpus.drain()
    assert await sizes(corpus) == [2]
    await corpus.check_relinking()
