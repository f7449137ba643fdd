"""Every chapter of every prose cohort, read to the end: a part of `make soak`.

    python tests/prose/prose_soak.py [--cohorts 100] [--first 0] [--chapters summary,cohort]

Says what is false or unread, and how many false alterations are found. Exit 1 on any fault.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "edges"))

from prose_cohorts import NUMBER
from whole_prose import Reading, alter_readings, claims_of, read_cohort, summary
from whole_report import OF_PATIENTS

ALL = ",".join(OF_PATIENTS)
ALTERED = 4000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cohorts", type=int, default=NUMBER)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--chapters", default=ALL)
    given = parser.parse_args()
    readings: list[Reading] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(given.first, given.first + given.cohorts):
            readings += read_cohort(number, given.chapters.split(","), Path(folder))
            print(f"cohort {number} read", flush=True)
    faults = [fault for one in readings for fault in one.faults]
    _, missed = claims_of(readings)
    print(*faults, *(f"unread: {x}" for x in missed), sep="\n")
    altered = alter_readings(readings, ALTERED, seed=1)
    unseen = [x for x in altered if not x.found]
    print(*(f"not found: {x}" for x in unseen), sep="\n")
    print(Counter((x.kind, x.found or "not found") for x in altered))
    print(f"{summary(readings)}; {len(altered) - len(unseen)} of {len(altered)} alterations found")
    return 1 if faults or missed else 0


if __name__ == "__main__":
    sys.exit(main())
