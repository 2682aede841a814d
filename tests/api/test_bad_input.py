"""Bad input, each kind by name: the right problem, a pointer, no echo, nothing else lost."""

import json
import uuid

import pytest

from tests.support.raw_http import chunk, connect_to, head, read_answer
from tests.support.reports import ndjson, report

PROBLEM = "application/problem+json"
JSON = {"Content-Type": "application/json"}
MARKER = "Linhmarker"
"""Stands in personal fields of everything that is sent here and may come back nowhere."""

WHOLE = json.dumps(report("BAD-1", narrative=f"{MARKER} Nguyen")).encode()
NUMBER = '{"external_ref":"BAD-2","observed_from":"2026-03-01","place":{"lat":%s,"lon":1}}'


def with_field(**more) -> bytes:
    """A report as bytes, with fields that are wrong."""
    return json.dumps(report("BAD-3", **more)).encode()


UNREADABLE = {
    "an empty body": b"",
    "only spaces": b" \n\t ",
    "a cut document": WHOLE[:-20],
    "something behind the document": WHOLE + b"{}",
    "single quotes": b"{'external_ref': 'Linhmarker'}",
    "a trailing comma": WHOLE[:-1] + b",}",
    "a comment": b"// Linhmarker\n" + WHOLE,
    "a raw NUL in a text": WHOLE.replace(b"Nguyen", b"Ngu\x00yen"),
    "a raw NUL behind": WHOLE + b"\x00",
    "a raw line end in a text": WHOLE.replace(b" Nguyen", b"\nNguyen"),
    "latin-1 bytes": report("BAD-4", narrative="Linhmarker \xe9").__repr__().encode("latin-1"),
    "latin-1 bytes in a text": WHOLE.replace(b"Nguyen", b"Nguy\xean"),
    "an overlong UTF-8 form": WHOLE.replace(b"Nguyen", b"\xc0\xafLinhmarker"),
    "a surrogate encoded in UTF-8": WHOLE.replace(b"Nguyen", b"\xed\xa0\x80"),
    "a lone high surrogate": WHOLE.replace(b"Nguyen", b"\\ud83d Linhmarker"),
    "a lone low surrogate": WHOLE.replace(b"Nguyen", b"\\ude00 Linhmarker"),
    "UTF-16": WHOLE.decode().encode("utf-16"),
    "UTF-32": WHOLE.decode().encode("utf-32"),
    "a byte order mark": b"\xef\xbb\xbf" + WHOLE,
    "100,000 levels of lists": b'{"external_ref":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "100,000 levels of objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "100,000 levels never closed": b"[" * 100_000,
    "a number of 10,000 digits": (NUMBER % ("9" * 10_000)).encode(),
    "a whole number of 10,000 digits": WHOLE[:-1]
    + b',"source":{"credibility":%s}}' % (b"9" * 10_000),
}

