"""Batches: one answer a line, in order, streamed; what was answered is kept, whatever happens."""

import json
import socket
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.raw_http import chunk, connect_to, head, read_answer
from tests.support.reports import email, ndjson, report

NDJSON = {"Content-Type": "application/x-ndjson"}


def send(caller, content: bytes) -> list[dict]:
    """A batch and its answers."""
    answer = caller.http.post("/v1/reports/batch", content=content, headers=NDJSON)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def stored(network, refs) -> int:
    """How many of these references are there."""
    statement = "SELECT count(*) FROM report_reference WHERE external_ref = ANY($1)"
    return network.one(statement, list(refs))


def some(number: int) -> list[dict]:
    """So many reports of their own."""
    name = uuid.uuid4().hex[:8]
    return [report(f"{name}-{place}") for place in range(number)]


def test_every_line_is_answered_in_order_and_stored(network, reporter):
    bodies = some(1_200)
    answers = send(reporter, ndjson(bodies))
    assert [each["line"] for each in answers] == list(range(1, 1_201))
    assert [each["external_ref"] for each in answers] == [b["external_ref"] for b in bodies]
    assert {each["status"] for each in answers} == {201}
    assert len({each["id"] for each in answers}) == 1_200
    assert stored(network, [b["external_ref"] for b in bodies]) == 1_200


def test_repeated_and_conflicting_lines_are_told_apart_within_and_across_batches(reporter):
    one, two = some(2)
    other = one | {"narrative": "iné"}
    first = send(reporter, ndjson([one, one, other, two]))
    assert [each["status"] for each in first] == [201, 200, 409, 201]
    assert first[0]["id"] == first[1]["id"]
    assert "id" not in first[2]
    assert first[2]["problem"]["type"] == "urn:tessera:problem:conflict"
    again = send(reporter, ndjson([two, one]))
    assert [each["status"] for each in again] == [200, 200]
    assert [each["id"] for each in again] == [first[3]["id"], first[0]["id"]]


def test_reports_of_a_batch_are_linked_with_each_other_and_with_earlier_ones(network, reporter):
    tie = email()
    earlier = reporter.send(report(attributes=[tie]))
    answers = send(reporter, ndjson([b | {"attributes": [tie]} for b in some(3)]))
    network.wait_until_linked()
    ids = [uuid.UUID(each["id"]) for each in [*answers, earlier]]
    leads = "SELECT count(DISTINCT lead_id) FROM lead_membership WHERE report_id = ANY($1)"
    assert network.one(leads, ids) == 1


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"\n\n\r\n", []),
        (b"\r\n{}\r\n\n{}", [2, 4]),
        (b"{}", [1]),
    ],
)
def test_blank_lines_are_counted_and_not_answered(reporter, content, lines):
    assert [each["line"] for each in send(reporter, content)] == lines


def test_carriage_returns_before_line_ends_do_not_matter(reporter):
    bodies = some(3)
    answers = send(reporter, ndjson(bodies).replace(b"\n", b"\r\n"))
    assert {each["status"] for each in answers} == {201}


def test_a_broken_5000th_line_costs_only_itself(network, reporter):
    bodies = some(5_200)
    lines = ndjson(bodies).splitlines(keepends=True)
    lines[4_999] = b'{"external_ref": "broken", "narrative": "Linhmarker\n'
    answers = send(reporter, b"".join(lines))
    assert [each["line"] for each in answers] == list(range(1, 5_201))
    wrong = [each for each in answers if each["status"] != 201]
    assert [each["line"] for each in wrong] == [5_000]
    assert wrong[0]["status"] == 422
    assert wrong[0]["problem"]["type"] == "urn:tessera:problem:malformed-input"
    assert "Linhmarker" not in json.dumps(wrong)
    kept = [b["external_ref"] for place, b in enumerate(bodies) if place != 4_999]
    assert stored(network, kept) == 5_199


def test_a_line_of_three_megabytes_costs_only_itself(network, reporter):
    before, after = some(2)
    big = json.dumps(report("BIG", narrative="Linhmarker" + "x" * 3_000_000)).encode() + b"\n"
    answers = send(reporter, ndjson([before]) + big + ndjson([after]))
    assert [(each["line"], each["status"]) for each in answers] == [(1, 201), (2, 413), (3, 201)]
    assert "Linhmarker" not in json.dumps(answers)
    assert stored(network, [before["external_ref"], after["external_ref"]]) == 2


def test_a_last_line_of_three_megabytes_without_an_end_is_answered(reporter):
    big = json.dumps(report("BIG", narrative="x" * 3_000_000)).encode()
    assert [each["status"] for each in send(reporter, big)] == [413]


def test_lines_may_be_cut_anywhere_by_the_network(network, reporter):
    bodies = [b | {"narrative": "žltý kôň 😀"} for b in some(20)]
    content = json.dumps(bodies[0], ensure_ascii=False).encode() + b"\n" + ndjson(bodies[1:])
    with connect_to(network.url) as connection:
        connection.sendall(
            head(
                "POST",
                "/v1/reports/batch",
                reporter.token,
                Content_Type="application/x-ndjson",
                Transfer_Encoding="chunked",
            )
        )
        for place in range(0, len(content), 7):
            connection.sendall(chunk(content[place : place + 7]))
        connection.sendall(chunk(b""))
        answer = read_answer(connection)
    answers = [json.loads(line) for line in answer.body.splitlines()]
    assert [each["status"] for each in answers] == [201] * 20


