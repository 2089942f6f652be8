"""How many queries each call of the API makes, beside a portal that runs. Import it after `django.setup()`."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.whole_portal import Whole
from examples.portal_api import Portal, Refused, pay_in_demo, read_filings
from portal.bare_machine import say

# What frames a transaction asks nothing.
BRACKETS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
NUMBER = re.compile(r"\d{4}-\d{2}-\d{6}-\d")


class Counted(httpx.BaseTransport):
    """The portal's own program in this process: each call is answered here, its queries counted."""

    def __init__(self) -> None:
        self._portal = httpx.WSGITransport(get_wsgi_application())
        self.queries: dict[str, int] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with CaptureQueriesContext(connection) as asked:
            answer = self._portal.handle_request(request)
            answer.read()
        asked_for = [query for query in asked.captured_queries if not query["sql"].startswith(BRACKETS)]
        path = NUMBER.sub("{number}", request.url.path.removeprefix("/api/v1/"))
        name = f"{request.method} {path}{' (304)' if answer.status_code == 304 else ''}"
        self.queries[name] = max(self.queries.get(name, 0), len(asked_for))
        return answer


def count_all(portal: Whole, cases: Path) -> None:
    """File the first application of `cases`, look at it in every way, and say what each call asked the database."""
    wire = Counted()
    client = Portal(portal.address, portal.client_id, portal.client_secret, "en", transport=wire)
    (filing,) = read_filings(cases, "queries")[:1]
    number = filing.file(client, pay_in_demo)["number"]
    _told, tag = client.events(number)
    client.events(number, tag=tag)
    client.documents(number)
    client.details(number)
    client.results(number)
    client.canonical(number)
    client.services()
    client.service("VR")
    client.preview("VR", {"subservice": "VR-1", "applicant": "person", "office": filing.office})
    client.search(identifier=filing.applicant)
    list(client.applications())
    try:
        client.withdraw(number, "bench")
    except Refused as refused:
        say(str(refused))
    say(f"\n{'call':<44}{'queries':>10}")
    for name, queries in sorted(wire.queries.items()):
        say(f"{name:<44}{queries:>10}")
