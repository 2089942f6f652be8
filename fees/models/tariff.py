"""What the law says a payment costs: the monthly calculation index, dated rates, and who is exempt."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from applications.standards import Text
from offices.models import Named


class LegalAct(models.TextChoices):
    """Articles are numbered anew in the Code of 2025: an article is never cited without its act."""

    TAX_CODE_2017 = "tax-2017", _("Tax Code of 25 December 2017")
    TAX_CODE_2025 = "tax-2025", _("Tax Code of 18 July 2025")
    ORDER_448 = "order-448", _("Order No. 448 of 2 November 2021")


ACTS = {
    LegalAct.TAX_CODE_2017: Text(
        "Tax Code of 25 December 2017",
        "Налоговый кодекс от 25 декабря 2017 года",
        "2017 жылғы 25 желтоқсандағы Салық кодексі",
    ),
    LegalAct.TAX_CODE_2025: Text(
        "Tax Code of 18 July 2025", "Налоговый кодекс от 18 июля 2025 года", "2025 жылғы 18 шілдедегі Салық кодексі"
    ),
    LegalAct.ORDER_448: Text(
        "Order No. 448 of 2 November 2021", "приказ от 2 ноября 2021 года № 448", "2021 жылғы 2 қарашадағы № 448 бұйрық"
    ),
}


class Confidence(models.TextChoices):
    """How well the source of a rate is known; it is shown beside the rate and never decides anything."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")
    NONE = "none", _("not found")


def validity() -> Func:
    """The days on which a row holds, both ends inside; no end means until changed."""
    return Func(F("valid_from"), F("valid_to"), Value("[]"), function="daterange", output_field=DateRangeField())


def measures() -> Func:
    """The years of age or cubic centimetres a row is for, both ends inside; empty ends are open."""
    return Func(F("measure_from"), F("measure_to"), Value("[]"), function="int4range", output_field=IntegerRangeField())


class MonthlyIndex(models.Model):
    """The monthly calculation index (МРП, АЕК) in tenge, by the days on which it holds."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    value = models.DecimalField(_("tenge"), max_digits=12, decimal_places=2)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence.choices)
    source = models.CharField(_("source"), max_length=300)
    # The administrator who entered or changed the row; loading the reference data then leaves it alone.
    edited_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["valid_from"]
        constraints = [
            ExclusionConstraint(
                name="monthly_index_one_a_day", expressions=[(validity(), RangeOperators.OVERLAPS)], index_type="gist"
            ),
            models.CheckConstraint(name="monthly_index_positive", condition=Q(value__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.value} ({self.valid_from})"


class Cited(models.Model):
    """A row of the law: act, article, point, sub-point and row of the article's table, as far as each exists."""

    legal_act = models.CharField(_("act"), max_length=16, choices=LegalAct.choices)
    article = models.CharField(_("article"), max_length=16, blank=True)
    point = models.CharField(_("point"), max_length=8, blank=True)
    item = models.CharField(_("sub-point"), max_length=8, blank=True)
    table_row = models.CharField(_("table row"), max_length=8, blank=True)

    class Meta:
        abstract = True

    @property
    def citation(self) -> Text:
        """The place in the law in the portal's three languages."""
        parts = [
            (self.article, Text("article %s", "статья %s", "%s-бап")),
            (self.point, Text("point %s", "пункт %s", "%s-тармақ")),
            (self.item, Text("sub-point %s", "подпункт %s)", "%s) тармақша")),
            (self.table_row, Text("table row %s", "строка таблицы %s", "кестенің %s-жолы")),
        ]

        def in_language(language: str) -> str:
            places = [text.in_language(language) % value for value, text in parts if value]
            return ", ".join([ACTS[LegalAct(self.legal_act)].in_language(language), *places])

        return Text(in_language("en"), in_language("ru"), in_language("kk"))


class Tariff(Cited, Named):
    """One dated rate. An empty `rate` was not found in the law's text: it blocks until an administrator enters it.

    `rate` is in monthly indexes; for the code "recycling_coefficient" it multiplies the rate of "recycling_base".
    `measure` is the age in years with the year of manufacture counted as the first, or the engine volume in cm³.
    """

    code = models.CharField(_("code"), max_length=48)
    group = models.CharField(_("group"), max_length=48, blank=True)
    measure_from = models.PositiveIntegerField(null=True, blank=True)
    measure_to = models.PositiveIntegerField(null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    rate = models.DecimalField(_("rate"), max_digits=10, decimal_places=4, null=True, blank=True)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence.choices)
    source = models.CharField(_("source"), max_length=300)
    edited_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)
    # Where the administrator read the rate that was entered here.
    basis = models.CharField(_("basis"), max_length=300, blank=True)

    class Meta:
        ordering = ["code", "group", "valid_from", "measure_from"]
        constraints = [
            ExclusionConstraint(
                name="tariff_one_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("group", RangeOperators.EQUAL),
                    (measures(), RangeOperators.OVERLAPS),
                    (validity(), RangeOperators.OVERLAPS),
                ],
                index_type="gist",
            ),
            models.CheckConstraint(name="tariff_rate_not_negative", condition=Q(rate__isnull=True) | Q(rate__gte=0)),
            models.CheckConstraint(name="tariff_act_known", condition=Q(legal_act__in=LegalAct.values)),
            models.CheckConstraint(
                name="tariff_entered_with_a_basis", condition=Q(edited_by__isnull=True) | ~Q(basis="")
            ),
        ]

    def __str__(self) -> str:
        return "/".join(part for part in (self.code, self.group) if part)


class Exemption(Cited, Named):
    """People from whom a duty is not taken, on which charges, and what proves it (row VR.6a; Tax Code art. 671)."""

    code = models.CharField(_("code"), max_length=48, unique=True)
    # "code" or "code/group" of the tariffs it lifts.
    applies_to = ArrayField(models.CharField(max_length=100))
    # The code of the requirement under which the proof is attached.
    document_requirement = models.CharField(max_length=48)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence.choices)
    source = models.CharField(_("source"), max_length=300)
    edited_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)
    # Where the administrator read what the exemption covers.
    basis = models.CharField(_("basis"), max_length=300, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="exemption_applies_to_something", condition=Q(applies_to__len__gt=0)),
            models.CheckConstraint(name="exemption_act_known", condition=Q(legal_act__in=LegalAct.values)),
            models.CheckConstraint(
                name="exemption_entered_with_a_basis", condition=Q(edited_by__isnull=True) | ~Q(basis="")
            ),
            models.CheckConstraint(
                name="exemption_ends_after_it_began",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.code
