"""Duty: who stands at which window when, who came, and who stands in."""
