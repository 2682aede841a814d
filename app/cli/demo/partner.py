"""One organisation at its own keyboard: what it does over HTTP, with its own token."""

import json
import re
from typing import Any

import httpx2

from app.cli.demo.network import Member
from app.cli.demo.world import DemoError

_PURPOSE = {"Purpose": "investigation"}
_MOST = 500
_PENDING = re.compile(r"^tessera_reports_pending(?:\{[^}]*\})? (\S+)$", re.MULTILINE)


class Partner:
    """A member of the network that has signed in. All methods raise DemoError where the service
    answers otherwise than it should.
    """

    def __init__(self, client: httpx2.Client, member: Member) -> None:
        """Sign in: OAuth 2.0 client credentials."""
        self.member = member
        self._client = client
        answer = client.post(
            "/v1/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(member.credentials.client_id, member.credentials.client_secret),
        )
        self.token = str(_expect(answer, 200)["access_token"])
        self._headers = {"Authorization": f"Bearer {self.token}"}

    def send(self, report: dict[str, Any], *, wait: int) -> dict[str, Any]:
        """Send one report and wait until it has been linked."""
        headers = self._headers | {"Prefer": f"wait={wait}"}
        return _expect(self._client.post("/v1/reports", json=report, headers=headers), 201)

    def send_batch(self, reports: list[dict[str, Any]]) -> int:
        """Send many reports, one a line; returns how many answers say that they are stored."""
        body = "".join(json.dumps(report, ensure_ascii=False) + "\n" for report in reports)
        headers = self._headers | {"Content-Type": "application/x-ndjson"}
        answer = self._client.post("/v1/reports/batch", content=body.encode(), headers=headers)
        if answer.status_code != httpx2.codes.OK:
            raise _unexpected(answer)
        answers = [json.loads(line) for line in answer.text.splitlines()]
        refused = [line for line in answers if line["status"] != httpx2.codes.CREATED]
        if refused:
            raise DemoError(f"a report was refused: {json.dumps(refused[0], ensure_ascii=False)}")
        return len(answers)

    def own_reports(self) -> list[dict[str, Any]]:
        """What it has sent, with what Tessera reads in it."""
        return self._items("/v1/reports", {"limit": _MOST})

    def feedback(self, *, wait: int) -> list[dict[str, Any]]:
        """Poll the feed from its beginning, waiting until there is something."""
        return self._items("/v1/feedback", {"limit": _MOST, "wait": wait})

    def leads(self, *, min_reports: int) -> list[dict[str, Any]]:
        """The leads of so many reports or more, strongest first."""
        return self._items("/v1/leads", {"limit": _MOST, "min_reports": min_reports})

    def lead(self, lead_id: str) -> dict[str, Any]:
        """A lead with what its readable reports say."""
        return self._get(f"/v1/leads/{lead_id}", {})

    def lead_reports(self, lead_id: str) -> list[dict[str, Any]]:
        """The member reports, each whole or as a stub that says whom to ask."""
        return self._items(f"/v1/leads/{lead_id}/reports", {})

    def lead_links(self, lead_id: str) -> list[dict[str, Any]]:
        """Why the reports of a lead are together."""
        return self._items(f"/v1/leads/{lead_id}/links", {})

    def pending(self) -> int:
        """How many reports wait to be linked, from the metrics of the service."""
        answer = self._client.get("/metrics")
        found = _PENDING.search(answer.text)
        if answer.status_code != httpx2.codes.OK or found is None:
            raise _unexpected(answer)
        return int(float(found[1]))

    def record_outcome(self, lead_id: str, outcome: dict[str, str]) -> dict[str, Any]:
        """Record what became of a lead."""
        headers = self._headers | _PURPOSE
        path = f"/v1/leads/{lead_id}/outcomes"
        return _expect(self._client.post(path, json=outcome, headers=headers), 201)

    def _items(self, path: str, query: dict[str, int]) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._get(path, query)["items"]
        return items

    def _get(self, path: str, query: dict[str, int]) -> dict[str, Any]:
        headers = self._headers | _PURPOSE
        return _expect(self._client.get(path, params=query, headers=headers), 200)


def _expect(answer: httpx2.Response, status: int) -> dict[str, Any]:
    if answer.status_code != status:
        raise _unexpected(answer)
    body: dict[str, Any] = answer.json()
    return body


def _unexpected(answer: httpx2.Response) -> DemoError:
    request = f"{answer.request.method} {answer.request.url.path}"
    return DemoError(f"{request} was answered {answer.status_code}: {answer.text[:300]}")
