"""What is open is linked as if nothing were closed, and every circle as if it were alone."""

from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.integration.linking import worlds
from tests.integration.linking.corpus import small_model
from tests.integration.linking.test_against_oracle import ON_ONE_DATABASE

MODEL = small_model(
    pairs=3, firm_pairs=2, sample=3, hub_carriers=2, hub_spread=1, representatives=1
)
"""With limits so small that a few reports more would make a value a hub, or stop a comparison."""


@st.composite
def reports(draw):
    """Bodies of reports, each with the circle that it is for (None: everybody)."""

    def choose(some):
        return draw(st.sampled_from(some))

    made = [worlds.body(choose) for _ in range(draw(st.integers(2, 10)))]
    made += [each for _ in range(draw(st.integers(0, 2))) for each in worlds.flood(choose)]
    for number, body in enumerate(made):
        circle = choose([None, None, ["SK"], ["AT"]])
        body.pop("handling", None)
        if circle is not None:
            body["handling"] = {"tlp": "RED", "share_with": circle}
        body["external_ref"] = f"R-{number}"
    return made


def circle_of(body):
    return str(body.get("handling"))


@settings(ON_ONE_DATABASE, max_examples=15)
@given(reports(), st.integers(1, 12))
async def test_a_circle_is_linked_as_if_there_were_no_other(under, bodies, limit):
    note(str(bodies))
    together = await found(await under(MODEL), bodies, limit)
    alone = [
        await found(await under(MODEL), [b for b in bodies if circle_of(b) == each], limit)
        for each in sorted({circle_of(body) for body in bodies})
    ]
    assert together == tuple(
        sorted(each for part in parts for each in part) for parts in zip(*alone, strict=True)
    )


async def found(corpus, bodies, limit):
    """The leads, attached reports and links that come of these reports."""
    for place, body in enumerate(bodies):
        await corpus.submit(corpus.prepare(body, place=int(body["external_ref"][2:])))
        if place % 3 == 0:
            await corpus.link(limit)
    await corpus.drain(limit)
    stored = await corpus.stored()
    links = sorted((pair, tuple(weight)) for pair, weight in corpus.told(stored.links).items())
    attached = sorted(corpus.ref(report) for report in stored.attached)
    return corpus.named(stored.leads), attached, links
