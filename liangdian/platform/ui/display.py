"""Display modes: large print and high contrast, kept in one cookie for residents and staff alike."""

from __future__ import annotations

from dataclasses import dataclass

COOKIE = "display"
COOKIE_AGE = 365 * 24 * 3600
LARGE = "large"
CONTRAST = "contrast"


@dataclass(frozen=True)
class Display:
    """``large``: 20 px instead of 16 px text. ``contrast``: black on white, borders instead of tints."""

    large: bool = False
    contrast: bool = False

    @classmethod
    def from_cookie(cls, value: str) -> Display:
        parts = value.split(".")
        return cls(large=LARGE in parts, contrast=CONTRAST in parts)

    @property
    def cookie(self) -> str:
        return ".".join(name for name, on in ((LARGE, self.large), (CONTRAST, self.contrast)) if on)
