"""POST, GET, PUT, DELETE, list and assess of reports over HTTP."""

import uuid

import pytest

from tests.support.reports import email, phone, report, whole_report


def test_a_whole_report_is_kept_as_sent_and_answered_with_what_is_known_of_it(reporter):
    sent = whole_report("WHOLE-1")
    answer = reporter.http.post("/v1/reports", json=sent)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert answer.headers["location"] == f"/v1/reports/{body['id']}"
    assert uuid.UUID(body["id"]).version == 7
    assert body["status"] == "received"
    assert body["received_at"].endswith("Z")
    assert body["assessment"]["purpose"]
    kept = {name: body[name] for name in sent if name != "attributes"}
    assert kept == {name: value for name, value in sent.items() if name != "attributes"}
    normalised = body["attributes"][0].pop("normalised")
    assert normalised == "+421905000172"
    assert body["attributes"] == sent["attributes"]


def test_what_was_posted_is_what_is_read(reporter):
    posted = reporter.http.post("/v1/reports", json=whole_report("WHOLE-2"))
    read = reporter.http.get(posted.headers["location"])
    assert read.status_code == 200
    assert read.json() == posted.json()
    assert read.headers["etag"] == posted.headers["etag"]


def test_prefer_wait_answers_when_the_report_is_linked(reporter, network):
    answer = reporter.http.post("/v1/reports", json=report(), headers={"Prefer": "wait=20"})
    assert answer.status_code == 201
    assert answer.headers["preference-applied"] == "wait=20"
    assert answer.headers["tessera-linked"] == "true"
    statement = "SELECT count(*) FROM lead_membership WHERE report_id = $1"
    assert network.one(statement, uuid.UUID(answer.json()["id"])) == 1


@pytest.mark.parametrize(
    ("attribute", "pointer"),
    [
        ({"kind": "phone", "value": "12 34", "role": "facilitator"}, "/attributes/0"),
        ({"kind": "iban", "value": "SK3112000000198742637540"}, "/attributes/0"),
        ({"kind": "email", "value": "no mail at all"}, "/attributes/0"),
        ({"kind": "url", "value": "::::"}, "/attributes/0"),
    ],
)
def test_a_value_that_cannot_be_normalised_is_kept_and_named_in_the_warnings(
    reporter, attribute, pointer
):
    answer = reporter.http.post("/v1/reports", json=report(attributes=[attribute]))
    assert answer.status_code == 201
    body = answer.json()
    assert body["attributes"][0]["normalised"] is None
    assert body["attributes"][0]["value"] == attribute["value"]
    assert [warning["pointer"] for warning in body["warnings"]] == [pointer]
    assert body["warnings"][0]["detail"]


def test_values_in_the_narrative_are_found(reporter):
    text = "Kontakt: +421 905 000 173, web https://praca.example/ponuka, mail sef@praca.example."
    body = reporter.http.post("/v1/reports", json=report(narrative=text)).json()
    found = {(value["kind"], value["normalised"]) for value in body["values"]}
    assert ("phone", "+421905000173") in found
    assert ("email", "sef@praca.example") in found
    assert any(kind == "url" for kind, _ in found)
    assert all(value["pointer"].startswith("/narrative") for value in body["values"])


def test_the_list_gives_own_reports_newest_first_page_by_page(network):
    caller = network.caller("health")
    sent = [caller.http.post("/v1/reports", json=report()).json()["id"] for _ in range(7)]
    seen, after = [], None
    for _ in range(10):
        query = {"limit": 3} | ({"after": after} if after else {})
        page = caller.http.get("/v1/reports", params=query).json()
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == sent[::-1]


