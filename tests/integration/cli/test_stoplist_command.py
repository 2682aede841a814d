"""`tessera stoplist`: what a value linked, the reasons why it is listed, and what they may not say."""

import json

import pytest

PHONE = "+421 2 5441 0199"


def scenario(prefix, count, **more):
    organisation = {"ref": prefix, "name": "Invented", "kind": "ngo", "country": "SK"}
    return [
        {
            "organisation": organisation,
            "report": {"external_ref": f"{prefix}-{n}", "observed_from": "2026-03-01", **more},
        }
        for n in range(count)
    ]


def leads_of(tessera, prefix):
    """The leads that the reports with a prefix are in."""
    tessera.run("status", "--wait", "30")
    lines = tessera.run("export", "memberships", "--format", "ndjson")[0].splitlines()
    rows = [json.loads(line) for line in lines]
    return {row["lead_id"] for row in rows if row["external_ref"].startswith(prefix)}


def listed(tessera):
    return [json.loads(line) for line in tessera.run("stoplist", "list")[0].splitlines()]


def test_a_value_on_the_stop_list_takes_apart_what_it_linked_and_may_link_again(tessera, write):
    tessera.json(
        "import", write(scenario("list", 4, attributes=[{"kind": "phone", "value": PHONE}]))
    )
    assert len(leads_of(tessera, "list")) == 1

    added = tessera.json("stoplist", "add", "phone", "02/5441 0199", "--country", "SK")
    assert added == {"kind": "phone", "added": 1}
    assert len(leads_of(tessera, "list")) == 4
    assert tessera.json("stoplist", "add", "phone", "+421254410199")["added"] == 0
    (line,) = listed(tessera)
    assert (line["kind"], line["reports"], line["reason"]) == ("phone", 4, None)
    assert "254410199" not in json.dumps(line)

    assert tessera.json("stoplist", "remove", "phone", "+421 2 54410199")["removed"] == 1
    assert len(leads_of(tessera, "list")) == 1
    assert listed(tessera) == []
    assert "/value" in tessera.run("stoplist", "add", "phone", "nothing", code=2)[1]


def test_the_reason_is_kept_and_replaced_by_the_next(tessera):
    reasons = []
    for reason in ("a helpline's own", None, "a shelter's own line"):
        option = [] if reason is None else ["--reason", reason]
        tessera.json("stoplist", "add", "email", "help@line.example", *option)
        (line,) = listed(tessera)
        reasons.append((line["reason"], line["since"]))
    assert [reason for reason, _ in reasons] == [
        "a helpline's own", "a helpline's own", "a shelter's own line",
    ]  # fmt: skip
    assert len({since for _, since in reasons}) == 1
    tessera.json("stoplist", "remove", "email", "help@line.example")
    tessera.json("stoplist", "add", "email", "help@line.example")
    assert [line["reason"] for line in listed(tessera)] == [None]
    tessera.json("stoplist", "remove", "email", "help@line.example")


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("phone", PHONE, "the number +421 2 5441 0199 is ours"),
        ("phone", PHONE, "ours: 00421254410199"),
        ("phone", PHONE, "ours, dial 02 / 5441-0199"),
        ("phone", PHONE, "٥٤٤١٠١٩٩ is ours"),
        ("email", "Help@Line.example", "HELP @ line.example"),
        ("vin", "1M8GDM9AXKP042788", "1m8gdm9axkp٠٤٢٧٨٨"),
        ("plate", "ŽA-174 XY", "the van za 174xy of the shelter"),
        ("url", "https://help.example/contact", "see help.example/contact"),
    ],
)
def test_a_reason_that_holds_the_value_is_refused(tessera, kind, value, reason):
    _, error = tessera.run("stoplist", "add", kind, value, "--country", "SK", "--reason", reason,
                           code=2)  # fmt: skip
    assert "/reason must not contain the value" in error
    assert reason not in error
    assert listed(tessera) == []


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "two\nlines"])
def test_a_reason_that_is_none_is_refused(tessera, reason):
    error = tessera.run("stoplist", "add", "phone", PHONE, "--reason", reason, code=2)[1]
    assert "/reason 1 to 500 characters" in error
    assert listed(tessera) == []


def test_a_reason_with_other_digits_is_taken(tessera):
    reason = "line of the Žilina shelter, listed 2026-03-01, file 54410"
    tessera.json("stoplist", "add", "phone", PHONE, "--reason", reason)
    assert [line["reason"] for line in listed(tessera)] == [reason]
    tessera.json("stoplist", "remove", "phone", PHONE)
