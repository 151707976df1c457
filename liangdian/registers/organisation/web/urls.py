from django.urls import path

from liangdian.registers.organisation.web import post_views, seal_views, unit_views

app_name = "organisation"
urlpatterns = [
    path("", unit_views.tree, name="tree"),
    path("units/new/", unit_views.new_unit, name="new_unit"),
    path("units/<int:unit_id>/", unit_views.unit, name="unit"),
    path("units/<int:unit_id>/edit/", unit_views.edit_unit, name="edit_unit"),
    path("units/<int:unit_id>/move/", unit_views.move, name="move_unit"),
    path("units/<int:unit_id>/seal/", seal_views.seal, name="seal"),
    path("units/<int:unit_id>/seal/picture/", seal_views.picture, name="seal_picture"),
    path("units/<int:unit_id>/seal/remove/", seal_views.remove, name="remove_seal"),
    path("units/<int:unit_id>/posts/new/", post_views.new_post, name="new_post"),
    path("units/<int:unit_id>/windows/new/", post_views.new_window, name="new_window"),
    path("posts/<int:post_id>/", post_views.post, name="post"),
    path("posts/<int:post_id>/edit/", post_views.edit_post, name="edit_post"),
    path("holdings/<int:holding_id>/end/", post_views.relieve, name="relieve"),
    path("windows/<int:window_id>/", post_views.edit_window, name="window"),
    path("stand-ins/", post_views.stand_ins, name="stand_ins"),
    path("stand-ins/<int:stand_in_id>/end/", post_views.end_stand_in, name="end_stand_in"),
]
