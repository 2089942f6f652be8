"""Applicants, owners and those who act for them."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.countries import country_name
from people.fields import DigitsField
from people.identifiers import IdentifierError, Sex, parse_bin, parse_iin

MASK = "•••••"


def masked(identifier: str) -> str:
    """The number with its middle hidden; a short one keeps only its end."""
    return f"{identifier[:4]}{MASK}{identifier[-3:]}" if len(identifier) > 9 else f"{MASK}{identifier[-2:]}"


def validate_iin(value: str) -> None:
    """Raise ValidationError unless `value` is an IIN that could have been issued."""
    try:
        parse_iin(value)
    except IdentifierError as error:
        raise ValidationError(error.message, code=error.code) from error


def validate_bin(value: str) -> None:
    """Raise ValidationError unless `value` is a BIN that could have been issued."""
    try:
        parse_bin(value)
    except IdentifierError as error:
        raise ValidationError(error.message, code=error.code) from error


class SexChoice(models.TextChoices):
    """As in the identity register."""

    MALE = Sex.MALE.value, _("male")
    FEMALE = Sex.FEMALE.value, _("female")


class Person(models.Model):
    """A natural person. A foreigner without an IIN is known by citizenship and document number instead."""

    iin = DigitsField(_("IIN"), max_length=12, unique=True, null=True, blank=True, validators=[validate_iin])
    surname = models.CharField(_("surname"), max_length=100)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    birth_date = models.DateField(_("date of birth"))
    sex = models.CharField(_("sex"), max_length=6, choices=SexChoice.choices)
    citizenship = models.CharField(_("citizenship"), max_length=3, default="KAZ")
    document_number = models.CharField(_("document number"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)

    class Meta:
        ordering = ("surname", "given_name", "pk")
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.CheckConstraint(condition=Q(iin__regex=r"^[0-9]{12}$"), name="person_iin_twelve_digits"),
            models.CheckConstraint(
                condition=Q(iin__isnull=False) | (~Q(document_number="") & ~Q(citizenship="")),
                name="person_iin_or_document",
            ),
            models.UniqueConstraint(
                fields=["citizenship", "document_number"],
                condition=Q(iin__isnull=True),
                name="person_without_iin_once",
            ),
            models.CheckConstraint(condition=Q(citizenship__regex=r"^[A-Z]{3}$"), name="person_citizenship_alpha3"),
            models.CheckConstraint(condition=Q(sex__in=SexChoice.values), name="person_sex_known"),
        )

    def __str__(self) -> str:
        return self.display_name

    def clean(self) -> None:
        """Raise ValidationError if birth date or sex contradict the IIN."""
        if not self.iin:
            return
        try:
            iin = parse_iin(self.iin)
        except IdentifierError:
            return  # the field's own validator has said so already
        errors: dict[str, ValidationError] = {}
        if iin.birth_date is not None and iin.birth_date != self.birth_date:
            errors["birth_date"] = ValidationError(_("The date of birth does not match the IIN."), code="birth_date")
        if iin.sex is not None and iin.sex.value != self.sex:
            errors["sex"] = ValidationError(_("The sex does not match the IIN."), code="sex")
        if errors:
            raise ValidationError(dict(errors))

    @property
    def full_name(self) -> str:
        """Surname, given name and patronymic, as on papers."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def display_name(self) -> str:
        """Surname and initials, as lists show it."""
        initials = [f"{part[0]}." for part in (self.given_name, self.patronymic) if part]
        return " ".join([self.surname, *initials])

    @property
    def identifier(self) -> str:
        """The IIN or, without one, the number of the identity document."""
        return self.iin or self.document_number

    @property
    def masked_identifier(self) -> str:
        """The identifier with its middle hidden."""
        return masked(self.identifier)

    @property
    def is_known_by_document(self) -> bool:
        """Whether no register knows the person: the particulars were typed from the document shown."""
        return self.iin is None

    @property
    def citizenship_name(self) -> str:
        """The citizenship in the active language."""
        return country_name(self.citizenship)

    def age_on(self, day: date) -> int:
        """Whole years on `day`; somebody born on 29 February is a year older from 1 March."""
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (0 if had_birthday else 1)


class Capacity(models.TextChoices):
    """What somebody may do at an age."""

    WITH_CONSENT = "acts_with_consent", _("acts with the consent of a parent or guardian")
    ALONE = "acts_alone", _("acts alone")


# No law makes anybody wait longer; whoever is older is not asked about.
LATEST_MAJORITY = 21


class CapacityAge(models.Model):
    """From which age somebody acts in the matters of a vehicle. The order is silent, so this is data, not a rule of it.

    `source` and `confidence` say where the figure comes from and how sure it is.
    """

    code = models.CharField(_("what one may do"), max_length=20, choices=Capacity.choices, unique=True)
    years = models.PositiveSmallIntegerField(_("from the age of, years"))
    confidence = models.CharField(_("confidence"), max_length=8)
    source = models.CharField(_("source"), max_length=200)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ("years",)
        verbose_name = _("age of capacity")
        verbose_name_plural = _("ages of capacity")
        constraints = (
            models.CheckConstraint(condition=Q(code__in=Capacity.values), name="capacity_known"),
            models.CheckConstraint(condition=Q(years__lte=LATEST_MAJORITY), name="capacity_age_possible"),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.years}"