REFUSED = {
    "a list": (b"[]", ""),
    "a text": (b'"Linhmarker"', ""),
    "a number": (b"7", ""),
    "null": (b"null", ""),
    "no fields": (b"{}", "/external_ref"),
    "an unknown field": (with_field(nonsense="Linhmarker"), "/nonsense"),
    "an unknown field deep inside": (
        with_field(persons=[{"name": "Linhmarker", "nonsense": 1}]), "/persons/0/nonsense",
    ),
    "an unknown field that is itself a name": (with_field(**{"Linhmarker Nguyen": 1}), ""),
    "a number for a text": (with_field(narrative=7), "/narrative"),
    "a list for a text": (with_field(narrative=["Linhmarker"]), "/narrative"),
    "a text for a list": (with_field(persons="Linhmarker"), "/persons"),
    "a text for an object": (with_field(place="Linhmarker"), "/place"),
    "a text for a number": (with_field(place={"lat": "49.2", "lon": 18.7}), "/place/lat"),
    "a number for a truth": (with_field(safety={"at_risk": 1}), "/safety/at_risk"),
    "a date before 1900": (with_field(observed_from="1899-12-31"), "/observed_from"),
    "a date in the future": (with_field(observed_from="2999-01-01"), "/observed_from"),
    "a date in year one, ahead of UTC": (
        with_field(observed_from="0001-01-01T00:00:00+14:00"), "/observed_from",
    ),
    "a date in year 9999, behind UTC": (
        with_field(observed_from="9999-12-31T23:59:59-14:00"), "/observed_from",
    ),
    "an end in year 9999, behind UTC": (
        with_field(observed_to="9999-12-31T23:59:59-14:00"), "/observed_to",
    ),
    "the 30th of February": (with_field(observed_from="2026-02-30"), "/observed_from"),
    "a date of zeros": (with_field(observed_from="0000-00-00"), "/observed_from"),
    "a date of nonsense": (with_field(observed_from="Linhmarker"), "/observed_from"),
    "a date that is empty": (with_field(observed_from=""), "/observed_from"),
    "seconds since 1970": (with_field(observed_from=1_767_225_600), "/observed_from"),
    "an end before the beginning": (with_field(observed_to="2026-02-01"), "/observed_to"),
    **{
        f"a date in the form {text}": (with_field(observed_from=text), "/observed_from")
        for text in (
            "20260301", "2026-W10-1", "2026-03-01T10", "2026-03-01T10:00Z", "2026-03-01T10:00:00",
            "2026-03-01 10:00:00Z", "2026-03-01\n",
        )
    },
    "an end in the form of a week": (with_field(observed_to="2026-W12-1"), "/observed_to"),
    "an end in the future": (with_field(observed_to="2999-01-01"), "/observed_to"),
    "an end in year 9999": (with_field(observed_to="9999-12-31"), "/observed_to"),
    "an end an hour before the beginning": (
        with_field(observed_from="2026-03-01T10:00:00Z", observed_to="2026-03-01T10:00:00+01:00"),
        "/observed_to",
    ),
    "a birth after the observation": (
        with_field(persons=[{}, {"birth_date": "2027"}]), "/persons/1/birth_date",
    ),
    "a birth in year 2100": (with_field(persons=[{"birth_date": "2100-01"}]), "/persons/0/birth_date"),
    "a birth with a blank": (with_field(persons=[{"birth_date": " 1999"}]), "/persons/0/birth_date"),
    "a reference of blanks": (json.dumps(report(" \t ")).encode(), "/external_ref"),
    "a reference of invisible characters": (
        json.dumps(report("\u200b\u00a0\u2060")).encode(), "/external_ref",
    ),
    "a region of no country": (with_field(place={"nuts": "XX031"}), "/place/nuts"),
    "a region of another country": (
        with_field(place={"country": "SK", "nuts": "AT130"}), "/place/nuts",
    ),
    "a birth in month 13": (with_field(persons=[{"birth_date": "1999-13"}]), "/persons/0/birth_date"),
    "a narrative of 20,001 characters": (with_field(narrative="Ž" * 20_001), "/narrative"),
    "an escaped NUL in a narrative": (with_field(narrative="Linhmarker\x00"), "/narrative"),
    "an escaped NUL in a name": (with_field(persons=[{"name": "a\x00"}]), "/persons/0/name"),
    "an escaped NUL in a value": (
        with_field(attributes=[{"kind": "email", "value": "a\x00@mail.example"}]),
        "/attributes/0/value",
    ),
    "an escaped NUL in a reference": (
        json.dumps(report("BAD\x00")).encode(), "/external_ref",
    ),
    "an empty reference": (json.dumps({"external_ref": "", "observed_from": "2026-03-01"}).encode(),
                           "/external_ref"),
    "a reference of 201 characters": (json.dumps(report("r" * 201)).encode(), "/external_ref"),
    "a country that does not exist": (with_field(place={"country": "XX"}), "/place/country"),
    "a country in small letters": (with_field(place={"country": "sk"}), "/place/country"),
    "a form that does not exist": (with_field(forms=["Linhmarker"]), "/forms/0"),
    "an indicator that does not exist": (with_field(indicators=["ZZ-99"]), "/indicators/0"),
    "an indicator that is none": (with_field(indicators=["Linhmarker"]), "/indicators/0"),
    "a latitude of 91": (with_field(place={"lat": 91, "lon": 0}), "/place/lat"),
    "a latitude alone": (with_field(place={"lat": 9}), "/place"),
    "NaN": ((NUMBER % "NaN").encode(), "/place/lat"),
    "Infinity": ((NUMBER % "Infinity").encode(), "/place/lat"),
    "a number of 400 digits": ((NUMBER % ("9" * 400)).encode(), "/place/lat"),
    "a number beyond doubles": ((NUMBER % "1e999").encode(), "/place/lat"),
    "101 persons": (with_field(persons=[{}] * 101), "/persons"),
    "neither value nor token": (with_field(attributes=[{"kind": "phone"}]), "/attributes/0"),
    "an attribute kind that does not exist": (
        with_field(attributes=[{"kind": "Linhmarker", "value": "x"}]), "/attributes/0/kind",
    ),
}  # fmt: skip


