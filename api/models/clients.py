"""Connected systems as OAuth 2 clients: their scopes, and the secrets and keys that prove who calls."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication


class Scope(models.TextChoices):
    """What a token allows; a system gets those its administrator ticked."""

    READ = "applications.read", _("read its applications")
    WRITE = "applications.write", _("file, change and withdraw applications")
    PAYMENTS = "payments", _("see charges and open the payment page")
    PLATES = "plates", _("choose plate numbers")
    RESULTS = "results", _("fetch papers and results")


class Client(AbstractApplication):  # type: ignore[misc]
    """The OAuth 2 client of a connected system; its credentials prove it, the toolkit's secret is unused."""

    system = models.OneToOneField("offices.ConnectedSystem", models.PROTECT, related_name="client")
    # The toolkit knows clients of people; this one acts for nobody but its system.
    user = models.ForeignKey("offices.Staff", models.PROTECT, null=True, blank=True, related_name="+")
    scopes = ArrayField(models.CharField(max_length=32, choices=Scope.choices), verbose_name=_("scopes"), default=list)

    class Meta(AbstractApplication.Meta):  # type: ignore[misc]
        constraints = (
            models.CheckConstraint(
                name="client_credentials_only",
                condition=Q(
                    authorization_grant_type="client-credentials", client_type="confidential", client_secret=""
                ),
            ),
        )

    @property
    def scope_names(self) -> list[str]:
        """What its tokens may allow, in the active language."""
        return [str(Scope(code).label) for code in self.scopes]

    def is_usable(self, request: object) -> bool:
        """Whether a token may be given: not to a system out of service."""
        return bool(self.system.is_active)


class CredentialKind(models.TextChoices):
    SECRET = "secret", _("secret")
    KEY = "key", _("public key")


class CredentialQuerySet(models.QuerySet["Credential"]):
    def valid(self) -> Self:
        """Those that prove the client: a secret or key holds until it is revoked."""
        return self.filter(revoked_at__isnull=True)


class Credential(models.Model):
    """One secret (kept as its hash) or public key of a client. Two of a kind may hold at once, for rotation."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="credentials")
    kind = models.CharField(max_length=8, choices=CredentialKind.choices)
    # What the client names it by: `kid` of an assertion, `keyid` of a message signature; shown with a secret, too.
    name = models.CharField(max_length=40, unique=True)
    slot = models.PositiveSmallIntegerField()
    secret_sha256 = models.CharField(max_length=64, blank=True)
    public_key = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("offices.Staff", models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="credential_is_what_it_says",
                condition=Q(kind="secret", public_key="", secret_sha256__regex=r"^[0-9a-f]{64}$")  # noqa: S106
                | (Q(kind="key", secret_sha256="") & ~Q(public_key="")),
            ),
            models.CheckConstraint(name="credential_two_at_once", condition=Q(slot__in=[1, 2])),
            models.UniqueConstraint(
                name="credential_one_per_slot", fields=["client", "kind", "slot"], condition=Q(revoked_at__isnull=True)
            ),
        )
        triggers = (
            pgtrigger.ReadOnly(
                name="credential_is_never_changed", fields=["client", "kind", "name", "secret_sha256", "public_key"]
            ),
        )

    def __str__(self) -> str:
        return self.name
