"""Tags and filters of the interface; built into every template, so no ``{% load %}`` is needed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from liangdian.platform.ui import dates, languages

register = template.Library()

TONE_ICONS = {
    "late": "alert-triangle",
    "soon": "clock-exclamation",
    "fine": "clock-check",
    "done": "circle-check",
    "none": "clock-pause",
}
_THIN = "\u2009"
_CJK = "\u3400-\u9fff\uf900-\ufaff"
_CJK_THEN_LATIN = re.compile(rf"([{_CJK}])([A-Za-z0-9])")
_LATIN_THEN_CJK = re.compile(rf"([A-Za-z0-9%])([{_CJK}])")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the Tabler family; decoration unless it has a ``label``."""
    if label:
        return format_html('<i class="ti ti-{}" role="img" aria-label="{}"></i>', name, label)
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.simple_tag
def colon() -> str:
    """The colon of the reader's language: full width in Chinese."""
    return ": " if languages.current().code == "en" else "："


def _tone(view: Any) -> str:
    tone = str(getattr(view, "tone", "none"))
    return tone if tone in TONE_ICONS else "none"


@register.inclusion_tag("ui/components/promise_light.html")
def promise_light(view: Any) -> dict[str, Any]:
    """The promise as a light with words: ``tone``, ``headline``, ``detail``, ``count``."""
    tone = _tone(view)
    return {"promise": view, "tone": tone, "icon_name": TONE_ICONS[tone]}


@register.simple_tag
def promise_badge(view: Any) -> SafeString:
    """The same promise as one line for tables: icon and words, no template per row."""
    tone = _tone(view)
    return format_html(
        '<span class="ld-badge ld-tone-{}"><i class="ti ti-{}" aria-hidden="true"></i>{}</span>',
        tone,
        TONE_ICONS[tone],
        getattr(view, "headline", ""),
    )


@register.simple_tag
def chip(text: object, tone: str = "", icon: str = "") -> SafeString:
    """A short fact such as a channel or a need. ``tone``: empty, accent, late, soon, fine, quiet."""
    picture = format_html('<i class="ti ti-{}" aria-hidden="true"></i>', icon) if icon else ""
    kind = f" ld-chip--{tone}" if tone else ""
    return format_html('<span class="ld-chip{}">{}{}</span>', kind, picture, text)


_CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.inclusion_tag("ui/components/field.html")
def field(bound: BoundField, label: str = "", width: str = "", autofocus: bool = False) -> dict[str, Any]:
    """A form field with label, help and error, joined for screen readers.

    ``width``: ``short``, ``medium`` or empty for the whole line.
    """
    widget = bound.field.widget
    group = isinstance(widget, _CHOICES)
    check = isinstance(widget, forms.CheckboxInput)
    attrs = _field_attrs(bound, widget, check=check, group=group)
    if autofocus:
        attrs["autofocus"] = True
    return {
        "bound": bound,
        "control": "" if group else bound.as_widget(attrs=attrs),
        "label": label or bound.label,
        "hidden": bound.is_hidden,
        "group": group,
        "check": check,
        "width": width,
        "optional": not (bound.field.required or getattr(bound.field, "needed", False) or check),
        "describedby": _described_by(bound),
        "options": list(bound.subwidgets) if group else [],
    }


def _described_by(bound: BoundField) -> str:
    parts = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    if bound.errors:
        parts.append(f"{bound.auto_id}_error")
    return " ".join(parts)


def _field_attrs(bound: BoundField, widget: forms.Widget, *, check: bool, group: bool) -> dict[str, Any]:
    base = (
        "form-check-input" if check else "form-select" if isinstance(widget, forms.Select) else "form-control"
    )
    own = widget.attrs.get("class", "")
    wrong = " is-invalid" if bound.errors else ""
    attrs: dict[str, Any] = {"class": f"{base} {own}".strip() + wrong}
    described = _described_by(bound)
    if described and not group:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return attrs


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """All errors of a form above it, each a link to its field. Nothing when there is none."""
    items = [
        {"text": text, "target": f"#{_focus_target(bound)}" if bound.auto_id else "", "label": bound.label}
        for bound in form
        for text in bound.errors
        if not bound.is_hidden
    ]
    hidden = [text for bound in form.hidden_fields() for text in bound.errors]
    general = [*form.non_field_errors(), *hidden]
    return {"items": items, "general": general, "count": len(items) + len(general)}


