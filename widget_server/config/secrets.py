"""The secrets: from two environment variables, or from `<instance>/keys.json` (mode 600) that `widget-server init` makes.

They are checked before anything uses them: a key that Fernet can't take would only be noticed when a customer writes.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from widget_server.config.wrong import WrongSetting

BOTH = ("WIDGET_SECRET_KEY", "WIDGET_ENCRYPTION_KEYS")
LEAST = 32  # characters of the secret key
MAKE_ONE = "python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"


@dataclass(frozen=True)
class Secrets:
    secret_key: str
    encryption_keys: tuple[str, ...]  # Fernet keys, the first one encrypts, all decrypt


def new_keys() -> dict[str, object]:
    """Fresh secrets for an installation, as they stand in keys.json."""
    fernet = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return {"secret_key": secrets.token_urlsafe(48), "encryption_keys": [fernet]}


def keys_file(instance: Path) -> Path:
    return instance / "keys.json"


def ensure_folder(instance: Path) -> None:
    """The data folder: for its owner alone, since texts stand in it. One that is there stays as somebody made it."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)


def ensure_keys(instance: Path) -> Path:
    """Make `<instance>/keys.json` once, readable by its owner alone; return its path."""
    ensure_folder(instance)
    path = keys_file(instance)
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(new_keys(), file)
    return path


def from_environment(environ: Mapping[str, str]) -> bool:
    """Whether the environment names the secrets; then the file is not read.

    Raises:
        WrongSetting: one of the two is missing: half of them from elsewhere would open nothing that they sealed.
    """
    there = [name for name in BOTH if environ.get(name)]
    if len(there) == 1:
        missing = next(name for name in BOTH if name not in there)
        raise WrongSetting(f"{there[0]} is set and {missing} is not: set both, or neither and keep them in keys.json")
    return bool(there)


def read_secrets(environ: Mapping[str, str], instance: Path) -> Secrets:
    """
    Raises:
        WrongSetting: there are none, or they can't be used; never with what stands in them.
    """
    if from_environment(environ):
        secret, encryption = BOTH
        return Secrets(_secret(environ[secret], secret), _fernet(environ[encryption].split(","), encryption))
    path = keys_file(instance)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WrongSetting(
            f"No secrets: set {' and '.join(BOTH)}, or run 'widget-server init', which makes {path.name} in the "
            "data folder"
        ) from None
    except OSError as error:
        raise WrongSetting(f"{path} can't be read ({error.strerror}): give it to the user that serves") from error
    except ValueError:
        found = None
    if not isinstance(found, dict) or not {"secret_key", "encryption_keys"} <= found.keys():
        raise WrongSetting(
            f"{path} is no file of keys: put back the copy that you kept, or, where nothing was sealed yet, remove it and "
            "run 'widget-server init'"
        )
    return Secrets(_secret(found["secret_key"], f"secret_key in {path}"),
                   _fernet(found["encryption_keys"], f"encryption_keys in {path}"))  # fmt: skip


def _secret(given: object, where: str) -> str:
    if not isinstance(given, str) or len(given) < LEAST:
        raise WrongSetting(f"{where} is shorter than {LEAST} characters: make a long random one")
    return given


def _fernet(given: object, where: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not given:
        raise WrongSetting(f"{where} must be a list of Fernet keys: put back the copy that you kept")
    for place, key in enumerate(given, 1):
        if not _is_fernet(key):
            which = f"key {place} of {len(given)}" if len(given) > 1 else "it"
            raise WrongSetting(f"{where}: {which} is no Fernet key (32 bytes in base64). One is made by: {MAKE_ONE}")
    return tuple(given)


def _is_fernet(key: object) -> bool:
    """Exactly what Fernet takes, which passes over spaces: what is stored names a key by all that stands in it."""
    try:
        return isinstance(key, str) and len(base64.urlsafe_b64decode(key)) == 32
    except ValueError:
        return False
