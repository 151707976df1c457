from django.urls import path, re_path

from liangdian.platform.audit.web import views

app_name = "audit"
urlpatterns = [
    path("", views.log, name="log"),
    re_path(r"^export\.(?P<form>csv|xlsx)$", views.export, name="export"),
]
