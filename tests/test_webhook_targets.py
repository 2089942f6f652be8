"""ASVS 1.3.6, 15.3.2 (security.md, row 4): where webhooks may go, and where no trick leads them."""

from __future__ import annotations

import socket
import threading

import pytest

from applications.errors import InvalidInputError
from webhooks import sending, targets
from webhooks.models import Outcome
from webhooks.sending import send

LISTED = "hooks.example.kz"
PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


@pytest.fixture(autouse=True)
def hosts(settings):
    settings.WEBHOOK_HOSTS = [LISTED, ".partner.kz"]
    settings.WEBHOOK_DEMO_HOSTS = []


def resolved(monkeypatch, *answers):
    """Have the name server say each of `answers` (lists of addresses) in turn, the last one for good."""
    left = list(answers)

    def getaddrinfo(host, port, *_args, **_options):
        told = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in told]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.kz/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://localhost/",
        "https://evil.example/",
        "https://hooks.example.kz.evil.example/",
        "https://partner.kz.evil.example/",
        "https://evilpartner.kz/",
        "https://user:word@hooks.example.kz/",
        "https://hooks.example.kz@evil.example/",
        "https://evil.example/#@hooks.example.kz",
        "https://hooks.example.kz/#part",
        "https://hooks.example.kz:99999/",
        "https://hооks.example.kz/",
        "ftp://hooks.example.kz/",
        "file:///etc/passwd",
        "gopher://hooks.example.kz/",
        "//hooks.example.kz/",
        "",
    ],
)
def test_an_address_off_the_list_is_refused_when_entered_and_when_sent_to(url):
    with pytest.raises(InvalidInputError) as refused:
        targets.require_allowed(url)
    assert set(refused.value.fields) == {"url"}
    assert send(url, {}, b"{}").outcome == Outcome.FORBIDDEN


@pytest.mark.parametrize(
    "url", ["https://hooks.example.kz/x?y=1", "https://a.partner.kz:8443/", "https://HOOKS.example.kz/"]
)
def test_a_listed_host_may_be_told(url):
    targets.require_allowed(url)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_listed_name_with_a_private_address_is_refused_at_the_connection(monkeypatch, address):
    resolved(monkeypatch, [address])
    answer = send(f"https://{LISTED}/", {}, b"{}")
    assert answer.outcome == Outcome.FORBIDDEN
    assert not targets.is_public(address)


def test_one_private_address_among_public_ones_is_enough(monkeypatch):
    resolved(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    assert send(f"https://{LISTED}/", {}, b"{}").outcome == Outcome.FORBIDDEN


def test_a_name_that_changes_its_mind_is_not_asked_twice(monkeypatch):
    """DNS rebinding: public when judged, private afterwards – the connection goes to the judged address."""
    resolved(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    connected = []

    def connect(address, *_args, **_options):
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    assert send(f"https://{LISTED}/", {}, b"{}").outcome == Outcome.UNREACHABLE
    assert connected == ["8.8.8.8"]


def test_a_redirect_leads_nowhere(target, other_target):
    target.always, target.location = 302, other_target.url()
    assert send(target.url(), {}, b"{}").outcome == Outcome.REDIRECTED
    assert other_target.received == []


def test_little_of_a_long_answer_is_read(target):
    target.always, target.text = 400, b"\0" + b"x" * 5_000_000
    answer = send(target.url(), {}, b"{}")
    assert (answer.outcome, answer.status) == (Outcome.REJECTED, 400)
    assert answer.text == "x" * 500


def test_who_does_not_listen_is_unreachable(target, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert send(f"http://127.0.0.1:{port}/", {}, b"{}").outcome == Outcome.UNREACHABLE


def test_plain_http_is_for_demo_hosts_alone(settings, target):
    settings.WEBHOOK_DEMO_HOSTS = []
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    assert send(target.url(), {}, b"{}").outcome == Outcome.FORBIDDEN
    assert target.received == []


def test_a_name_server_that_keeps_silent_is_given_up(monkeypatch):
    """getaddrinfo has no time-out of its own; a look-up must not outlast the worker's hold on the endpoint."""
    repaired = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: repaired.wait(20))
    monkeypatch.setattr(sending, "CONNECT_PATIENCE", 0.2)
    assert send(f"https://{LISTED}/", {}, b"{}").outcome == Outcome.TIMED_OUT
    repaired.set()
