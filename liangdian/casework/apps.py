from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from liangdian.platform.accounts import leaving
from liangdian.platform.audit import acts


class CaseworkConfig(AppConfig):
    name = "liangdian.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only from here on.
        import liangdian.casework.subscribers  # noqa: F401
        from liangdian.casework.calendar_preview import tell_the_calendar
        from liangdian.casework.handing_over import matters_in_hand
        from liangdian.casework.policy import hidden_case_ids

        tell_the_calendar()
        leaving.register("matters", matters_in_hand)
        acts.name_acts(
            {
                "cases_imported": _("Matters imported"),
                "brought_by_revealed": _("Shown who brought a matter"),
                "document_opened": _("Document opened"),
                "list_exported": _("List of matters exported"),
                "limit_changed": _("Limit changed"),
            }
        )
        acts.name_looks(
            {
                "brought_by_revealed": _("Name, address and phone"),
                "document_opened": _("Content of a document"),
            }
        )
        acts.hide_subjects("casework.case", hidden_case_ids)
        acts.name_subjects(
            {"casework.case": _("Matter"), "casework.limit": _("Limit"), "casework.list": _("List")}
        )