def test_answers_come_while_the_request_is_still_being_sent(network, reporter):
    bodies = some(4)
    with connect_to(network.url, seconds=10) as connection:
        connection.sendall(
            head(
                "POST",
                "/v1/reports/batch",
                reporter.token,
                Content_Type="application/x-ndjson",
                Transfer_Encoding="chunked",
            )
        )
        stream = connection.makefile("rb")
        seen = []
        for body in bodies:
            connection.sendall(chunk(ndjson([body])))
            while not (line := stream.readline()).startswith(b'{"line"'):
                assert line, "the answer ended before the request"
            seen.append(json.loads(line))
        connection.sendall(chunk(b""))
        stream.close()
    assert [each["status"] for each in seen] == [201] * 4


def test_a_client_that_hangs_up_half_way_keeps_its_whole_lines(network, reporter):
    bodies = some(300)
    content = ndjson(bodies)
    half = content[: content.index(b"\n", len(content) // 2) + 30]
    whole = half.count(b"\n")
    refs = [body["external_ref"] for body in bodies]
    connection = begin_batch(network, reporter, len(content))
    connection.sendall(half)
    until = time.monotonic() + 60
    while stored(network, refs) < whole and time.monotonic() < until:
        time.sleep(0.05)
    hang_up(connection)
    time.sleep(0.3)
    assert stored(network, refs) == whole
    assert reporter.http.post("/v1/reports", json=report()).status_code == 201
    again = send(reporter, content)
    assert [each["status"] for each in again] == [200] * whole + [201] * (300 - whole)


def test_a_client_that_hangs_up_at_once_may_send_all_again(network, reporter):
    """What the network had not handed over when the line broke never came: how much that is,
    nobody can say. But no line is torn, and all of them once more gives each exactly once.
    """
    bodies = some(300)
    content = ndjson(bodies)
    connection = begin_batch(network, reporter, len(content))
    connection.sendall(content[: len(content) // 2])
    hang_up(connection)
    again = send(reporter, content)
    assert {each["status"] for each in again} <= {200, 201}
    assert len({each["id"] for each in again}) == 300
    assert stored(network, [body["external_ref"] for body in bodies]) == 300


def begin_batch(network, reporter, length):
    connection = connect_to(network.url)
    connection.sendall(
        head(
            "POST",
            "/v1/reports/batch",
            reporter.token,
            Content_Type="application/x-ndjson",
            Content_Length=str(length),
        )
    )
    return connection


def hang_up(connection):
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def test_a_client_that_sends_slowly_is_served_and_holds_up_nobody(network, reporter):
    bodies = some(3)
    with connect_to(network.url) as connection:
        content = ndjson(bodies)
        connection.sendall(
            head(
                "POST",
                "/v1/reports/batch",
                reporter.token,
                Content_Type="application/x-ndjson",
                Content_Length=str(len(content)),
            )
        )
        for place in range(0, len(content), 30):
            connection.sendall(content[place : place + 30])
            started = time.monotonic()
            assert reporter.http.post("/v1/reports", json=report()).status_code == 201
            assert time.monotonic() - started < 2
            time.sleep(0.05)
        answer = read_answer(connection)
    assert [json.loads(line)["status"] for line in answer.body.splitlines()] == [201] * 3


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_slow_bodies_do_not_take_the_database_from_others(network, reporter, method):
    path = reporter.http.post("/v1/reports", json=report("SLOW-1")).headers["location"]
    target = path if method == "PUT" else "/v1/reports"
    slow = []
    for _ in range(12):
        connection = connect_to(network.url)
        connection.sendall(
            head(
                method,
                target,
                reporter.token,
                Content_Type="application/json",
                Content_Length="1000",
                If_Match="*",
            )
        )
        connection.sendall(b'{"external_ref":')
        slow.append(connection)
    time.sleep(0.5)
    started = time.monotonic()
    status = reporter.http.get(path).status_code
    took = time.monotonic() - started
    for connection in slow:
        connection.close()
    assert status == 200
    assert took < 2


def test_a_body_that_ends_early_is_no_report(network, reporter):
    before = network.one("SELECT count(*) FROM report")
    content = json.dumps(report()).encode()
    connection = connect_to(network.url)
    connection.sendall(
        head(
            "POST",
            "/v1/reports",
            reporter.token,
            Content_Type="application/json",
            Content_Length=str(len(content) + 100),
        )
    )
    connection.sendall(content)
    connection.shutdown(socket.SHUT_RDWR)
    connection.close()
    time.sleep(0.3)
    assert network.one("SELECT count(*) FROM report") == before


def test_two_batches_at_once_with_the_same_lines_store_each_once(network, reporter):
    bodies = some(400)
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(
            lambda content: send(reporter, content), [ndjson(bodies), ndjson(bodies[::-1])]
        )
    by_ref = {each["external_ref"]: each for each in one}
    for each in two:
        other = by_ref[each["external_ref"]]
        assert {each["status"], other["status"]} == {200, 201}
        assert each["id"] == other["id"]
    assert stored(network, by_ref) == 400
