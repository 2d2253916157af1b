from __future__ import annotations

from tests.recovery.conftest import desk_at

__all__ = ["desk_at"]