@pytest.mark.parametrize("limit", ["0", "501", "-1", "x"])
def test_a_limit_out_of_range_is_refused(reporter, limit):
    answer = reporter.http.get("/v1/reports", params={"limit": limit})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_amended_report_replaces_the_earlier_version_which_is_kept(reporter, network):
    posted = reporter.http.post("/v1/reports", json=report("AMEND-1", narrative="prvá verzia"))
    path, tag = posted.headers["location"], posted.headers["etag"]
    changed = report("AMEND-1", narrative="druhá verzia")
    answer = reporter.http.put(path, json=changed, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    assert answer.json()["narrative"] == "druhá verzia"
    assert answer.json()["received_at"] == posted.json()["received_at"]
    assert answer.headers["etag"] != tag
    assert reporter.http.get(path).json() == answer.json()
    kept = "SELECT count(*) FROM report_version WHERE report_id = $1"
    assert network.one(kept, uuid.UUID(posted.json()["id"])) == 1


def test_an_amendment_without_if_match_is_refused_with_428(reporter):
    path = reporter.http.post("/v1/reports", json=report("AMEND-2")).headers["location"]
    assert reporter.http.put(path, json=report("AMEND-2")).status_code == 428


@pytest.mark.parametrize("tag", ['"7"', "nonsense", '"1', '""', 'W/"99"', '"²"'])
def test_an_amendment_of_another_version_is_refused_with_412(reporter, tag):
    ref = f"AMEND-{uuid.uuid4()}"
    path = reporter.http.post("/v1/reports", json=report(ref)).headers["location"]
    stale = tag if tag != '"1' else '"0"'
    answer = reporter.http.put(
        path, json=report(ref), headers=[(b"if-match", stale.encode("latin-1"))]
    )
    assert answer.status_code == 412
    assert reporter.http.get(path).headers["etag"] == '"1"'


def test_of_two_amendments_of_one_version_only_the_first_is_taken(reporter):
    posted = reporter.http.post("/v1/reports", json=report("AMEND-3"))
    path, tag = posted.headers["location"], posted.headers["etag"]
    first = reporter.http.put(
        path, json=report("AMEND-3", narrative="a"), headers={"If-Match": tag}
    )
    second = reporter.http.put(
        path, json=report("AMEND-3", narrative="b"), headers={"If-Match": tag}
    )
    assert (first.status_code, second.status_code) == (200, 412)
    assert reporter.http.get(path).json()["narrative"] == "a"


def test_the_reference_of_a_report_cannot_be_amended(reporter):
    path = reporter.http.post("/v1/reports", json=report("AMEND-4")).headers["location"]
    answer = reporter.http.put(path, json=report("AMEND-5"), headers={"If-Match": "*"})
    assert answer.status_code == 409


def test_an_amended_report_is_linked_by_its_new_values_and_no_more_by_its_old_ones(
    reporter, network
):
    old, new = email(), email()
    first = reporter.send(report("RELINK-1", attributes=[old]))
    second = reporter.send(report("RELINK-2", attributes=[old]))
    third = reporter.send(report("RELINK-3", attributes=[new]))
    assert _lead_of(network, first) == _lead_of(network, second)
    answer = reporter.http.put(
        f"/v1/reports/{second['id']}",
        json=report("RELINK-2", attributes=[new]),
        headers={"If-Match": "*"},
    )
    assert answer.status_code == 200
    network.wait_until_linked()
    assert _lead_of(network, second) == _lead_of(network, third)
    assert _lead_of(network, second) != _lead_of(network, first)


def test_a_withdrawn_report_keeps_nothing_but_the_fact(reporter, network):
    posted = reporter.send(report("GONE-1", narrative="Zmizne bez stopy", attributes=[phone()]))
    path = f"/v1/reports/{posted['id']}"
    assert reporter.http.delete(path).status_code == 204
    assert reporter.http.delete(path).status_code == 204
    body = reporter.http.get(path).json()
    assert body["status"] == "withdrawn"
    assert "Zmizne" not in str(body)
    assert "attributes" not in body
    own = uuid.UUID(posted["id"])
    assert network.one("SELECT sealed IS NULL FROM report WHERE id = $1", own)
    assert network.one("SELECT count(*) FROM report_attribute WHERE report_id = $1", own) == 0
    assert network.one("SELECT count(*) FROM report_version WHERE report_id = $1", own) == 0
    told = (
        "SELECT count(*) FROM audit_entry WHERE $1 = ANY (objects) AND action = 'report_withdrawn'"
    )
    assert network.one(told, own) == 1
    network.wait_until_linked()
    assert network.one("SELECT count(*) FROM lead_membership WHERE report_id = $1", own) == 0


def test_a_withdrawn_report_cannot_be_amended(reporter):
    path = reporter.http.post("/v1/reports", json=report("GONE-2")).headers["location"]
    reporter.http.delete(path)
    answer = reporter.http.put(path, json=report("GONE-2"), headers={"If-Match": "*"})
    assert answer.status_code == 410


def test_a_withdrawn_report_stands_in_the_list_as_withdrawn(network):
    caller = network.caller("legal")
    path = caller.http.post("/v1/reports", json=report("GONE-3")).headers["location"]
    caller.http.delete(path)
    items = caller.http.get("/v1/reports").json()["items"]
    assert [item["status"] for item in items] == ["withdrawn"]


def test_the_dry_run_assesses_and_stores_nothing(reporter, network):
    network.wait_until_linked()
    before = network.one("SELECT count(*) FROM report")
    answer = reporter.http.post("/v1/reports/assess", json=whole_report("DRY-1"))
    assert answer.status_code == 200
    assert set(answer.json()) == {"assessment", "questions", "values", "warnings"}
    assert network.one("SELECT count(*) FROM report") == before
    assert network.one("SELECT count(*) FROM link_queue") == 0


@pytest.mark.parametrize(
    ("params", "headers", "language"),
    [
        ({}, {}, "en"),
        ({"lang": "el"}, {}, "el"),
        ({}, {"Accept-Language": "sk-SK,en;q=0.5"}, "sk"),
        ({"lang": "bg"}, {"Accept-Language": "sk"}, "bg"),
    ],
)
def test_the_dry_run_asks_what_is_open_in_words_of_a_language(reporter, params, headers, language):
    body = report(indicators=["EX-02"])
    answer = reporter.http.post("/v1/reports/assess", params=params, headers=headers, json=body)
    assert answer.headers["content-language"] == language
    told = answer.json()
    open_ = [
        code
        for element in ("act", "means", "purpose")
        for code in told["assessment"][element]["open_questions"]
    ]
    assert [each["code"] for each in told["questions"]] == list(dict.fromkeys(open_)) != []
    checklist = reporter.http.get("/v1/protocol/checklists/ngo", params={"lang": language}).json()
    asked = {
        (code, answer, each["text"])
        for each in checklist["questions"]
        for answer in ("yes", "no")
        for code in each[answer]
    }
    reached = {code for code, _, _ in asked}
    for each in told["questions"]:
        assert (each["language"], each["review"]) == (language, "draft")
        if each["code"] in reached:
            assert (each["code"], each["answer"], each["text"]) in asked


def test_the_dry_run_has_no_questions_in_a_language_that_there_is_not(reporter):
    answer = reporter.http.post("/v1/reports/assess?lang=de", json=report())
    assert answer.status_code == 400


def test_the_dry_run_refuses_what_a_report_would_be_refused_for(reporter):
    body = report(indicators=["ZZ-99"])
    for path in ("/v1/reports/assess", "/v1/reports"):
        answer = reporter.http.post(path, json=body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"].startswith("/indicators")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_the_report_of_another_is_answered_as_one_that_does_not_exist(
    reporter, other_reporter, method
):
    foreign = reporter.http.post("/v1/reports", json=report()).headers["location"]
    missing = f"/v1/reports/{uuid.uuid4()}"
    answers = [
        other_reporter.http.request(
            method,
            path,
            headers={"If-Match": "*", "X-Request-ID": "the-same-id-0001"},
            json=report() if method == "PUT" else None,
        )
        for path in (foreign, missing)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert reporter.http.get(foreign).json()["status"] == "received"


def test_the_feedback_on_the_report_of_another_is_answered_as_one_that_does_not_exist(
    reporter, other_reporter
):
    foreign = reporter.http.post("/v1/reports", json=report()).headers["location"]
    answers = [
        other_reporter.http.get(f"{path}/feedback", headers={"X-Request-ID": "the-same-id-0002"})
        for path in (foreign, f"/v1/reports/{uuid.uuid4()}")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_lists_hold_own_reports_only(reporter, other_reporter):
    reporter.http.post("/v1/reports", json=report())
    own = other_reporter.http.post("/v1/reports", json=report()).json()["id"]
    items = other_reporter.http.get("/v1/reports", params={"limit": 500}).json()["items"]
    assert own in {item["id"] for item in items}
    assert not {item["external_ref"] for item in items} & {"NOISE-0", "NOISE-1", "NOISE-2"}


def test_a_client_without_identity_may_send_tokens_and_no_value(network):
    caller = network.caller("health", no_identity=True)
    refused = caller.http.post(
        "/v1/reports", json=report("NI-1", narrative="Meno", attributes=[phone()])
    )
    assert refused.status_code == 422
    pointers = {fault["pointer"] for fault in refused.json()["errors"]}
    assert pointers == {"/narrative", "/attributes/0"}
    assert caller.http.get("/v1/reports").json()["items"] == []
    token = {"kind": "phone", "token": "A" * 43, "role": "facilitator"}
    taken = caller.http.post("/v1/reports", json=report("NI-1", attributes=[token]))
    assert taken.status_code == 201


@pytest.mark.parametrize(
    "field",
    [
        {"persons": [{"nationality": "VN", "aliases": ["Lily Demo"]}]},
        {"persons": [{"given_name": "Lily"}]},
        {"persons": [{"phones": ["+421 905 000 174"]}]},
        {"persons": [{"documents": [{"kind": "passport", "number": "C0000174"}]}]},
        {"organisations": [{"name": "Lily Demo s. r. o."}]},
        {"organisations": [{"address": "Hlavná 1"}]},
        {"vehicles": [{"plate": "ZA 174 AB"}]},
        {"vehicles": [{"description": "biela dodávka Lily Demo"}]},
        {"place": {"country": "SK", "address": "Hlavná 1"}},
        {"indicators": [{"code": "CD-01", "note": "Lily Demo"}]},
        {"attributes": [{"kind": "phone", "token": "A" * 43, "note": "Lily Demo"}]},
        {"consent": {"basis": "consent", "note": "Lily Demo"}},
        {"external_ref": "Lily Demo"},
        {"external_ref": "lily@mail.example"},
        {"language": "en-Lily-Demo"},
        {"persons": [{"languages": ["vi", "en-Lily"]}]},
        {"place": {"country": "SK", "locality": "Lily Demo"}},
        {"place": {"lat": 0.0, "lon": 0.0}},
        {"attributes": [{"kind": "profile", "token": "A" * 43, "platform": "Lily Demo"}]},
    ],
    ids=lambda field: next(iter(field)),
)
@pytest.mark.parametrize("path", ["/v1/reports", "/v1/reports/assess"])
def test_no_personal_value_is_taken_from_a_client_without_identity(network, hidden, path, field):
    answer = hidden.http.post(path, json=report() | field)
    assert answer.status_code == 422
    assert "Lily" not in answer.text
    assert hidden.http.get("/v1/reports").json()["items"] == []


def test_an_idempotency_key_of_a_client_without_identity_holds_no_name(hidden):
    headers = {"Idempotency-Key": "lily@mail.example"}
    answer = hidden.http.post("/v1/reports", json=report(), headers=headers)
    assert answer.status_code == 422
    assert "lily" not in answer.text


@pytest.fixture(scope="module")
def hidden(network):
    """A client that may send no personal value."""
    return network.caller("health", no_identity=True)


def _lead_of(network, body):
    statement = "SELECT lead_id FROM lead_membership WHERE report_id = $1"
    return network.one(statement, uuid.UUID(body["id"]))
