"""What is raised for a setting that can't be used."""

from __future__ import annotations


class WrongSetting(Exception):
    """The sentence names the setting, its value's fault and the remedy."""
