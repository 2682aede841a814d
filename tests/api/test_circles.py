"""What a closed circle alone may know of, over HTTP: those outside are answered as if it were not
there, those within see it, and side by side what shares a value with it.
"""

import uuid
from datetime import UTC, datetime

import pytest

from app.crypto.blind_index import index_of_value
from app.domain.attributes import AttributeKind
from app.storage.repositories import stoplist
from tests.support.outsider import WHY, everything, world
from tests.support.reports import email, report

PHONE = {"kind": "phone", "value": "+421 905 000 171", "role": "suspected_perpetrator"}
MAIL = {"kind": "email", "value": "vymyslena@mail.example", "role": "facilitator"}
HELPER = {"kind": "phone", "value": "+421 905 000 199", "role": "helper"}
ANNA = {"role": "suspected_victim", "name": "Zdenka Vymyslená", "birth_date": "1999-05-02"}
CHILD = {"role": "suspected_victim", "name": "Bohumil Skrytý", "age_group": "child"}
ZILINA = {"country": "SK", "nuts": "SK031", "locality": "Žilina"}
FIRM = {"kind": "company", "value": "36421928", "role": "employer", "country": "SK"}
PLATE = {"kind": "plate", "value": "ZA171AB", "role": "unknown", "country": "SK"}
OPEN = [
    {"attributes": [PHONE], "persons": [ANNA], "place": ZILINA, "forms": ["labour_exploitation"]},
    {"attributes": [PHONE, MAIL], "indicators": ["CD-01"]},
    {"attributes": [MAIL], "handling": {"code": "H2"}, "persons": [CHILD]},
    {"persons": [ANNA | {"birth_date": "1999"}], "place": ZILINA, "indicators": ["EX-01"]},
    {"attributes": [HELPER], "place": {"country": "AT"}, "handling": {"share_with": ["AT"]}},
    {"attributes": [FIRM, PLATE], "persons": [CHILD | {"name": "Radovan Vymyslený"}]},
    {"attributes": [FIRM, PLATE], "place": {"country": "RO", "nuts": "RO111"}},
    {"attributes": [FIRM, PHONE, MAIL], "forms": ["forced_begging"]},
]
EVERY_SIGN = ["CD-01", "CD-03", "CD-04", "EX-01"]
SEARCHES = [
    {"kind": "phone", "value": "0905 000 171", "country": "SK"},
    {"kind": "email", "value": MAIL["value"]},
    {"kind": "phone", "value": HELPER["value"]},
    {"kind": "email", "value": "closed@mail.example"},
]


def hidden(number, named):
    """Reports that would link everything with everything, and stand in every list."""
    return {
        "attributes": [PHONE, MAIL, email("closed")],
        "persons": [ANNA, CHILD],
        "forms": ["forced_begging"],
        "indicators": EVERY_SIGN,
        "place": {"country": "RO", "nuts": f"RO11{number}", "locality": f"Town {number}"},
        "observed_from": f"202{number % 6}-03-01",
        "handling": {"code": "H0", "tlp": "RED", "share_with": named},
    }


@pytest.fixture(scope="module")
def told(postgres_server):
    """What an outsider is answered in worlds with and without closed reports."""
    found = {}
    for with_hidden in (False, True):
        with world(postgres_server) as network:
            found[with_hidden] = _told(network, with_hidden=with_hidden)
    return found


def _told(network, *, with_hidden):
    reporter, other = network.caller("ngo"), network.caller("trade_union", country="AT")
    outsider = network.caller("law_enforcement", country="CZ")
    insider = network.caller("law_enforcement", country="HU")
    prosecutor = network.caller("prosecution", country="HU")
    circles = [[str(insider.organisation_id)], ["HU"], [], ["HU"]]
    closed = []
    for number, body in enumerate(OPEN):
        sender = (reporter, other)[number % 2]
        if with_hidden:
            for place, named in enumerate(circles):
                ref = f"HIDDEN-{number}-{place}"
                closed.append(reporter.send(report(ref, **hidden(number, named))))
            own = hidden(number, [str(prosecutor.organisation_id)])
            closed.append(insider.send(report(f"HIDDEN-{number}", **own)))
        sender.send(report(f"OPEN-{number}", **body))
    if with_hidden:
        _at_work(insider, closed)
    network.wait_until_linked()
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return everything(outsider, SEARCHES, at=at)


