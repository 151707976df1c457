from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liangdian.platform.accounts import leaving, units
from liangdian.platform.audit import acts
from liangdian.platform.ui import navigation


class OrganisationConfig(AppConfig):
    name = "liangdian.registers.organisation"
    label = "organisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from liangdian.registers.organisation import directory, handing_over

        leaving.register("posts", handing_over.posts_in_hand)
        units.provide(directory.Directory())
        navigation.provide_names(unit_name=directory.unit_name, centre_name=directory.centre_name)
        navigation.register(
            navigation.Entry(
                _("Units and posts"), "organisation:tree", icon="sitemap", order=10, section="registers"
            ),
            navigation.Entry(
                _("My stand-in"), "organisation:stand_ins", icon="user-share", order=20, section="person"
            ),
        )
        acts.name_acts(
            {
                "unit_created": _("Unit made"),
                "unit_changed": _("Unit changed"),
                "unit_moved": _("Unit moved"),
                "unit_seal_set": _("Picture of a seal set"),
                "unit_seal_removed": _("Picture of a seal taken away"),
                "post_created": _("Post made"),
                "post_changed": _("Post changed"),
                "post_filled": _("Post filled"),
                "post_left": _("Post left"),
                "stand_in_named": _("Stand-in named"),
                "stand_in_ended": _("Stand-in ended"),
                "window_created": _("Window made"),
                "window_changed": _("Window changed"),
            }
        )
        acts.name_subjects(
            {
                "organisation.unit": _("Unit"),
                "organisation.post": _("Post"),
                "organisation.window": pgettext_lazy("at the hall", "Window"),
            }
        )
        post_save.connect(_unit_saved, sender="organisation.Unit", dispatch_uid="organisation.directory")


def _unit_saved(**kwargs: object) -> None:
    from liangdian.registers.organisation import directory

    directory.forget()
