"""What every page knows: language, display mode, the person, and the doors open to that person."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from liangdian.foundation.actor import Actor
from liangdian.platform.ui import display, languages, navigation
from liangdian.platform.ui.navigation import Section


class Page:
    """Reached in templates as ``ui``; every part is worked out only when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._path = request.get_full_path()

    @cached_property
    def actor(self) -> Actor | None:
        return getattr(self._request, "actor", None) or None

    @property
    def layout(self) -> str:
        """The base that fits the reader: staff or resident (used by the error pages)."""
        return "ui/base.html" if self.actor else "ui/public.html"

    @property
    def language(self) -> languages.Language:
        return languages.current()

    @property
    def languages(self) -> tuple[languages.Language, ...]:
        return languages.LANGUAGES

    @cached_property
    def display(self) -> display.Display:
        return display.Display.from_cookie(self._request.COOKIES.get(display.COOKIE, ""))

    @property
    def here(self) -> str:
        """Where the language and display forms return to."""
        return self._path

    @cached_property
    def rail(self) -> tuple[navigation.Group, ...]:
        return navigation.rail(self.actor, self._path, getattr(self._request, "rail_counts", None))

    @cached_property
    def public_links(self) -> tuple[navigation.Link, ...]:
        return navigation.links(Section.PUBLIC, self.actor, self._path)

    @cached_property
    def person_links(self) -> tuple[navigation.Link, ...]:
        return navigation.links(Section.PERSON, self.actor, self._path)

    @cached_property
    def act(self) -> navigation.Link | None:
        return self._first(Section.ACT)

    @cached_property
    def search(self) -> navigation.Link | None:
        return self._first(Section.SEARCH)

    @cached_property
    def bell(self) -> navigation.Link | None:
        return self._first(Section.BELL)

    def _first(self, section: str) -> navigation.Link | None:
        return next(iter(navigation.links(section, self.actor, self._path)), None)

    @cached_property
    def unit_name(self) -> str:
        return navigation.name_of("unit", self.actor)

    @cached_property
    def centre_name(self) -> str:
        return navigation.name_of("centre", self.actor) or _("Community service centre")

    @property
    def idle_ends(self) -> int:
        """Seconds without a request after which this page has to reckon with being signed out.

        A minute less than the session allows: its last sign of life is noted at most once a minute.
        """
        return max(settings.IDLE_SECONDS - 60, 60)

    @property
    def demonstration(self) -> bool:
        return bool(getattr(settings, "DEMONSTRATION", False))


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor: one lazy object under the name ``ui``."""
    return {"ui": Page(request)}
