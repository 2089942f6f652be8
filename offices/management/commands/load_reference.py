"""Bring the reference data (regions, tariffs, formats …) to what the files of fixtures/reference say."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction


class Command(BaseCommand):
    """Runs `load()` of every app's `reference` module, lower floors first; all or nothing, any number of times."""

    help = "Load or refresh the reference data of every app. Safe to repeat; editable rows of staff stay."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per kind of row: app, what, how many."""
        for app in apps.get_app_configs():
            name = f"{app.name}.reference"
            if find_spec(name) is None:
                continue
            for kind, count in import_module(name).load().items():
                self.stdout.write(f"{app.label}: {kind} {count}")