def _at_work(insider, closed):
    """Those within judge, conclude and amend."""
    found = insider.http.post("/v1/attributes/search", json=SEARCHES[3], headers=WHY).json()
    read = [each for each in found["reports"] if not each["withheld"]]
    home = read[0]["lead"]
    one, other = [each["id"] for each in read if each["lead"] == home][:2]
    body = {"kind": "separate", "reports": [one, other], "reason": "Two things."}
    answer = insider.http.post(f"/v1/leads/{home}/decisions", json=body)
    assert answer.status_code == 201, answer.text
    body = {"status": "investigation_opened", "message": "Thank you."}
    assert insider.http.post(f"/v1/leads/{home}/outcomes", json=body).status_code == 201
    changed = closed[-1]
    new = report(changed["external_ref"], **hidden(1, ["HU"]))
    path = f"/v1/reports/{changed['id']}"
    answer = insider.http.put(path, json=new, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


def test_an_outsider_is_answered_the_same_with_and_without_closed_reports(told):
    assert len(told[False]) > 80
    for line, other in zip(told[False], told[True], strict=True):
        assert line == other


def test_what_is_compared_says_something(told):
    text = "\n".join(told[False])
    for part in ("Vymyslen", '"hit":true', '"match_weight"', '"created"', '"withheld":true'):
        assert part in text
    assert "closed" not in text.replace("closed@mail.example", "")


@pytest.fixture(scope="module")
def insider(network):
    """An agency within the circle."""
    return network.caller("law_enforcement", country="HU")


@pytest.fixture(scope="module")
def closed(network, reporter, insider):
    """An open lead of two reports and a closed one of two that share its phone."""
    tie = email("tie")
    named = {"tlp": "RED", "share_with": [str(insider.organisation_id)]}
    opened = [reporter.send(report(attributes=[tie], persons=[ANNA])) for _ in range(2)]
    secret = [reporter.send(report(attributes=[tie], handling=named)) for _ in range(2)]
    return opened, secret, tie


def test_what_shares_a_value_across_circles_is_kept_apart(closed, lead_of):
    opened, secret, _ = closed
    assert lead_of(opened[0]) == lead_of(opened[1])
    assert lead_of(secret[0]) == lead_of(secret[1])
    assert lead_of(opened[0]) != lead_of(secret[0])


def test_those_within_see_the_two_side_by_side_and_others_see_nothing(
    closed, lead_of, agency, insider
):
    opened, secret, tie = closed
    for here, there in ((opened, secret), (secret, opened)):
        lead = insider.http.get(f"/v1/leads/{lead_of(here[0])}", headers=WHY).json()
        [near] = lead["nearby"]
        assert near["lead"] == lead_of(there[0])
        [shared] = near["shared"]
        assert (shared["kind"], shared["value"]) == ("email", tie["value"])
        assert set(shared["reports"]) == {each["id"] for each in there}
    seen = agency.http.get(f"/v1/leads/{lead_of(opened[0])}", headers=WHY).json()
    assert seen["nearby"] == []


def _routes(lead, report_id):
    return [
        ("GET", f"/v1/leads/{lead}", None),
        ("GET", f"/v1/leads/{lead}/reports", None),
        ("GET", f"/v1/leads/{lead}/links", None),
        ("GET", f"/v1/leads/{lead}/history", None),
        ("GET", f"/v1/leads/{lead}/decisions", None),
        ("GET", f"/v1/leads/{lead}/path?from={report_id}&to={report_id}", None),
        ("GET", f"/v1/leads/{lead}?as_of=2100-01-01", None),
        ("GET", f"/v1/leads/{lead}?as_of={datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}", None),
        ("GET", f"/v1/leads/{lead}/reports?as_of={datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}", None),
        ("POST", f"/v1/leads/{lead}/outcomes", {"status": "closed"}),
        (
            "POST",
            f"/v1/leads/{lead}/decisions",
            {"kind": "separate", "reports": [report_id, str(uuid.uuid4())], "reason": "Why."},
        ),
    ]


@pytest.mark.parametrize("place", range(len(_routes("", ""))))
def test_a_closed_lead_is_answered_as_one_that_does_not_exist(closed, lead_of, agency, place):
    _, secret, _ = closed
    answers = []
    for lead, report_id in ((lead_of(secret[0]), secret[0]["id"]), (ONE, OTHER)):
        method, path, body = _routes(lead, report_id)[place]
        answer = agency.http.request(method, path, json=body, headers=WHY)
        headers = {k: v for k, v in answer.headers.items() if k not in ("date", "x-request-id")}
        answers.append((answer.status_code, headers, answer.json() | {"instance": None}))
    assert answers[0] == answers[1]
    assert answers[0][0] == (422 if "2100" in path else 404)


ONE, OTHER = str(uuid.uuid4()), str(uuid.uuid4())


def test_those_within_read_the_closed_lead(closed, lead_of, insider):
    _, secret, _ = closed
    path = f"/v1/leads/{lead_of(secret[0])}"
    lead = insider.http.get(path, headers=WHY).json()
    assert (lead["report_count"], lead["withheld_count"]) == (2, 0)
    [link] = insider.http.get(f"{path}/links", headers=WHY).json()["items"]
    [part] = [each for each in link["parts"] if each["kind"] == "email"]
    assert (part["value"], part["carriers"]) == (closed[2]["value"], 2)
    listed = insider.http.get("/v1/leads", params={"limit": 500}).json()["items"]
    assert lead_of(secret[0]) in {each["id"] for each in listed}


def test_a_country_in_the_circle_knows_of_the_hit_and_has_to_ask(
    network, reporter, insider, lead_of
):
    body = report(attributes=[email()], handling={"tlp": "RED", "share_with": ["HU"]})
    lead = lead_of(reporter.send(body))
    [stub] = insider.http.get(f"/v1/leads/{lead}/reports", headers=WHY).json()["items"]
    assert stub["withheld"] is True
    assert stub["ask"]["id"] == str(reporter.organisation_id)


@pytest.mark.parametrize("kind", ["join", "separate"])
def test_two_circles_are_not_joined_even_by_who_may_read_both(closed, lead_of, insider, kind):
    opened, secret, _ = closed
    body = {"kind": kind, "reports": [opened[0]["id"], secret[0]["id"]], "reason": "Why."}
    for lead in (lead_of(opened[0]), lead_of(secret[0])):
        answer = insider.http.post(f"/v1/leads/{lead}/decisions", json=body)
        assert answer.status_code == 422
        [fault] = answer.json()["errors"]
        assert "kept apart" in fault["detail"]


def test_a_decision_on_a_closed_report_is_refused_to_outsiders_as_on_an_unknown_one(
    closed, lead_of, agency
):
    opened, secret, _ = closed
    answers = [
        agency.http.post(
            f"/v1/leads/{lead_of(opened[0])}/decisions",
            json={"kind": "join", "reports": [opened[0]["id"], other], "reason": "Why."},
        )
        for other in (secret[0]["id"], ONE)
    ]
    assert [each.status_code for each in answers] == [422, 422]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]


