"""Where a payer's browser may be sent back to: pages of the connected system itself, on hosts entered for it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from offices.models import ConnectedSystem
from webhooks.targets import is_demo


def misfit(system: ConnectedSystem, url: str) -> Any:
    """Why the payment page may not lead back to `url`; None where it may."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return _("This is no web address.")
    host = parts.hostname or ""
    is_plain = url.isascii() and url.isprintable() and " " not in url and "@" not in parts.netloc and not parts.fragment
    if not is_plain or not (parts.scheme == "https" or (parts.scheme == "http" and is_demo(host))):
        return _("Enter a plain address: https, host and path, without user or fragment.")
    if f"{host}{port}" not in system.return_hosts:
        return _("Your system is not connected with pages on this host.")
    return None
