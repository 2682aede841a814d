"""Reading a body: what a client without identity may send, and what is kept of it."""

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.v1.reading import read_submission
from app.domain.access import OrganisationKind, Principal, Scope
from app.domain.errors import InvalidInputError
from tests.support.reports import report, whole_report

OWNER = UUID(int=1)
TOKEN = "A" * 43
TOKENS = {
    "external_ref": "NI-2026/1",
    "observed_from": "2026-03-01",
    "observed_to": "2026-03-02T10:00:00+01:00",
    "language": "sk",
    "forms": ["labour_exploitation"],
    "indicators": [{"code": "CD-01"}, "RV-01"],
    "place": {"country": "SK", "nuts": "SK031"},
    "route": ["UA", "SK"],
    "persons": [{"role": "witness", "age_group": "adult", "sex": "female", "nationality": "VN",
                 "languages": ["vi", "zh-Hant"]}],
    "organisations": [{"role": "employer", "country": "SK"}],
    "vehicles": [{"country": "SK"}],
    "attributes": [{"kind": "profile", "token": TOKEN, "platform": "Telegram", "country": "SK"}],
    "source": {"reliability": "B", "credibility": 2, "channel": "direct"},
    "handling": {"code": "H0", "tlp": "AMBER", "share_with": ["SK"]},
    "consent": {"basis": "public_task", "scopes": ["linking"], "victim_informed": True},
    "safety": {"at_risk": True},
}  # fmt: skip


def principal(*, no_identity=True):
    return Principal(
        "client", OWNER, OrganisationKind.HEALTH, "SK", agency=False,
        scopes={Scope.REPORTS_WRITE}, no_identity=no_identity,
    )  # fmt: skip


def pointers(body, **more):
    with pytest.raises(InvalidInputError) as refused:
        read_submission(json.dumps(body).encode(), principal(), **more)
    return {fault.pointer for fault in refused.value.faults}


def test_everything_but_values_and_texts_is_taken_without_identity():
    sent = read_submission(json.dumps(TOKENS).encode(), principal(), idempotency_key="a1:b2")
    assert json.loads(sent.content) == TOKENS


def test_every_value_and_text_of_a_whole_report_is_refused_at_its_place():
    person = ("name", "given_name", "family_name", "aliases", "birth_date", "documents", "phones",
              "emails", "profiles")  # fmt: skip
    firm = ("name", "registration_number", "address", "phones", "emails", "urls")
    assert pointers(whole_report("W-1")) == {
        "/narrative", "/indicators/0/note", "/consent/note", "/attributes/0", "/attributes/0/note",
        *(f"/place/{name}" for name in ("locality", "address", "lat", "lon")),
        *(f"/persons/0/{name}" for name in person),
        *(f"/organisations/0/{name}" for name in firm),
        *(f"/vehicles/0/{name}" for name in ("plate", "vin", "description")),
    }  # fmt: skip


def _leaves(value, path=()):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _leaves(item, (*path, place))
    elif isinstance(value, str):
        yield path


def _with(value, path, text):
    if not path:
        return text
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(value[path[0]], path[1:], text)
    return copy


WHOLE = whole_report("W-2")
NAMES = st.tuples(*[st.text("abcdefghijklmnopqrstuvwxyzáčôž", min_size=2, max_size=9)] * 2)


@given(
    body=st.sampled_from([(TOKENS, leaf) for leaf in _leaves(TOKENS)])
    | st.sampled_from([(WHOLE, leaf) for leaf in _leaves(WHOLE)]),
    names=NAMES,
)
def test_no_text_with_room_for_two_names_is_taken_anywhere(body, names):
    whole, leaf = body
    assert pointers(_with(whole, leaf, " ".join(names).title()))


@pytest.mark.parametrize("key", ["lily@mail.example", "k" * 65, "Lily,Demo"])
def test_an_idempotency_key_without_identity_has_the_form_of_a_reference(key):
    assert pointers(TOKENS, idempotency_key=key) == set()


def test_what_a_repeated_key_hides_is_not_kept_without_identity():
    body = json.dumps(TOKENS)[:-1].replace("{", '{"narrative": "Lily Demo", ', 1)
    sent = read_submission(f'{body}, "narrative": ""}}'.encode(), principal())
    assert b"Lily" not in sent.content
    assert json.loads(sent.content) == TOKENS | {"narrative": ""}


def test_the_content_of_others_is_kept_to_the_byte():
    content = json.dumps(whole_report("W-3"), indent=3).encode()
    assert read_submission(content, principal(no_identity=False)).content == content


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"observed_to": "2026-02-28"}, {"/observed_to"}),
        ({"observed_to": "2026-02-28", "persons": [{"birth_date": "2031-05"}]},
         {"/observed_to", "/persons/0/birth_date"}),
    ],
)  # fmt: skip
def test_contradictions_are_told_at_once(fields, expected):
    assert pointers(report("C-1", **fields)) == expected


def test_a_child_may_be_born_while_it_is_observed():
    body = report("C-2", observed_from="2025-12-01", observed_to="2026-02-01",
                  persons=[{"birth_date": "2026-01-15"}])  # fmt: skip
    read_submission(json.dumps(body).encode(), principal(no_identity=False))
