"""The pages of bulk reversals: what was chosen, what is foreseen, how far the workers are, what came of each."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import revoking_in_bulk
from applications.errors import DomainError, InvalidInputError, NotFoundError
from applications.models import BatchState, Foreseen, RevocationBatch, RevocationBatchRow, RowOutcome
from applications.numbers import row_key
from applications.revocation_lists import PROBLEMS
from applications.standards import Text
from desk.case import BOTH
from desk.form_page import beside_fields
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import OFFICERS
from desk.revoking_forms import BatchForm
from desk.worklist import services
from offices.models import Role
from registers.contract import REGISTERS

PAGE = 50
SHOWN = 100
# The states in which workers change what the page shows.
LIVELY = frozenset({BatchState.PREVIEWING, BatchState.RUNNING})
CHIPS: tuple[tuple[str, str | Promise, dict[str, str]], ...] = (
    ("all", _("All"), {}),
    *((str(choice.value), choice.label, {"foreseen": choice.value}) for choice in Foreseen),
    *((str(choice.value), choice.label, {"outcome": choice.value}) for choice in RowOutcome),
)


@staff_view(*OFFICERS)
def batches(request: StaffRequest) -> HttpResponse:
    """The bulk reversals of the reader's region, the newest first."""
    found = RevocationBatch.objects.visible_to(request.user).select_related("asked_by", "confirmed_by")
    context = {
        "batches": [(batch, chosen_by(batch)) for batch in found.annotate(count=Count("rows"))[:SHOWN]],
        "may_choose": request.user.role == Role.SUPERVISOR,
    }
    return render(request, "desk/revoking/batches.html", context)


@staff_view(Role.SUPERVISOR, methods=BOTH)
def choose(request: StaffRequest) -> HttpResponse:
    """Why, and which decisions; a worker then makes the preview."""
    form = BatchForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            batch = revoking_in_bulk.choose(actor=actor(request), now=timezone.now(), **form.cleaned_data)
            return redirect("desk:batch", batch=batch.pk)
    context = {"form": form, "title": _("Withdraw many decisions")}
    return render(request, "desk/revoking/choose.html", context, status=422 if form.errors else 200)


def batch_of(request: StaffRequest, pk: int) -> RevocationBatch:
    """The batch as the reader may see it. Raises NotFoundError."""
    found = RevocationBatch.objects.visible_to(request.user).select_related("asked_by", "confirmed_by")
    batch = found.filter(pk=pk).first()
    if batch is None:
        raise NotFoundError
    return batch


@staff_view(*OFFICERS)
def batch(request: StaffRequest, batch: int) -> HttpResponse:
    """What was chosen and foreseen, how far it is, and fifty of its rows."""
    return shown(request, batch_of(request, batch))


def shown(request: StaffRequest, found: RevocationBatch, error: DomainError | None = None) -> HttpResponse:
    context = {
        **progress(request, found),
        "error": error,
        "stop_reason": request.POST.get("reason", ""),
        "bad_lines": [{**line, "why": PROBLEMS[line["problem"]]} for line in found.bad_lines[:SHOWN]],
        "bad_count": len(found.bad_lines),
    }
    return render(request, "desk/revoking/batch.html", context, status=error.status if error else 200)


@staff_view(*OFFICERS)
def refreshed(request: StaffRequest, batch: int) -> HttpResponse:
    """What an open page asks for while workers are at it."""
    return render(request, "desk/revoking/_progress.html", progress(request, batch_of(request, batch)))


@dataclass(frozen=True)
class Line:
    """A row of the batch: what is foreseen or came of it, in the reader's language."""

    number: str
    headline: str
    tone: str
    word: str
    says: str
    done_at: Any


def progress(request: StaffRequest, found: RevocationBatch) -> dict[str, Any]:
    """The numbers, the steps open to the reader, and a page of rows. Two queries."""
    groups = found.rows.order_by().values_list("foreseen", "outcome").annotate(Count("pk"))
    counted = list(groups)
    total = sum(count for _foreseen, _outcome, count in counted)
    counts = {
        code: sum(
            count
            for foreseen, outcome, count in counted
            if condition.get("foreseen", foreseen) == foreseen and condition.get("outcome", outcome) == outcome
        )
        for code, _word, condition in CHIPS
    }
    is_preview = found.confirmed_at is None
    seen = sum(count for foreseen, outcome, count in counted if (foreseen if is_preview else outcome))
    is_asker = found.asked_by_id == request.user.pk
    state = BatchState(found.state)
    return {
        "batch": found,
        "chosen_by": chosen_by(found),
        "state": state.label,
        "is_lively": state in LIVELY,
        "total": total,
        "seen": seen,
        "is_preview": is_preview,
        "counts": counts,
        "may_ask": state == BatchState.PREVIEWED and is_asker and counts["revocable"] > 0,
        "may_confirm": state == BatchState.ASKED and not is_asker,
        "may_pause": state == BatchState.RUNNING,
        "may_resume": state == BatchState.PAUSED,
        "may_stop": state not in {BatchState.FINISHED, BatchState.STOPPED},
        **lines(request, found, counts),
    }


