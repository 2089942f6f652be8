"""The toy's app. Unlike a real service it is plugged in by the tests that want it, not whenever Django starts."""

from django.apps import AppConfig


class ToyConfig(AppConfig):
    name = "tests.toy"
    label = "toy"
    default_auto_field = "django.db.models.BigAutoField"
