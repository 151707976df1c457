from django.urls import path

from liangdian.registers.directory.web import views

app_name = "directory"
urlpatterns = [
    path("", views.find, name="find"),
    path("areas/", views.areas, name="areas"),
    path("areas/new/<int:unit_id>/", views.new_area, name="new_area"),
    path("areas/<int:area_id>/", views.area, name="area"),
    path("areas/<int:area_id>/lines/", views.add_line, name="add_line"),
    path("areas/<int:area_id>/people/", views.name_person, name="name_person"),
    path("areas/<int:area_id>/lines/<int:line_id>/end/", views.end_line, name="end_line"),
    path("areas/<int:area_id>/people/<int:person_id>/end/", views.end_person, name="end_person"),
    path("areas/<int:area_id>/people/<int:person_id>/", views.reach, name="reach"),
]