class Organisation(models.Model):
    """A legal entity."""

    bin = DigitsField(_("BIN"), max_length=12, unique=True, validators=[validate_bin])
    name = models.CharField(_("name"), max_length=300)
    head_name = models.CharField(_("head"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    # VR.8.1g: the order of a private business needs no seal.
    is_private_business = models.BooleanField(_("private business"), default=True)

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = (
            models.CheckConstraint(condition=Q(bin__regex=r"^[0-9]{12}$"), name="organisation_bin_twelve_digits"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """The registered name."""
        return self.name

    @property
    def display_name(self) -> str:
        """The registered name: organisations have no shorter one."""
        return self.name

    @property
    def identifier(self) -> str:
        """The BIN."""
        return str(self.bin)

    @property
    def masked_identifier(self) -> str:
        """The BIN with its middle hidden."""
        return masked(self.identifier)


class Scope(models.TextChoices):
    """What a representative may do for the grantor."""

    REGISTER = "register", _("register a vehicle")
    UPDATE = "update", _("update recorded data")
    DEREGISTER = "deregister", _("deregister a vehicle")
    RECEIVE = "receive", _("receive documents and plates")
    PLATES = "plates", _("order plates")
    LICENCE = "licence", _("act in driver licence matters")


class PowerOfAttorneyQuerySet(models.QuerySet["PowerOfAttorney"]):
    """Powers of attorney by their parties and by the day."""

    def between(self, grantor: Person | Organisation, representative: Person) -> Self:
        """Those that `grantor` gave to `representative`."""
        name = "grantor_person" if isinstance(grantor, Person) else "grantor_organisation"
        return self.filter(representative=representative, **{name: grantor})

    def granted_by(self, grantor: Person | Organisation) -> Self:
        """Those that `grantor` gave to anybody."""
        name = "grantor_person" if isinstance(grantor, Person) else "grantor_organisation"
        return self.filter(**{name: grantor})

    def valid_on(self, day: date) -> Self:
        """Those in force on `day` (national time) and not revoked; the day of expiry counts."""
        return self.filter(revoked_at__isnull=True, issued_on__lte=day, expires_on__gte=day)


class PowerOfAttorney(models.Model):
    """A paper by which a person or an organisation lets another person act, for some deeds and until a day."""

    number = models.CharField(_("number"), max_length=60)
    representative = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="powers_held", verbose_name=_("representative")
    )
    grantor_person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="powers_granted",
        verbose_name=_("grantor, a person"),
    )
    grantor_organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="powers_granted",
        verbose_name=_("grantor, an organisation"),
    )
    scope = ArrayField(models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("scope"))
    issued_on = models.DateField(_("date of issue"))
    expires_on = models.DateField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = PowerOfAttorneyQuerySet.as_manager()

    class Meta:
        ordering = ("-issued_on", "pk")
        verbose_name = _("power of attorney")
        verbose_name_plural = _("powers of attorney")
        constraints = (
            models.CheckConstraint(
                condition=Q(grantor_person__isnull=True, grantor_organisation__isnull=False)
                | Q(grantor_person__isnull=False, grantor_organisation__isnull=True),
                name="power_of_attorney_one_grantor",
            ),
            models.CheckConstraint(condition=Q(expires_on__gt=F("issued_on")), name="power_of_attorney_has_a_term"),
            models.CheckConstraint(condition=~Q(representative=F("grantor_person")), name="power_of_attorney_to_other"),
            models.CheckConstraint(
                condition=Q(scope__contained_by=Scope.values, scope__len__gt=0), name="power_of_attorney_scope_known"
            ),
            models.UniqueConstraint(
                fields=["number", "representative", "issued_on"], name="power_of_attorney_entered_once"
            ),
        )

    def __str__(self) -> str:
        return self.display_name

    def covers(self, scope: str, on: date) -> bool:
        """Whether the paper lets its holder do `scope` on the day `on` (national time); the day of expiry counts."""
        is_revoked = self.revoked_at is not None and timezone.localdate(self.revoked_at) <= on
        return scope in self.scope and self.issued_on <= on <= self.expires_on and not is_revoked

    @property
    def scope_names(self) -> list[str]:
        """What the paper allows, in the active language."""
        return [str(Scope(code).label) for code in self.scope]

    @property
    def grantor(self) -> Person | Organisation:
        """Who gave the power."""
        grantor = self.grantor_person or self.grantor_organisation
        if grantor is None:
            raise ValueError("a power of attorney without a grantor cannot be stored")
        return grantor

    @property
    def full_name(self) -> str:
        """Number and representative in full, as on papers."""
        return f"{self.number}, {self.representative.full_name}"

    @property
    def display_name(self) -> str:
        """Number and representative, as lists show it."""
        return f"{self.number}, {self.representative.display_name}"

    @property
    def identifier(self) -> str:
        """The number of the paper."""
        return self.number

    @property
    def masked_identifier(self) -> str:
        """The number with its middle hidden."""
        return masked(self.number)
