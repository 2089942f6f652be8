"""Where the portal may send to: judged when an address is entered, and again with the resolved address at each sending.

The resolved address is the one connected to, so that a name cannot change its mind in between (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.errors import InvalidInputError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class ForbiddenTargetError(Exception):
    """The target is not one the portal may send to; the text says why."""


def require_allowed(url: str) -> None:
    """Raises InvalidInputError for the field `url` when the portal would not send there."""
    try:
        parts, _port = urlsplit(url), urlsplit(url).port
    except ValueError:
        raise InvalidInputError({"url": _("This is no web address.")}) from None
    host = (parts.hostname or "").rstrip(".")
    if not host or parts.username is not None or parts.password is not None or parts.fragment or not url.isascii():
        raise InvalidInputError({"url": _("Enter a plain address: https, host and path, without user or fragment.")})
    if parts.scheme != "https" and not (parts.scheme == "http" and is_demo(host)):
        raise InvalidInputError({"url": _("Webhooks go by https only.")})
    if not is_listed(host):
        raise InvalidInputError({"url": _("The host %(host)s is not on the list of WEBHOOK_HOSTS.") % {"host": host}})


def is_demo(host: str) -> bool:
    """Whether `host` is one of this machine or a test net that may have http and a private address."""
    return host in settings.WEBHOOK_DEMO_HOSTS


def is_listed(host: str) -> bool:
    """Whether `host` is on the allow-list; an entry that begins with a dot stands for every host below it."""
    listed = settings.WEBHOOK_HOSTS
    return is_demo(host) or any(host == each or (each.startswith(".") and host.endswith(each)) for each in listed)


def addresses_of(host: str, port: int, patience: float) -> list[str]:
    """The addresses of `host`, every one of them public, looked up within `patience` seconds.

    Raises ForbiddenTargetError, TimeoutError when the name server keeps silent, or OSError when it knows none.
    """
    found = _looked_up(host, port, patience)
    addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
    if not is_demo(host) and any(not is_public(address) for address in addresses):
        raise ForbiddenTargetError(f"{host} has an address inside a private network")
    return addresses


def _looked_up(host: str, port: int, patience: float) -> list[Any]:
    """What getaddrinfo says, which has no time-out of its own: a look-up that hangs is left to its thread."""
    told: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            told.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            told.put(error)

    threading.Thread(target=look_up, name=f"look-up of {host}", daemon=True).start()
    try:
        found = told.get(timeout=patience)
    except queue.Empty:
        raise TimeoutError(f"the name server does not answer about {host}") from None
    if isinstance(found, Exception):
        raise found
    return found


def is_public(text: str) -> bool:
    """Whether the address is one of the Internet, also where IPv6 wraps an IPv4 address."""
    address: IPAddress = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast
