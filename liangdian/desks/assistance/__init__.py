"""Livelihood help: a household finds work, a trade place, training, benefits or tools."""
