from django.urls import path

from liangdian.desks.mediation.web import paper_views, views

app_name = "mediation"
urlpatterns = [
    path("", views.disputes, name="list"),
    path("<str:reference>/sign/", paper_views.sign, name="sign"),
    path("<str:reference>/agreement/<int:number>.pdf", paper_views.copy, name="copy"),
    path("<str:reference>/signed/<int:number>/", paper_views.scan, name="scan"),
    path("<str:reference>/court.pdf", paper_views.court, name="court"),
    path("new/", views.register, name="new"),
]
