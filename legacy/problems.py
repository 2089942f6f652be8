"""What can be wrong with a file or a row of it, in words that name the way out."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Code → sentence; %(column)s and %(detail)s are filled in.
ROW_PROBLEMS: dict[str, str | Promise] = {
    "fields": _(
        "The line has another number of values than the heading: %(detail)s. Check commas and quotation marks."
    ),
    "nul": _("The line has a NUL byte. Export it again."),
    "required": _("“%(column)s” is empty."),
    "too_long": _("“%(column)s” is longer than %(detail)s characters."),
    "characters": _("“%(column)s” has characters that it cannot have: %(detail)s."),
    "date": _("“%(column)s” is not a date. Write it as 2019-05-14."),
    "date_early": _("“%(column)s” lies before 1900."),
    "date_future": _("“%(column)s” lies in the future."),
    "number": _("“%(column)s” is not a number."),
    "number_range": _("“%(column)s” must lie between %(detail)s."),
    "choice": _("“%(column)s” must be one of: %(detail)s."),
    "identifier": _("“%(column)s”: %(detail)s"),
    "party": _("“%(column)s” must be an IIN, a BIN or a country and a document number: “UZB AA1234567”."),
    "no_identifier": _("A person needs an IIN or a document number."),
    "contradicts_iin": _("“%(column)s” contradicts the IIN."),
    "period": _("The end lies before the beginning, or on the same day."),
    "no_number": _("The vehicle has no VIN, no body number and no chassis number."),
    "electric_hybrid": _("A vehicle is electric or a hybrid, not both."),
    "duplicate": _("The same entry stands in lines %(detail)s with different data. Leave the right one only."),
    "conflict": _("The register has this entry with other data: %(detail)s. Nothing was changed."),
    "database": _("The database refused the row (%(detail)s)."),
}
