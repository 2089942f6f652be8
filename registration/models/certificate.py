"""SRTS and the numbered blanks they are printed on, under strict accounting."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from blanks.models import Blank, accounting, line_rules, moves, stock_index
from registration.models.registration import Registration
from write_offs.models import Line

WRITTEN_OFF_AS = "srts_blanks"


class CertificateBlank(Blank):
    """The blank of an SRTS: two letters and eight digits."""

    number = models.CharField(_("number"), max_length=10, unique=True)
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="certificate_blanks")

    class Meta:
        ordering = ("number",)
        verbose_name = _("SRTS blank")
        constraints = (
            models.CheckConstraint(condition=Q(number__regex=r"^[A-Z]{2}[0-9]{8}$"), name="blank_number_format"),
            *accounting("blank"),
        )
        indexes = (stock_index("blank"),)
        triggers = moves("blank", lines="registration_certificateblankline")


class CertificateBlankLine(Line):
    """One blank of an SRTS on an act of writing off."""

    blank = models.ForeignKey(CertificateBlank, models.PROTECT, related_name="write_offs")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["act", "blank"], name="blank_write_off_line_once"),)
        triggers = line_rules("blank", stock=WRITTEN_OFF_AS, blanks="registration_certificateblank")


class CertificateState(models.TextChoices):
    VALID = "valid", _("valid")
    REPLACED = "replaced", _("replaced")
    REVOKED = "revoked", _("revoked")
    # The vehicle was taken off the record.
    ENDED = "ended", _("ended by deregistration")
    # No longer in force, and its owner declared that it cannot be handed in.
    LOST = "lost", _("lost")


class RegistrationCertificate(models.Model):
    """An SRTS (VR.5a): one registration on one blank; its number is the blank's."""

    blank = models.OneToOneField(CertificateBlank, models.PROTECT, related_name="certificate")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="certificates")
    issued_at = models.DateTimeField(_("issued"))
    state = FSMField(_("state"), default=CertificateState.VALID, choices=CertificateState.choices, protected=True)
    state_changed_at = models.DateTimeField(_("in this state since"))

    class Meta:
        ordering = ("-issued_at", "-pk")
        verbose_name = _("SRTS")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=CertificateState.values), name="certificate_state_known"),
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(state=CertificateState.VALID),
                name="certificate_one_valid_per_registration",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="certificate_state_moves",
                field="state",
                transitions=[
                    (CertificateState.VALID.value, CertificateState.REPLACED.value),
                    (CertificateState.VALID.value, CertificateState.REVOKED.value),
                    (CertificateState.VALID.value, CertificateState.ENDED.value),
                    # A revoked decision gives back what it took.
                    (CertificateState.REPLACED.value, CertificateState.VALID.value),
                    (CertificateState.ENDED.value, CertificateState.VALID.value),
                    (CertificateState.REPLACED.value, CertificateState.LOST.value),
                    (CertificateState.ENDED.value, CertificateState.LOST.value),
                ],
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
            ),
            pgtrigger.ReadOnly(name="certificate_is_fixed", fields=["blank", "registration", "issued_at"]),
            pgtrigger.Protect(name="certificate_never_deleted", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return self.blank.number

    @transition(field=state, source=CertificateState.VALID, target=CertificateState.REPLACED)
    def replace(self) -> None:
        pass

    @transition(field=state, source=CertificateState.VALID, target=CertificateState.REVOKED)
    def revoke(self) -> None:
        pass

    @transition(field=state, source=CertificateState.VALID, target=CertificateState.ENDED)
    def end(self) -> None:
        pass

    @transition(field=state, source=[CertificateState.REPLACED, CertificateState.ENDED], target=CertificateState.VALID)
    def restore(self) -> None:
        pass

    @transition(field=state, source=[CertificateState.REPLACED, CertificateState.ENDED], target=CertificateState.LOST)
    def lose(self) -> None:
        pass
