"""What a person may give without asking: an amount for each calendar month of the site's zone, in one currency. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from widget_server.recovery.amounts import for_staff
from widget_server.recovery.dates import local


@dataclass(frozen=True)
class Budget:
    """`limit` and `given` in minor units of `currency`. What an admin approved is not `given`: it is beyond the budget."""

    limit: int
    given: int
    currency: str
    month: str  # 'November'

    @property
    def left(self) -> int:
        return max(self.limit - self.given, 0)

    def objection(self, amount: int, currency: str) -> str | None:
        """Why this can't be given without asking, as a sentence; None when it can. What has no value always can."""
        if amount == 0:
            return None
        if currency != self.currency:
            return f"Budgets here are in {self.currency}: what is worth {currency} needs an approval."
        if amount <= self.left:
            return None
        if not self.left:
            return f"Nothing is left of your {for_staff(self.limit, currency)} for {self.month}: this needs an approval."
        left = for_staff(self.left, currency)
        return f"{for_staff(amount, currency)} is more than the {left} left to you for {self.month}: it needs an approval."


def budget(limit: int, given: int, currency: str, now: int, zone: str) -> Budget:
    return Budget(limit, given, currency, f"{local(now, zone):%B}")


def month_start(now: int, zone: str) -> int:
    """When the calendar month of `now` began there, ms."""
    first = local(now, zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return int(first.timestamp() * 1000)
