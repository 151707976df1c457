from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "liangdian.desks.hall"
    label = "hall"
    default_auto_field = "django.db.models.BigAutoField"
