"""Where connected systems are told of their applications, and what could not be delivered."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.numbers import row_key
from desk.form_page import Question, beside_fields, form_page, question_page
from desk.guards import StaffRequest, actor, staff_view
from offices.models import ConnectedSystem, Role
from webhooks import keeping
from webhooks.models import DeliveryState, Endpoint, EventKind

BOTH = ("GET", "POST")
POST = ("POST",)
SHOWN = 100
LATEST = 20
OFFERED = [(kind.value, kind.label) for kind in EventKind if kind != EventKind.TEST]


class EndpointForm(forms.Form):
    """Where to, and what of. Which hosts are allowed is a setting of the operator."""

    url = forms.CharField(
        max_length=500,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("https, on a host of the list WEBHOOK_HOSTS; redirects are not followed."),
    )
    kinds = forms.MultipleChoiceField(
        choices=OFFERED,
        label=gettext_lazy("Events"),
        widget=forms.CheckboxSelectMultiple,
        initial=[kind for kind, _label in OFFERED],
    )
    is_active = forms.BooleanField(required=False, initial=True, label=gettext_lazy("Active"))


@staff_view(Role.ADMINISTRATOR)
def endpoints(request: StaffRequest) -> HttpResponse:
    """Every connected system with its endpoints, and what waits or was not delivered there; two queries."""
    counted = Endpoint.objects.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)),
        dead=Count("deliveries", filter=Q(deliveries__state=DeliveryState.DEAD)),
    )
    systems = ConnectedSystem.objects.prefetch_related(Prefetch("endpoints", counted))
    return render(request, "desk/webhooks/endpoints.html", {"systems": systems, "now": timezone.now()})


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def new(request: StaffRequest, code: str) -> HttpResponseBase:
    """Enter an endpoint; the page that answers shows its secret, once."""
    system = get_object_or_404(ConnectedSystem, code=code)
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            made, secret = keeping.enter_endpoint(
                actor=actor(request), system=system, now=timezone.now(), **form.cleaned_data
            )
            return _shown_once(request, made, secret)
    title = _("New webhook endpoint: %(system)s") % {"system": system}
    return form_page(request, form, title, "desk:endpoints")


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def endpoint(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Change an endpoint, and see its latest deliveries with what the target answered."""
    found = get_object_or_404(Endpoint.objects.select_related("system"), pk=pk)
    initial = {"url": found.url, "kinds": found.kinds, "is_active": found.is_active}
    form = EndpointForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            keeping.change_endpoint(actor=actor(request), pk=pk, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Changed."))
            return redirect("desk:endpoint", pk)
    latest = found.deliveries.select_related("event", "application").order_by("-pk")[:LATEST]
    now = timezone.now()
    context = {"form": form, "endpoint": found, "deliveries": latest, "has_two": found.has_two_secrets(now), "now": now}
    return render(request, "desk/webhooks/endpoint.html", context, status=422 if form.errors else 200)


@staff_view(Role.ADMINISTRATOR, methods=POST)
def secret(request: StaffRequest, pk: int) -> HttpResponse:
    """Make a new secret; this answer shows it, once."""
    made = keeping.rotate_secret(actor=actor(request), pk=pk, now=timezone.now())
    return _shown_once(request, Endpoint.objects.select_related("system").get(pk=pk), made)


def _shown_once(request: StaffRequest, endpoint: Endpoint, made: str) -> HttpResponse:
    answer = render(request, "desk/webhooks/secret.html", {"endpoint": endpoint, "secret": made})
    answer["Cache-Control"] = "no-store"
    return answer


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def old_secret(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Ask, then end the secret before the present one at once."""
    if request.method != "POST":
        found = get_object_or_404(Endpoint.objects.select_related("system"), pk=pk)
        if not found.has_two_secrets(timezone.now()):
            return redirect("desk:endpoint", pk)
        return question_page(request, _ending(found))
    keeping.end_old_secret(actor=actor(request), pk=pk, now=timezone.now())
    messages.success(request, _("Messages are signed with the new secret alone."))
    return redirect("desk:endpoint", pk)


def _ending(endpoint: Endpoint) -> Question:
    return Question(
        title=_("End the old secret now?"),
        about=((_("System"), endpoint.system.name), (_("Address"), endpoint.url)),
        effect=_("A system that still checks by the old secret takes no more messages. This cannot be undone."),
        button=_("End the old secret"),
        back=reverse("desk:endpoint", args=[endpoint.pk]),
    )


@staff_view(Role.ADMINISTRATOR, methods=POST)
def test(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send a test event; the page shows how it ended."""
    keeping.try_out(actor=actor(request), pk=pk, now=timezone.now())
    messages.success(request, _("A test event is on its way. Open the page again to see the answer."))
    return redirect("desk:endpoint", pk)


@staff_view(Role.SUPERVISOR, Role.ADMINISTRATOR, methods=BOTH)
def undelivered(request: StaffRequest) -> HttpResponseBase:
    """What could not be delivered in three days; the chosen ones are sent anew under the same id."""
    if request.method == "POST":
        chosen = [key for each in request.POST.getlist("delivery") if (key := row_key(each)) is not None]
        if not chosen:
            messages.warning(request, _("Choose at least one event."))
            return redirect("desk:undelivered")
        count = keeping.replay(actor=actor(request), deliveries=chosen, now=timezone.now())
        words = ngettext("%(n)d event is sent anew.", "%(n)d events are sent anew.", count) % {"n": count}
        messages.success(request, words)
        return redirect("desk:undelivered")
    dead = list(keeping.dead_letters(request.user)[: SHOWN + 1])
    context = {"deliveries": dead[:SHOWN], "are_more": len(dead) > SHOWN}
    return render(request, "desk/webhooks/undelivered.html", context)