def _focus_target(bound: BoundField) -> str:
    return bound.id_for_label or f"{bound.auto_id}_0"


@register.inclusion_tag("ui/components/empty_state.html")
def empty_state(
    title: str, text: str = "", url: str = "", label: str = "", icon: str = "inbox"
) -> dict[str, Any]:
    """What would be here and what to do first."""
    return {"title": title, "text": text, "url": url, "label": label, "icon_name": icon}


@register.inclusion_tag("ui/components/filter_bar.html")
def filter_bar(form: forms.BaseForm, url: str = "", target: str = "", clear_url: str = "") -> dict[str, Any]:
    """Filters of a list as one GET form. ``target``: id of the part that htmx replaces (optional)."""
    active = form.is_bound and any(
        value not in (None, "", [], False) for value in (form[name].value() for name in form.fields)
    )
    return {
        "form": form,
        "url": url,
        "target": target,
        "clear_url": clear_url or url or "?",
        "active": active,
    }


@register.inclusion_tag("ui/components/sort_header.html", takes_context=True)
def sort_header(context: Context, key: str, label: str, number: bool = False) -> dict[str, Any]:
    """A column title that sorts on the server through ``?sort=key`` and ``?sort=-key``."""
    request = context["request"]
    current = request.GET.get("sort", "")
    query = request.GET.copy()
    query["sort"] = f"-{key}" if current == key else key
    for paging in ("after", "before", "page"):
        query.pop(paging, None)
    direction = "ascending" if current == key else "descending" if current == f"-{key}" else ""
    return {"label": label, "url": f"?{query.urlencode()}", "direction": direction, "number": number}


@register.simple_tag
def when(value: dt.date | dt.datetime | None, form: str = "") -> SafeString | str:
    """A ``<time>`` element. ``form``: empty (day, and time for instants), ``day``, ``short``, ``time``."""
    if value is None or value == "":
        return ""
    words = _WHEN.get(form, _full)(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


def _full(value: dt.date | dt.datetime) -> str:
    return dates.moment_words(value) if isinstance(value, dt.datetime) else dates.day_words(value)


def _short(value: dt.date | dt.datetime) -> str:
    if isinstance(value, dt.datetime):
        return dates.moment_words(value, with_year=False)
    return dates.day_words(value, with_year=False)


_WHEN: dict[str, Any] = {"day": dates.day_words, "short": _short, "time": dates.clock_words}


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """``2026年10月22日（周四）`` / ``Thu 22 Oct 2026``."""
    return dates.day_words(value) if value else ""


@register.filter
def short_day(value: dt.date | dt.datetime | None) -> str:
    """``10月22日（周四）`` / ``Thu 22 Oct``: where the year is plain from the context."""
    return dates.day_words(value, with_year=False) if value else ""


@register.filter
def moment(value: dt.datetime | None) -> str:
    """``2026年10月22日（周四） 09:20`` / ``Thu 22 Oct 2026, 09:20``."""
    return dates.moment_words(value) if value else ""


@register.filter
def short_moment(value: dt.datetime | None) -> str:
    """``10月22日（周四） 09:20`` / ``Thu 22 Oct, 09:20``."""
    return dates.moment_words(value, with_year=False) if value else ""


@register.filter
def time_of_day(value: dt.datetime | None) -> str:
    """``09:20`` in the hall's time zone."""
    return dates.clock_words(value) if value else ""


@register.filter
def spaced(value: object) -> SafeString:
    """Thin spaces between Chinese and Latin letters or digits."""
    text = str(conditional_escape(value if isinstance(value, SafeString) else str(value)))
    text = _CJK_THEN_LATIN.sub(rf"\1{_THIN}\2", text)
    return mark_safe(_LATIN_THEN_CJK.sub(rf"\1{_THIN}\2", text))


@register.filter
def or_dash(value: object) -> object:
    """A dash with a spoken meaning where there is nothing to show."""
    if value not in (None, "", []):
        return value
    return format_html('<span aria-hidden="true">–</span><span class="visually-hidden">{}</span>', _("none"))
