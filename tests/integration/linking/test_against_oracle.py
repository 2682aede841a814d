"""Any sequence of reports, amendments, withdrawals and stop-listings, linked in any batches, ends in
the leads that an oracle finds, and in those that linking from nothing finds.
"""

import random
from datetime import date

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

POOL = [
    ("phone", "p0"), ("phone", "p1"), ("email", "e0"), ("email", "e1"), ("person", "n0"),
    ("address", "a0"),
]  # fmt: skip
MAY_LINK = (True, True, True, True, False)

values = st.lists(
    st.tuples(st.sampled_from(POOL), st.sampled_from(MAY_LINK)),
    max_size=3,
    unique_by=lambda value: value[0],
).map(lambda some: [(kind, value, links) for (kind, value), links in some])
which = st.integers(0, 30)
facts = st.fixed_dictionaries(
    {},
    optional={
        "country": st.sampled_from(["SK", "AT", None]),
        "nuts": st.sampled_from(["SK031", "AT130"]),
        "forms": st.lists(st.sampled_from(["labour_exploitation", "other"]), unique=True),
        "indicators": st.lists(st.sampled_from(["A1", "B2", "C3"]), unique=True),
        "observed_from": st.dates(date(2020, 1, 1), date(2026, 1, 1)),
        "observed_to": st.dates(date(2026, 1, 1), date(2026, 6, 1)),
        "age": st.sampled_from(["adult", "child", "unknown"]),
    },
)
steps = st.one_of(
    st.tuples(st.just("submit"), values, facts),
    st.tuples(st.just("submit"), values, facts),
    st.tuples(st.just("submit"), values, facts),
    st.tuples(st.just("amend"), which, values, facts),
    st.tuples(st.just("withdraw"), which),
    st.tuples(st.just("stop"), st.sampled_from(POOL)),
    st.tuples(st.just("allow"), st.sampled_from(POOL)),
    st.tuples(st.just("link"), st.integers(1, 50)),
    st.tuples(st.just("link"), st.integers(1, 3)),
    st.tuples(st.just("relink")),
)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, min_size=5, max_size=25), st.integers(1, 50))
async def test_any_sequence_ends_in_the_leads_of_the_oracle(shared_corpus, sequence, limit):
    note(f"{sequence} {limit}")
    corpus = shared_corpus
    await corpus.clear()
    for step in sequence:
        await take(corpus, *step)
    await corpus.drain(limit)
    await corpus.check()
    await corpus.check_relinking()


async def test_a_long_life_of_a_network_ends_in_the_leads_of_the_oracle(corpus):
    chance = random.Random(20261124)
    for turn in range(6):
        for _ in range(40):
            await take(corpus, *random_step(chance))
        await corpus.drain(chance.randint(1, 50))
        await corpus.check()
        if turn % 2:
            await corpus.check_relinking()


def random_step(chance):
    """One step; with more values than the small pool, so that leads of many shapes arise."""
    pool = [
        *POOL,
        *(("email", f"e{n}") for n in range(2, 9)),
        *(("person", f"n{n}") for n in (1, 2)),
    ]
    some = [(*value, chance.random() < 0.85) for value in chance.sample(pool, chance.randint(0, 3))]
    return chance.choice(
        [
            ("submit", some, {}),
            ("submit", some, {}),
            ("submit", some, {}),
            ("amend", chance.randrange(100), some, {}),
            ("withdraw", chance.randrange(100)),
            ("stop", chance.choice(pool)),
            ("allow", chance.choice(pool)),
            ("link", chance.randint(1, 20)),
        ]
    )


async def take(corpus, kind, *arguments):
    """Take one step of a sequence; what concerns a report that is not there is left out."""
    if kind in ("amend", "withdraw"):
        if not corpus.live:
            return
        reports = sorted(corpus.live)
        arguments = (reports[arguments[0] % len(reports)], *arguments[1:])
    if kind in ("stop", "allow"):
        arguments = arguments[0]
    if kind == "submit":
        arguments = [corpus.prepare(arguments[0], len(corpus.live), **arguments[1])]
    if kind == "amend":
        await corpus.amend(*arguments[:2], **arguments[2])
        return
    await getattr(corpus, kind)(*arguments)
