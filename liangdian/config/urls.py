"""Every address of the product, room by room."""

from django.urls import URLPattern, URLResolver, include, path

from liangdian.config import health, metrics
from liangdian.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("sign-in/", include("liangdian.platform.accounts.web.sign_in_urls")),
]
ROOMS = {
    "liangdian.platform.ui.web.urls": "ui/",
    "liangdian.platform.accounts.web.urls": "account/",
    "liangdian.platform.audit.web.urls": "audit/",
    "liangdian.platform.notifications.web.urls": "notices/",
    "liangdian.registers.organisation.web.urls": "organisation/",
    "liangdian.registers.people.web.urls": "people/",
    "liangdian.registers.catalogue.web.urls": "catalogue/",
    "liangdian.registers.catalogue.web.guide_urls": "guides/",
    "liangdian.registers.calendar.web.urls": "calendar/",
    "liangdian.registers.directory.web.urls": "directory/",
    "liangdian.bookings.web.urls": "bookings/",
    "liangdian.casework.web.urls": "cases/",
    "liangdian.desks.duty.web.urls": "duty/",
    "liangdian.desks.petitions.web.urls": "petitions/",
    "liangdian.desks.hall.web.urls": "hall/",
    "liangdian.desks.hall.web.place_urls": "p/",
    "liangdian.desks.hall.web.device_urls": "device/",
    "liangdian.desks.hall.web.board_urls": "board/",
    "liangdian.desks.hall.web.kiosk_urls": "kiosk/",
    "liangdian.desks.mediation.web.urls": "mediation/",
    "liangdian.desks.assistance.web.urls": "assistance/",
    "liangdian.desks.hall.web.tablet_urls": "tablet/",
    "liangdian.insight.web.urls": "figures/",
    "liangdian.portal.web.urls": "",
}
urlpatterns += [path(address, include(module)) for module, address in ROOMS.items()]
