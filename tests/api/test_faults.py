"""What the service does when it is killed, when it is asked to end, and when its database goes."""

import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx2
import pytest

from tests.support.network import Network
from tests.support.proxy import Proxy
from tests.support.raw_http import chunk, connect_to, head, read_answer
from tests.support.reports import email, ndjson, report
from tests.support.service import ServiceProcess, serving_here

NDJSON = {"Content_Type": "application/x-ndjson"}
MARKERS = ["Linhmarker", "markerova", "4210905777", "905 777 777", "marker@mail.example"]


@pytest.fixture
def service(fresh_database, tmp_path):
    """The service as a process of its own."""
    process = ServiceProcess(fresh_database, tmp_path)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def callers(service, fresh_database):
    """The network around that process."""
    network = Network(fresh_database, service.url)
    yield network
    network.close()


def answered(stream):
    """The answers in a chunked stream, until it breaks."""
    found = []
    with suppress(OSError):
        found.extend(
            json.loads(line)
            for line in stream
            if line.startswith(b'{"line"') and line.endswith(b"}\n")
        )
    return found


def test_what_was_answered_before_a_kill_is_there_and_linked_after_a_restart(service, callers):
    reporter = callers.caller("ngo")
    tie = email()
    bodies = [report(f"KILL-{n}", attributes=[tie] if n < 5 else []) for n in range(4_000)]
    answers = []
    with connect_to(service.url) as connection:
        connection.sendall(
            head("POST", "/v1/reports/batch", reporter.token, Transfer_Encoding="chunked", **NDJSON)
        )
        reading = threading.Thread(
            target=lambda: answers.extend(answered(connection.makefile("rb"))), daemon=True
        )
        reading.start()
        for place in range(0, 2_000, 100):
            connection.sendall(chunk(ndjson(bodies[place : place + 100])))
        until = time.monotonic() + 20
        while callers.one("SELECT count(*) FROM report") < 500 and time.monotonic() < until:
            time.sleep(0.01)
        service.kill()
        reading.join(10)
    told = {each["external_ref"]: each["id"] for each in answers if each["status"] == 201}
    assert len(told) >= 100
    service.start()
    callers.wait_until_linked()
    rows = callers.rows("SELECT external_ref, id FROM report")
    stored = {row["external_ref"]: str(row["id"]) for row in rows}
    assert told.items() <= stored.items()
    alone = (
        "SELECT count(*) FROM report AS r LEFT JOIN lead_membership AS m ON m.report_id = r.id "
        "WHERE m.lead_id IS NULL"
    )
    assert callers.one(alone) == 0
    tied = "SELECT report_count FROM lead ORDER BY report_count DESC LIMIT 1"
    assert callers.one(tied) == 5
    again = reporter.http.post(
        "/v1/reports/batch",
        content=ndjson(bodies[:2_000]),
        headers={"Content-Type": "application/x-ndjson"},
    )
    statuses = [json.loads(line)["status"] for line in again.text.splitlines()]
    assert len(statuses) == 2_000
    assert set(statuses) <= {200, 201}
    assert callers.one("SELECT count(*) FROM report") == 2_000


def test_requests_that_are_being_answered_are_finished_when_the_service_is_asked_to_end(
    service, callers
):
    reporter = callers.caller("ngo")
    stop = threading.Event()

    def send(worker):
        taken, torn = [], 0
        number = 0
        while not stop.is_set():
            number += 1
            ref = f"TERM-{worker}-{number}"
            try:
                answer = reporter.http.post("/v1/reports", json=report(ref))
            except Exception:  # noqa: BLE001 - the service is gone
                torn += 1
                break
            assert answer.status_code == 201, answer.text
            taken.append(answer.json()["id"])
        return taken

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(send, worker) for worker in range(4)]
        long_poll = pool_of_one(reporter)
        time.sleep(1)
        code = service.terminate()
        stop.set()
        taken = {id_ for future in futures for id_ in future.result()}
    assert code == 0
    assert long_poll.result().status_code == 200
    rows = callers.rows("SELECT id FROM report")
    assert taken == {str(row["id"]) for row in rows}


