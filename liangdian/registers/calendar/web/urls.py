from django.urls import path

from liangdian.registers.calendar.web import views

app_name = "calendar"
urlpatterns = [
    path("", views.index, name="index"),
    path("hours/", views.hours_page, name="hours"),
    path("<int:year>/", views.year_page, name="year"),
    path("<int:year>/load/", views.load_page, name="load"),
]
