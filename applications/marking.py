"""The desk's mark on one document: this very paper is wrong, and why. The applicant sees the mark."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.acting import Actor, lock, record, require_role, save
from applications.errors import DomainError, written
from applications.models import Document
from applications.states import UNDECIDED_STATES
from offices.models import Role


@transaction.atomic
def mark_wrong(*, actor: Actor, number: str, document_id: int, reason: str, now: datetime) -> Document:
    """Mark a document as wrong: it no longer meets its requirement. Raises InvalidInputError about its reason."""
    staff = require_role(actor, Role.OFFICER, Role.SUPERVISOR)
    missing = _("Say what is wrong with the document: the applicant reads it.")
    reason = written("reason", reason, missing, longest=300)
    application = lock(number=number, actor=actor)
    if application.state not in UNDECIDED_STATES:
        raise DomainError("illegal_move", _("This application is already decided."))
    document = application.documents.filter(pk=document_id, removed_at__isnull=True).first()
    if document is None:
        raise DomainError("no_document", _("This application has no such document."), status=404)
    document.marked_wrong_at, document.marked_wrong_by = now, staff
    document.marked_wrong_reason = reason
    document.save(update_fields=["marked_wrong_at", "marked_wrong_by", "marked_wrong_reason"])
    save(application)
    changes = {
        "document": document.name,
        "reason": document.marked_wrong_reason,
        "id": document.pk,
        "requirement": document.requirement,
    }
    record(application, actor, "document_marked_wrong", now, changes)
    return document
