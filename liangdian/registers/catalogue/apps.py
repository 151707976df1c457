from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.audit import acts


class CatalogueConfig(AppConfig):
    name = "liangdian.registers.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        acts.name_acts(
            {
                "item_published": _("Version of an item published"),
                "item_retired": _("Item taken out of use"),
                "items_imported": _("Items imported"),
            }
        )
        acts.name_subjects({"catalogue.item": _("Service item")})
