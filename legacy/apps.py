from django.apps import AppConfig


class LegacyConfig(AppConfig):
    name = "legacy"

    def ready(self) -> None:
        # Models must be loaded first, hence no import at the top.
        from legacy.kinds import plug_in  # noqa: PLC0415
        from legacy.parties import ORGANISATIONS, PEOPLE  # noqa: PLC0415

        plug_in(PEOPLE, ORGANISATIONS)
