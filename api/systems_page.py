"""The administrator's pages of connected systems: connect one, change it, give it secrets and keys, take them back.

The rules are those of `manage.py connect_system`: both ask api.clients.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.postgres.forms import SimpleArrayField
from django.core.validators import MinValueValidator, RegexValidator
from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api import clients
from api.models import Client, Credential, Scope
from applications.errors import NotFoundError
from applications.services import all_services
from desk.form_page import Question, beside_fields, form_page, question_page
from desk.guards import StaffRequest, actor, staff_view
from offices.models import ConnectedSystem, Role

BOTH = ("GET", "POST")
POST = ("POST",)
HOST = re.compile(r"\A[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?\Z")


class SystemForm(forms.ModelForm):  # type: ignore[type-arg]
    """A connected system and what its tokens may allow. Code and channel are given once."""

    services = forms.MultipleChoiceField(label=gettext_lazy("Services"), widget=forms.CheckboxSelectMultiple)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What its tokens may allow"),
        choices=Scope.choices,
        initial=Scope.values,
        widget=forms.CheckboxSelectMultiple,
    )

    return_hosts = SimpleArrayField(
        forms.CharField(validators=[RegexValidator(HOST, gettext_lazy("Enter hosts alone, separated by commas."))]),
        label=gettext_lazy("Hosts to return to"),
        required=False,
        help_text=gettext_lazy("Its own pages that payers are led back to, such as my.portal.example."),
    )

    class Meta:
        model = ConnectedSystem
        fields = (
            "code", "channel", "name_ru", "name_kk", "name_en", "services", "quota_per_hour", "burst",
            "return_hosts", "requires_message_signature", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = [(service.code, f"{service.code} – {service.versions[-1].title}") for service in all_services()]
        self.fields["services"].choices = services  # type: ignore[attr-defined]
        for name in ("quota_per_hour", "burst"):
            self.fields[name].validators.append(MinValueValidator(1))
            self.fields[name].widget.attrs["min"] = 1
        self.fields["code"].help_text = _("Its client_id, too: Latin letters, digits and dashes.")
        if not self.instance.pk:
            self.initial["services"] = [code for code, _name in services]
            return
        for name in ("code", "channel"):
            self.fields[name].disabled = True
        client = client_of(self.instance)
        if client is not None:
            self.initial["scopes"] = client.scopes


class RevokeForm(forms.Form):
    """Which secret or key is taken back, by its name."""

    name = forms.CharField(widget=forms.HiddenInput)


class KeyForm(forms.Form):
    """The public half of a key; the private one never leaves the system."""

    public_key = forms.CharField(
        label=gettext_lazy("Public key in PEM"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "false", "class": "form-control code"}),
        help_text=gettext_lazy("Ed25519, P-256, or RSA of at least 3072 bits; with its first and last line."),
    )


@staff_view(Role.ADMINISTRATOR)
def systems(request: StaffRequest) -> HttpResponse:
    """Every connected system with its limits, credentials and webhook addresses; three queries."""
    valid = Prefetch("client__credentials", Credential.objects.valid())
    found = ConnectedSystem.objects.select_related("client").prefetch_related(valid, "endpoints")
    return render(request, "desk/systems/systems.html", {"systems": found})


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def new(request: StaffRequest) -> HttpResponseBase:
    """Connect a system; the page that answers shows its first secret, once."""
    form = SystemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            client = _save(request, form)
            return _secret(request, client)
    return form_page(request, form, gettext_lazy("New connected system"), "api:systems")


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def system(request: StaffRequest, code: str) -> HttpResponseBase:
    """Change a connected system, and see what proves it: its secrets and keys."""
    found = _system(code)
    form = SystemForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        is_switched_off = form.initial["is_active"] and not form.cleaned_data["is_active"]
        if is_switched_off and "confirm" not in request.POST:
            return question_page(request, _switching_off(found), form)
        with beside_fields(form):
            _save(request, form)
            messages.success(request, _("Changed."))
            return redirect("api:system", code)
    client = client_of(found)
    credentials = client.credentials.valid().select_related("created_by") if client else ()
    context = {"form": form, "system": found, "client": client, "credentials": credentials}
    return render(request, "desk/systems/system.html", context, status=422 if form.errors else 200)


@staff_view(Role.ADMINISTRATOR, methods=POST)
def secret(request: StaffRequest, code: str) -> HttpResponse:
    """Make a further secret; this answer shows it, once."""
    return _secret(request, _client(code))


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def key(request: StaffRequest, code: str) -> HttpResponseBase:
    """Register a public key by which the system signs assertions and messages."""
    client, form = _client(code), KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with beside_fields(form):
            public_key = form.cleaned_data["public_key"]
            made = clients.add_key(actor=actor(request), client=client, public_key=public_key, now=timezone.now())
            messages.success(request, _("The key is registered. Its kid: %(name)s") % {"name": made.name})
            return redirect("api:system", code)
    return form_page(request, form, _("Public key of %(system)s") % {"system": client.system}, "api:system", code)


@staff_view(Role.ADMINISTRATOR, methods=BOTH)
def revoke(request: StaffRequest, code: str) -> HttpResponseBase:
    """Ask, then take a secret or key back at once."""
    client = _client(code)
    if request.method != "POST":
        credential = client.credentials.valid().filter(name=request.GET.get("name", "")).first()
        if credential is None:
            raise NotFoundError
        return question_page(request, _revoking(client, credential), RevokeForm(initial={"name": credential.name}))
    name = request.POST.get("name", "")
    clients.revoke(actor=actor(request), client=client, name=name, now=timezone.now())
    messages.success(request, _("%(name)s no longer proves the system.") % {"name": name})
    return redirect("api:system", code)


def _revoking(client: Client, credential: Credential) -> Question:
    others = client.credentials.valid().exclude(pk=credential.pk).count()
    lost = _("All tokens of the system end at once; it takes new ones by what still holds. This cannot be undone.")
    last = _("Nothing else proves the system: it is shut out until it gets a new secret or key. This cannot be undone.")
    made = f"{date_format(timezone.localtime(credential.created_at), 'd.m.Y H:i')}, {credential.created_by.short_name}"
    return Question(
        title=_("Revoke %(name)s?") % {"name": credential.name},
        about=(
            (_("System"), client.system.name),
            (_("Kind"), credential.get_kind_display()),
            (_("Made"), made),
        ),
        effect=lost if others else last,
        button=_("Revoke"),
        back=reverse("api:system", args=[client.system.code]),
    )


def _switching_off(system: ConnectedSystem) -> Question:
    return Question(
        title=_("Switch the system off?"),
        about=((_("System"), system.name), (_("Code"), system.code)),
        effect=_("Every call of it is refused at once, until it is switched on again. Its applications go on."),
        button=_("Switch off"),
        back=reverse("api:system", args=[system.code]),
    )


def client_of(system: ConnectedSystem) -> Client | None:
    """The OAuth client of the system; None before its tokens were ever spoken of."""
    found: Client | None = Client.objects.filter(system=system).first()
    return found


def _system(code: str) -> ConnectedSystem:
    found = ConnectedSystem.objects.prefetch_related("endpoints").filter(code=code).first()
    if found is None:
        raise NotFoundError
    return found


def _client(code: str) -> Client:
    found: Client | None = Client.objects.select_related("system").filter(system__code=code).first()
    if found is None:
        raise NotFoundError
    return found


def _save(request: StaffRequest, form: SystemForm) -> Client:
    scopes = form.cleaned_data["scopes"]
    return clients.save_system(actor=actor(request), system=form.instance, scopes=scopes, now=timezone.now())


def _secret(request: StaffRequest, client: Client) -> HttpResponse:
    credential, made = clients.make_secret(actor=actor(request), client=client, now=timezone.now())
    told = (("client_id", client.client_id), ("client_secret", made), ("name", credential.name))
    answer = render(request, "desk/systems/secret.html", {"client": client, "told": told})
    answer["Cache-Control"] = "no-store"
    return answer
