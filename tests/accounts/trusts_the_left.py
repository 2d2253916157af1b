"""The application with its guard taken out on purpose: the left-most address, which callers write themselves, is believed.

Prints how many guesses it lets through: `python -m tests.accounts.trusts_the_left FOLDER`. The proof must notice.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.accounts.guesser import guesses_let_through
from tests.conftest import make_app, make_settings
from tests.proofs.believes_anybody import believe_anybody

if __name__ == "__main__":
    believe_anybody()
    print(guesses_let_through(make_app(make_settings(Path(sys.argv[1]), trusted_proxies=1)), 1, rotate="left", tries=8))
