"""Forms of the catalogue: they read and clean what was typed; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from liangdian.foundation.limits import LONGEST, Limit, LimitUnit
from liangdian.foundation.refused import Invalid
from liangdian.platform.ui.fields import Text, area
from liangdian.registers.catalogue import selectors
from liangdian.registers.catalogue.models import Item, ItemVersion, LimitUnits
from liangdian.registers.catalogue.services import TEXTS, Content
from liangdian.registers.catalogue.web import document_lines


class GuideSearchForm(forms.Form):
    """The one search box of the guides."""

    q = Text(label=_("What do you want to have done?"), required=False, max_length=100)


class ItemFilterForm(forms.Form):
    """The filters of the staff list."""

    q = Text(label=_("Name, department or code"), required=False, max_length=100)
    category = forms.ChoiceField(label=_("Category"), required=False)
    retired = forms.BooleanField(label=_("Retired items too"), required=False)

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("All categories")), *categories]


def _text_field(name: str) -> Text:
    column = ItemVersion._meta.get_field(name)
    assert isinstance(column, models.Field)
    if isinstance(column, models.TextField):
        return Text(label=column.verbose_name, required=False, max_length=5_000, widget=area(3))
    return Text(label=column.verbose_name, required=False, max_length=column.max_length)


class VersionForm(forms.Form):
    """A new version of an item: everything that is published of it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = Text(
        label=_("Name"), max_length=200, error_messages={"required": _("Write the name of the item.")}
    )
    name_hant = Text(label=_("Name in Traditional Chinese"), max_length=200, required=False)
    name_en = Text(label=_("Name in English"), max_length=200, required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    new_category = Text(
        label=_("Or a new category"), max_length=40, required=False,
        help_text=_("Only when none of those above fits."),
    )  # fmt: skip
    promised_amount = forms.IntegerField(
        label=_("Promised limit"), min_value=0, max_value=LONGEST, required=False,
        help_text=_("Never longer than the law allows. Empty for “at once”."),
    )  # fmt: skip
    promised_unit = forms.ChoiceField(
        label=_("Promised limit in"), choices=LimitUnits.choices, initial=LimitUnits.WORKING_DAYS
    )
    legal_amount = forms.IntegerField(
        label=_("Legal limit"), min_value=0, max_value=LONGEST, required=False,
        help_text=_("Leave it empty when no law sets one: the promise holds."),
    )  # fmt: skip
    legal_unit = forms.ChoiceField(
        label=_("Legal limit in"),
        choices=[("", _("no limit set by law")), *LimitUnits.choices],
        required=False,
    )
    visits = forms.IntegerField(label=_("Visits needed"), min_value=0, max_value=99, initial=1)
    documents = Text(
        label=_("Documents"), widget=area(8), required=False, max_length=20_000,
        help_text=_(
            "One per line: name | copies | where from | required, minor or conditional | in which case "
            "| sample form. Only the name is needed. The list is complete: nobody may ask for more."
        ),
    )  # fmt: skip

    def __init__(
        self, *args: Any, categories: list[tuple[str, str]], item: Item | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Choose")), *categories]
        for name in ("category", "promised_amount"):  # needed unless another field answers instead
            self.fields[name].needed = True
        self._before = list(item.current.documents.all()) if item and item.current else []
        for name in TEXTS:
            self.fields[name] = _text_field(name)

    def texts(self) -> list[Any]:
        """The fields of the published texts, in their order."""
        return [self[name] for name in TEXTS]

    def clean_documents(self) -> list[Any]:
        try:
            return document_lines.read(self.cleaned_data["documents"], self._before)
        except Invalid as refused:
            raise forms.ValidationError(str(refused)) from refused

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("category") and not data.get("new_category"):
            self.add_error("category", _("Choose a category, or name a new one."))
        promised_days = data.get("promised_unit") != LimitUnit.AT_ONCE
        if promised_days and data.get("promised_amount") is None and "promised_amount" not in self.errors:
            self.add_error("promised_amount", _("Write how long it takes at most."))
        unit, amount = data.get("legal_unit"), data.get("legal_amount")
        if unit and unit != LimitUnit.AT_ONCE and amount is None and "legal_amount" not in self.errors:
            self.add_error("legal_amount", _("Write the limit that the law sets, or choose “no limit”."))
        if amount is not None and not unit and "legal_unit" not in self.errors:
            self.add_error("legal_unit", _("Choose in what the legal limit is counted."))
        return data

    def content(self) -> Content:
        """What the service publishes."""
        data = self.cleaned_data
        legal = Limit(data["legal_amount"] or 0, data["legal_unit"]) if data["legal_unit"] else None
        names = {"zh-hant": data["name_hant"], "en": data["name_en"]}
        return Content(
            name=data["name"], names={code: name for code, name in names.items() if name},
            promised=Limit(data["promised_amount"] or 0, data["promised_unit"]), legal=legal,
            texts={name: data[name] for name in TEXTS}, visits=data["visits"], documents=data["documents"],
        )  # fmt: skip


class NewItemForm(VersionForm):
    """The first version of an item, with the code that it keeps."""

    code = Text(
        label=_("Code"), max_length=40,
        help_text=_("Short and lasting, such as MZ-001; it never changes."),
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z",
                _("Use letters, digits, dots, hyphens and underscores only.")
            )
        ],
    )  # fmt: skip
    field_order = ("code",)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if selectors.is_taken(code):
            raise forms.ValidationError(
                _("There is an item with this code already. Open it and publish a new version.")
            )
        return code


def first_values(item: Item) -> dict[str, Any]:
    """A new version begins with what the current one says."""
    version = item.current
    if version is None:
        return {"category": item.category.code}
    return {
        "seen": version.number, "name": version.name, "name_hant": version.names.get("zh-hant", ""),
        "name_en": version.names.get("en", ""), "category": item.category.code,
        "promised_amount": version.promised_amount or None, "promised_unit": version.promised_unit,
        "legal_amount": version.legal_amount, "legal_unit": version.legal_unit, "visits": version.visits,
        "documents": document_lines.written(version.documents.all()),
        **{name: getattr(version, name) for name in TEXTS},
    }  # fmt: skip