@pytest.fixture
def unharmed(reporter, network):
    """Whatever a test sends: nothing is stored of it, and the service goes on well."""
    before = network.one("SELECT count(*) FROM report")
    yield
    assert network.one("SELECT count(*) FROM report") == before
    assert reporter.http.post("/v1/reports", json=report()).status_code == 201


def assert_problem(answer, status, pointer=None):
    """A problem of that status which repeats nothing."""
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == PROBLEM
    body = answer.json()
    assert body["status"] == status
    assert body["detail"]
    assert MARKER not in answer.text
    assert MARKER not in str(answer.headers)
    if pointer is not None:
        assert pointer in [fault["pointer"] for fault in body["errors"]]


@pytest.mark.parametrize("path", ["/v1/reports", "/v1/reports/assess"])
@pytest.mark.parametrize("name", UNREADABLE)
def test_a_body_that_cannot_be_read_is_refused(reporter, unharmed, path, name):
    assert_problem(reporter.http.post(path, content=UNREADABLE[name], headers=JSON), 400)


@pytest.mark.parametrize("name", REFUSED)
def test_a_body_that_breaks_a_rule_is_refused_with_a_pointer(reporter, unharmed, name):
    body, pointer = REFUSED[name]
    assert_problem(reporter.http.post("/v1/reports", content=body, headers=JSON), 422, pointer)


@pytest.mark.parametrize("name", REFUSED)
def test_a_dry_run_refuses_it_with_the_same_words(reporter, unharmed, name):
    body, pointer = REFUSED[name]
    dry = reporter.http.post("/v1/reports/assess", content=body, headers=JSON)
    assert_problem(dry, 422, pointer)
    real = reporter.http.post("/v1/reports", content=body, headers=JSON)
    assert dry.json()["errors"] == real.json()["errors"]


@pytest.mark.parametrize(
    "place", [{"country": "GR", "nuts": "EL30"}, {"country": "GB", "nuts": "UKI"}, {"nuts": "XK"}]
)
def test_regions_of_countries_with_two_codes_are_taken(reporter, place):
    assert reporter.http.post("/v1/reports", json=report(place=place)).status_code == 201


def test_a_narrative_of_20_000_characters_is_taken_whole(reporter):
    text = "Ž😀" * 10_000
    answer = reporter.http.post("/v1/reports", json=report(narrative=text))
    assert answer.status_code == 201
    assert reporter.http.get(answer.headers["location"]).json()["narrative"] == text


def test_an_escaped_pair_of_surrogates_is_one_character(reporter):
    body = WHOLE.replace(b"BAD-1", b"PAIR-1").replace(b"Nguyen", b"\\ud83d\\ude00")
    answer = reporter.http.post("/v1/reports", content=body, headers=JSON)
    assert answer.status_code == 201
    assert answer.json()["narrative"].endswith("😀")


def test_of_a_repeated_key_the_last_is_read_everywhere_alike(reporter):
    one, two = f"D-{uuid.uuid4()}", f"D-{uuid.uuid4()}"
    body = f'{{"external_ref":"{one}","external_ref":"{two}","observed_from":"2026-03-01"}}'
    posted = reporter.http.post("/v1/reports", content=body, headers=JSON)
    assert posted.json()["external_ref"] == two
    read = reporter.http.get(posted.headers["location"]).json()
    assert read["external_ref"] == two
    again = reporter.http.post("/v1/reports", json=report(two))
    assert (again.status_code, again.json()["id"]) == (200, posted.json()["id"])


def test_several_faults_are_told_at_once(reporter, unharmed):
    body = with_field(narrative=7, forms=["x"], persons=[{"sex": "x"}])
    answer = reporter.http.post("/v1/reports", content=body, headers=JSON)
    assert_problem(answer, 422)
    pointers = {fault["pointer"] for fault in answer.json()["errors"]}
    assert pointers == {"/narrative", "/forms/0", "/persons/0/sex"}


