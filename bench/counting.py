"""What a connected system left in the database, counted for doubles. Import it after `django.setup()`."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from api.models import IdempotentCall
from applications.models import Application, Document, JournalEntry
from applications.states import State
from fees.models import Charge, Payment, PaymentNotice, Verdict


def counts(code: str) -> dict[str, int]:
    """What there has to be one of for each application of the system `code`, and, under "no …", what must not be."""
    filed = Application.objects.filter(filed_by__code=code)
    charges = Charge.objects.live().filter(application__in=filed)
    documents = Document.objects.filter(application__in=filed)
    notices = PaymentNotice.objects.filter(application__in=filed)
    return {
        "applications": filed.count(),
        "applications submitted": filed.exclude(state=State.DRAFT).filter(submitted_at__isnull=False).count(),
        "vehicles": filed.values("subject").distinct().count(),
        "applicants": filed.values("applicant_person").distinct().count(),
        "applications with a payment": filed.filter(charges__payment__isnull=False).distinct().count(),
        "payment pages": charges.values("pay_url").distinct().count(),
        "documents": documents.count(),
        "journal: opened": _entries(filed, "opened"),
        "journal: accepted": _entries(filed, "accepted"),
        "journal: documents attached": _entries(filed, "document_attached"),
        "answers kept of calls that open": _answers(code, "-open"),
        "no drafts": filed.filter(state=State.DRAFT).count(),
        "no charge without its payment": charges.filter(payment__isnull=True).exclude(amount=0).count(),
        "no charge twice": _more_than_one(charges, "application", "code"),
        "no charge made anew": Charge.objects.filter(application__in=filed, cancelled_at__isnull=False).count(),
        "no receipt that pays twice": Payment.objects.filter(charge__in=charges).count()
        - Payment.objects.filter(charge__in=charges).values("receipt").distinct().count(),
        "no payment left over": notices.exclude(verdict__in=[Verdict.APPLIED, Verdict.DUPLICATE]).count(),
        "no two applications with one number": _more_than_one(filed, "number"),
        "no document twice": _more_than_one(documents, "application", "requirement"),
    }


def wrong(found: dict[str, int], wanted: int) -> dict[str, int]:
    """The counts that are not what they have to be where `wanted` applications were filed."""
    return {name: count for name, count in found.items() if count != (0 if name.startswith("no ") else wanted)}


def _entries(filed: QuerySet[Application], action: str) -> int:
    return JournalEntry.objects.filter(application__in=filed, action=action).count()


def _answers(code: str, ending: str) -> int:
    return IdempotentCall.objects.filter(system__code=code, key__endswith=ending).count()


def _more_than_one(rows: QuerySet, *columns: str) -> int:
    """How many values of the columns there are more than once."""
    return rows.values(*columns).annotate(times=Count("pk")).filter(times__gt=1).order_by().count()
