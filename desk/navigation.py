"""The top bar: which pages each role finds there, in the order of the road."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Revocation, RevocationBatch
from offices.models import Role, Staff

OFFICERS = (Role.OFFICER, Role.SUPERVISOR)
DECIDERS_AND_DESK = (Role.FRONT_DESK, Role.OFFICER, Role.SUPERVISOR)


def revocations_waiting(staff: Staff) -> int:
    """The withdrawals of decisions, single and in bulk, that wait for `staff` as the second person."""
    in_bulk = RevocationBatch.objects.waiting_for(staff).order_by().values("pk")
    return Revocation.objects.waiting_for(staff).order_by().values("pk").union(in_bulk, all=True).count()


@dataclass(frozen=True)
class Item:
    """A page of the top bar: its URL name, its word, who sees it, and the URL names that light it up.

    A name is the desk's unless it brings its namespace along.
    """

    name: str
    word: str | Promise
    roles: tuple[Role, ...]
    lit_by: tuple[str, ...] = ()
    # How many things wait there for the reader; one small query.
    waiting: Callable[[Staff], int] | None = None


ITEMS = (
    Item(
        "queue",
        _("Queue"),
        DECIDERS_AND_DESK,
        (
            "case",
            "approve",
            "refuse",
            "inspection",
            "take_over",
            "withdraw",
            "check",
            "particulars",
            "judge_correction",
            "stand_by",
            "take_in",
        ),
    ),
    Item(
        "intake_start",
        _("Intake"),
        (Role.FRONT_DESK,),
        ("intake_details", "choose_plate", "intake_documents", "intake_payment", "intake_review", "intake_accepted"),
    ),
    Item("handover_list", _("Hand-over"), (Role.FRONT_DESK,), ("hand_over", "other_receiver", "bring_to_desk")),
    Item(
        "stock",
        _("Stock"),
        OFFICERS,
        (
            "receive_plates",
            "stock_plates",
            "stock_plate",
            "stock_acts",
            "stock_act_new",
            "stock_act",
            "receive_blanks",
            "receive_licence_blanks",
        ),
    ),
    Item(
        "revocations",
        _("Withdrawals"),
        OFFICERS,
        ("revoke", "revocation", "batches", "batch_new", "batch", "batch_step"),
        revocations_waiting,
    ),
    Item(
        "production",
        _("Orders"),
        OFFICERS,
        (
            "plate_order",
            "order_sheet",
            "make_up_order",
            "send_order",
            "take_out",
            "scan",
            "arrive",
            "reject",
            "not_made",
            "destruction",
        ),
    ),
    Item("temporary", _("Terms"), (Role.SUPERVISOR,)),
    Item("status", _("Status"), (Role.CONTACT_CENTRE,)),
    Item("journal", _("Journal"), (Role.AUDITOR,)),
    Item("staff", _("Staff"), (Role.ADMINISTRATOR,), ("staff_new", "staff_account", "staff_password")),
    Item("offices", _("Offices"), (Role.ADMINISTRATOR,), ("office_new", "office")),
    Item("tariffs", _("Tariffs"), (Role.ADMINISTRATOR,), ("tariff", "monthly_index", "exemptions", "exemption")),
    Item(
        "deregistration_reasons",
        _("Reasons"),
        (Role.ADMINISTRATOR,),
        ("deregistration_reason", "deregistration_reason_new", "capacity_ages", "capacity_age"),
    ),
    Item("licence_rules", _("Driver licences"), (Role.ADMINISTRATOR,), ("licence_category", "licence_form")),
    Item("plate_formats", pgettext_lazy("page", "Plates"), (Role.ADMINISTRATOR,), ("plate_format", "plate_terms")),
    Item(
        "api:systems",
        _("Systems"),
        (Role.ADMINISTRATOR,),
        ("system", "system_new", "system_secret", "system_key", "system_revoke"),
    ),
    Item(
        "endpoints",
        _("Webhooks"),
        (Role.ADMINISTRATOR,),
        ("endpoint", "endpoint_new", "endpoint_secret", "endpoint_old_secret", "undelivered"),
    ),
    Item("undelivered", _("Undelivered"), (Role.SUPERVISOR,)),
    Item("calendar", _("Calendar"), (Role.ADMINISTRATOR,)),
)

# Where each role lands after signing in.
LANDING = {
    Role.CONTACT_CENTRE: "desk:status",
    Role.AUDITOR: "desk:journal",
    Role.ADMINISTRATOR: "desk:tariffs",
}


def landing(role: str) -> str:
    """The URL name of the page that `role` starts the day on."""
    return LANDING.get(Role(role), "desk:queue")


def items_for(role: str) -> list[Item]:
    """The pages of the top bar for `role`."""
    return [item for item in ITEMS if role in item.roles]
