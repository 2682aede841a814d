"""All that an agency can ask of leads, asked; and the answers with what differs from one database to
the next taken out, so that those of two worlds can be compared to the byte.
"""

import json
import re
from contextlib import contextmanager
from itertools import combinations

from tests.support.network import Network
from tests.support.service import serving_here

WHY = {"Purpose": "investigation"}
LISTS = [
    {},
    {"sort": "-updated_at"},
    {"limit": 1},
    {"limit": 2, "sort": "-updated_at"},
    *({"form": form} for form in ("labour_exploitation", "forced_begging", "organ_removal")),
    *({"country": country} for country in ("SK", "AT", "RO")),
    *({"nuts": nuts} for nuts in ("SK", "SK031", "RO1")),
    *({"indicator": code} for code in ("CD-01", "EX-01", "CD-03")),
    *({"has_children": child} for child in ("true", "false")),
    *({"min_score": score} for score in (1, 10, 30)),
    *({"min_reports": number} for number in (2, 3, 4)),
    {"status": "new"},
    {"updated_since": "2020-01-01"},
]
_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r'|(?<="id":")[A-Za-z0-9_-]{43}(?=")'
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_NAME = re.compile(r"Invented (\w+) [0-9a-f]{6}")
_CURSOR = re.compile(r'"next":"[^"]+"')


def everything(agency, values, *, at):
    """What an agency is answered to whatever it can ask. values: bodies of searches. at: a time."""
    said = _Transcript(agency)
    leads = []
    for query in LISTS:
        leads += [each["id"] for each in said.every_page("/v1/leads", query)]
    reports = []
    for lead in dict.fromkeys(leads):
        path = f"/v1/leads/{lead}"
        said.get(path)
        members = [each["id"] for each in said.every_page(f"{path}/reports", {"limit": 2})]
        reports += members
        said.every_page(f"{path}/links", {"limit": 1})
        for rest in ("/links", "/history", "/decisions", f"?as_of={at}", f"/reports?as_of={at}"):
            said.get(path + rest)
        for one, other in combinations(members, 2):
            said.get(f"{path}/path?from={one}&to={other}")
    said.every_page("/v1/proposals", {"limit": 1})
    for pair in combinations(reports[:8], 2):
        said.post("/v1/links/explain", {"reports": list(pair)})
    for value in values:
        said.post("/v1/attributes/search", value)
    return said.compared()


class _Transcript:
    def __init__(self, agency):
        self._http = agency.http
        self._lines = []

    def get(self, path, **query):
        return self._note(path, query, self._http.get(path, params=query or None, headers=WHY))

    def post(self, path, body):
        return self._note(path, body, self._http.post(path, json=body, headers=WHY))

    def every_page(self, path, query):
        items, after = [], {}
        for _ in range(100):
            page = self.get(path, **query, **after)
            items += page["items"]
            if page["next"] is None:
                return items
            after = {"after": page["next"]}
        raise AssertionError("the list does not end")

    def _note(self, path, asked, answer):
        assert answer.status_code in (200, 404), (path, answer.text)
        told = {key: value for key, value in asked.items() if key != "after"}
        head = f"{path} {json.dumps(told)} {answer.status_code} {answer.headers.get('etag')}"
        self._lines.append(f"{head} {answer.text}")
        return answer.json()

    def compared(self):
        """The lines, each id by when it first turned up."""
        ids = {}

        def number(found):
            return f"#{ids.setdefault(found.group(), len(ids))}"

        plain = []
        for line in self._lines:
            timeless = _NAME.sub(r"Invented \1", _TIME.sub("T", line))
            plain.append(_ID.sub(number, _CURSOR.sub('"next":"…"', timeless)))
        return plain


@contextmanager
def world(postgres_server):
    """A network by itself."""
    dsn = postgres_server.database()
    with serving_here(dsn) as url:
        network = Network(dsn, url)
        try:
            yield network
        finally:
            network.close()
    postgres_server.drop(dsn)