def test_who_may_read_both_is_told_why_they_are_apart(closed, insider, agency):
    opened, secret, _ = closed
    body = {"reports": [opened[0]["id"], secret[0]["id"]]}
    found = insider.http.post("/v1/links/explain", json=body, headers=WHY).json()
    assert (found["reason"], found["parts"], found["together"]) == ("other_circle", [], False)
    assert agency.http.post("/v1/links/explain", json=body, headers=WHY).status_code == 404


def test_a_report_that_is_closed_by_an_amendment_is_gone_for_outsiders(
    network, reporter, agency, insider, lead_of
):
    tie = email()
    kept = reporter.send(report(attributes=[tie]))
    gone = reporter.send(report("T-GONE", attributes=[tie]))
    lead = lead_of(kept)
    path = f"/v1/leads/{lead}"
    judged = {"kind": "join", "reports": [kept["id"], gone["id"]], "reason": "Why."}
    assert agency.http.post(f"{path}/decisions", json=judged).status_code == 201
    named = {"tlp": "RED", "share_with": [str(insider.organisation_id)]}
    body = report("T-GONE", attributes=[tie], handling=named)
    answer = reporter.http.put(f"/v1/reports/{gone['id']}", json=body, headers={"If-Match": "*"})
    assert answer.status_code == 200
    for _ in range(2):
        # At once, and when it is linked anew.
        for rest in ("", "/reports", "/links", "/history", "/decisions"):
            answer = agency.http.get(path + rest, headers=WHY)
            assert answer.status_code == 200
            assert gone["id"] not in answer.text
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
        for rest in ("", "/reports"):
            assert gone["id"] not in agency.http.get(f"{path}{rest}?as_of={now}", headers=WHY).text
        network.wait_until_linked()
    assert lead_of(kept) == lead
    assert lead_of(gone) != lead
    assert agency.http.get(f"/v1/leads/{lead_of(gone)}", headers=WHY).status_code == 404
    near = insider.http.get(path, headers=WHY).json()["nearby"]
    assert [each["lead"] for each in near] == [lead_of(gone)]


def test_what_is_on_the_stop_list_links_nobody_in_any_circle(network, reporter, lead_of):
    tie, named = email("helpline"), {"tlp": "RED", "share_with": ["HU"]}
    one, other = (reporter.send(report(attributes=[tie], handling=named)) for _ in range(2))
    assert lead_of(one) == lead_of(other)
    index = index_of_value(network.keyring, AttributeKind.EMAIL, tie["value"])
    network.write(
        lambda connection: stoplist.add(
            connection, {index: "email"}, note=None, now=datetime.now(UTC)
        )
    )
    reporter.send(report())  # Wakes the linker.
    network.wait_until_linked()
    assert lead_of(one) != lead_of(other)
    third = reporter.send(report(attributes=[tie], handling=named))
    assert len({lead_of(one), lead_of(other), lead_of(third)}) == 3
