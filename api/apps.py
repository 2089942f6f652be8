from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self) -> None:
        # Models must be loaded first, hence no import at the top.
        from api import checks, sandbox  # noqa: F401, PLC0415
        from applications.acting import follow  # noqa: PLC0415

        follow(sandbox.follow)
