"""Customer effort, 1 to 7: it counts effort, so that much is bad."""

from __future__ import annotations

from widget_server.surveys.questions.scale import Scale

CES = Scale("ces", 1, 7, high_is_bad=True, said="effort")
