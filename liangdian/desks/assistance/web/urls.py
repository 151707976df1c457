from django.urls import path

from liangdian.desks.assistance.web import figures, views

app_name = "assistance"
urlpatterns = [
    path("", views.helps, name="list"),
    path("new/", views.register, name="new"),
    path("outcome/", figures.outcome, name="outcome"),
    path("places/", views.places, name="places"),
    path("places/new/", views.new_place, name="new_place"),
    path("places/<int:offer_id>/withdraw/", views.withdraw, name="withdraw"),
]
