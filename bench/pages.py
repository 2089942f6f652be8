"""What the measurement asks for: the desk's pages over the filled database. Import it after `django.setup()`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from applications.models import Application
from applications.states import State
from bench.seeding import iin_of, is_long
from desk.worklist import PAGE

VARIANTS = 60


@dataclass(frozen=True)
class Page:
    """What is asked for, by whom, in variants taken in turn, and the status it must answer with.

    With `searched` every variant is a search for one of these words: the form is sent and the page it leads to is read.
    """

    name: str
    username: str
    paths: Sequence[str] = ("/search/",)
    searched: Sequence[str] = ()
    status: int = 200
    is_background: bool = False


def pages() -> list[Page]:
    """The pages in the order of the table. The polls carry whatever token; `measuring` puts the right one in."""
    queue = Application.objects.filter(office__code="0201").open().order_by("due_at", "pk")
    shown = list(queue.filter(state=State.REVIEW)[:4000:67][:VARIANTS])
    long = [case for case in queue[:20_000] if is_long(case.pk)][:VARIANTS]
    plated = list(Application.objects.filter(office__code="0201").exclude(plate_number="")[: VARIANTS * 20 : 20])
    middle = queue.count() // 2
    deep = [
        f"/queue/?{urlencode({'after': f'{case.due_at.isoformat()}~{case.pk}'})}" for case in queue[middle:][:VARIANTS]
    ]
    return [
        Page("health (what the machine itself takes)", "officer", ["/health/"]),
        Page("queue, officer", "officer", ["/queue/"]),
        Page("queue, at risk", "officer", ["/queue/?show=risk"]),
        Page("queue, overdue", "officer", ["/queue/?show=overdue"]),
        Page("queue, mine", "officer", ["/queue/?show=mine"]),
        Page("queue, waiting for a register", "officer", ["/queue/?show=register"]),
        Page("queue, one channel", "officer", ["/queue/?channel=egov"]),
        Page(f"queue, half-way ({middle // PAGE} pages on)", "officer", deep),
        Page("queue, changed: the list anew", "officer", ["/queue/refresh/?token=old"], is_background=True),
        Page("queue, unchanged: 204", "officer", ["/queue/refresh/?token={token}"], status=204, is_background=True),
        Page("queue, supervisor of the region", "supervisor", ["/queue/"]),
        Page("queue, front desk", "front_desk", ["/queue/"]),
        Page("queue, front desk: waiting for payment", "front_desk", ["/queue/?show=payment"]),
        Page("case", "officer", [f"/cases/{case.number}/" for case in shown]),
        Page("case with 400 journal entries", "officer", [f"/cases/{case.number}/" for case in long]),
        Page("search by number", "officer", searched=[case.number.replace("-", " ") for case in shown]),
        Page("search by VIN", "officer", searched=[case.subject[4:].lower() for case in shown]),
        Page("search by plate", "officer", searched=[case.plate_number for case in plated]),
        Page("search by IIN", "officer", searched=[iin_of(case.pk)[0] for case in shown]),
        Page("search that finds nothing", "officer", searched=[f"ZZZ{place:05d}" for place in range(VARIANTS)]),
    ]
