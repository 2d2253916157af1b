"""What a line of the audit log says, as the end of a sentence that starts with a name. Pure."""

from __future__ import annotations

SEEING = frozenset(
    {
        "person.found", "person.looked_up", "person.exported", "contact.revealed", "contact.reveal", "picture.opened",
        "audit.exported", "responses.exported", "cases.exported", "data.exported",
    }
)  # fmt: skip
"""Looks at what is private; everything else changed something."""

WORDS = {
    "audit.exported": "took the audit log along",
    "budget.changed": "changed what {subject} may give",
    "contact.reveal": "looked at an address",
    "contact.revealed": "looked at an address",
    "delivery.replay": "sent a message again",
    "link.invitation": "made a new invitation for {subject}",
    "link.reset": "made a link to a new password for {subject}",
    "origin.added": "let {subject} send",
    "origin.removed": "took {subject} away from who may send",
    "password.changed": "changed their password",
    "person.added": "added {subject}",
    "person.changed": "changed what {subject} may do",
    "person.erased": "erased a person’s data, {subject}",
    "person.exported": "exported a person’s data, {subject}",
    "person.found": "looked for a person’s data, {subject}",
    "person.looked_up": "looked somebody up, {subject}",
    "person.removed": "took the role of {subject} away",
    "person.signed_out": "signed {subject} out",
    "picture.opened": "opened a picture",
    "reply.removed": "took a saved reply away: {subject}",
    "reply.saved": "saved a reply for all: {subject}",
    "response.corrected": "corrected how a response was read",
    "response.correction_undone": "took a correction back",
    "retention.changed": "changed how long is kept: {subject}",
    "help.put": "wrote an entry of the help: {subject}",
    "help.removed": "took an entry of the help away: {subject}",
    "look.changed": "changed what the widget looks like and where its button stands ({subject})",
    "site.changed": "changed the site’s settings",
    "site.closed": "closed the site",
    "site.open": "opened the site",
    "survey.published": "published a survey: {subject}",
    "webhook.added": "set up a webhook, {subject}",
    "webhook.changed": "changed a webhook, {subject}",
    "webhook.off": "switched a webhook off, {subject}",
    "webhook.on": "switched a webhook on, {subject}",
    "webhook.removed": "removed a webhook, {subject}",
    "webhook.replay": "sent messages of a webhook again, {subject}",
    "webhook.secret": "made a new secret for a webhook, {subject}",
    "webhook.test": "sent a test to a webhook, {subject}",
}


def said(action: str, subject: str) -> str:
    """An action without words of its own is told by its name: 'link made: x'."""
    words = WORDS.get(action)
    if words is None:
        plain = action.replace(".", " ").replace("_", " ")
        return f"{plain}: {subject}" if subject else plain
    return words.replace("{subject}", subject).rstrip(", :")
