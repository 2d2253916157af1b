"""A mutation that breaks nothing any more is found out, and never passes for a proof that noticed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.proofs import breaking
from tests.proofs.breaking import Asleep, hold_awake, take_out, told_out


def guarded(value: int) -> int:
    return value


def test_a_guard_goes_wherever_it_was_imported_to_and_its_first_passing_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = SimpleNamespace(guarded=guarded, __name__="owner")
    monkeypatch.setattr(breaking, "guarded", guarded, raising=False)
    monkeypatch.setitem(globals(), "guarded", guarded)
    take_out(owner, "guarded", lambda value: value + 1, everywhere=True)
    out = capsys.readouterr().err
    with pytest.raises(Asleep, match=r"never passed: \['owner.guarded'\]"):
        hold_awake(out)
    assert (owner.guarded(1), breaking.guarded(1), guarded(1)) == (2, 2, 2)  # type: ignore[attr-defined]
    passed = capsys.readouterr().err
    assert passed.count("owner.guarded") == 1
    hold_awake(out + passed, acknowledging=False)
    with pytest.raises(Asleep, match="nothing was acknowledged"):
        hold_awake(out + passed)
    hold_awake(out + passed + '{"event": "http.answered", "status": 202}')


@pytest.mark.parametrize("owner", [SimpleNamespace(), SimpleNamespace(guarded=lambda value, more: value or more)])
def test_a_guard_of_another_shape_is_not_taken_out(owner: SimpleNamespace) -> None:
    with pytest.raises(Asleep):
        take_out(owner, "guarded", guarded)


def test_what_is_no_function_is_looked_at_again() -> None:
    with pytest.raises(Asleep, match="still there"):
        told_out("a key", is_out=False)
    hold_awake('nothing was broken: {"status": 503}')
