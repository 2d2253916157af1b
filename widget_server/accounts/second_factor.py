"""The second factor of a person: set up, confirmed by a code, asked at the door, used up, taken away. Flush only.

The app's secret is sealed with the installation's key; recovery codes are kept as keyed hashes. A code works once: the
step it belongs to is kept, and nothing at or before it is taken again.
"""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from widget_server.accounts.codes import is_of_app, new_recovery_codes, new_secret, step_of, tidy
from widget_server.accounts.models import RecoveryCode, SecondFactor, TwoFactorDuty
from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.database import db
from widget_server.errors import Invalid
from widget_server.sealing import blind_index, key_id, seal, unseal


def confirmed(user_id: int) -> bool:
    """Whether this person is asked for a code after the password."""
    found = db.session.scalar(select(SecondFactor.confirmed_at).where(SecondFactor.user_id == user_id))
    return found is not None


def begin_setup(user_id: int) -> None:
    """A fresh secret, not asked for until a code confirms it. One that is confirmed stays as it is."""
    keys = settings().encryption_keys
    row = db.session.get(SecondFactor, user_id)
    if row is not None and row.confirmed_at is not None:
        raise Invalid("Two-step sign-in is on already: turn it off first.")
    if row is None:
        row = SecondFactor(user_id=user_id)
        db.session.add(row)
    row.secret, row.key_id, row.last_step = seal(new_secret(), keys), key_id(keys[0]), 0
    db.session.flush()


def secret_in_setup(user_id: int) -> str | None:
    """The secret to show, while it is being set up; never afterwards."""
    row = db.session.get(SecondFactor, user_id)
    return _secret(row) if row is not None and row.confirmed_at is None else None


def confirm(user_id: int, code: str) -> list[str]:
    """The app works: from now on it is asked. Returns the recovery codes, which can't be read again.

    Raises:
        Invalid: that is not the code of this moment, or nothing is being set up.
    """
    row = db.session.get(SecondFactor, user_id)
    if row is None or row.confirmed_at is not None:
        raise Invalid("Nothing is being set up: start again.")
    if not _take_code_of_app(row, tidy(code)):
        raise Invalid("That is not the code that the app shows now. Look whether the phone’s clock is right.")
    row.confirmed_at = now_ms()
    db.session.flush()
    return fresh_recovery_codes(user_id)


def take_code(user_id: int, code: str) -> str | None:
    """Use a code up, of the app or for recovery. Says which it was ("app", "recovery"); None when it is neither."""
    given = tidy(code)
    row = db.session.get(SecondFactor, user_id)
    if row is None or row.confirmed_at is None:
        return None
    if is_of_app(given):
        return "app" if _take_code_of_app(row, given) else None
    return "recovery" if _take_recovery_code(user_id, given) else None


def fresh_recovery_codes(user_id: int) -> list[str]:
    """Ten new ones; the old ones end."""
    codes = new_recovery_codes()
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    db.session.add_all(RecoveryCode(user_id=user_id, hash=_hash(user_id, code)) for code in codes)
    db.session.flush()
    return codes


def recovery_codes_left(user_id: int) -> int:
    unused = (RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def take_away(user_id: int) -> bool:
    """No second factor any more. False when there was none."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    gone = db.session.execute(
        delete(SecondFactor).where(SecondFactor.user_id == user_id).execution_options(synchronize_session="fetch")
    )
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def set_duties(site_id: int, roles: set[str]) -> None:
    """The roles that need a second factor at this site from now on."""
    db.session.execute(delete(TwoFactorDuty).where(TwoFactorDuty.site_id == site_id))
    db.session.add_all(TwoFactorDuty(site_id=site_id, role=role) for role in sorted(roles))
    db.session.flush()


def _take_code_of_app(row: SecondFactor, code: str) -> bool:
    secret = _secret(row)
    step = step_of(secret, code, now_ms()) if secret is not None else None
    if step is None:
        return False
    taken = db.session.execute(
        update(SecondFactor)
        .where(SecondFactor.user_id == row.user_id, SecondFactor.last_step < step)
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _take_recovery_code(user_id: int, code: str) -> bool:
    taken = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.hash == _hash(user_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now_ms())
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _secret(row: SecondFactor) -> str | None:
    return unseal(row.secret, settings().encryption_keys)


def _hash(user_id: int, code: str) -> str:
    return blind_index(settings().secret_key, f"recovery code {user_id}", code)
