"""The question types, by the name that a survey uses: a new type is a file beside this one, and a line here."""

from __future__ import annotations

from widget_server.surveys.questions.ces import CES
from widget_server.surveys.questions.choice import CHOICE
from widget_server.surveys.questions.choices import CHOICES
from widget_server.surveys.questions.contact import CONTACT
from widget_server.surveys.questions.csat import CSAT
from widget_server.surveys.questions.date import DATE
from widget_server.surveys.questions.element import ELEMENT
from widget_server.surveys.questions.kind import Kind
from widget_server.surveys.questions.matrix import MATRIX
from widget_server.surveys.questions.nps import NPS
from widget_server.surveys.questions.ranking import RANKING
from widget_server.surveys.questions.screenshot import SCREENSHOT
from widget_server.surveys.questions.smiley import SMILEY
from widget_server.surveys.questions.stars import STARS
from widget_server.surveys.questions.statement import STATEMENT
from widget_server.surveys.questions.text import TEXT
from widget_server.surveys.questions.thumbs import THUMBS
from widget_server.surveys.questions.yes_no import YES_NO

TYPES: dict[str, Kind] = {
    one.name: one
    for one in (
        SMILEY,
        STARS,
        CSAT,
        CES,
        NPS,
        CHOICE,
        CHOICES,
        YES_NO,
        TEXT,
        CONTACT,
        THUMBS,
        RANKING,
        MATRIX,
        DATE,
        STATEMENT,
        ELEMENT,
        SCREENSHOT,
    )
}