def pool_of_one(reporter):
    """A request that takes two seconds, on its way."""
    pool = ThreadPoolExecutor(1)
    future = pool.submit(reporter.http.get, "/v1/feedback", params={"wait": 2})
    pool.shutdown(wait=False)
    return future


def test_a_batch_on_its_way_is_finished_when_the_service_is_asked_to_end(service, callers):
    reporter = callers.caller("ngo")
    bodies = [report(f"LAST-{n}") for n in range(600)]
    with connect_to(service.url) as connection:
        connection.sendall(
            head("POST", "/v1/reports/batch", reporter.token, Transfer_Encoding="chunked", **NDJSON)
        )
        connection.sendall(chunk(ndjson(bodies[:300])))
        time.sleep(0.5)
        ending = threading.Thread(target=service.terminate)
        ending.start()
        time.sleep(0.5)
        connection.sendall(chunk(ndjson(bodies[300:])) + chunk(b""))
        answer = read_answer(connection)
        ending.join()
    statuses = [json.loads(line)["status"] for line in answer.body.splitlines()]
    assert statuses == [201] * 600
    assert callers.one("SELECT count(*) FROM report") == 600


@pytest.fixture
def cut(fresh_database):
    """A service whose database can be taken away, the network around it, and the switch."""
    proxy = Proxy(fresh_database)
    proxy.open()
    with serving_here(proxy.dsn()) as url:
        network = Network(fresh_database, url)
        yield network, proxy
        network.close()
    proxy.end()


def test_without_its_database_the_service_says_503_at_once_and_recovers_by_itself(cut):
    network, proxy = cut
    reporter, agency = network.caller("ngo"), network.caller("law_enforcement")
    assert reporter.http.post("/v1/reports", json=report()).status_code == 201
    proxy.close()
    for caller, method, path in (
        (reporter, "POST", "/v1/reports"),
        (reporter, "GET", "/v1/reports"),
        (reporter, "GET", f"/v1/reports/{uuid.uuid4()}"),
        (reporter, "DELETE", f"/v1/reports/{uuid.uuid4()}"),
        (reporter, "GET", "/v1/feedback"),
        (agency, "GET", "/v1/leads"),
        (agency, "GET", f"/v1/leads/{uuid.uuid4()}/history"),
    ):
        started = time.monotonic()
        body = report("AWAY-1") if method == "POST" else None
        answer = caller.http.request(method, path, json=body)
        took = time.monotonic() - started
        assert answer.status_code == 503, f"{method} {path}: {answer.text}"
        assert answer.headers["content-type"] == "application/problem+json"
        assert 1 <= int(answer.headers["retry-after"]) <= 5
        assert took < 5, f"{method} {path}"
    assert network.http().get("/healthz").status_code == 200
    ready = network.http().get("/readyz")
    assert (ready.status_code, ready.json()["database"]) == (503, "away")
    assert network.http().get("/metrics").status_code == 200
    proxy.open()
    answer = _patiently(lambda: reporter.http.post("/v1/reports", json=report("AWAY-1")))
    assert answer.status_code == 201
    network.wait_until_linked()
    assert network.http().get("/readyz").status_code == 200


def test_a_batch_survives_a_database_that_is_away_for_a_moment(cut):
    network, proxy = cut
    reporter = network.caller("ngo")
    bodies = [report(f"BLINK-{n}") for n in range(40)]
    with connect_to(network.url) as connection:
        connection.sendall(
            head("POST", "/v1/reports/batch", reporter.token, Transfer_Encoding="chunked", **NDJSON)
        )
        connection.sendall(chunk(ndjson(bodies[:20])))
        time.sleep(0.5)
        proxy.close()
        connection.sendall(chunk(ndjson(bodies[20:])))
        time.sleep(1.2)
        proxy.open()
        connection.sendall(chunk(b""))
        answer = read_answer(connection)
    lines = [json.loads(line) for line in answer.body.splitlines()]
    # A commit whose answer was lost is found again by its reference.
    assert [line["line"] for line in lines] == list(range(1, 41))
    assert {line["status"] for line in lines} <= {200, 201}
    assert network.one("SELECT count(*) FROM report") == 40


