"""What is sealed of a report: the JSON as sent, byte for byte, and the values beside it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from app.domain.attributes import AttributeKind, AttributeRole
from app.domain.errors import Fault
from app.domain.observation import Observation
from app.domain.reports import ObservedValue
from app.intake.content import pack, unpack

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.builds(
    ObservedValue,
    pointer=texts,
    kind=st.sampled_from(AttributeKind),
    role=st.sampled_from(AttributeRole),
    normalised=st.none() | texts,
    links=st.booleans(),
    note=st.none() | texts,
    token=st.none() | texts,
)
observations = st.builds(
    Observation,
    values=st.lists(values, max_size=4).map(tuple),
    warnings=st.lists(st.builds(Fault, texts, texts), max_size=3).map(tuple),
)
reports = st.dictionaries(texts, st.none() | st.booleans() | st.integers(-9, 9) | texts, max_size=4)


@given(reports, observations)
def test_what_was_packed_is_found_again(report, observation):
    content = unpack(pack(json.dumps(report).encode(), observation))
    assert content.report == report
    assert content.values == observation.values
    assert content.warnings == observation.warnings


def test_the_report_is_kept_byte_for_byte():
    sent = b'{ "narrative" : "\\u017dilina",\n  "external_ref":"1" }'
    assert sent in pack(sent, Observation((), ()))


def test_a_report_that_names_values_itself_does_not_shadow_those_beside_it():
    sent = b'{"values": [1], "warnings": [2], "report": 3}'
    content = unpack(pack(sent, Observation((), (Fault("/a", "b"),))))
    assert content.report == {"values": [1], "warnings": [2], "report": 3}
    assert content.values == ()
    assert content.warnings == (Fault("/a", "b"),)
