from django.urls import include, path

from councils.views import councils, items, meetings

app_name = "councils"

of_item = [
    path("", items.item_detail, name="item-detail"),
    path("counters/", items.item_counters, name="item-counters"),
    path("projector/", items.item_projector, name="item-projector"),
    path("agencies/<slug:agency>/", items.item_agency, name="item-agency"),
    path("opinions/", items.opinion_record, name="opinion-record"),
    path("vote/", items.vote_cast, name="vote-cast"),
    path("vote/open/", items.vote_open, name="vote-open"),
    path("vote/close/", items.vote_close, name="vote-close"),
    path("adopt/", items.item_adopt, name="item-adopt"),
]
of_meeting = [
    path("", meetings.meeting_detail, name="meeting-detail"),
    path("open/", meetings.meeting_open, name="meeting-open"),
    path("close/", meetings.meeting_close, name="meeting-close"),
    path("presence/", meetings.presence_mark, name="presence-mark"),
    path("conclusion/", meetings.meeting_conclude, name="meeting-conclude"),
    path("groups/<slug:group>/", include(of_item)),
]
of_council = [
    path("", councils.council_detail, name="council-detail"),
    path("establish/", councils.council_establish, name="council-establish"),
    path("members/", councils.member_appoint, name="member-appoint"),
    path("members/<int:pk>/dismiss/", councils.member_dismiss, name="member-dismiss"),
    path("meetings/", councils.meeting_plan, name="meeting-plan"),
    path("meetings/<int:number>/", include(of_meeting)),
]
urlpatterns = [path("rounds/<int:year>/council/", include(of_council))]
