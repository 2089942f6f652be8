from django.apps import AppConfig


class LicensingConfig(AppConfig):
    name = "licensing"

    def ready(self) -> None:
        # Models must be loaded first, hence no import at the top.
        from applications.services import plug_in  # noqa: PLC0415
        from legacy import kinds  # noqa: PLC0415
        from licensing.blanks import WRITE_OFFS  # noqa: PLC0415
        from licensing.legacy import LICENCES  # noqa: PLC0415
        from licensing.service import DriverLicences  # noqa: PLC0415
        from write_offs import stocks  # noqa: PLC0415

        plug_in(DriverLicences())
        kinds.plug_in(LICENCES)
        stocks.plug_in(WRITE_OFFS)
