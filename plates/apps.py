from django.apps import AppConfig


class PlatesConfig(AppConfig):
    name = "plates"

    def ready(self) -> None:
        # Models must be loaded first, hence no import at the top.
        from applications.services import plug_in  # noqa: PLC0415
        from plates.duplicates.service import PlateDuplicates  # noqa: PLC0415
        from plates.production.destroying import STOCK as PIECES  # noqa: PLC0415
        from plates.write_offs import STOCK  # noqa: PLC0415
        from write_offs import stocks  # noqa: PLC0415

        plug_in(PlateDuplicates())
        stocks.plug_in(STOCK)
        stocks.plug_in(PIECES)
