"""The guides that residents read: what to bring, how long it takes, what can be done against it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from liangdian.foundation.text import clean
from liangdian.registers.catalogue import listing, selectors, words
from liangdian.registers.catalogue.models import ItemDocument, ItemVersion
from liangdian.registers.catalogue.web.forms import GuideSearchForm


def pager_of(page: listing.Page, query: dict[str, str]) -> dict[str, str]:
    """Links to the pages before and after, keeping the filters."""
    return {
        "next_url": f"?{urlencode({**query, 'after': page.next_key})}" if page.next_key else "",
        "previous_url": f"?{urlencode(query)}" if page.has_previous else "",
    }


@require_GET
def guide_list(request: HttpRequest) -> HttpResponse:
    """All items offered, by category; found by any word of their names."""
    groups = selectors.categories()
    form = GuideSearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    category = next((c for c in groups if c.code == request.GET.get("category")), None)
    rows = selectors.items(text=text, category=category.code if category else "")
    page = listing.page_of(rows, after=request.GET.get("after", "")[:80])
    query = {"q": text, "category": category.code if category else ""}
    context = {
        "form": form,
        "text": text,
        "category": category,
        "categories": groups,
        "rows": [(item, words.promised_words(item.current)) for item in page.rows if item.current],
        "pager": pager_of(page, {k: v for k, v in query.items() if v}),
    }
    return render(request, "guides/list.html", context)


@require_GET
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that is published of one item (行政许可法 Art. 30)."""
    item = selectors.guide(clean(code))
    version = item.current
    assert version is not None  # ``guide`` only finds published ones
    return render(request, "guides/guide.html", {"item": item, **shown(version, version.documents.all())})


def shown(version: ItemVersion, documents: Iterable[ItemDocument]) -> dict[str, Any]:
    """What ``guides/guide_body.html`` says of a version, published or not yet."""
    return {
        "version": version,
        "documents": documents,
        "promised": words.promised_words(version),
        "legal": words.legal_words(version),
        "before": words.before_you_come(version),
        "way": words.how_it_goes(version),
        "rights": words.rights(version),
    }
