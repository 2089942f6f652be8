"""Batch orders to the plate press, piece by piece: what waits, what is ordered, what has arrived (PD.3, PD.5)."""

from __future__ import annotations

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from plates.duplicates.models import PlatePlace
from write_offs.models import Line
from write_offs.rules import of_lines, signed_twice


class OrderState(models.TextChoices):
    OPEN = "open", _("being made up")
    SENT = "sent", _("sent to the press")
    PARTLY_ARRIVED = "partly_arrived", _("partly arrived")
    ARRIVED = "arrived", _("arrived")


class PlateOrder(models.Model):
    """One batch of a region for the press; it arrives at the office that made it up."""

    region = models.ForeignKey("offices.Region", models.PROTECT, related_name="plate_orders")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="plate_orders")
    state = FSMField(_("state"), default=OrderState.OPEN, choices=OrderState.choices, protected=True)
    made_by = models.ForeignKey("offices.Staff", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made up"))
    sent_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent"), null=True)
    # The day the press promised; an order that is not there after it is overdue.
    expected_on = models.DateField(_("expected"), null=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("order to the press")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="plate_order_state_known"),
            models.CheckConstraint(
                condition=Q(state=OrderState.OPEN, sent_at__isnull=True, sent_by__isnull=True)
                | ~Q(state=OrderState.OPEN)
                & Q(sent_at__isnull=False, sent_by__isnull=False, expected_on__isnull=False),
                name="plate_order_sent_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=OrderState.ARRIVED, arrived_at__isnull=False, arrived_at__gte=F("sent_at"))
                | ~Q(state=OrderState.ARRIVED) & Q(arrived_at__isnull=True),
                name="plate_order_arrived_after_it_was_sent",
            ),
            models.UniqueConstraint(
                fields=["office"], condition=Q(state=OrderState.OPEN), name="plate_order_one_open_per_office"
            ),
        )
        indexes = (models.Index(name="plate_order_region", fields=["region", "state", "-id"]),)
        triggers = (
            pgtrigger.FSM(
                name="plate_order_moves",
                field="state",
                transitions=[
                    (OrderState.OPEN.value, OrderState.SENT.value),
                    (OrderState.SENT.value, OrderState.PARTLY_ARRIVED.value),
                    (OrderState.SENT.value, OrderState.ARRIVED.value),
                    (OrderState.PARTLY_ARRIVED.value, OrderState.ARRIVED.value),
                ],
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
            ),
            pgtrigger.ReadOnly(name="plate_order_region_is_fixed", fields=["region", "office", "made_by", "made_at"]),
            pgtrigger.Protect(name="plate_order_never_deleted", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As it stands on the order sheet: "02-000017"."""
        return f"{self.region_id}-{self.pk:06d}"

    def is_overdue_on(self, day: date) -> bool:
        """Whether something of it is still to come though the promised day has passed."""
        is_under_way = self.state in {OrderState.SENT, OrderState.PARTLY_ARRIVED}
        return is_under_way and self.expected_on is not None and self.expected_on < day

    @transition(field=state, source=OrderState.OPEN, target=OrderState.SENT)
    def send(self) -> None:
        pass

    @transition(field=state, source=OrderState.SENT, target=OrderState.PARTLY_ARRIVED)
    def begin_to_arrive(self) -> None:
        pass

    @transition(field=state, source=[OrderState.SENT, OrderState.PARTLY_ARRIVED], target=OrderState.ARRIVED)
    def complete(self) -> None:
        pass


class ItemState(models.TextChoices):
    WAITING = "waiting", _("waits for an order")
    ORDERED = "ordered", _("ordered")
    ARRIVED = "arrived", _("arrived")
    FAULTY = "faulty", _("faulty")
    # Waiting, or the press has not made it: of a case whose decision was withdrawn.
    CANCELLED = "cancelled", _("no longer needed")
    # The decision was withdrawn while the press made it; it will arrive all the same, or the press says it will not.
    STOPPED = "stopped", _("no longer needed, at the press")
    DISCARDED = "discarded", _("to be destroyed")
    DESTROYED = "destroyed", _("destroyed")


# A piece that is still wanted, or there: of these an application has one for each place.
LIVE = (ItemState.WAITING, ItemState.ORDERED, ItemState.ARRIVED)
# An order waits for these.
TO_COME = (ItemState.ORDERED, ItemState.STOPPED)
# In the office, whatever became of them there.
SETTLED = (ItemState.ARRIVED, ItemState.FAULTY, ItemState.DISCARDED, ItemState.DESTROYED)
# In the office and for nobody: the number lives on in the plate on the vehicle, so a piece of it must not lie about.
TO_BE_DESTROYED = (ItemState.DISCARDED, ItemState.FAULTY)
# Made, and for nobody.
UNWANTED = (ItemState.STOPPED, *TO_BE_DESTROYED)


DESTROYED_AS = "plate_pieces"
# A piece is destroyed as the pieces of an act are.
BY_AN_ACT = f"""
    IF NOT {signed_twice(lines="plates_pieceline", column="item_id")} THEN
        RAISE EXCEPTION 'piece % is destroyed only by an act that two people signed', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plate_item_destroyed_by_an_act';
    END IF;
    RETURN NEW;
"""


class PlateOrderItem(models.Model):
    """One piece of one plate for one application. A faulty piece stays as it is, and is ordered again as a new item."""

    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="plate_items")
    plate = models.ForeignKey("plates.Plate", models.PROTECT, related_name="order_items")
    place = models.CharField(_("piece"), max_length=5, choices=PlatePlace.choices)
    region = models.ForeignKey("offices.Region", models.PROTECT, related_name="+")
    order = models.ForeignKey(PlateOrder, models.PROTECT, null=True, related_name="items")
    state = FSMField(_("state"), default=ItemState.WAITING, choices=ItemState.choices, protected=True)
    wanted_at = models.DateTimeField(_("wanted since"))
    settled_at = models.DateTimeField(_("arrived"), null=True)
    settled_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    fault = models.CharField(_("fault"), max_length=300, blank=True)
    # A piece that nobody needs is destroyed by two people.
    destruction_asked_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    destroyed_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    destroyed_at = models.DateTimeField(_("destroyed"), null=True)

    class Meta:
        ordering = ("wanted_at", "pk")
        verbose_name = _("piece to be made")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="plate_item_state_known"),
            models.CheckConstraint(condition=Q(place__in=PlatePlace.values), name="plate_item_place_known"),
            models.CheckConstraint(
                condition=Q(state=ItemState.CANCELLED)
                | Q(state=ItemState.WAITING, order__isnull=True)
                | ~Q(state__in=[ItemState.WAITING, ItemState.CANCELLED]) & Q(order__isnull=False),
                name="plate_item_ordered_in_an_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ItemState.WAITING, *TO_COME], settled_at__isnull=True)
                | Q(state=ItemState.CANCELLED, settled_at__isnull=True, order__isnull=True)
                | Q(state=ItemState.CANCELLED, settled_at__isnull=False, order__isnull=False)
                | Q(state__in=SETTLED, settled_at__isnull=False),
                name="plate_item_arrived_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=ItemState.DESTROYED)
                | Q(state=ItemState.FAULTY) & ~Q(fault="")
                | ~Q(state__in=[ItemState.FAULTY, ItemState.DESTROYED]) & Q(fault=""),
                name="plate_item_fault_is_named",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ItemState.DESTROYED,
                    destruction_asked_by__isnull=False,
                    destroyed_by__isnull=False,
                    destroyed_at__isnull=False,
                )
                | ~Q(state=ItemState.DESTROYED) & Q(destroyed_by__isnull=True, destroyed_at__isnull=True),
                name="plate_item_destroyed_by_two",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_by__isnull=True) | ~Q(destroyed_by=F("destruction_asked_by")),
                name="plate_item_destruction_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["application", "place"], condition=Q(state__in=LIVE), name="plate_item_one_piece_per_place"
            ),
        )
        indexes = (
            models.Index(name="plate_item_waiting", fields=["region", "wanted_at"], condition=Q(state="waiting")),
            models.Index(name="plate_item_unwanted", fields=["region"], condition=Q(state__in=UNWANTED)),
        )
        triggers = (
            pgtrigger.FSM(
                name="plate_item_moves",
                field="state",
                transitions=[
                    (ItemState.WAITING.value, ItemState.ORDERED.value),
                    (ItemState.ORDERED.value, ItemState.WAITING.value),
                    (ItemState.ORDERED.value, ItemState.ARRIVED.value),
                    (ItemState.ORDERED.value, ItemState.FAULTY.value),
                    (ItemState.WAITING.value, ItemState.CANCELLED.value),
                    (ItemState.ORDERED.value, ItemState.STOPPED.value),
                    (ItemState.STOPPED.value, ItemState.CANCELLED.value),
                    (ItemState.STOPPED.value, ItemState.DISCARDED.value),
                    (ItemState.ARRIVED.value, ItemState.DISCARDED.value),
                    (ItemState.DISCARDED.value, ItemState.DESTROYED.value),
                    (ItemState.FAULTY.value, ItemState.DESTROYED.value),
                ],
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
            ),
            pgtrigger.Trigger(
                name="plate_item_destroyed_by_an_act",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state AND NEW.state = 'destroyed'"),
                func=BY_AN_ACT,
            ),
            pgtrigger.ReadOnly(name="plate_item_is_fixed", fields=["application", "plate", "place", "region"]),
            pgtrigger.Protect(name="plate_item_never_deleted", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.plate} {self.place}"

    @transition(field=state, source=ItemState.WAITING, target=ItemState.ORDERED)
    def put_into(self, order: PlateOrder) -> None:
        self.order = order

    @transition(field=state, source=ItemState.ORDERED, target=ItemState.WAITING)
    def take_out(self) -> None:
        self.order = None

    @transition(field=state, source=ItemState.ORDERED, target=ItemState.ARRIVED)
    def arrive(self) -> None:
        pass

    @transition(field=state, source=ItemState.ORDERED, target=ItemState.FAULTY)
    def reject(self, fault: str) -> None:
        self.fault = fault

    @transition(field=state, source=[ItemState.WAITING, ItemState.STOPPED], target=ItemState.CANCELLED)
    def cancel(self) -> None:
        pass

    @transition(field=state, source=ItemState.ORDERED, target=ItemState.STOPPED)
    def stop(self) -> None:
        pass

    @transition(field=state, source=[ItemState.STOPPED, ItemState.ARRIVED], target=ItemState.DISCARDED)
    def discard(self) -> None:
        pass


# A piece has no office of its own: it lies where its order came to.
PIECES = """(
            SELECT piece.id, batch.office_id FROM plates_plateorderitem AS piece
            JOIN plates_plateorder AS batch ON batch.id = piece.order_id
        )"""


class PieceLine(Line):
    """One piece on an act of its destruction."""

    item = models.ForeignKey(PlateOrderItem, models.PROTECT, related_name="write_offs")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["act", "item"], name="plate_piece_line_once"),)
        triggers = of_lines("plate_piece", stock=DESTROYED_AS, things=PIECES, column="item_id")
