from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "liangdian.platform.database"
    label = "database"
    default_auto_field = "django.db.models.BigAutoField"
