"""Scans and papers of a case, each opened only by who may see the case, each look journaled."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from applications import documents as files
from applications.errors import DomainError
from applications.marking import mark_wrong
from applications.models import Application, Document
from applications.papers import paper_response
from desk.case_page import look
from desk.guards import StaffRequest, actor, staff_view
from desk.navigation import DECIDERS_AND_DESK, OFFICERS


def visible(request: StaffRequest, number: str) -> Application:
    """The case alone, for what is opened from its page. Raises DomainError 404."""
    application = Application.objects.visible_to(request.user).filter(number=number).first()
    if application is None:
        raise gone()
    return application


def gone() -> DomainError:
    return DomainError("no_document", _("This application has no such document."), status=404)


def document_of(application: Application, document: int) -> Document:
    """The document, if it is one of this very case. Raises DomainError 404."""
    found = application.documents.filter(pk=document, removed_at__isnull=True).first()
    if found is None:
        raise gone()
    return found


@staff_view(*DECIDERS_AND_DESK)
@xframe_options_sameorigin
def document(request: StaffRequest, number: str, document: int) -> HttpResponseBase:
    """A scan or PDF for the viewer."""
    application = visible(request, number)
    found = document_of(application, document)
    look(request, application, f"document {found.pk}", timezone.now())
    return files.response(found)


@staff_view(*DECIDERS_AND_DESK)
@xframe_options_sameorigin
def paper(request: StaffRequest, number: str, paper: int) -> HttpResponseBase:
    """A paper that the portal made. Raises DomainError 404, or "paper_pending" while it is being made."""
    application = visible(request, number)
    found = application.papers.filter(pk=paper).first()
    if found is None:
        raise gone()
    answer = paper_response(found)
    look(request, application, f"paper {found.number}", timezone.now())
    return answer


@staff_view(*OFFICERS, methods=("POST",))
def mark(request: StaffRequest, number: str, document: int) -> HttpResponse:
    """Mark a document wrong with a reason that the applicant reads, and come back to it."""
    mark_wrong(
        actor=actor(request),
        number=number,
        document_id=document,
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
    )
    return redirect(reverse("desk:case", args=[number]) + f"?document={document}")
