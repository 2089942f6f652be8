"""What a payment costs on a day: index, rate, rounding; and the administrator's way to fill what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, require_role
from applications.errors import DomainError, InvalidInputError, NotFoundError, written
from applications.journal import noted
from applications.outbox import promise
from applications.standards import Text
from fees.models import Charge, Confidence, Exemption, MonthlyIndex, Tariff
from offices.models import Role
from people.identifiers import LOOK_ALIKES

PRIMARY_FEE = "primary_registration_fee"
RECYCLING_BASE = "recycling_base"
RECYCLING_COEFFICIENT = "recycling_coefficient"
# No recycling payment for a vehicle imported, or made in the country, up to and on this day (order No. 448).
RECYCLING_SINCE = date(2016, 1, 27)
JOURNAL = "tariffs"
ROUNDINGS = {"whole-tenge-half-up": Decimal(1), "exact": Decimal("0.01")}


@dataclass(frozen=True)
class VehicleClass:
    """What rates depend on. `category` as in the vehicle passport ("M1", "N3G"), engine volume in cm³."""

    category: str
    year_of_manufacture: int
    is_electric: bool = False
    is_hybrid: bool = False
    engine_cc: int | None = None
    is_tractor_unit: bool = False
    has_haulage_admission: bool = False

    @property
    def group(self) -> str:
        """The group of the tables of VR.6a and VR.6b. Raises DomainError "category_unknown" outside L, M, N, O."""
        kind = self.category.strip().upper().translate(LOOK_ALIKES)[:2]
        if kind == "M1":
            # The table names "electric motors except hybrids" and "without electric motors"; practice counts hybrids
            # to the second, which the sources agree on.
            return "m1_electric" if self.is_electric and not self.is_hybrid else "m1_other"
        if kind == "N3" and self.is_tractor_unit:
            return "n3_tractor"
        if kind in {"M2", "M3", "N1", "N2", "N3"}:
            return "goods_and_buses"
        if kind[:1] in {"L", "O"}:
            return "motorcycle" if kind[0] == "L" else "trailer"
        message = _(
            "No rate is known for vehicles of category “%(category)s”. Check the category in the vehicle passport."
        )
        raise DomainError("category_unknown", message % {"category": self.category}, status=422)

    def age_on(self, on: date) -> int:
        """Years of age with the year of manufacture counted as the first; day and month do not count (VR.6a)."""
        return max(1, on.year - self.year_of_manufacture + 1)


@dataclass(frozen=True)
class Quote:
    """An amount in tenge and how it came about; `rate` in indexes of `mci` tenge."""

    tariff: Tariff
    exemption: Exemption | None
    rate: Decimal
    mci: Decimal
    amount: Decimal
    legal_basis: Text


class MissingTariffError(DomainError):
    """A rate or index that nobody has entered yet. It blocks, and is never read as zero."""

    def __init__(self, *, missing: Charge.Missing, what: str, on: date, tariff: Tariff | None = None) -> None:
        super().__init__("tariff_missing", missing_message(missing, what, on), status=422)
        self.missing = missing
        self.tariff = tariff


def missing_message(missing: str, what: str, on: date) -> str:
    """In the active language: what is missing to charge `what` on the day `on`, and who can help."""
    messages = {
        Charge.Missing.RATE: _(
            "The rate “%(what)s” is not entered for %(date)s. An administrator must enter it with its legal basis; "
            "until then nothing can be charged."
        ),
        Charge.Missing.ROW: _(
            "There is no rate “%(what)s” for %(date)s. It has to be added to the reference data before anything can be "
            "charged."
        ),
        Charge.Missing.INDEX: _(
            "The monthly calculation index for %(date)s is not entered. An administrator must enter it; until then "
            "nothing can be charged."
        ),
    }
    return messages[Charge.Missing(missing)] % {"what": what, "date": date_format(on, "SHORT_DATE_FORMAT")}


def in_force(on: date) -> Q:
    """Rows whose days include `on`; both ends count."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def mci_on(on: date) -> Decimal:
    """The monthly calculation index in tenge on the day `on` (Asia/Almaty). Raises MissingTariffError."""
    index = MonthlyIndex.objects.filter(in_force(on)).first()
    if index is None:
        raise MissingTariffError(missing=Charge.Missing.INDEX, what="", on=on)
    return index.value