def test_a_poll_that_waits_while_the_database_goes_is_answered_and_the_next_one_works(cut):
    network, proxy = cut
    reporter, agency = network.caller("ngo"), network.caller("law_enforcement")
    body = reporter.send(report())
    with ThreadPoolExecutor(1) as pool:
        poll = pool.submit(reporter.http.get, "/v1/feedback", params={"wait": 4})
        time.sleep(0.5)
        proxy.close()
        time.sleep(0.5)
        proxy.open()
        assert poll.result().status_code in (200, 503)
    statement = "SELECT lead_id FROM lead_membership WHERE report_id = $1"
    lead_id = network.one(statement, uuid.UUID(body["id"]))
    path = f"/v1/leads/{lead_id}/outcomes"
    sent = _patiently(lambda: agency.http.post(path, json={"status": "closed"}))
    assert sent.status_code == 201
    items = reporter.http.get("/v1/feedback", params={"wait": 10}).json()["items"]
    assert [item["status"] for item in items] == ["closed"]


def test_a_service_that_starts_without_its_database_serves_once_it_is_there(fresh_database):
    proxy = Proxy(fresh_database)
    with serving_here(proxy.dsn()) as url:
        network = Network(fresh_database, url)
        assert network.http().get("/healthz").status_code == 200
        form = {"grant_type": "client_credentials"}
        early = network.http().post("/v1/oauth/token", data=form, auth=("a", "b"))
        assert early.status_code == 503
        assert early.headers["retry-after"]
        proxy.open()
        own = network.organisation("ngo")
        credentials = network.client(own, "reports:write")
        login = (credentials.client_id, credentials.client_secret)
        answer = _patiently(lambda: network.http().post("/v1/oauth/token", data=form, auth=login))
        assert answer.status_code == 200
        network.close()
    proxy.end()


def test_connections_that_the_server_ends_cost_a_503_and_never_a_report(network):
    reporter = network.caller("ngo")
    stop = threading.Event()

    def send(worker):
        told = []
        while not stop.is_set():
            ref = f"CUT-{worker}-{len(told)}"
            told.append((ref, reporter.http.post("/v1/reports", json=report(ref)).status_code))
        return told

    cut = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND pg_has_role(usename, 'MEMBER') AND backend_type = 'client backend'"
    )
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(send, worker) for worker in range(4)]
        ended = 0
        try:
            for _ in range(10):
                time.sleep(0.2)
                ended += network.one(cut)
        finally:
            stop.set()
        told = [each for future in futures for each in future.result()]
    assert ended >= 10
    assert {status for _, status in told} <= {201, 503}
    stored = {row["external_ref"] for row in network.rows("SELECT external_ref FROM report")}
    assert {ref for ref, status in told if status == 201} <= stored
    network.wait_until_linked()


def _patiently(send):
    """The first answer that is no 503, within ten seconds."""
    until = time.monotonic() + 10
    while (answer := send()).status_code == 503 and time.monotonic() < until:
        time.sleep(0.2)
    return answer


