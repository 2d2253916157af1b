"""How a guard is taken out on purpose, so that it is known to be out: what every mutation check stands in.

A mutation may fall asleep when what it patches changes: then the server fails in another way, which looks like a proof that
noticed. So a guard goes only while it is still called and takes what the mutation thinks, its first passing without it is
told in the log, and who runs the broken server asks here whether that came, and whether it still took anything in.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

OUT, PASSED = "guard taken out: ", "passed without: "
ACKNOWLEDGED = '"status": 202'


class Asleep(AssertionError):
    """What is to break the server does not break it any more: the check beside proves nothing."""


def take_out(owner: Any, name: str, instead: Callable[..., Any], *, everywhere: bool = False) -> None:
    """Put `instead` in a guard's place; `everywhere`: where it was imported to as well.

    Raises:
        Asleep: there is none of this name, or it takes something else by now.
    """
    guard = getattr(owner, name, None)
    called = f"{getattr(owner, '__name__', owner)}.{name}"
    if guard is None or _takes(guard) != _takes(instead):
        raise Asleep(f"{called} is not there or takes something else by now: {guard and _takes(guard)}")
    passed: list[str] = []

    @wraps(guard)
    def without(*given: Any, **named: Any) -> Any:
        if not passed:
            passed.append(called)
            _tell(PASSED + called)
        return instead(*given, **named)

    setattr(owner, name, without)
    for module in list(sys.modules.values()) if everywhere else ():
        if getattr(module, "__dict__", {}).get(name) is guard:
            setattr(module, name, without)
    _tell(OUT + called)


def told_out(what: str, is_out: bool) -> None:
    """For a guard that is no function, and that nobody passes: what made it, looked at again, says that it is gone.

    Raises:
        Asleep: it is still there.
    """
    if not is_out:
        raise Asleep(f"{what} is still there")
    _tell(OUT + what)
    _tell(PASSED + what)


def hold_awake(log: str, *, acknowledging: bool = True) -> None:
    """Of a server that ended, by its log: nothing was broken, or what was broken really was, and answers still came.

    Raises:
        Asleep: a guard was taken out and never passed, or nothing was acknowledged without it.
    """
    out, passed = (set(re.findall(f"^.*{mark}(.*)$", log, re.MULTILINE)) for mark in (OUT, PASSED))
    if out - passed:
        raise Asleep(f"taken out and never passed: {sorted(out - passed)}\n{log[-4000:]}")
    if out and acknowledging and ACKNOWLEDGED not in log:
        raise Asleep(f"without {sorted(out)} nothing was acknowledged at all\n{log[-4000:]}")


def _takes(guard: Callable[..., Any]) -> list[str]:
    return [name.lstrip("_") for name in inspect.signature(guard).parameters]


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
