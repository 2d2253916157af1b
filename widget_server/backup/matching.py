"""Whether what was erased can be told from what is put back: a mark is matched under the secret key that made it, or never.

Who puts a backup in place with another key would bring everybody back who asked to be forgotten, and not notice. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from widget_server.people.erasures import Mark

FIRST = (
    "Put the keys.json of then (or its WIDGET_SECRET_KEY and WIDGET_ENCRYPTION_KEYS) in place first, then restore"
)


@dataclass(frozen=True)
class Keys:
    """What a place has, or a backup was made with, by their public names."""

    secret_id: str | None  # None: a backup of a release that did not say
    key_ids: tuple[str, ...]


@dataclass(frozen=True)
class Matching:
    unmatched: int  # marks that these keys can't match
    unknown: int  # marks that may be of another key: nothing says


def matching(marks: Iterable[Mark], saved: Keys, here: Keys) -> Matching:
    """What names no key is of the backup's. An older backup names only encryption keys: if none of those is here, then
    neither is the secret key that stood beside them.
    """
    elsewhere = saved.secret_id is None and bool(saved.key_ids) and not set(saved.key_ids) & set(here.key_ids)
    made_with = [mark.secret_id or saved.secret_id for mark in marks]
    unnamed = sum(name is None for name in made_with)
    other = sum(name is not None and name != here.secret_id for name in made_with)
    return Matching(other + unnamed, 0) if elsewhere else Matching(other, unnamed)


def refusal(found: Matching) -> str | None:
    """Why nothing may be put in place; None when all can be matched."""
    if not found.unmatched:
        return None
    return (
        f"{found.unmatched} erasures were made under another secret key than this place's, so who was erased would come "
        f"back. {FIRST}. If that key is lost for good, --despite-erasures restores without them; nothing was changed."
    )


def warnings(found: Matching, saved: Keys, here: Keys) -> tuple[str, ...]:
    """What whoever restores should know besides, in sentences."""
    said = []
    if found.unmatched:
        said.append(f"{found.unmatched} erasures could not be matched: who was erased then is back. Erase them again.")
    if found.unknown:
        said.append(
            f"{found.unknown} erasures and this backup are of an older release, which did not say under which secret key: "
            "if it was another than this place's, who was erased is back."
        )
    if saved.secret_id is not None and saved.secret_id != here.secret_id:
        said.append("The secret key is another than the backup's: receipts and links that were given out don't work here.")
    return tuple(said)
