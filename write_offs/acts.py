"""Writing off: an act drawn up by one person, confirmed by another, and only then its things leave the stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import DomainError, InvalidInputError, NotAllowedError, NotFoundError, written
from applications.journal import noted
from applications.models import Paper
from offices.access import offices_visible_to
from offices.models import Office, Role, Staff
from write_offs.models import WriteOffAct
from write_offs.paper import order_paper, paper_of
from write_offs.stocks import stock_of


@transaction.atomic
def draw_up(
    *, actor: Actor, office: Office, stock: str, kind: str, numbers: Sequence[str], explanation: str, now: datetime
) -> WriteOffAct:
    """Draw up an act on things of `office`'s stock of that code. Nothing leaves yet.

    Raises NotAllowedError, DomainError 404 for an unknown stock; InvalidInputError for a kind the stock does not know,
    no explanation, or things that are not in this stock or stand on another open act.
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    if not offices_visible_to(staff).filter(pk=office.pk).exists():
        raise NotAllowedError("office", _("You can write off only what your own office keeps."))
    if kind not in stock_of(stock).became:
        raise InvalidInputError({"kind": _("Say what became of them.")})
    explanation = written(
        "explanation", explanation, _("Explain what happened; a second person reads it."), longest=500
    )
    act = WriteOffAct.objects.create(
        office=office, stock=stock, kind=kind, explanation=explanation, drawn_up_by=staff, drawn_up_at=now
    )
    stock_of(stock).put_on(act, numbers)
    note(act, actor, "write_off_drawn_up", now)
    return act


@transaction.atomic
def confirm(*, actor: Actor, act_id: int, now: datetime) -> WriteOffAct:
    """The second person signs, and everything listed leaves the stock at once, all or nothing.

    Raises NotAllowedError "four_eyes" for who drew it up; DomainError "write_offs.act_closed", ".act_outdated".
    """
    act, staff = open_act(actor, act_id)
    if act.drawn_up_by_id == staff.pk:
        raise NotAllowedError("four_eyes", _("A second person must confirm this act."))
    act.confirmed_by, act.confirmed_at = staff, now
    act.save(update_fields=["confirmed_by", "confirmed_at"])
    stock = stock_of(act.stock)
    if stock.leave(act) != len(stock.listed(act)):
        message = _("Something on this act has left the stock meanwhile. Drop the act and draw it up anew.")
        raise DomainError("write_offs.act_outdated", message)
    note(act, actor, "written_off", now)
    order_paper(act, now)
    return act


@transaction.atomic
def print_act(*, actor: Actor, act_id: int, now: datetime) -> Paper:
    """The paper of a confirmed act that has none: of a day when acts were not printed yet. Asked twice, made once.

    Raises NotFoundError, DomainError "write_offs.act_not_confirmed".
    """
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    acts = WriteOffAct.objects.select_for_update(of=("self",)).select_related("office", "drawn_up_by", "confirmed_by")
    act = acts.filter(pk=act_id, office__in=offices_visible_to(staff)).first()
    if act is None:
        raise NotFoundError
    if act.confirmed_at is None:
        raise DomainError("write_offs.act_not_confirmed", _("Only an act that two people have signed is printed."))
    return paper_of(act) or order_paper(act, now)


@transaction.atomic
def drop(*, actor: Actor, act_id: int, now: datetime) -> WriteOffAct:
    """Close an act that nobody confirmed; nothing leaves the stock. Raises DomainError "write_offs.act_closed"."""
    act, staff = open_act(actor, act_id)
    act.dropped_by, act.dropped_at = staff, now
    act.save(update_fields=["dropped_by", "dropped_at"])
    stock_of(act.stock).give_back(act)
    note(act, actor, "write_off_dropped", now)
    return act


def open_act(actor: Actor, act_id: int) -> tuple[WriteOffAct, Staff]:
    """The act, locked, and who acts. Raises NotFoundError outside their offices, DomainError when it is closed."""
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    acts = WriteOffAct.objects.select_for_update(of=("self",)).select_related("office", "drawn_up_by")
    act = acts.filter(pk=act_id, office__in=offices_visible_to(staff)).first()
    if act is None:
        raise NotFoundError
    if not act.is_open:
        raise DomainError("write_offs.act_closed", _("This act is closed already."))
    return act, staff


def note(act: WriteOffAct, actor: Actor, action: str, now: datetime) -> None:
    changes = {
        "act": act.number,
        "stock": act.stock,
        "kind": act.kind,
        "numbers": [item.number for item in stock_of(act.stock).listed(act)],
        "explanation": act.explanation,
    }
    noted(chain=f"office:{act.office.code}", actor=actor, action=action, now=now, changes=changes)
