"""A column for numbers that people write with spaces and dashes."""

import re
from typing import Any

from django.db import models


class DigitsField(models.CharField):  # type: ignore[type-arg]
    """Text stored without spaces and dashes; a look-up or a save forgives them."""

    def to_python(self, value: Any) -> Any:
        """`value` without white space and dashes of any kind."""
        text = super().to_python(value)
        return re.sub(r"[\s\-‐‑‒–—−]", "", text) if isinstance(text, str) else text
