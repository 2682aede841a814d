"""What a lead shows of its readable reports taken together."""

from app.domain.attributes import AttributeKind, AttributeRole
from app.domain.portrait import attributes_of, persons_of
from app.domain.reports import ObservedValue

PHONE, MAIL, PERSON = AttributeKind.PHONE, AttributeKind.EMAIL, AttributeKind.PERSON
SUSPECT, WITNESS = AttributeRole.SUSPECTED_PERPETRATOR, AttributeRole.WITNESS


def value(normalised, kind=PHONE, role=SUSPECT, *, links=True, token=None):
    return ObservedValue("/attributes/0", kind, role, normalised, links, token=token)


def test_a_value_of_several_reports_is_shown_once_with_all_of_them():
    [view] = attributes_of([("r1", value("+421900")), ("r2", value("+421900"))])
    assert (view.kind, view.value, view.reports) == (PHONE, "+421900", ["r1", "r2"])


def test_a_report_that_names_a_value_twice_is_shown_once():
    [view] = attributes_of([("r1", value("+421900")), ("r1", value("+421900", role=WITNESS))])
    assert view.reports == ["r1"]
    assert view.roles == {"suspected_perpetrator", "witness"}


def test_a_value_links_if_it_may_in_one_of_its_roles():
    said = [("r1", value("+421900", links=False)), ("r2", value("+421900", links=True))]
    assert [view.links for view in attributes_of(said)] == [True]
    assert [view.links for view in attributes_of(said[:1])] == [False]


def test_the_same_text_of_two_kinds_is_two_values():
    found = attributes_of([("r1", value("x")), ("r1", value("x", MAIL))])
    assert [view.kind for view in found] == [MAIL, PHONE]


def test_what_most_carry_comes_first():
    said = [("r1", value("b")), ("r1", value("a")), ("r2", value("b")), ("r3", value("c"))]
    assert [view.value for view in attributes_of(said)] == ["b", "a", "c"]


def test_a_token_is_told_apart_from_another_and_shown_without_a_value():
    said = [
        ("r1", value(None, token="t1")),
        ("r2", value(None, token="t1")),
        ("r3", value(None, token="t2")),
    ]
    assert [(view.value, view.reports) for view in attributes_of(said)] == [
        (None, ["r1", "r2"]),
        (None, ["r3"]),
    ]


def test_names_with_birth_dates_are_left_to_persons():
    assert attributes_of([("r1", value("jana novakova 1999", PERSON))]) == []


def test_persons_are_shown_as_sent_with_their_report_and_place_in_it():
    content = {
        "persons": [
            {"role": "witness", "name": "Jana Nováková", "aliases": [], "phones": ["+421900"]},
            {"role": "unknown", "sex": "female", "birth_date": None},
        ]
    }
    assert persons_of([("r1", content), ("r2", {})]) == [
        {"role": "witness", "name": "Jana Nováková", "report": "r1", "pointer": "/persons/0"},
        {"role": "unknown", "sex": "female", "report": "r1", "pointer": "/persons/1"},
    ]
