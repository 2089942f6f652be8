"""The states of an application and the groups the rest of the portal speaks in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Accepted")
    CHECKING = "checking", _("Being checked")
    REVIEW = "review", _("Awaiting decision")
    APPROVED = "approved", _("Approved")
    IN_PRODUCTION = "in_production", _("In production")
    READY = "ready", _("Ready")
    ISSUED = "issued", _("Issued")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REVOKED = "revoked", _("Decision withdrawn")


# Accepted and not finished: the clock runs, the queue shows it, and it bars a second application for the same subject.
OPEN_STATES = (
    State.SUBMITTED,
    State.CHECKING,
    State.REVIEW,
    State.APPROVED,
    State.IN_PRODUCTION,
    State.READY,
)
# A decision may still be made; until then the applicant can withdraw.
UNDECIDED_STATES = (State.SUBMITTED, State.CHECKING, State.REVIEW)
# A decision that stands and can be withdrawn.
REVOCABLE_STATES = (State.APPROVED, State.IN_PRODUCTION, State.READY, State.ISSUED, State.REFUSED)
DECIDED_STATES = (*REVOCABLE_STATES, State.REVOKED)
# What a decision ordered or entered and its withdrawal has to take back.
EFFECTIVE_STATES = (State.IN_PRODUCTION, State.READY, State.ISSUED)
