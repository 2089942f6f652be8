from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "webhooks"

    def ready(self) -> None:
        # Models must be loaded first, hence no import at the top.
        from applications.acting import follow  # noqa: PLC0415
        from webhooks.events import write  # noqa: PLC0415

        follow(write)
