"""The citizen's page: where does my application stand? Number and last digits by POST; no sign-in, no trace."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language

from api.limits import seconds_to_wait, unlogged
from applications import following
from applications.errors import InvalidInputError
from applications.models import Application

MINUTE = 60
QUARTER = 15 * MINUTE
# The salt of the token by which an answer on a page is given again in another language.
TOLD = "status told"


class QuestionForm(forms.Form):
    """What the receipt and the applicant's identity card say. `clean_number` gives the number as it is stored."""

    number = forms.CharField(max_length=40, label=_("Application number"))
    digits = forms.CharField(max_length=12, label=_("Last four digits of the applicant's IIN or BIN"))

    def clean_number(self) -> str:
        try:
            return following.number_of(self.cleaned_data["number"])
        except InvalidInputError as error:
            raise forms.ValidationError(error.fields["number"]) from error


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponseBase:
    """GET: the form. POST: the standing, or 422 with one answer for an unknown number and for wrong digits.

    A page that shows a standing gives it again in another language. 429 with Retry-After past the limits per address
    and per application, whether there is such an application or not.
    """
    if request.method != "POST":
        return render(request, "public/status.html", {"form": QuestionForm()})
    if "told" in request.POST:
        return _in_another_language(request)
    form = QuestionForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else ""
    if wait := _wait(request, number):
        answer = render(request, "public/status_too_often.html", {"minutes": -(-wait // MINUTE)}, status=429)
        answer["Retry-After"] = str(wait)
        return unlogged(answer)
    if form.is_valid():
        application = following.find(number)
        if application is not None and following.is_applicants(application, form.cleaned_data["digits"]):
            return _told(request, application)
        form.add_error(None, _("Number and digits fit no accepted application. Check both against the receipt."))
    return unlogged(render(request, "public/status.html", {"form": form}, status=422))


def _told(request: HttpRequest, application: Application) -> HttpResponse:
    told = signing.dumps(application.number, salt=TOLD)
    return render(request, "public/status.html", {"standing": following.standing(application), "told": told})


def _in_another_language(request: HttpRequest) -> HttpResponseBase:
    """The answer of a quarter of an hour in the language chosen on its page; the empty form once that is over."""
    switched = set_language(request)
    chosen = switched.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    try:
        number = signing.loads(request.POST["told"], salt=TOLD, max_age=QUARTER)
    except signing.BadSignature:
        return switched
    application = following.find(number)
    if application is None or chosen is None:
        return switched
    translation.activate(chosen.value)
    answer = _told(request, application)
    answer.cookies = switched.cookies
    return answer


def _wait(request: HttpRequest, number: str) -> int:
    """Seconds until this address may ask again, or anybody about this application; 0 when it may now."""
    now = timezone.now()
    address = f"status:{request.META.get('REMOTE_ADDR', '')}"
    wait = seconds_to_wait(address, limit=settings.STATUS_QUESTIONS_PER_MINUTE, window=MINUTE, now=now)
    if wait or not number:
        return wait
    about = f"status-of:{number}"
    return seconds_to_wait(about, limit=settings.STATUS_QUESTIONS_PER_APPLICATION, window=QUARTER, now=now)
