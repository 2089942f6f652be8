from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "fees"

    def ready(self) -> None:
        # Web processes make promises, too: the modules that keep them must be known wherever Django runs.
        import fees.orders  # noqa: PLC0415
        import fees.reassessing  # noqa: F401, PLC0415
