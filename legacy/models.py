"""Which files of the earlier registers were loaded, when, by whom, and what came of their rows."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RegistryImport(models.Model):
    """One import of a folder of files. Rows that it loaded point at it: they have no application."""

    # SHA-256 over the names and contents of all files: the same files, not yet finished, are gone on with.
    digest = models.CharField(max_length=64)
    # File → {"sha256": …, "size": bytes}.
    files = models.JSONField(_("files"))
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    started_by = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    # File → {"read": rows, "loaded": …, "known": …, "bad": …}; what is loaded is counted with each chunk.
    counts = models.JSONField(_("rows"), default=dict)

    class Meta:
        ordering = ("-started_at", "-pk")
        verbose_name = _("import of a register")
        constraints = (
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="registry_import_digest"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="registry_import_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["digest"], condition=Q(finished_at__isnull=True), name="registry_import_one_unfinished"
            ),
        )
        triggers = (
            pgtrigger.ReadOnly(name="registry_import_is_fixed", fields=["digest", "files", "started_at", "started_by"]),
            pgtrigger.Protect(name="registry_import_never_deleted", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.started_at:%d.%m.%Y}"
