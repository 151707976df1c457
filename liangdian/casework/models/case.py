"""The case itself: one narrow hot row, and beside it what is long or private."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from liangdian.casework.stages import ANSWERED, STANDING_STILL, Stage
from liangdian.casework.states import IN_HAND, OPEN, Channel, Ending, Kind, Rank, RelationKind, State

STAFF = settings.AUTH_USER_MODEL
# The codes that desks give to their own events, clocks and notices.
OF_A_DESK = r"^[a-z_]+\.[a-z_]+$"


class Case(models.Model):
    """A matter that somebody brought and that was promised an answer by a date.

    ``first_handler`` is written once and never changes (首办责任); ``handler`` and ``unit`` say where the
    work lies now; ``origin`` is the unit that received the resident.
    """

    reference = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    channel = models.CharField(max_length=16, choices=Channel.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RECEIVED)
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.RECEIVED)
    # The place in every list: matters of the green channel before the others.
    rank = models.PositiveSmallIntegerField(choices=Rank.choices, default=Rank.NORMAL)
    title = models.CharField(max_length=200)
    item_version = models.ForeignKey("catalogue.ItemVersion", models.PROTECT, null=True, related_name="+")
    resident = models.ForeignKey("people.Resident", models.PROTECT, null=True, related_name="+")
    origin = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    first_handler = models.ForeignKey(STAFF, models.PROTECT, related_name="+")
    handler = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    # Who answers in the first handler's place when he has left or is away; he remains the first handler.
    successor = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    about_user = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey(STAFF, models.PROTECT, null=True, related_name="+")

    urgent = models.BooleanField(default=False)
    returned = models.BooleanField(default=False)
    no_superior = models.BooleanField(default=False)
    # Stands on the call-back list until the resident was reached, or has rated by himself.
    to_call = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    ending = models.CharField(max_length=16, choices=Ending.choices, blank=True)

    registered_at = models.DateTimeField()
    first_contact_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    alarms_done = models.PositiveSmallIntegerField(default=0)

    last_seq = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="case_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=[State.CLOSED, State.WITHDRAWN], closed_at__isnull=False)
                & ~Q(ending="")
                | Q(state__in=[*OPEN], closed_at__isnull=True, ending=""),
                name="case_closed_has_an_ending",
            ),
            models.CheckConstraint(
                condition=Q(ending="")
                | Q(state=State.CLOSED, ending__in=[Ending.SATISFIED, Ending.NOT_RATED])
                | Q(state=State.WITHDRAWN, ending=Ending.WITHDRAWN),
                name="case_ending_known",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.WITHDRAWN, state=State.WITHDRAWN)
                | (~Q(stage=Stage.WITHDRAWN) & ~Q(state=State.WITHDRAWN)),
                name="case_stage_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=sorted(ANSWERED), state__in=[State.RESOLVED, State.CLOSED])
                | Q(stage=Stage.ARCHIVED, state=State.CLOSED)
                | (
                    ~Q(stage__in=sorted(ANSWERED | {Stage.ARCHIVED}))
                    & ~Q(state__in=[State.RESOLVED, State.CLOSED])
                ),
                name="case_stage_answered",
            ),
            # A promise stands still exactly as long as the procedure does.
            models.CheckConstraint(
                condition=Q(stage__in=sorted(STANDING_STILL), paused_at__isnull=False)
                | (~Q(stage__in=sorted(STANDING_STILL)) & Q(paused_at__isnull=True)),
                name="case_paused_by_stage",
            ),
            models.CheckConstraint(
                condition=Q(to_call=False) | Q(state__in=[*OPEN], resident__isnull=False),
                name="case_to_call_named",
            ),
            models.CheckConstraint(condition=Q(rank__in=Rank.values), name="case_rank_known"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="case_not_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RESOLVED) | Q(resolved_at__isnull=False), name="case_resolved_when"
            ),
            models.CheckConstraint(
                condition=Q(about_user__isnull=True)
                | (
                    ~Q(about_user=F("first_handler"))
                    & (Q(handler__isnull=True) | ~Q(about_user=F("handler")))
                    & (Q(closed_by__isnull=True) | ~Q(about_user=F("closed_by")))
                ),
                name="case_not_in_own_hands",
            ),
        ]
        indexes = [
            # The sweep: what is due, oldest first; costs what is due, not what is open.
            models.Index(F("next_due_at"), F("id"), name="case_sweep", condition=Q(state__in=[*OPEN])),
            # The worklists: the green channel first, then in the order in which promises fall due.
            models.Index("rank", "due_at", "id", name="case_due_first", condition=Q(state__in=[*OPEN])),
            models.Index(
                "first_handler",
                "rank",
                "due_at",
                "id",
                name="case_answer_first",
                condition=Q(state__in=[*OPEN]),
            ),
            models.Index(
                "handler", "rank", "due_at", "id", name="case_do_first", condition=Q(state__in=[*IN_HAND])
            ),
            models.Index(
                "unit", "rank", "due_at", "id", name="case_unit_first", condition=Q(state__in=[*OPEN])
            ),
            # Short lists that would otherwise be looked for among all open matters.
            models.Index(
                "successor",
                "rank",
                "due_at",
                "id",
                name="case_succeeded",
                condition=Q(successor__isnull=False),
            ),
            models.Index(
                "first_handler",
                "rank",
                "due_at",
                "id",
                name="case_returned_first",
                condition=Q(returned=True),
            ),
            models.Index(
                "rank",
                "due_at",
                "id",
                name="case_waiting_first",
                condition=Q(state__in=[State.WAITING, State.RESOLVED]),
            ),
            models.Index("rank", "due_at", "id", name="case_unled_first", condition=Q(no_superior=True)),
            models.Index("rank", "due_at", "id", name="case_to_call_first", condition=Q(to_call=True)),
            models.Index("merged_into", name="case_merged", condition=Q(merged_into__isnull=False)),
            models.Index("origin", "registered_at", name="case_origin_when"),
            models.Index(F("resident"), F("registered_at").desc(), name="case_of_resident"),
            models.Index(F("registered_at").desc(), F("id").desc(), name="case_newest"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def shown_title(self) -> str:
        """The title; one that only repeats the item's name, in the reader's language."""
        item = self.item_version
        return item.label if item is not None and item.name == self.title else self.title

    @property
    def standing(self) -> str:
        """Where the matter stands, as people call it: its stage while it is at work, then its state."""
        if self.follows:
            return str(RelationKind.MERGED.label)
        if self.in_hand and (self.kind == Kind.SERVICE or self.paused_at is not None):
            return str(Stage(self.stage).label)
        return str(State(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def in_hand(self) -> bool:
        return self.state in IN_HAND

    @property
    def follows(self) -> bool:
        """True while it stands still because another matter is handled for it too."""
        return self.merged_into_id is not None and self.in_hand


class CaseDetail(models.Model):
    """The long and the private: the resident's own words, and what keeps his link and his form unique."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="detail")
    words = models.TextField()
    place = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    link_digest = models.CharField(max_length=64, unique=True)
    submission_key = models.CharField(max_length=64, unique=True, null=True)
    import_key = models.CharField(max_length=120, unique=True, null=True)


class CaseSearch(models.Model):
    """The words of a case for searching, apart from the hot row: a GIN index makes updates dear."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="search")
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="case_search_words")]


class CaseNumber(models.Model):
    """One locked row a unit and year: the last number given out."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="case_number_per_unit_year")]
