"""Where limits are counted for several processes: the one door to the storages of the `limits` library.

What is counted, and what happens while a storage is away, is for whoever counts to say; that it is away always comes as
the library's StorageError. The library is loaded when it is first needed: who counts in its own memory does without.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from limits.storage import Storage

MEMORY = "memory://"


def in_memory(url: str) -> bool:
    """Whether each process counts for itself."""
    return url.startswith("memory")


def usable(url: str) -> bool:
    """Whether this is an address of a storage that the library knows and has a client for. Nobody is asked there."""
    from limits.errors import ConfigurationError

    try:
        _opened(url)
    except (ConfigurationError, ValueError, ImportError):
        return False
    return True


def storage(url: str) -> Storage:
    """The storage at this address, with one set of connections a process; in memory a new one each time.

    Raises:
        whatever the library does for an address that it can't read, or a client that is not installed.
    """
    return _opened(url) if in_memory(url) else _shared(url)


@cache
def _shared(url: str) -> Storage:
    return _opened(url)


def _opened(url: str) -> Storage:
    from limits.storage import storage_from_string

    return cast("Storage", storage_from_string(url, wrap_exceptions=True))
