"""What findings say to people: one message per code, in the language that is active when `describe` is called."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registers.answers import Finding, Json
from registers.replies import amount_text

MESSAGES: dict[str, Promise] = {
    "unavailable.timeout": _("The register did not answer in time; it will be asked again."),
    "unavailable.refused": _("The register cannot be reached; it will be asked again."),
    "unavailable.status": _("The register answered with an error; it will be asked again."),
    "unavailable.nonsense": _("The register gave an answer that cannot be understood; it will be asked again."),
    "unavailable.breaker_open": _("The register has failed repeatedly; it will be asked again in a while."),
    "identity.not_found": _("There is no person with the IIN %(iin)s in the population register."),
    "identity.dead": _("The person died on %(died_on)s."),
    "identity.no_document": _("The person has no identity document."),
    "identity.document_invalid": _("Identity document No. %(number)s is not valid."),
    "identity.document_expired": _("Identity document No. %(number)s expired on %(valid_until)s."),
    "organisations.not_found": _("There is no organisation with the BIN %(bin)s in the register of legal entities."),
    "organisations.liquidated": _("The organisation was liquidated on %(liquidated_on)s."),
    "consent.missing": _("Consent to access to restricted personal data was not given."),
    "consent.revoked": _("Consent to access to restricted personal data was revoked on %(revoked_on)s."),
    "fines.unexecuted": _(
        "Unexecuted road-safety fines: %(count)s, %(amount)s tenge in all. Order or prescription No. %(order)s."
    ),
    "fines.overdue": _(
        "Road-safety fines not executed in time: %(count)s, %(amount)s tenge in all. "
        "Order or prescription No. %(order)s; the term ended on %(due_on)s."
    ),
    "fines.within_term": _(
        "Unpaid road-safety fines still within the payment term: %(count)s, %(amount)s tenge in all. "
        "Order or prescription No. %(order)s, to be paid by %(due_on)s."
    ),
    "wanted_persons.match": _("The person is wanted: %(name)s, IIN %(identifier)s. %(reason)s"),
    "wanted_persons.name_match": _(
        "A wanted person without IIN has the same name and birth date: %(name)s, born %(birth_date)s. %(reason)s"
    ),
    "wanted_vehicles.match": _(
        "The vehicle %(number)s is wanted since %(since)s: %(initiator)s, case No. %(case_number)s."
    ),
    "wanted_vehicles.plate_match": _(
        "A wanted vehicle has the same plate %(plate)s but another number %(number)s: "
        "%(initiator)s, case No. %(case_number)s, since %(since)s."
    ),
    "terrorism_list.match": _(
        "On the list for financing terrorism and extremism: %(name)s, IIN/BIN %(identifier)s. %(reason)s"
    ),
    "terrorism_list.name_match": _(
        "The list for financing terrorism and extremism has the same name without IIN/BIN: "
        "%(name)s, born %(birth_date)s. %(reason)s"
    ),
    "proliferation_list.match": _(
        "On the list for financing proliferation of weapons of mass destruction: "
        "%(name)s, IIN/BIN %(identifier)s. %(reason)s"
    ),
    "proliferation_list.name_match": _(
        "The list for financing proliferation of weapons of mass destruction has the same name without IIN/BIN: "
        "%(name)s, born %(birth_date)s. %(reason)s"
    ),
    "restrictions.active": _(
        "Registration acts are restricted since %(since)s by %(authority)s, %(officer)s, case No. %(case_number)s. "
        "Lifted when: %(lifted_when)s."
    ),
    "restrictions.active_with_amount": _(
        "Registration acts are restricted since %(since)s by %(authority)s, %(officer)s, case No. %(case_number)s, "
        "for %(amount)s tenge. Lifted when: %(lifted_when)s."
    ),
    "foreign_registration.registered": _(
        "The vehicle is still registered in another state: %(country)s, plate %(plate)s, since %(since)s."
    ),
    "vehicle_passport.missing": _("The vehicle has no electronic passport."),
    "vehicle_passport.vehicle_differs": _("Electronic passport No. %(number)s is for another vehicle: %(vin)s."),
    "vehicle_passport.unfinished": _("Electronic passport No. %(number)s is unfinished since %(since)s."),
    "vehicle_passport.cancelled": _("Electronic passport No. %(number)s was cancelled on %(since)s."),
    "vehicle_passport.annulled": _("Electronic passport No. %(number)s was annulled on %(since)s."),
    "vehicle_passport.utilised": _("The vehicle of electronic passport No. %(number)s was utilised on %(since)s."),
    "recycling.missing": _("There is no recycling payment certificate for the vehicle."),
    "recycling.exempt": _(
        "No recycling payment is due: the vehicle was made or imported on %(made_or_imported_on)s, "
        "before 28 January 2016."
    ),
    "recycling.annulled": _("Recycling payment certificate No. %(number)s was annulled on %(annulled_on)s."),
    "recycling.vehicle_differs": _("Recycling payment certificate No. %(number)s is for another vehicle: %(vin)s."),
    "recycling.amount_short": _(
        "Recycling payment certificate No. %(number)s is for %(amount)s tenge, but %(expected)s tenge are due."
    ),
    "recycling.corrected": _("Recycling payment certificate No. %(number)s was corrected; the newest values count."),
    "temporary_import.missing": _("Customs has no declaration of temporary import for the vehicle."),
    "temporary_import.expired": _("Customs declaration No. %(number)s of temporary import expired on %(valid_until)s."),
    "temporary_import.closed": _("Customs declaration No. %(number)s of temporary import was closed on %(closed_on)s."),
    "temporary_import.valid": _(
        "Customs declaration No. %(number)s of temporary import is valid until %(valid_until)s."
    ),
    "medical_certificates.missing": _("The person has no medical certificate of a driver."),
    "medical_certificates.other_person": _("Medical certificate No. %(number)s was given to another person."),
    "medical_certificates.expired": _("Medical certificate No. %(number)s expired on %(valid_until)s."),
    "medical_certificates.unfit": _("By medical certificate No. %(number)s the person is not fit to drive."),
    "medical_certificates.categories_missing": _(
        "Medical certificate No. %(number)s does not cover these categories: %(categories)s."
    ),
    "driving_courses.missing": _("No driving course was completed for these categories: %(categories)s."),
    "driving_courses.annulled": _("The certificate of the driving course No. %(number)s was annulled."),
    "exams.theory_not_passed": _(
        "The theory exam was not passed for these categories: %(categories)s. Attempts so far: %(attempts)s."
    ),
    "exams.practice_not_passed": _(
        "The practical exam was not passed for these categories: %(categories)s. Attempts so far: %(attempts)s."
    ),
    "deprivations.in_force": _(
        "Deprived of the right to drive until %(until)s: %(court)s, case No. %(case_number)s, %(article)s, "
        "in force since %(since)s."
    ),
    "deprivations.served": _(
        "The term of deprivation ended on %(until)s: %(court)s, case No. %(case_number)s, %(article)s."
    ),
    "deprivations.exam_again": _(
        "The right to drive was lost by a ruling that came into force on %(since)s (%(court)s, case No. "
        "%(case_number)s) and is given back only by an issue after deprivation, with the exams passed again."
    ),
    "deprivations.none": _("The register holds no deprivation of the right to drive; choose a first issue instead."),
    "payments.unpaid": _("Payment No. %(reference)s of %(amount)s tenge has not been received."),
    "payments.amount_short": _("Payment No. %(reference)s: %(paid)s tenge received, %(amount)s tenge are due."),
}

# The states that vehicles most often come from; any other one is shown by its code.
COUNTRIES: dict[str, Promise] = {
    "AE": _("United Arab Emirates"),
    "AM": _("Armenia"),
    "BY": _("Belarus"),
    "CN": _("China"),
    "DE": _("Germany"),
    "GE": _("Georgia"),
    "JP": _("Japan"),
    "KG": _("Kyrgyzstan"),
    "KR": _("Republic of Korea"),
    "LT": _("Lithuania"),
    "RU": _("Russia"),
    "US": _("United States of America"),
    "UZ": _("Uzbekistan"),
}

AMOUNTS = {"amount", "expected", "paid"}
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def describe(finding: Finding) -> str:
    """The finding in the active language. Raises KeyError for a code that no register gives."""
    return str(MESSAGES[finding.code]) % _Shown(finding.params)


def grouped(amount: Decimal) -> str:
    """An amount in tenge as people read it, without its unit: thousands apart, tiyn only where there are any."""
    return f"{Decimal(amount_text(amount)):,}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


class _Shown(dict[str, str]):
    """Parameters as people read them; one that an old finding lacks is shown as a dash."""

    def __init__(self, params: Mapping[str, Json]) -> None:
        super().__init__({name: _shown(name, value) for name, value in params.items()})

    def __missing__(self, name: str) -> str:
        return "—"


def _shown(name: str, value: Json) -> str:
    text = str(value) if value not in (None, "") else "—"
    if name == "country":
        return str(COUNTRIES.get(text, text))
    if name in AMOUNTS and text != "—":
        return grouped(Decimal(text))
    # A number of a case may look like a day and be none.
    with suppress(ValueError):
        return date.fromisoformat(text).strftime("%d.%m.%Y") if ISO_DAY.fullmatch(text) else text
    return text
