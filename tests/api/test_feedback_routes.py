"""The feed of a reporting organisation: cursors, long polls, nothing twice, nothing missed."""

import threading
import time
import uuid

import pytest

from tests.support.reports import report

STATUSES = [
    "under_assessment", "information_requested", "investigation_opened", "victim_referred",
    "no_further_action", "prosecution", "conviction", "closed",
]  # fmt: skip


@pytest.fixture
def lead_of(network):
    """The lead that a report is in at the moment."""

    def lead_of(body):
        statement = "SELECT lead_id FROM lead_membership WHERE report_id = $1"
        return network.one(statement, uuid.UUID(body["id"]))

    return lead_of


def record(agency, lead_id, status="closed", message=None):
    """An outcome by an agency."""
    body = {"status": status, "message": message}
    answer = agency.http.post(f"/v1/leads/{lead_id}/outcomes", json=body)
    assert answer.status_code == 201, answer.text


def everything(http, path="/v1/feedback", limit=50):
    """The whole feed, page by page."""
    items, after = [], None
    while True:
        query = {"limit": limit} | ({"after": after} if after else {})
        page = http.get(path, params=query).json()
        if not page["items"]:
            return items
        items += page["items"]
        after = page["next"]


def test_an_empty_feed_has_a_cursor_to_go_on_from(network, agency, lead_of):
    caller = network.caller("community")
    page = caller.http.get("/v1/feedback").json()
    assert page["items"] == []
    record(agency, lead_of(caller.send(report())))
    after = caller.http.get("/v1/feedback", params={"after": page["next"]}).json()
    assert len(after["items"]) == 1


def test_every_status_comes_once_and_in_order_whatever_the_page(network, agency, lead_of):
    caller = network.caller("community")
    lead_id = lead_of(caller.send(report("ORDER-1")))
    for status in STATUSES:
        record(agency, lead_id, status, f"message {status}")
    for limit in (1, 3, 50):
        items = everything(caller.http, limit=limit)
        assert [item["status"] for item in items] == STATUSES
        assert [item["message"] for item in items] == [f"message {s}" for s in STATUSES]
        assert len({item["cursor"] for item in items}) == len(STATUSES)


def test_the_cursor_of_an_item_goes_on_behind_it(network, agency, lead_of):
    caller = network.caller("community")
    lead_id = lead_of(caller.send(report()))
    for status in STATUSES[:4]:
        record(agency, lead_id, status)
    second = everything(caller.http)[1]["cursor"]
    rest = caller.http.get("/v1/feedback", params={"after": second}).json()["items"]
    assert [item["status"] for item in rest] == STATUSES[2:4]


def test_the_feed_of_one_report_holds_only_that(network, agency, lead_of):
    caller = network.caller("community")
    one, two = caller.send(report()), caller.send(report())
    record(agency, lead_of(one), "closed")
    record(agency, lead_of(two), "prosecution")
    items = everything(caller.http, f"/v1/reports/{two['id']}/feedback")
    assert [(item["report_id"], item["status"]) for item in items] == [(two["id"], "prosecution")]


def test_the_feed_of_one_organisation_holds_nothing_of_another(network, agency, lead_of):
    one, two = network.caller("community"), network.caller("community")
    record(agency, lead_of(one.send(report())))
    assert everything(two.http) == []


def test_a_long_poll_answers_as_soon_as_there_is_something(network, agency, lead_of):
    caller = network.caller("community")
    lead_id = lead_of(caller.send(report()))
    after = caller.http.get("/v1/feedback").json()["next"]
    timer = threading.Timer(0.7, record, (agency, lead_id, "prosecution"))
    started = time.monotonic()
    timer.start()
    page = caller.http.get("/v1/feedback", params={"after": after, "wait": 20}).json()
    took = time.monotonic() - started
    timer.join()
    assert [item["status"] for item in page["items"]] == ["prosecution"]
    assert 0.5 < took < 5


def test_a_long_poll_on_one_report_answers_likewise(network, agency, lead_of):
    caller = network.caller("community")
    body = caller.send(report())
    timer = threading.Timer(0.5, record, (agency, lead_of(body), "conviction"))
    timer.start()
    path = f"/v1/reports/{body['id']}/feedback"
    page = caller.http.get(path, params={"wait": 20}).json()
    timer.join()
    assert [item["status"] for item in page["items"]] == ["conviction"]


def test_a_long_poll_without_news_ends_when_its_time_is_over(network):
    caller = network.caller("community")
    started = time.monotonic()
    page = caller.http.get("/v1/feedback", params={"wait": 1}).json()
    assert page["items"] == []
    assert 0.9 < time.monotonic() - started < 4


def test_many_long_polls_do_not_hold_up_the_service(network, reporter):
    caller = network.caller("community")
    polls = [
        threading.Thread(
            target=caller.http.get, args=("/v1/feedback",), kwargs={"params": {"wait": 3}}
        )
        for _ in range(30)
    ]
    for poll in polls:
        poll.start()
    time.sleep(0.3)
    started = time.monotonic()
    assert reporter.http.post("/v1/reports", json=report()).status_code == 201
    assert reporter.http.get("/v1/reports").status_code == 200
    assert time.monotonic() - started < 2
    for poll in polls:
        poll.join()


@pytest.mark.parametrize("wait", ["-1", "31", "x", "1.5"])
def test_a_wait_out_of_range_is_refused(reporter, wait):
    assert reporter.http.get("/v1/feedback", params={"wait": wait}).status_code == 422


@pytest.mark.parametrize(
    "after", ["x", "MA", "0", "AAAAAAAAAAAAAAAAAAAAAAA", "%00", "'", "é", "A" * 501, "=" * 20]
)
def test_a_cursor_that_is_none_is_refused(reporter, after):
    answer = reporter.http.get("/v1/feedback", params={"after": after})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].endswith("/after")


def test_the_cursor_of_another_organisation_or_list_is_refused(network, reporter, agency, lead_of):
    caller = network.caller("community")
    record(agency, lead_of(caller.send(report())))
    foreign = caller.http.get("/v1/feedback").json()["next"]
    assert reporter.http.get("/v1/feedback", params={"after": foreign}).status_code == 422
    assert caller.http.get("/v1/reports", params={"after": foreign}).status_code == 422


def test_after_a_withdrawal_the_event_stays_and_its_message_goes(network, agency, lead_of):
    caller = network.caller("community")
    body = caller.send(report())
    record(agency, lead_of(body), "closed", "slová o osobe")
    caller.http.delete(f"/v1/reports/{body['id']}")
    (item,) = everything(caller.http)
    assert item["message"] is None