def test_a_client_that_reads_nothing_before_it_has_sent_everything_gets_all_answers(
    service, callers
):
    reporter = callers.caller("ngo")
    warm = ndjson([report() for _ in range(200)])
    headers = {"Content-Type": "application/x-ndjson"}
    reporter.http.post("/v1/reports/batch", content=warm, headers=headers)
    before = service.memory()
    number = 20_000
    content = ndjson(report(f"DEAF-{n}", narrative="x" * 300) for n in range(number))
    highest = [before]
    done = threading.Event()

    def watch():
        while not done.wait(0.05):
            highest[0] = max(highest[0], service.memory())

    watching = threading.Thread(target=watch)
    watching.start()
    with connect_to(service.url, seconds=120) as connection:
        connection.sendall(
            head(
                "POST",
                "/v1/reports/batch",
                reporter.token,
                Content_Length=str(len(content)),
                **NDJSON,
            )
        )
        connection.sendall(content)
        answer = read_answer(connection)
    done.set()
    watching.join()
    lines = answer.body.splitlines()
    assert len(lines) == number
    assert {json.loads(line)["status"] for line in lines} == {201}
    assert highest[0] - before < 150 << 20


def test_nothing_personal_and_no_traceback_is_ever_logged(fresh_database, tmp_path):
    process = ServiceProcess(fresh_database, tmp_path, log_level="debug")
    process.start()
    network = Network(fresh_database, process.url)
    reporter, agency = network.caller("ngo"), network.caller("law_enforcement")
    personal = report(
        "Linhmarker-1",
        narrative="Linhmarker Nguyen, tel. +421 905 777 777",
        persons=[{"name": "Linhmarker Markerova", "birth_date": "1999-05-02"}],
        attributes=[email("marker"), {"kind": "phone", "value": "+421 905 777 777"}],
    )
    body = reporter.send(personal)
    bad = [
        json.dumps(personal)[:-5].encode(),
        json.dumps(personal | {"Linhmarker": 1}).encode(),
        json.dumps(personal | {"observed_from": "Linhmarker"}).encode(),
        json.dumps(personal | {"observed_from": "0001-01-01T00:00:00+14:00"}).encode(),
        json.dumps(personal | {"narrative": "Linhmarker\x00"}).encode(),
        json.dumps(personal | {"narrative": "Linhmarker" + "x" * 2_000_000}).encode(),
    ]
    for content in bad:
        for path in ("/v1/reports", "/v1/reports/assess"):
            # Whether the answer to a body that is too large gets through is asked elsewhere.
            with suppress(httpx2.TransportError):
                reporter.http.post(
                    path, content=content, headers={"Content-Type": "application/json"}
                )
    reporter.http.post(
        "/v1/reports/batch",
        content=b"\n".join(content for content in bad if b"0001-01" not in content),
        headers={"Content-Type": "application/x-ndjson"},
    )
    reporter.http.get("/v1/reports/Linhmarker")
    reporter.http.get("/v1/Linhmarker?name=Linhmarker")
    reporter.http.get("/v1/reports", headers={"X-Request-ID": "Linhmarker Nguyen"})
    statement = "SELECT lead_id FROM lead_membership WHERE report_id = $1"
    lead_id = network.one(statement, uuid.UUID(body["id"]))
    agency.http.get(f"/v1/leads/{lead_id}", headers={"Purpose": "Linhmarker"})
    agency.http.get(f"/v1/leads/{lead_id}", headers={"Purpose": "investigation"})
    sent = {"status": "closed", "message": "Linhmarker", "internal_note": "Linhmarker"}
    agency.http.post(f"/v1/leads/{lead_id}/outcomes", json=sent)
    # A failure inside, with personal values at hand.
    network.rows("ALTER TABLE report_attribute RENAME TO elsewhere")
    failed = reporter.http.post("/v1/reports", json=personal | {"external_ref": "Linhmarker-2"})
    assert failed.status_code == 500
    assert "Linhmarker" not in failed.text
    network.close()
    assert process.terminate() == 0
    log = process.log.read_text()
    assert [marker for marker in MARKERS if marker in log] == []
    secrets = [reporter.token, reporter.credentials.client_secret, agency.token]
    assert [place for place, secret in enumerate(secrets) if secret in log] == []
    assert "Traceback" not in log
    for line in log.splitlines():
        assert line.startswith("{"), line
