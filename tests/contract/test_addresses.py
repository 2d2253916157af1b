"""An e-mail address with a slip: the widget says so at the field, the server refuses it, both held to these cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from widget_server.addresses import normal_address

CASES = json.loads((Path(__file__).parent / "addresses.json").read_text("utf-8"))


@pytest.mark.parametrize(("address", "fits"), CASES)
def test_an_address(address: str, fits: bool) -> None:
    assert (normal_address(address) is not None) == fits
