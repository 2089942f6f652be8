"""What the law and the rules say about licences, as rows an administrator keeps: categories, ages, terms, numbers."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from offices.models import Named


class Confidence(models.TextChoices):
    """How well the source of a rule is known; it is shown beside the rule and never decides anything."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")
    NONE = "none", _("not found")


class CategoryKind(models.TextChoices):
    CATEGORY = "category", _("category")
    SUBCATEGORY = "subcategory", _("subcategory")


def validity() -> Func:
    """The days on which a row holds, both ends inside; no end means until changed."""
    return Func(F("valid_from"), F("valid_to"), Value("[]"), function="daterange", output_field=DateRangeField())


class Setting(models.Model):
    """A dated row with its source; what an administrator enters outlives a new load of the reference data."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence.choices)
    source = models.CharField(_("source"), max_length=300)
    edited_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class LicenceCategory(Named):
    """A category or subcategory of vehicles that a licence can be granted for; the name says which vehicles."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    kind = models.CharField(_("kind"), max_length=12, choices=CategoryKind.choices)
    # The row of the category in the table of a licence.
    place = models.PositiveSmallIntegerField(_("place"), unique=True)

    class Meta:
        ordering = ("place",)
        verbose_name = _("licence category")
        verbose_name_plural = _("licence categories")
        constraints = (
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z][A-Z0-9bm]{0,3}$"), name="licence_category_code"),
            models.CheckConstraint(condition=Q(kind__in=CategoryKind.values), name="licence_category_kind_known"),
        )


class CategoryRule(Setting):
    """From which age and with which experience a category is granted. What is empty is not known, and blocks.

    `experience_years` years of driving are asked for (0: none), of them `special_years` in category `special_category`.
    """

    category = models.ForeignKey(LicenceCategory, models.PROTECT, related_name="rules")
    minimum_age = models.PositiveSmallIntegerField(_("minimum age"), null=True, blank=True)
    experience_years = models.PositiveSmallIntegerField(_("years of experience"), null=True, blank=True)
    special_category = models.ForeignKey(LicenceCategory, models.PROTECT, null=True, blank=True, related_name="+")
    special_years = models.PositiveSmallIntegerField(_("years of them in that category"), default=0, blank=True)
    # What the source says beyond that, for the officer to judge.
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ("category", "valid_from")
        constraints = (
            ExclusionConstraint(
                name="category_rule_one_a_day",
                expressions=[("category", RangeOperators.EQUAL), (validity(), RangeOperators.OVERLAPS)],
                index_type="gist",
            ),
            models.CheckConstraint(
                condition=Q(minimum_age__isnull=True) | Q(minimum_age__gte=14, minimum_age__lte=30),
                name="category_rule_age_possible",
            ),
            models.CheckConstraint(
                condition=Q(special_category__isnull=True, special_years=0)
                | Q(special_category__isnull=False, special_years__gt=0, special_years__lte=F("experience_years")),
                name="category_rule_special_experience_is_part",
            ),
        )

    def __str__(self) -> str:
        return f"{self.category_id} ({self.valid_from})"

    @property
    def is_complete(self) -> bool:
        """Whether age and experience are known; nothing new is granted by a rule that is not."""
        return self.minimum_age is not None and self.experience_years is not None


class LicenceForm(Setting):
    """The form of the licence: the pattern of its numbers, and for how many years it is issued. Empty blocks."""

    number_pattern = models.CharField(_("pattern of the number"), max_length=100, blank=True)
    example = models.CharField(_("example"), max_length=12, blank=True)
    years_valid = models.PositiveSmallIntegerField(_("term of validity, years"), null=True, blank=True)

    class Meta:
        ordering = ("valid_from",)
        verbose_name = _("form of the licence")
        constraints = (
            ExclusionConstraint(
                name="licence_form_one_a_day", expressions=[(validity(), RangeOperators.OVERLAPS)], index_type="gist"
            ),
            models.CheckConstraint(
                condition=Q(years_valid__isnull=True) | Q(years_valid__gte=1, years_valid__lte=50),
                name="licence_form_term_possible",
            ),
        )

    def __str__(self) -> str:
        return str(self.valid_from)
