"""Bring demo offices, staff, stock and register data in, for a first look and for the browser tests."""

from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone


class Command(BaseCommand):
    """Runs `load(now)` of every app's `demo` module, lower floors first; all or nothing, any number of times."""

    help = "Load the demo data of every app. Safe to repeat. Not for production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without", nargs="*", default=[], metavar="APP", help="apps whose demo data stay out")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per kind of row: app, what, how many."""
        now = timezone.now()
        for app in apps.get_app_configs():
            name = f"{app.name}.demo"
            if app.label in options["without"] or find_spec(name) is None:
                continue
            for kind, count in import_module(name).load(now).items():
                self.stdout.write(f"{app.label}: {kind} {count}")
