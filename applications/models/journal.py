"""The journal: append-only rows, chained by hash, kept by the database itself."""

import pgtrigger
from django.db import models

# The lock makes writers of one chain wait for each other, so that a sequence has neither gap nor fork. The text that is
# hashed is rebuilt by applications/journal.py when the chain is verified: change both or neither.
CHAIN = """
PERFORM pg_advisory_xact_lock(hashtextextended(NEW.chain, 0));
SELECT entry.sequence + 1, entry.hash INTO NEW.sequence, NEW.previous_hash
  FROM applications_journalentry entry WHERE entry.chain = NEW.chain ORDER BY entry.sequence DESC LIMIT 1;
IF NEW.sequence IS NULL OR NOT FOUND THEN
  NEW.sequence := 1;
  NEW.previous_hash := repeat('0', 64);
END IF;
NEW.hash := encode(sha256(convert_to(concat_ws(E'\\n', NEW.previous_hash, NEW.chain, NEW.sequence::text,
  to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), coalesce(NEW.actor_id::text, ''), NEW.actor_label,
  coalesce(host(NEW.address), ''), NEW.action, NEW.changes::text), 'UTF8')), 'hex');
RETURN NEW;
"""


class JournalEntry(models.Model):
    # "application:<number>", or for what is no case: "office:<code>", "staff:<username>".
    chain = models.CharField(max_length=80)
    sequence = models.PositiveIntegerField(null=True)
    application = models.ForeignKey("applications.Application", models.PROTECT, null=True, related_name="journal")
    at = models.DateTimeField()
    actor = models.ForeignKey("offices.Staff", models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField(max_length=200)
    address = models.GenericIPAddressField(null=True)
    action = models.CharField(max_length=64)
    changes = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(name="journal_sequence", fields=["chain", "sequence"])]
        indexes = [models.Index(name="journal_actor_at", fields=["actor", "at"])]
        triggers = [
            pgtrigger.Trigger(name="journal_chain", when=pgtrigger.Before, operation=pgtrigger.Insert, func=CHAIN),
            pgtrigger.Protect(name="journal_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="journal_no_truncate",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'The journal is append-only.'; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.sequence} {self.action}"
