from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "registration"

    def ready(self) -> None:
        # Models must be loaded first, hence no import at the top.
        from applications.services import plug_in  # noqa: PLC0415
        from legacy import kinds  # noqa: PLC0415
        from plates import holdings  # noqa: PLC0415
        from registration.blanks import WRITE_OFFS  # noqa: PLC0415
        from registration.holdings import own_plates  # noqa: PLC0415
        from registration.legacy import KINDS  # noqa: PLC0415
        from registration.service import VehicleRegistration  # noqa: PLC0415
        from write_offs import stocks  # noqa: PLC0415

        plug_in(VehicleRegistration())
        holdings.plug_in(own_plates)
        kinds.plug_in(*KINDS)
        stocks.plug_in(WRITE_OFFS)
