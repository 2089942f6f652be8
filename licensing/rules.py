"""What the rules of the day say: who may be granted a category (DL.9.2), and how long a licence holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from licensing.models import CategoryRule, LicenceForm


def years_later(day: date, years: int) -> date:
    """The same day `years` later, at most in the last year that a calendar has; 29 February becomes 28 February."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def days_later(day: date, days: int) -> date:
    """The day `days` later, at most the last one: who is deprived for life is told so by a ruling until 9999-12-31."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def in_force(on: date) -> Q:
    """The rows of a Setting that hold on the day `on`."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def form_on(on: date) -> LicenceForm | None:
    """The form of the licence on the day `on`."""
    return LicenceForm.objects.filter(in_force(on)).first()


def rules_on(codes: Iterable[str], on: date) -> dict[str, CategoryRule]:
    """The rules of the categories on the day `on`; one query."""
    found = CategoryRule.objects.filter(in_force(on), category__in=list(codes))
    return {rule.category_id: rule for rule in found}


@dataclass(frozen=True)
class Candidate:
    """Whoever wants categories: birth date, since when each category is held, and the days deprived of the right.

    `deprived`: first and last day of each term, both inside, as the register of deprivations tells them.
    """

    born: date
    held: Mapping[str, date]
    deprived: Sequence[tuple[date, date]] = ()

    @property
    def drives_since(self) -> date | None:
        return min(self.held.values(), default=None)

    def has_driven_until(self, since: date, years: int) -> date:
        """The day on which `years` of driving since `since` are complete; a day deprived of the right is none."""
        complete = years_later(since, years)
        for first, last in sorted(self.deprived):
            counted = max(first, since)
            if counted < complete and counted <= last:
                complete = days_later(complete, (last - counted).days + 1)
                since = days_later(last, 1)
        return complete


def refusals(candidate: Candidate, codes: Iterable[str], on: date, *, is_experience_asked: bool = True) -> list[str]:
    """Why categories that are new to the candidate cannot be granted on the day `on`, one sentence each (DL.9.2)."""
    wanted = list(codes)
    if not wanted:
        return []
    rules = rules_on(wanted, on)
    said = [_refusal(candidate, code, rules.get(code), on, is_experience_asked) for code in wanted]
    return [sentence for sentence in said if sentence]


def _refusal(candidate: Candidate, code: str, rule: CategoryRule | None, on: date, is_experience_asked: bool) -> str:
    if rule is None or rule.minimum_age is None or rule.experience_years is None:
        message = _(
            "Minimum age and experience for category %(code)s are not known. Until an administrator enters them under "
            "“Driver licences”, the category cannot be granted."
        )
        return message % {"code": code}
    open_from = years_later(candidate.born, rule.minimum_age)
    if open_from > on:
        message = _("Category %(code)s is granted from the age of %(age)d: for this person from %(day)s.")
        return message % {"code": code, "age": rule.minimum_age, "day": f"{open_from:%d.%m.%Y}"}
    return _lacking_experience(candidate, code, rule, on) if is_experience_asked else ""


def _lacking_experience(candidate: Candidate, code: str, rule: CategoryRule, on: date) -> str:
    years = rule.experience_years or 0
    if years and not _has_driven(candidate, candidate.drives_since, years, on):
        message = _("Category %(code)s needs %(years)d years of driving; %(known)s.")
        return message % {"code": code, "years": years, "known": _known(candidate, candidate.drives_since, years)}
    special = rule.special_category_id
    if special and not _has_driven(candidate, candidate.held.get(special), rule.special_years, on):
        message = _("Category %(code)s needs a licence of category %(special)s for %(years)d years; %(known)s.")
        parts = {"code": code, "special": special, "years": rule.special_years}
        return message % {**parts, "known": _known(candidate, candidate.held.get(special), rule.special_years)}
    return ""


def _has_driven(candidate: Candidate, since: date | None, years: int, on: date) -> bool:
    return since is not None and candidate.has_driven_until(since, years) <= on


def _known(candidate: Candidate, since: date | None, years: int) -> str:
    if since is None:
        return str(_("the register knows of none"))
    parts = {"since": f"{since:%d.%m.%Y}", "day": f"{candidate.has_driven_until(since, years):%d.%m.%Y}"}
    return _("the register knows it since %(since)s, so it can be granted from %(day)s") % parts
