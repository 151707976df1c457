"""The figures are tested in the house of casework."""

from tests.casework.conftest import house

__all__ = ["house"]