def lines(request: StaffRequest, found: RevocationBatch, counts: dict[str, int]) -> dict[str, Any]:
    """The chips and a page of rows under the chosen one."""
    show = request.GET.get("show", "all")
    conditions = {code: condition for code, _word, condition in CHIPS}
    show = show if show in conditions else "all"
    after = request.GET.get("after", "")
    rows = found.rows.filter(position__gt=row_key(after) or 0, **conditions[show])
    page = list(rows.select_related("application")[: PAGE + 1])
    more = {"show": show, "after": str(page[PAGE - 1].position)} if len(page) > PAGE else None
    return {
        "show": show,
        "after": after,
        "chips": [(code, word, counts[code]) for code, word, _condition in CHIPS if code == "all" or counts[code]],
        "lines": [line(row) for row in page[:PAGE]],
        "next_address": f"?{urlencode(more)}" if more else "",
    }


def line(row: RevocationBatchRow) -> Line:
    if row.outcome:
        tone = {RowOutcome.REVOKED: "calm", RowOutcome.LEFT: "risk"}.get(RowOutcome(row.outcome), "late")
        word = str(RowOutcome(row.outcome).label)
    elif row.foreseen:
        tone = "calm" if row.foreseen == Foreseen.REVOCABLE else "risk"
        word = str(Foreseen(row.foreseen).label)
    else:
        tone, word = "", str(_("not looked at yet"))
    return Line(row.application.number, row.application.headline, tone, word, said(row), row.done_at)


def said(row: RevocationBatchRow) -> str:
    """What would be undone, or why not, in the active language; for a fault of the portal its kind."""
    if row.outcome == RowOutcome.FAILED:
        return str(_("A fault of the portal (%(kind)s); the decision stands.") % {"kind": row.code})
    return " ".join(str(Text(**words)) for words in row.says)


def chosen_by(found: RevocationBatch) -> str:
    """What chose the decisions, in a line."""
    if found.list_name:
        return str(_("List %(name)s") % {"name": found.list_name})
    register = REGISTERS.get(found.register)
    parts = {
        "register": str(register.title) if register else str(_("any register")),
        "since": local(found.answered_from),
        "until": local(found.answered_until),
    }
    words = str(_("Answers of %(register)s, %(since)s – %(until)s") % parts)
    service = dict(services()).get(found.service)
    return f"{words}; {service}" if service else words


def local(instant: Any) -> str:
    return date_format(timezone.localtime(instant), "d.m.Y H:i") if instant else ""


@staff_view(*OFFICERS, methods=("POST",))
def step(request: StaffRequest, batch: int) -> HttpResponse:
    """One step of a batch: ask, confirm, pause, resume, or stop with a reason."""
    who: dict[str, Any] = {"actor": actor(request), "batch_id": batch, "now": timezone.now()}
    steps = {
        "ask": revoking_in_bulk.ask,
        "confirm": revoking_in_bulk.confirm,
        "pause": revoking_in_bulk.pause,
        "resume": revoking_in_bulk.resume,
    }
    wanted = request.POST.get("step", "")
    try:
        if wanted == "stop":
            revoking_in_bulk.stop(**who, reason=request.POST.get("reason", ""))
        elif wanted in steps:
            steps[wanted](**who)
        else:
            raise InvalidInputError({"step": _("There is no such step.")})
    except DomainError as error:
        if error.code not in {"invalid", "illegal_move", "nothing_to_withdraw"}:
            raise
        return shown(request, batch_of(request, batch), error)
    return redirect("desk:batch", batch=batch)


class Echo:
    """A file that hands back what is written to it, so that a report of any length needs no memory."""

    def write(self, value: str) -> str:
        return value


@staff_view(*OFFICERS)
def report(request: StaffRequest, batch: int) -> HttpResponseBase:
    """The rows as CSV: number, outcome, reason, time – in the reader's language, for a spreadsheet."""
    found = batch_of(request, batch)
    language = translation.get_language() or "ru"
    response = StreamingHttpResponse(reported(found, language), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="withdrawals-{found.pk}.csv"'
    return response


def reported(found: RevocationBatch, language: str) -> Iterator[str]:
    """The lines of the report in `language`; they are written after the request has put its language away."""
    writer = csv.writer(Echo(), delimiter=";")
    # The mark tells a spreadsheet that the file is UTF-8.
    yield "\ufeff"
    with translation.override(language):
        heading = [str(word) for word in (_("Application"), _("Outcome"), _("Details"), _("Time"))]
    yield writer.writerow(heading)
    for row in found.rows.select_related("application").iterator(chunk_size=2000):
        with translation.override(language):
            item = line(row)
        yield writer.writerow([item.number, item.word, item.says, local(item.done_at)])
