from django.apps import AppConfig
from django.core.checks import Tags, register

from liangdian.platform.ui.checks import doors_lead_somewhere


class UiConfig(AppConfig):
    """The look, the words and the components that every room uses."""

    name = "liangdian.platform.ui"
    label = "ui"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(doors_lead_somewhere, Tags.urls)
