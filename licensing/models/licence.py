"""Driver licences (DL.5) and the categories granted on them."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, FSMField, transition

from licensing.models.blank import LicenceBlank
from licensing.models.category import LicenceCategory
from licensing.models.driver import Driver, Photo, SignatureImage


class LicenceState(models.TextChoices):
    VALID = "valid", _("valid")
    EXPIRED = "expired", _("expired")
    REPLACED = "replaced", _("replaced")
    LOST = "lost", _("lost")
    # Its holder was deprived of the right to drive.
    WITHDRAWN = "withdrawn", _("withdrawn")
    # The decision to issue it was revoked.
    REVOKED = "revoked", _("revoked")


class LicenceOrigin(models.TextChoices):
    ISSUED = "issued", _("issued on an application")
    IMPORTED = "imported", _("taken over from the earlier register")


# Whatever lost its force in favour of another licence may come back when that one's decision is revoked.
MOVES = {
    LicenceState.VALID: ("expired", "replaced", "lost", "withdrawn", "revoked"),
    LicenceState.EXPIRED: ("replaced", "lost", "withdrawn", "revoked"),
    LicenceState.WITHDRAWN: ("valid", "expired", "replaced"),
    LicenceState.REPLACED: ("valid", "expired", "withdrawn"),
    LicenceState.LOST: (),
    LicenceState.REVOKED: (),
}

AGREES = """
    IF NEW.blank_id IS NOT NULL
        AND NEW.number IS DISTINCT FROM (SELECT number FROM licensing_licenceblank WHERE id = NEW.blank_id)
    THEN
        RAISE EXCEPTION 'licence % does not bear the number of its blank', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'licence_number_is_its_blanks';
    END IF;
    IF NEW.valid_until <= (NEW.issued_at AT TIME ZONE 'Asia/Almaty')::date THEN
        RAISE EXCEPTION 'licence % ends before it begins', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'licence_ends_after_its_issue';
    END IF;
    RETURN NEW;
