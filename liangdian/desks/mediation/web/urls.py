from django.urls import path

from liangdian.desks.mediation.web import views

app_name = "mediation"
urlpatterns = [
    path("", views.disputes, name="list"),
    path("new/", views.register, name="new"),
]
