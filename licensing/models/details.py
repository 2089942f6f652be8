"""What an application about a licence (DL) says beside the applicant."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from licensing.models.driver import Photo, SignatureImage
from licensing.models.licence import DriverLicence
from licensing.standard import ACT_AFTER_DEPRIVATION, ACT_FIRST_ISSUE


class Act(models.TextChoices):
    """What is applied for: the first four are DL-1, the others DL-2."""

    EXCHANGE = "exchange", _("exchange of the licence")
    DATA_CHANGE = "data_change", _("exchange on a change of name or data")
    LOSS = "loss", _("issue in place of a lost licence")
    FOREIGN = "foreign", _("exchange of a licence of another state")
    FIRST_ISSUE = ACT_FIRST_ISSUE, _("first issue of a licence or of a category")
    AFTER_DEPRIVATION = ACT_AFTER_DEPRIVATION, _("issue after deprivation of the right to drive")


class LicenceDetails(models.Model):
    """One-to-one with the application. The previous licence is the register's, found by the applicant."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="licence_details")
    act = models.CharField(_("act"), max_length=20, choices=Act.choices, blank=True)
    # New categories wanted; an exchange keeps those of the previous licence.
    categories = ArrayField(models.CharField(max_length=4), verbose_name=_("categories"), default=list, blank=True)
    previous = models.ForeignKey(DriverLicence, models.PROTECT, null=True, related_name="+")
    # Shown on paper where the register did not find one by the person.
    medical_certificate_number = models.CharField(_("number of the medical certificate"), max_length=30, blank=True)
    # The law's rows ask for no previous licence; that one was handed in all the same is kept.
    previous_handed_in = models.BooleanField(_("the previous licence was handed in"), default=False)
    loss_declared = models.CharField(_("what is declared about the loss"), max_length=500, blank=True)
    # A licence of another state: typed from the document, with its scan.
    foreign_country = models.CharField(_("country"), max_length=3, blank=True)
    foreign_number = models.CharField(_("number of the foreign licence"), max_length=30, blank=True)
    foreign_issued_on = models.DateField(_("issued on"), null=True, blank=True)
    foreign_valid_until = models.DateField(_("valid until"), null=True, blank=True)
    # Category → the day since which the foreign document grants it (ISO).
    foreign_categories = models.JSONField(_("categories of the foreign licence"), default=dict, blank=True)
    photo = models.ForeignKey(Photo, models.PROTECT, null=True, related_name="+")
    signature = models.ForeignKey(SignatureImage, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("details about the licence")
        constraints = (
            models.CheckConstraint(condition=Q(act__in=["", *Act.values]), name="licence_details_act_known"),
            models.CheckConstraint(
                condition=Q(foreign_country="") | Q(foreign_country__regex=r"^[A-Z]{3}$"),
                name="licence_details_country_alpha3",
            ),
        )

    def __str__(self) -> str:
        return self.act
