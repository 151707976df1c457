"""Residents knock at the house of casework."""

from tests.casework.conftest import house

__all__ = ["house"]