@pytest.mark.parametrize(
    "given",
    [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/xml", "application/json; charset=latin-1", "application/json;charset=utf-16",
        "application/x-ndjson", "application/", "", "json",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/v1/reports", "/v1/reports/assess"])
def test_a_body_of_another_type_is_refused(reporter, unharmed, path, given):
    headers = {"Content-Type": given} if given else {}
    assert_problem(reporter.http.post(path, content=WHOLE, headers=headers), 415)


@pytest.mark.parametrize(
    "given",
    ["application/json; charset=utf-8", "Application/JSON", 'application/json;charset="UTF-8"'],
)
def test_utf_8_may_be_named(reporter, given):
    body = json.dumps(report()).encode()
    answer = reporter.http.post("/v1/reports", content=body, headers={"Content-Type": given})
    assert answer.status_code == 201


def test_a_batch_of_another_type_is_refused(reporter, unharmed):
    answer = reporter.http.post("/v1/reports/batch", content=WHOLE, headers=JSON)
    assert_problem(answer, 415)


TWO_MEGABYTES = json.dumps(report("BIG", narrative=MARKER + "x" * 2_000_000)).encode()


@pytest.mark.parametrize("path", ["/v1/reports", "/v1/reports/assess"])
def test_a_body_of_two_megabytes_is_refused(reporter, unharmed, path):
    assert_problem(reporter.http.post(path, content=TWO_MEGABYTES, headers=JSON), 413)


def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(reporter, network, unharmed):
    with connect_to(network.url) as connection:
        start = head("POST", "/v1/reports", reporter.token, Content_Type="application/json",
                     Content_Length="2000000")  # fmt: skip
        connection.sendall(start)
        assert read_answer(connection).status == 413


def test_a_client_that_sends_all_of_eight_megabytes_before_it_reads_learns_why_it_is_refused(
    reporter, network, unharmed
):
    # As Python's urllib does it. What is left unread when the service closes would reset the
    # connection, and the answer would be lost.
    body = b"x" * 8_000_000
    start = head(
        "POST",
        "/v1/reports",
        reporter.token,
        Content_Type="application/json",
        Content_Length=str(len(body)),
        Connection="close",
    )
    with connect_to(network.url) as connection:
        connection.sendall(start + body)
        assert read_answer(connection).status == 413


def test_a_body_in_chunks_is_refused_once_it_is_too_large(reporter, network, unharmed):
    with connect_to(network.url) as connection:
        start = head("POST", "/v1/reports", reporter.token, Content_Type="application/json",
                     Transfer_Encoding="chunked")  # fmt: skip
        connection.sendall(start)
        for place in range(0, 1_200_000, 60_000):
            connection.sendall(chunk(TWO_MEGABYTES[place : place + 60_000]))
        answer = read_answer(connection)
    assert answer.status == 413
    assert MARKER.encode() not in answer.body


def test_a_body_as_large_as_the_limit_is_read(reporter):
    fields = report("LIMIT", attributes=[{"kind": "case_ref", "value": "x" * 900}] * 200)
    text = json.dumps(fields)
    body = text + " " * (1_048_576 - len(text))
    assert reporter.http.post("/v1/reports", content=body, headers=JSON).status_code == 201


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b"", 400, None),
        (b"{", 400, None),
        (b'{"status":"closed","message":"Linhmarker', 400, None),
        (b"[" * 100_000, 400, None),
        (b'{"status":"closed","message":"\xe9 Linhmarker"}', 400, None),
        (b"[]", 422, ""),
        (b"{}", 422, "/status"),
        (b'{"status":"Linhmarker"}', 422, "/status"),
        (b'{"status":"new"}', 422, "/status"),
        (b'{"status":"closed","message":7}', 422, "/message"),
        (b'{"status":"closed","message":"\\u0000 Linhmarker"}', 422, "/message"),
        (b'{"status":"closed","message":"\\ud83d Linhmarker"}', 400, None),
        (b'{"status":"closed","nonsense":"Linhmarker"}', 422, "/nonsense"),
        (b'{"status":"closed","Linhmarker":1}', 422, ""),
        (b'{"status":"closed","message":"' + b"x" * 4001 + b'"}', 422, "/message"),
        (b'{"status":"closed","message":"' + b"x" * 2_000_000 + b'"}', 413, None),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else None,
)
def test_an_outcome_that_is_none_is_refused(agency, unharmed, body, status, pointer):
    path = f"/v1/leads/{uuid.uuid4()}/outcomes"
    assert_problem(agency.http.post(path, content=body, headers=JSON), status, pointer)


