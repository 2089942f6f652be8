from django.apps import AppConfig


class PlatesConfig(AppConfig):
    name = "plates"

    def ready(self) -> None:
        # Models must be loaded first, hence no import at the top.
        from applications.papers import plug_in_paper  # noqa: PLC0415
        from applications.services import plug_in  # noqa: PLC0415
        from plates.act_paper import ACT  # noqa: PLC0415
        from plates.duplicates.service import PlateDuplicates  # noqa: PLC0415

        plug_in(PlateDuplicates())
        plug_in_paper(ACT)
