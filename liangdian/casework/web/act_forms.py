"""One form for each act on a case; the services decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liangdian.casework import pledges
from liangdian.casework.act_pages import ActForm
from liangdian.casework.models import Case
from liangdian.casework.states import (
    GENERAL_CHOICES,
    AppealGround,
    Grade,
    GreenReason,
    PauseReason,
    RepairWay,
)
from liangdian.casework.web.forms import ItemField
from liangdian.platform.accounts import selectors as accounts
from liangdian.platform.ui.fields import Text, area
from liangdian.registers.catalogue import selectors as catalogue
from liangdian.registers.organisation import selectors as organisation
from liangdian.registers.organisation.directory import Directory


class ReferForm(ActForm):
    to_unit = forms.TypedChoiceField(label=_("Refer to"), coerce=int)
    to_post = forms.TypedChoiceField(
        label=_("To a post there"), coerce=int, required=False, empty_value=None,
        help_text=_("Only when a certain post has to do it; whoever holds it is told."),
    )  # fmt: skip
    reason = Text(
        label=_("Why, and what is asked"), widget=area(3), required=False, needed=True,
        help_text=_("The receiver accepts it or returns it with a reason within the limit."),
    )  # fmt: skip
    unit_of_post: Mapping[int, int] = {}

    def fit(self, case: Case) -> None:
        self.fields["to_unit"].choices = [
            (pk, label) for pk, label in Directory().choices(("/",)) if pk != case.unit_id
        ]
        posts = [post for post in organisation.posts_in_use() if post.unit_id != case.unit_id]
        labels = [(post.pk, f"{post.unit.label} · {post.label}") for post in posts]
        self.fields["to_post"].choices = [("", _("No certain post")), *labels]
        self.unit_of_post = {post.pk: post.unit_id for post in posts}

    def clean(self) -> dict[str, Any]:
        """A post that stands in another unit than the one chosen is told at its field."""
        data = super().clean() or {}
        post, unit = data.get("to_post"), data.get("to_unit")
        if post and unit and self.unit_of_post.get(post) != unit:
            self.add_error(
                "to_post", _("This post is not in the unit you chose. Choose the post's unit above.")
            )
        return data


class TransferForm(ActForm):
    to_user = forms.TypedChoiceField(label=_("Hand to"), coerce=int)
    reason = Text(label=_("Why a colleague takes over"), widget=area(3), required=False, needed=True)

    def fit(self, case: Case) -> None:
        staff = accounts.staff_within(case.unit.path)
        self.fields["to_user"].choices = [
            (u.pk, u.name) for u in staff if u.pk not in {case.handler_id, case.about_user_id}
        ]


class CallBackForm(ActForm):
    grade = forms.ChoiceField(
        label=_("The resident's own words, as a grade"), choices=Grade.choices, widget=forms.RadioSelect
    )
    comment = Text(label=_("What the resident said"), widget=area(3), required=False)


class MissedForm(ActForm):
    text = Text(label=_("Remark"), widget=area(2), required=False, max_length=500)


class RepairForm(ActForm):
    way = forms.ChoiceField(
        label=_("How it is put right"), choices=RepairWay.choices, widget=forms.RadioSelect
    )
    text = Text(
        label=_("What is done, or the explanation, as the resident will read it"), widget=area(4),
        required=False, needed=True,
    )  # fmt: skip
    until = forms.DateField(
        label=_("Done by"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Needed for the ledger only. A day after the promise changes the promise."),
    )  # fmt: skip


class AppealForm(ActForm):
    ground = forms.ChoiceField(
        label=_("Why the rating should not count"), choices=AppealGround.choices, widget=forms.RadioSelect
    )
    reason = Text(label=_("What shows it"), widget=area(4), required=False, needed=True)


class DecideAppealForm(ActForm):
    excluded = forms.TypedChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", _("Exclude it from the figures")), ("no", _("Let it stand"))],
    )  # fmt: skip
    words = Text(
        label=_("The reason, as the resident will read it"), widget=area(3), required=False, needed=True
    )


class PapersField(forms.MultipleChoiceField):
    """Papers of the item's published list; without such a list, one paper a line.

    ``needed``: not optional, although only the service, with its own sentence, refuses the empty list.
    """

    widget: Any = forms.CheckboxSelectMultiple

    def __init__(self, *, needed: bool = False, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.needed = needed

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, str):
            return [line for line in Text().to_python(value).splitlines() if line.strip()]
        return super().to_python(value)

    def validate(self, value: list[str]) -> None:
        if isinstance(self.widget, forms.CheckboxSelectMultiple):
            super().validate(value)

    def offer(self, names: list[str]) -> None:
        """Offer these papers, or free lines when there are none."""
        if names:
            self.choices = [(name, name) for name in names]
        else:
            self.widget = area(4)


class AdmitForm(ActForm):
    late_papers = PapersField(
        label=_("Minor papers that come later"),
        help_text=_("Leave empty when everything is here."),
    )  # fmt: skip
    signed = forms.BooleanField(label=_("The resident signed the promise to bring them"), required=False)

    def fit(self, case: Case) -> None:
        papers = catalogue.papers_of(case.item_version_id) if case.item_version_id else []
        self.fields["late_papers"].offer([p.name for p in papers if p.necessity != "required"])
        if papers and all(p.necessity == "required" for p in papers):
            del self.fields["late_papers"], self.fields["signed"]


class CorrectForm(ActForm):
    papers = PapersField(label=_("Papers that are missing or wrong"), needed=True)
    remark = Text(label=_("What is wrong with them, in plain words"), widget=area(3), required=False)

    def fit(self, case: Case) -> None:
        papers = catalogue.papers_of(case.item_version_id) if case.item_version_id else []
        self.fields["papers"].offer([p.name for p in papers])


class RefuseForm(ActForm):
    ground = forms.ChoiceField(
        label=_("Why it is not accepted"), widget=forms.RadioSelect,
        choices=[
            ("not_competent", _("Another body is responsible")),
            ("not_needed", _("No application is needed for this")),
        ],
    )  # fmt: skip
    where = Text(
        label=_("Who is responsible, and where the resident finds it"), required=False, max_length=500
    )
    text = Text(
        label=_("The reason, as the resident will read it"), widget=area(3), required=False, needed=True
    )


class PauseForm(ActForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=PauseReason.choices)
    until = forms.DateField(label=_("At the latest until"), widget=forms.DateInput(attrs={"type": "date"}))
    text = Text(label=_("What the resident is told about it"), widget=area(3), required=False, needed=True)


class ExtendForm(ActForm):
    amount = forms.IntegerField(label=_("Working days more"), min_value=1, max_value=99)
    reason = Text(
        label=_("The reason, as the resident will read it"), widget=area(3), required=False, needed=True
    )


class DecideExtensionForm(ActForm):
    approved = forms.TypedChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", _("Approve")), ("no", _("Decline"))],
    )  # fmt: skip
    words = Text(label=_("Why you decide so"), widget=area(3), required=False, needed=True)


class ReclassifyForm(ActForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=GENERAL_CHOICES)
    item = ItemField(label=_("Service item"), required=False)
    urgent = forms.BooleanField(label=_("Urgent: danger or great hardship"), required=False)
    reason = Text(
        label=_("The reason, as the resident will read it"), widget=area(3), required=False, needed=True
    )

    def fit(self, case: Case) -> None:
        self.initial.update(kind=case.kind, urgent=case.urgent)
        if case.item_version is not None:
            self.initial["item"] = case.item_version.label

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        item = data.get("item")
        data["item_version_id"] = item.pk if item else None
        return data


class NeedsForm(ActForm):
    needs = forms.MultipleChoiceField(
        label=_("The resident"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[
            ("cannot_walk", pledges.WHY["cannot_walk"]),
            ("cannot_read", pledges.WHY["cannot_read"]),
            ("needs_helper", pledges.WHY["needs_helper"]),
        ],
    )  # fmt: skip
    helper = forms.TypedChoiceField(
        label=_("Helped through by"), coerce=int, required=False, empty_value=None,
        help_text=_("This colleague speaks with the resident himself before the answer."),
    )  # fmt: skip

    def fit(self, case: Case) -> None:
        staff = {u.pk: u.name for u in accounts.staff_within(case.unit.path)}
        staff |= {u.pk: u.name for u in accounts.staff_within(case.origin.path)}
        staff.pop(case.about_user_id or 0, None)
        self.fields["helper"].choices = [("", _("As it is; else the first handler")), *staff.items()]


class GreenForm(ActForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=GreenReason.choices, widget=forms.RadioSelect)
    text = Text(
        label=_("In your own words"), widget=area(2), required=False,
        help_text=_("Needed when the reason is not on the list."),
    )  # fmt: skip


class OtherForm(ActForm):
    """Another matter, named by its number, and why."""

    other = Text(label=_("Number of the other matter"), required=False, needed=True, max_length=40)
    reason = Text(label=_("Why"), widget=area(3), required=False, needed=True)


class LinkForm(OtherForm):
    how = forms.ChoiceField(
        label=_("How they belong together"), widget=forms.RadioSelect,
        choices=[
            ("related", _("They are related")),
            ("part_of", _("This matter is a part of the other one")),
            ("has_part", _("The other matter is a part of this one")),
        ],
    )  # fmt: skip


class DecideForm(ActForm):
    granted = forms.TypedChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", _("Granted")), ("no", _("Not granted"))],
    )  # fmt: skip
    reasons = Text(
        label=_("Reasons"), widget=area(3), required=False, help_text=_("Needed when it is not granted.")
    )
    remedies = Text(
        label=_("Where and until when the resident can appeal"), widget=area(3), required=False,
        help_text=_("Needed when it is not granted."),
    )  # fmt: skip

    def fit(self, case: Case) -> None:
        if case.item_version is not None:
            self.initial["remedies"] = case.item_version.remedies
