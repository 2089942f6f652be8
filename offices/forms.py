"""What an administrator fills in about offices, accounts and the calendar; applications/administration.py stores it."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from offices.models import CalendarException, Office, Staff


class OfficeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new office, or the name, address and hours of an existing one: what an office is does not change."""

    class Meta:
        model = Office
        fields = (
            "code", "region", "kind", "serves", "schedule", "name_ru", "name_kk", "name_en", "address_ru", "address_kk",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("code", "region", "kind"):
                self.fields[name].disabled = True


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account: who, which role, which office. The user name of an existing account does not change."""

    class Meta:
        model = Staff
        fields = ("username", "surname", "given_name", "patronymic", "role", "office", "language", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["username"].disabled = True


class PasswordForm(forms.Form):
    """A first or forgotten password, handed over in person."""

    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff

    def clean_password(self) -> str:
        """The password, if the rules of the portal let it pass for this account."""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.staff)
        return password


class CalendarExceptionForm(forms.ModelForm):  # type: ignore[type-arg]
    """One day that differs from the calendar the portal knows, with the act that says so."""

    class Meta:
        model = CalendarException
        fields = ("date", "is_working", "name_ru", "name_kk", "name_en", "basis")
        widgets = {"date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
