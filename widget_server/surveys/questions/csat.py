"""Customer satisfaction, 1 to 5."""

from __future__ import annotations

from widget_server.surveys.questions.scale import Scale

CSAT = Scale("csat", 1, 5, said="satisfaction")
