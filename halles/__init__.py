"""Halles: a region's merchants side by side, and the stock each of them says it has."""

__version__ = "0.1.0"
