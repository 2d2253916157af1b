"""Our keys: there, readable by their owner alone, and able to open what was sealed with them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from sqlalchemy import select

from widget_server.checks.finding import Finding, well, wrong
from widget_server.config import Settings
from widget_server.config.secrets import BOTH, from_environment, keys_file
from widget_server.database import db
from widget_server.people.models import Contact
from widget_server.sealing import key_id, unseal
from widget_server.sites.models import SiteKey

LOST = "an older key is missing: add it behind the first in WIDGET_ENCRYPTION_KEYS, or put back the keys.json of then"


def about_keys_file(ours: Settings) -> Iterator[Finding]:
    keys = keys_file(ours.instance)
    if from_environment(os.environ) or not keys.exists():
        unused = f"; {keys} is not used" if keys.exists() else ""
        yield well("secrets", f"from {' and '.join(BOTH)}{unused}")
        return
    mode = stat.S_IMODE(keys.stat().st_mode)
    remedy = "" if mode & 0o077 == 0 else f": mode {mode:o} lets others read it; chmod 600 {keys}"
    yield Finding("secrets", not remedy, f"in {keys}{remedy}")


def about_sealed(ours: Settings) -> Iterator[Finding]:
    """A sample of each key that contacts name, and every key of a site."""
    named = db.session.scalars(select(Contact.key_id).distinct()).all()
    known = {key_id(key) for key in ours.encryption_keys}
    missing = [name for name in named if name not in known]
    samples = [db.session.scalars(select(Contact.cipher).where(Contact.key_id == name).limit(1)).first() for name in named]
    sealed = [cipher for cipher in samples if cipher] + list(db.session.scalars(select(SiteKey.cipher)).all())
    shut = sum(unseal(cipher, ours.encryption_keys) is None for cipher in sealed)
    if missing or shut:
        yield wrong("sealed", f"{shut} of {len(sealed)} samples of contacts and site keys can't be read; {LOST}")
    else:
        yield well("sealed", f"{len(sealed)} samples of contacts and site keys open" if sealed else "nothing is sealed yet")
