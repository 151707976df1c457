from django.urls import path

from liangdian.platform.ui.web import views

app_name = "ui"
urlpatterns = [
    path("language/", views.choose_language, name="language"),
    path("display/", views.choose_display, name="display"),
    path("components/", views.components, name="components"),
]
