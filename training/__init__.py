"""Makes what the scorer has learned. Sums in one thread: several would add in an order of their own, spin on a busy machine
for ten times the processor's time, and give other bytes.
"""

import os

for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"
