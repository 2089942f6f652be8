"""`manage.py make_keys`: the keys papers are signed with, for every office that has none yet."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from applications.keys import make_missing
from offices.models import Office


class Command(BaseCommand):
    help = "Makes a development signing key for every office that has none, and the key of the QR codes."

    def handle(self, *args: Any, **options: Any) -> None:
        made = make_missing(Office.objects.all(), timezone.now())
        for name in made:
            self.stdout.write(f"Made: {name}.")
        if not made:
            self.stdout.write(f"Every key is there already: {settings.KEYS_DIR}")
