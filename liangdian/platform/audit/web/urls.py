from django.urls import path

from liangdian.platform.audit.web import views

app_name = "audit"
urlpatterns = [path("", views.log, name="log")]
