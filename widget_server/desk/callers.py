"""Who somebody is by the address that they say on the phone: the same fingerprint that intake made of what they gave."""

from __future__ import annotations

from widget_server.addresses import normal_address
from widget_server.people.operations import fingerprints
from widget_server.sites.queries import blind_key


def fingerprint(site_id: int, words: str) -> str:
    """The fingerprint of a whole e-mail address; '' when the words are none."""
    address = normal_address(words)
    if address is None:
        return ""
    try:
        return fingerprints(blind_key(site_id), [("email", address)])[0].hmac
    except LookupError:  # the site's key can't be opened: nobody is recognised
        return ""