@pytest.mark.parametrize("given", ["text/plain", "application/x-ndjson", ""])
def test_an_outcome_of_another_type_is_refused(agency, unharmed, given):
    headers = {"Content-Type": given} if given else {}
    path = f"/v1/leads/{uuid.uuid4()}/outcomes"
    assert_problem(agency.http.post(path, content=b'{"status":"closed"}', headers=headers), 415)


@pytest.mark.parametrize(
    "query",
    [
        "min_score=nan", "min_score=inf", "min_score=-1", "min_score=1e999", "min_score=Linhmarker",
        "country=XX", "nuts=%00", "nuts=Linhmarker", "form=Linhmarker", "status=Linhmarker",
        "indicator=Linhmarker", "updated_since=Linhmarker", "has_children=Linhmarker",
        "sort=Linhmarker", "limit=1e3", "after=Linhmarker", "min_reports=99999999999999999999",
    ],
)  # fmt: skip
def test_a_filter_that_is_none_is_refused(agency, query):
    assert_problem(agency.http.get(f"/v1/leads?{query}"), 422)


@pytest.mark.parametrize(
    "moment",
    ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "-1", "1e18", "0001-01-01"],
)
def test_an_absurd_moment_in_a_filter_is_no_failure(agency, moment):
    answer = agency.http.get(f"/v1/leads?updated_since={moment}")
    assert answer.status_code in (200, 422), answer.text


@pytest.mark.parametrize("key", ["", "ключ", "a b", "x" * 201])
def test_an_idempotency_key_that_is_none_is_refused(reporter, unharmed, key):
    headers = [(b"content-type", b"application/json"), (b"idempotency-key", key.encode())]
    answer = reporter.http.post("/v1/reports", content=WHOLE, headers=headers)
    assert_problem(answer, 422)


@pytest.mark.parametrize(
    "prefer", ["wait=x", "wait=-1", "wait=99999999", "wait", "respond-async", "wait=0", ","]
)
def test_a_preference_that_is_none_is_ignored(reporter, prefer):
    answer = reporter.http.post("/v1/reports", json=report(), headers={"Prefer": prefer})
    assert answer.status_code == 201
    assert "preference-applied" not in answer.headers


def test_bad_lines_of_every_kind_are_answered_and_the_good_ones_beside_them_are_kept(
    reporter, network
):
    # A line is cut at its line ends, so those kinds of bad input are other lines.
    bad = {
        name: body
        for name, body in UNREADABLE.items()
        if b"\n" not in body.strip() and body.strip()
    }
    bad |= {name: body for name, (body, _) in REFUSED.items()}
    lines, good = [], []
    for number, body in enumerate(bad.values()):
        ref = f"BESIDE-{number}-{uuid.uuid4()}"
        good.append(ref)
        lines += [body, json.dumps(report(ref)).encode()]
    answer = reporter.http.post(
        "/v1/reports/batch",
        content=b"\n".join(lines) + b"\n",
        headers={"Content-Type": "application/x-ndjson"},
    )
    assert answer.status_code == 200
    assert MARKER not in answer.text
    answers = [json.loads(line) for line in answer.text.splitlines()]
    assert [each["line"] for each in answers] == list(range(1, len(lines) + 1))
    assert {each["status"] for each in answers[1::2]} == {201}
    wrong = {
        name: each["status"]
        for name, each in zip(bad, answers[::2], strict=True)
        if each["status"] != 422
    }
    assert wrong == {}
    stored = "SELECT count(*) FROM report WHERE external_ref = ANY($1)"
    assert network.one(stored, good) == len(good)


def test_a_line_that_breaks_a_rule_is_answered_with_its_reference_and_a_pointer(reporter):
    lines = ndjson([report("LINE-1", persons=[{"sex": "x"}])])
    answer = reporter.http.post(
        "/v1/reports/batch", content=lines, headers={"Content-Type": "application/x-ndjson"}
    ).json()
    assert answer["line"] == 1
    assert answer["external_ref"] == "LINE-1"
    assert answer["problem"]["errors"][0]["pointer"] == "/persons/0/sex"
