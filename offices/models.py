"""Where the work is done and by whom: regions, offices, exceptions to the working calendar, staff."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """A thing with one name in each of the portal's languages."""

    name_en = models.CharField(_("name in English"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_kk = models.CharField(_("name in Kazakh"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.name_in(get_language() or settings.LANGUAGE_CODE)

    def name_in(self, language: str) -> str:
        """The name in `language` ("en", "ru", "kk", also "ru-kz"); papers carry two languages whatever is active."""
        names = {"en": self.name_en, "kk": self.name_kk}
        return names.get(language[:2], self.name_ru)


class TermGroup(models.TextChoices):
    """The two groups that PD.3 knows. Shymkent stands with the regions, by name."""

    CAPITAL = "capital", _("Astana and Almaty")
    REGION = "region", _("Regions and Shymkent")


class Region(Named):
    """One of the twenty regions; the code is the one on the plates."""

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    term_group = models.CharField(_("term group"), max_length=10, choices=TermGroup.choices)

    class Meta:
        ordering = ("code",)
        verbose_name = _("region")
        constraints = (
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{2}$"), name="region_code_two_digits"),
            models.CheckConstraint(condition=Q(term_group__in=TermGroup.values), name="region_term_group_known"),
        )


class OfficeKind(models.TextChoices):
    """Who the office is: VR.1 decides, the front desk takes in and hands over."""

    POLICE = "police", _("Police registration body")
    FRONT_DESK = "front_desk", _("Front desk")


class ScheduleKind(models.TextChoices):
    """The two schedules of VR.7a; their hours stand in applications/clock.py."""

    STANDARD = "standard", _("Monday to Friday 09:00–18:00")
    DUTY = "duty", _("Monday to Friday 09:00–20:00, Saturday 09:00–13:00")


# A front desk hands its cases to a police body of its own region: another table row, hence a trigger and not a check.
SERVES_POLICE_OF_REGION = """
    IF NEW.serves_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM offices_office AS served
        WHERE served.id = NEW.serves_id AND served.kind = 'police' AND served.region_id = NEW.region_id
    ) THEN
        RAISE EXCEPTION 'office % must serve a police office of its own region', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'office_serves_police_of_region';
    END IF;
    RETURN NEW;
"""


class Office(Named):
    """A police registration body or a front desk. Code, kind and region are given once and never change."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="offices", verbose_name=_("region"))
    kind = models.CharField(_("kind"), max_length=10, choices=OfficeKind.choices)
    schedule = models.CharField(
        _("schedule"), max_length=10, choices=ScheduleKind.choices, default=ScheduleKind.STANDARD
    )
    serves = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="front_desks",
        verbose_name=_("police office served"),
    )
    address_ru = models.CharField(_("address in Russian"), max_length=300, blank=True)
    address_kk = models.CharField(_("address in Kazakh"), max_length=300, blank=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("office")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{4}$") & Q(code__startswith=F("region_id")),
                name="office_code_begins_with_region",
            ),
            models.CheckConstraint(
                condition=Q(kind=OfficeKind.POLICE, serves__isnull=True)
                | Q(kind=OfficeKind.FRONT_DESK, serves__isnull=False),
                name="office_front_desk_serves_one_police",
            ),
            models.CheckConstraint(condition=Q(schedule__in=ScheduleKind.values), name="office_schedule_known"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="office_serves_police_of_region",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=SERVES_POLICE_OF_REGION,
            ),
            # Staff and front desks are checked against these when they are written, so they must not move later.
            pgtrigger.ReadOnly(name="office_identity_is_fixed", fields=["code", "kind", "region"]),
        )

    def clean(self) -> None:
        """Say beside the field what the database would refuse: ValidationError for code and served office."""
        if self.region_id and not self.code.startswith(self.region_id):
            message = _("The code begins with the two digits of the region: %(region)s.")
            raise ValidationError({"code": ValidationError(message, params={"region": self.region_id})})
        if self.kind == OfficeKind.POLICE and self.serves is not None:
            raise ValidationError({"serves": _("A police office serves no other office. Leave this empty.")})
        if self.kind == OfficeKind.FRONT_DESK and (
            self.serves is None or self.serves.kind != OfficeKind.POLICE or self.serves.region_id != self.region_id
        ):
            raise ValidationError({"serves": _("A front desk serves one police office of its own region. Choose it.")})

    @property
    def address(self) -> str:
        """The address in Kazakh if that is the active language, else in Russian."""
        return self.address_kk if (get_language() or "")[:2] == "kk" else self.address_ru


class CalendarException(Named):
    """One day that differs from the holidays library: an order came late, or the library has not learnt it yet."""

    date = models.DateField(_("date"), unique=True)
    is_working = models.BooleanField(_("working day"))
    basis = models.CharField(_("legal basis"), max_length=300)

    class Meta:
        ordering = ("date",)
        verbose_name = _("calendar exception")
        verbose_name_plural = _("calendar exceptions")


class Role(models.TextChoices):
    """What an account may do. Front desk takes in and hands over, officer decides: never the same account."""

    FRONT_DESK = "front_desk", _("Front desk")
    OFFICER = "officer", _("Officer")
    SUPERVISOR = "supervisor", _("Supervisor")
    CONTACT_CENTRE = "contact_centre", _("Contact centre")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class StaffManager(BaseUserManager["Staff"]):
    """Makes accounts with a hashed password."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Staff":
        """A stored account; without a password nobody can sign in to it."""
        staff = self.model(username=username, **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


# The kind of office a role works in; the other roles may sit anywhere or nowhere.
OFFICE_KIND_OF_ROLE = {
    Role.FRONT_DESK: OfficeKind.FRONT_DESK,
    Role.OFFICER: OfficeKind.POLICE,
    Role.SUPERVISOR: OfficeKind.POLICE,
}
ROLE_SITS_IN_OFFICE_KIND = """
    SELECT kind INTO office_kind FROM offices_office WHERE id = NEW.office_id;
    IF (NEW.role = 'front_desk' AND office_kind IS DISTINCT FROM 'front_desk')
        OR (NEW.role IN ('officer', 'supervisor') AND office_kind IS DISTINCT FROM 'police')
    THEN
        RAISE EXCEPTION 'role % cannot sit in an office of kind %', NEW.role, office_kind
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_role_sits_in_office_kind';
    END IF;
    RETURN NEW;
"""


class Staff(AbstractBaseUser):
    """A person who signs in to the desk, with one role and, where the role needs it, one office."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    surname = models.CharField(_("surname"), max_length=100)
    given_name = models.CharField(_("given name"), max_length=100)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("office")
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="ru")
    is_active = models.BooleanField(_("active"), default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["surname", "given_name", "role"]

    objects = StaffManager()

    class Meta:
        ordering = ("surname", "given_name", "pk")
        verbose_name = _("staff account")
        verbose_name_plural = _("staff accounts")
        constraints = (
            models.CheckConstraint(condition=Q(role__in=Role.values), name="staff_role_known"),
            models.CheckConstraint(
                condition=Q(office__isnull=False) | ~Q(role__in=[Role.FRONT_DESK, Role.OFFICER, Role.SUPERVISOR]),
                name="staff_role_needs_office",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="staff_role_sits_in_office_kind",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                declare=[("office_kind", "TEXT")],
                func=ROLE_SITS_IN_OFFICE_KIND,
            ),
        )

    def clean(self) -> None:
        """Say beside the field what the database would refuse: ValidationError for a role in the wrong office."""
        if self.role not in OFFICE_KIND_OF_ROLE:
            return
        needed = OFFICE_KIND_OF_ROLE[Role(self.role)]
        if self.office is None or self.office.kind != needed:
            message = _("The role “%(role)s” needs an office of the kind “%(kind)s”. Choose one.")
            names = {"role": Role(self.role).label, "kind": needed.label}
            raise ValidationError({"office": ValidationError(message, params=names)})

    @property
    def full_name(self) -> str:
        """Surname, given name and patronymic, as on papers."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        """Initial and surname, as lists show it: "Б. Омаров"."""
        return f"{self.given_name[:1]}. {self.surname}"

    @property
    def region(self) -> Region | None:
        """The region of the office, or None for accounts that sit in none."""
        return self.office.region if self.office else None


class SystemChannel(models.TextChoices):
    """The channels of the standards that are other people's systems (rows VR.2, PD.2, DL.2)."""

    EGOV = "egov", _("egov.kz portal")
    PLATFORM = "platform", _("Other platform")


class ConnectedSystem(Named):
    """A portal or platform that files applications by program. Code and channel are given once and never change.

    `services` are the codes it may ask for; whether its channel is offered, the standard says.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    channel = models.CharField(_("channel"), max_length=16, choices=SystemChannel.choices)
    services = ArrayField(models.CharField(max_length=8), verbose_name=_("services"), default=list)
    is_active = models.BooleanField(_("active"), default=True)
    # Requests: what may come in an hour, and what may come at once within ten seconds.
    quota_per_hour = models.PositiveIntegerField(_("requests in an hour"), default=36_000)
    burst = models.PositiveIntegerField(_("requests in ten seconds"), default=300)
    requires_message_signature = models.BooleanField(_("every message must be signed (RFC 9421)"), default=False)
    # Hosts (with their port, if any) of the system's own pages, to which whoever has paid may be sent back.
    return_hosts = ArrayField(models.CharField(max_length=255), verbose_name=_("hosts to return to"), default=list)

    class Meta:
        ordering = ("code",)
        verbose_name = _("connected system")
        verbose_name_plural = _("connected systems")
        constraints = (
            models.CheckConstraint(
                condition=Q(channel__in=SystemChannel.values), name="connected_system_channel_known"
            ),
            models.CheckConstraint(condition=Q(quota_per_hour__gt=0, burst__gt=0), name="connected_system_may_ask"),
        )
        triggers = (pgtrigger.ReadOnly(name="connected_system_identity_is_fixed", fields=["code", "channel"]),)

    @property
    def is_authenticated(self) -> bool:
        """True, as of every party that has proven who it is; nobody else becomes the user of a request."""
        return True