def tariff_on(*, code: str, group: str = "", on: date, measure: int | None = None) -> Tariff:
    """The row of that code and group on the day `on`; `measure` is the age in years or the volume in cm³.

    Raises MissingTariffError, naming the row when there is one that is empty.
    """
    bands = Q(measure_from__isnull=True, measure_to__isnull=True)
    if measure is not None:
        above = Q(measure_from__isnull=True) | Q(measure_from__lte=measure)
        bands = above & (Q(measure_to__isnull=True) | Q(measure_to__gte=measure))
    tariff = Tariff.objects.filter(in_force(on), bands, code=code, group=group).first()
    if tariff is None:
        what = "/".join(part for part in (code, group) if part)
        raise MissingTariffError(missing=Charge.Missing.ROW, what=what, on=on)
    if tariff.rate is None:
        raise MissingTariffError(missing=Charge.Missing.RATE, what=tariff.name, on=on, tariff=tariff)
    return tariff


def primary_fee_tariff(vehicle: VehicleClass, on: date) -> Tariff:
    """The row of the primary registration fee for that vehicle on that day (VR.6a). Raises MissingTariffError.

    Holders of an international haulage admission pay nothing for a younger tractor unit while article 830 holds.
    """
    group, age = vehicle.group, vehicle.age_on(on)
    if group == "n3_tractor" and vehicle.has_haulage_admission:
        try:
            return tariff_on(code=PRIMARY_FEE, group="n3_tractor_haulage", on=on, measure=age)
        except MissingTariffError as error:
            if error.missing != Charge.Missing.ROW:
                raise
    return tariff_on(code=PRIMARY_FEE, group=group, on=on, measure=age)


def quote(
    *,
    code: str,
    on: date,
    group: str = "",
    vehicle: VehicleClass | None = None,
    exemption: str = "",
    index: Callable[[date], Decimal] = mci_on,
) -> Quote:
    """The charge of that code if it is paid on the day `on` (Asia/Almaty): the index and rate of the day of payment.

    Who asks for several at once hands an `index` over that looks each day up but once.
    The Tax Code says so for fees (art. 615 p. 1); duties are read the same way. Raises MissingTariffError.
    """
    if code == PRIMARY_FEE:
        if vehicle is None:
            raise ValueError("The primary registration fee depends on the vehicle.")
        tariff = primary_fee_tariff(vehicle, on)
    else:
        tariff = tariff_on(code=code, group=group, on=on)
    rate, mci = tariff.rate or Decimal(0), index(on)
    exempt = exemption_on(exemption, tariff, on)
    amount = Decimal(0) if exempt else rounded(rate * mci)
    basis = exempt.citation if exempt else tariff.citation
    return Quote(tariff=tariff, exemption=exempt, rate=rate, mci=mci, amount=amount, legal_basis=basis)


def exemption_on(code: str, tariff: Tariff, on: date) -> Exemption | None:
    """The exemption `code` if it lifts this very tariff on the day `on` (art. 671: ordinary plates only)."""
    if not code:
        return None
    return Exemption.objects.filter(in_force(on), code=code, applies_to__contains=[str(tariff)]).first()


def recycling_amount(vehicle: VehicleClass, on: date, imported_or_made_on: date | None = None) -> Decimal:
    """The recycling payment in tenge on the day `on`: base rate × coefficient × index (VR.6b).

    Raises MissingTariffError while the coefficient of the group is not known, DomainError "engine_volume_missing".
    """
    if imported_or_made_on is not None and imported_or_made_on <= RECYCLING_SINCE:
        return Decimal(0)
    group = vehicle.group
    if group == "m1_other" and vehicle.engine_cc is None:
        message = _(
            "The engine volume is needed to know the recycling payment. Enter it as the vehicle passport has it."
        )
        raise DomainError("engine_volume_missing", message, status=422, row="VR.6b")
    measure = vehicle.engine_cc if group == "m1_other" else None
    base = tariff_on(code=RECYCLING_BASE, on=on)
    coefficient = tariff_on(code=RECYCLING_COEFFICIENT, group=group, on=on, measure=measure)
    return rounded((base.rate or Decimal(0)) * (coefficient.rate or Decimal(0)) * mci_on(on))


