"""Recommendation, 0 to 10."""

from __future__ import annotations

from widget_server.surveys.questions.scale import Scale

NPS = Scale("nps", 0, 10, said="would recommend:")
