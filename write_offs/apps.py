from django.apps import AppConfig


class WriteOffsConfig(AppConfig):
    name = "write_offs"
