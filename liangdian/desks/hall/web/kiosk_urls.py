"""Addresses of the kiosk; its service worker stands here, so that it rules over these pages only."""

from django.urls import path

from liangdian.desks.hall.web import kiosk, kiosk_offline, kiosk_who

app_name = "kiosk"
urlpatterns = [
    path("", kiosk.start, name="start"),
    path("about/<str:category>/", kiosk.about, name="about"),
    path("item/<int:version_id>/", kiosk.item, name="item"),
    path("ask/", kiosk.ask, name="ask"),
    path("appointment/", kiosk.appointment, name="appointment"),
    path("who/", kiosk_who.who_helps, name="who"),
    path("slip/<slug:token>/", kiosk.slip, name="slip"),
    path("slip/<slug:token>/slip.pdf", kiosk.slip_pdf, name="slip-pdf"),
    path("offline/", kiosk_offline.page, name="offline"),
    path("blocks.json", kiosk_offline.blocks, name="blocks"),
    path("upload/", kiosk_offline.upload, name="upload"),
    path("worker.js", kiosk_offline.worker, name="worker"),
]
