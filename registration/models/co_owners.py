"""The previous owner's word about co-owners, given under their electronic signature where the act is done online."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Signature


class CoOwnerAnswer(models.Model):
    """One answer to one application (LAW-O1, VR.8.3e); the signature it was given under stands beside it for ever."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="co_owner_answer")
    signature = models.OneToOneField(Signature, models.PROTECT, related_name="+")
    has_co_owners = models.BooleanField(_("the vehicle has co-owners"))
    # Asked only where there are any.
    they_agree = models.BooleanField(_("the co-owners agree to the sale"), null=True)
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("answer about co-owners")
        constraints = (
            models.CheckConstraint(
                condition=Q(has_co_owners=True, they_agree__isnull=False)
                | Q(has_co_owners=False, they_agree__isnull=True),
                name="co_owners_agree_where_there_are_any",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="co_owner_answer_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.application_id}: {self.has_co_owners}, {self.they_agree}"

    @property
    def allows(self) -> bool:
        """Whether nothing of it stands against the sale."""
        return not self.has_co_owners or bool(self.they_agree)