"""


class DriverLicence(models.Model):
    """A licence of one driver. Issued ones lie on a blank; imported ones only have their number."""

    driver = models.ForeignKey(Driver, models.PROTECT, related_name="licences")
    number = models.CharField(_("number"), max_length=12, unique=True)
    blank = models.OneToOneField(LicenceBlank, models.PROTECT, null=True, related_name="licence")
    issued_at = models.DateTimeField(_("issued"))
    valid_until = models.DateField(_("valid until"))
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="driver_licences")
    origin = models.CharField(_("origin"), max_length=8, choices=LicenceOrigin.choices, default=LicenceOrigin.ISSUED)
    application = models.OneToOneField(
        "applications.Application", models.PROTECT, null=True, related_name="driver_licence"
    )
    # File and line, or the key, by which the earlier register knows it.
    import_reference = models.CharField(_("source of the import"), max_length=100, blank=True)
    # By the medical certificate: glasses, hand control and the like.
    restrictions = models.CharField(_("restrictions"), max_length=300, blank=True)
    photo = models.ForeignKey(Photo, models.PROTECT, null=True, related_name="licences")
    signature = models.ForeignKey(SignatureImage, models.PROTECT, null=True, related_name="licences")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replacements")
    state = FSMField(_("state"), default=LicenceState.VALID, choices=LicenceState.choices, protected=True)
    state_changed_at = models.DateTimeField(_("in this state since"))
    # The court's ruling that withdrew it, or what was declared about its loss.
    state_reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ("-issued_at", "-pk")
        verbose_name = _("driver licence")
        verbose_name_plural = _("driver licences")
        constraints = (
            models.CheckConstraint(condition=Q(number__regex=r"^[A-Z0-9]{4,12}$"), name="licence_number_compact"),
            models.CheckConstraint(condition=Q(state__in=LicenceState.values), name="licence_state_known"),
            models.CheckConstraint(
                condition=Q(
                    origin=LicenceOrigin.ISSUED,
                    application__isnull=False,
                    blank__isnull=False,
                    photo__isnull=False,
                    signature__isnull=False,
                    import_reference="",
                )
                | Q(origin=LicenceOrigin.IMPORTED, application__isnull=True, blank__isnull=True)
                & ~Q(import_reference=""),
                name="licence_issued_or_imported",
            ),
            models.CheckConstraint(
                condition=~Q(state=LicenceState.WITHDRAWN) | ~Q(state_reason=""), name="licence_withdrawn_by_a_ruling"
            ),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="licence_replaces_another"),
            models.UniqueConstraint(
                fields=["driver"], condition=Q(state=LicenceState.VALID), name="licence_one_valid_per_driver"
            ),
        )
        indexes = (
            models.Index(name="licence_expiring", fields=["valid_until"], condition=Q(state=LicenceState.VALID)),
        )
        triggers = (
            pgtrigger.FSM(
                name="licence_state_moves",
                field="state",
                transitions=[(source.value, target) for source, targets in MOVES.items() for target in targets],
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
            ),
            pgtrigger.ReadOnly(
                name="licence_is_fixed",
                fields=[
                    "driver",
                    "number",
                    "blank",
                    "issued_at",
                    "valid_until",
                    "office",
                    "origin",
                    "application",
                    "import_reference",
                    "restrictions",
                    "photo",
                    "signature",
                    "replaces",
                ],
            ),
            pgtrigger.Protect(name="licence_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="licence_agrees_with_its_blank_and_term",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=AGREES,
            ),
        )

    def __str__(self) -> str:
        return self.number

    @transition(field=state, source=LicenceState.VALID, target=LicenceState.EXPIRED)
    def expire(self) -> None:
        pass

    @transition(
        field=state, source=[LicenceState.VALID, LicenceState.EXPIRED, LicenceState.WITHDRAWN], target="replaced"
    )
    def replace(self) -> None:
        pass

    @transition(field=state, source=[LicenceState.VALID, LicenceState.EXPIRED], target=LicenceState.LOST)
    def lose(self) -> None:
        pass

    @transition(field=state, source=[LicenceState.VALID, LicenceState.EXPIRED], target=LicenceState.WITHDRAWN)
    def withdraw(self) -> None:
        pass

    @transition(
        field=state,
        source=[LicenceState.REPLACED, LicenceState.WITHDRAWN],
        target=RETURN_VALUE(LicenceState.VALID.value, LicenceState.EXPIRED.value, LicenceState.WITHDRAWN.value),
    )
    def restore(self, *, now: datetime, was_withdrawn: bool = False) -> str:
        """Back to what it was before another licence took its place, or before a ruling that was set aside."""
        if was_withdrawn and self.state_reason:
            return LicenceState.WITHDRAWN.value
        is_over = self.valid_until < timezone.localdate(now)
        return LicenceState.EXPIRED.value if is_over else LicenceState.VALID.value

    @transition(field=state, source=[LicenceState.VALID, LicenceState.EXPIRED], target=LicenceState.REVOKED)
    def revoke(self) -> None:
        pass


# Nobody is granted a category below its age: by the day of the grant or, where another state granted it first, by the
# day of the licence. Before the first rule known, only the youngest age of any category counts (A1). A rule whose age
# is not known lets nothing new be granted.
AGE_REACHED = """
    DECLARE
        licence RECORD;
        issued_on date;
        judged_on date;
        age integer;
    BEGIN
        SELECT item.issued_at, item.application_id, person.birth_date INTO licence
        FROM licensing_driverlicence AS item
        JOIN licensing_driver AS driver ON driver.id = item.driver_id
        JOIN people_person AS person ON person.id = driver.person_id
        WHERE item.id = NEW.licence_id;
        issued_on := (licence.issued_at AT TIME ZONE 'Asia/Almaty')::date;
        judged_on := CASE WHEN NEW.country = 'KAZ' THEN NEW.since ELSE issued_on END;
        IF NEW.since > issued_on THEN
            RAISE EXCEPTION 'category % is granted after the licence was issued', NEW.category_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_not_after_its_licence';
        END IF;
        SELECT minimum_age INTO age FROM licensing_categoryrule AS rule
        WHERE rule.category_id = NEW.category_id AND rule.valid_from <= judged_on
            AND (rule.valid_to IS NULL OR rule.valid_to >= judged_on);
        IF NOT FOUND THEN
            age := 16;
        END IF;
        IF age IS NULL AND licence.application_id IS NOT NULL AND judged_on = issued_on THEN
            RAISE EXCEPTION 'the minimum age for category % is not known', NEW.category_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_age_known';
        END IF;
        IF licence.birth_date + make_interval(years => age) > judged_on THEN
            RAISE EXCEPTION 'below the minimum age for category %', NEW.category_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_age_reached';
        END IF;
        RETURN NEW;
    END;
"""


class LicenceGrant(models.Model):
    """A category on a licence, held since a day, first granted in a country."""

    licence = models.ForeignKey(DriverLicence, models.PROTECT, related_name="grants")
    category = models.ForeignKey(LicenceCategory, models.PROTECT, related_name="grants")
    since = models.DateField(_("since"))
    country = models.CharField(_("granted first in"), max_length=3, default="KAZ")

    class Meta:
        ordering = ("licence", "category__place")
        verbose_name = _("granted category")
        constraints = (
            models.UniqueConstraint(fields=["licence", "category"], name="grant_once_per_licence"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{3}$"), name="grant_country_alpha3"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="grant_age_reached", operation=pgtrigger.Insert, when=pgtrigger.Before, func=AGE_REACHED
            ),
            pgtrigger.Protect(name="grant_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.category_id
