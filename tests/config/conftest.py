"""The house of casework's tests."""

from tests.casework.conftest import house

__all__ = ["house"]
