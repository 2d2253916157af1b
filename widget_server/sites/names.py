"""What a name is: of a site, of somebody, of a token. Names stand in lists, mails and histories, amid other words."""

from __future__ import annotations

from widget_server.errors import Invalid
from widget_server.visible import is_plain_line, is_seen

LONGEST = 200


def name_of(text: str, missing: str) -> str:
    """The name, without blanks around it.

    Raises:
        Invalid: `missing` where nothing can be seen of it; or it is too long, or more than a line.
    """
    name = text.strip()
    if not is_seen(name):
        raise Invalid(missing)
    if len(name) > LONGEST:
        raise Invalid(f"A name has {LONGEST} letters at most; this one has {len(name)}.")
    if not is_plain_line(name):
        raise Invalid("A name is one line, without control characters and without those that turn the direction of writing.")
    return name
