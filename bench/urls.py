"""The product's addresses and the floor's."""

from django.urls import path

from bench import floor
from liangdian.config.urls import urlpatterns as product

urlpatterns = [
    path("floor/intake/", floor.intake),
    path("floor/worklist/", floor.worklist),
    path("floor/page/<str:name>/", floor.page),
    path("floor/search/", floor.search),
    path("floor/case/<str:reference>/", floor.case),
    *product,
]
