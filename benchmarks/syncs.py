"""How often the disk is told to write for good, seen from outside by strace, beside how often we said 202."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
from tempfile import NamedTemporaryFile

from benchmarks.load import Attack, attack
from benchmarks.metering import tree

WAIT_SECONDS = 15.0


def count_syncs(pid: int, job: Attack) -> str:
    """A sentence: syncs during the attack, by one connection, so that no two requests can share one."""
    strace = shutil.which("strace")
    if strace is None:
        return "Syncs were not counted: there is no strace here. tests/proofs hold the pragma."
    with NamedTemporaryFile(prefix="widget-syncs-") as log:
        watched = [part for one in tree(pid) for part in ("-p", str(one))]
        process = subprocess.Popen(
            [strace, "-f", "-qq", "-e", "trace=fdatasync,fsync", "-o", log.name, *watched],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        time.sleep(1.0)
        if process.poll() is not None:
            why = (process.stderr.read() if process.stderr else "").strip().splitlines()[:1]
            return f"Syncs were not counted: strace may not look here ({' '.join(why)[:80]}). tests/proofs hold the pragma."
        try:
            outcome = attack(job)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(WAIT_SECONDS)
        syncs = len(re.findall(r"f(?:data)?sync\(\d+\)", log.read().decode(errors="replace")))
    verdict = "each was synced" if syncs >= outcome.done else "NOT EACH was synced"
    return f"{outcome.done} acknowledgements to one connection, {syncs} syncs of the disk (strace): {verdict}."
