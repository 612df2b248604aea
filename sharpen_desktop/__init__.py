"""Sharpen Desktop: takes the blur out of photographs."""

__version__ = "0.1.0"
