from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "liangdian.platform.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
