from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"

    def ready(self) -> None:
        # Web processes make promises, too: the modules that keep them must be known wherever Django runs.
        import applications.tasks  # noqa: F401, PLC0415