def rounded(amount: Decimal) -> Decimal:
    """`amount` in tenge as it is charged: every component by itself, as the setting CHARGE_ROUNDING says."""
    step = ROUNDINGS.get(settings.CHARGE_ROUNDING)
    if step is None:
        raise ImproperlyConfigured(f"CHARGE_ROUNDING must be one of {', '.join(ROUNDINGS)}.")
    return amount.quantize(step, rounding=ROUND_HALF_UP)


def plate_group(vehicle: VehicleClass) -> str:
    """The group of the plate duty for ordinary plates: a set for a car, one plate for category L or O (VR.6a)."""
    return "motorcycle_or_trailer" if vehicle.group in {"motorcycle", "trailer"} else "car"


def to_fill() -> list[Tariff]:
    """The rows without a rate, for the administrator's page."""
    return list(Tariff.objects.filter(rate__isnull=True))


@transaction.atomic
def set_rate(*, actor: Actor, tariff_id: int, rate: Decimal, basis: str, now: datetime) -> Tariff:
    """Enter or correct the rate of a row, with the place in the law where it was read; administrators only.

    Applications that waited for it are assessed anew. Raises NotAllowedError, NotFoundError, InvalidInputError.
    """
    staff = require_role(actor, Role.ADMINISTRATOR)
    basis = _basis(basis)
    if not rate.is_finite() or not 0 <= rate < 1_000_000 or rate != rate.quantize(Decimal("0.0001")):
        raise InvalidInputError({"rate": _("A rate is a number of indexes, zero or more, with at most four decimals.")})
    tariff = Tariff.objects.select_for_update().filter(pk=tariff_id).first()
    if tariff is None:
        raise NotFoundError
    before = tariff.rate
    tariff.rate, tariff.basis, tariff.edited_by, tariff.edited_at = rate, basis, staff, now
    tariff.confidence = Confidence.HIGH
    tariff.save(update_fields=["rate", "basis", "edited_by", "edited_at", "confidence"])
    changes = {"tariff": str(tariff), "row": tariff.pk, "before": _text(before), "after": str(rate), "basis": basis}
    noted(chain=JOURNAL, actor=actor, action="rate_entered", now=now, changes=changes)
    _assess_waiting(Q(tariff=tariff), now)
    return tariff


@transaction.atomic
def set_monthly_index(
    *, actor: Actor, valid_from: date, valid_to: date | None, value: Decimal, basis: str, now: datetime
) -> MonthlyIndex:
    """Enter the index of further days, as the budget law of a new year sets it; administrators only.

    Raises NotAllowedError, and InvalidInputError when the days meet those of another row.
    """
    staff = require_role(actor, Role.ADMINISTRATOR)
    basis = _basis(basis)
    if not value.is_finite() or not 0 < value < 1_000_000 or value != value.quantize(Decimal("0.01")):
        raise InvalidInputError({"value": _("The index is an amount in tenge above zero.")})
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInputError({"valid_to": _("The last day lies before the first.")})
    try:
        with transaction.atomic():
            index = MonthlyIndex.objects.create(
                valid_from=valid_from,
                valid_to=valid_to,
                value=value,
                confidence=Confidence.HIGH,
                source=basis,
                edited_by=staff,
                edited_at=now,
            )
    except IntegrityError as error:
        raise InvalidInputError({"valid_from": _("An index is already entered for some of these days.")}) from error
    changes = {"valid_from": str(valid_from), "valid_to": _text(valid_to), "value": str(value), "basis": basis}
    noted(chain=JOURNAL, actor=actor, action="index_entered", now=now, changes=changes)
    _assess_waiting(Q(missing=Charge.Missing.INDEX), now)
    return index


def _basis(basis: str) -> str:
    return written("basis", basis, _("Say where the law sets this: act, article, point."), longest=300)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _assess_waiting(condition: Q, now: datetime) -> None:
    """Have the workers assess every application with a charge that waits for what was just entered."""
    waiting = Charge.objects.live().filter(condition, amount__isnull=True).select_related("application")
    for application in {charge.application for charge in waiting}:
        promise("reassess", application=application, now=now)
