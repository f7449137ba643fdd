"""How a report grows with its patients: `python tests/bench_size.py 2000 20000`.

The embedded cohort is drawn again with new identifiers, its calendar and its follow-up shifted by
days, so that times differ. Printed are the seconds of one processor for reading it and for every
topic of `results`, and the most memory that the process has held; it asserts nothing. Topics that
are named are measured alone.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from analysis_lib import ONE_THREAD
from analysis_lib.errors import CartReportError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.study.study import make_study
from analysis_lib.topics import TOPICS

ROOT = Path(__file__).resolve().parents[1]
SIZES = (2_000, 20_000)
FOLLOW_UP = ("relapse_date", "death_date", "last_contact_date")


def drawn_again(n: int) -> pd.DataFrame:
    """An extract of n synthetic patients, none of them quite another."""
    table = pd.read_csv(ROOT / "data/cohort.csv", dtype=str, keep_default_na=False)
    rng = np.random.default_rng(20240823)
    drawn = table.iloc[rng.integers(0, len(table), n)].reset_index(drop=True)
    earlier = rng.integers(0, 365, n)
    longer = (earlier * rng.uniform(0, 0.5, n)).astype(int)
    for name in [x for x in table if x.endswith("_date")]:
        days = (longer if name in FOLLOW_UP else 0) - earlier
        dates = pd.to_datetime(drawn[name], errors="coerce") + pd.to_timedelta(days, unit="D")
        drawn[name] = dates.dt.strftime("%Y-%m-%d").fillna("")
    age = drawn["age_years"].astype(float) + rng.integers(0, 10, n) / 10
    drawn["age_years"] = age.map("{:.1f}".format)
    drawn["patient_id"] = [f"SYN-{i:07d}" for i in range(n)]
    return drawn


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(name: str, run: Callable[[], object]) -> object:
    """What a call makes, its seconds and the most memory so far printed."""
    start = time.process_time()
    try:
        made = run()
    except (CartReportError, MemoryError) as error:
        made, name = None, f"{name}: {type(error).__name__} {error}"[:200]
    print(f"{name:<40}{time.process_time() - start:>10.1f}{peak():>10.0f}", flush=True)
    return made


def measure(n: int, only: tuple[str, ...]) -> None:
    """Read an extract of n patients and compute every topic of its results."""
    print(f"{f'{n:,} patients':<40}{'seconds':>10}{'MB':>10}")
    with tempfile.TemporaryDirectory() as folder:
        extract = Path(folder) / "extract.csv"
        drawn_again(n).to_csv(extract, index=False)
        given = Parameters(cohort=str(extract))
        study = timed("reading", lambda: make_study(given, root=ROOT))
        start = time.process_time()
        for topic in TOPICS:
            if only and topic.name not in only:
                continue
            timed(topic.name, lambda topic=topic: list(topic.results(study)))
        print(f"{'results':<40}{time.process_time() - start:>10.1f}{peak():>10.0f}", flush=True)


if __name__ == "__main__":
    os.environ.update(ONE_THREAD)  # before the processes import numpy
    sizes = tuple(int(x) for x in sys.argv[1:] if x.isdigit()) or SIZES
    topics = tuple(x for x in sys.argv[1:] if not x.isdigit())
    for size in sizes:
        with multiprocessing.get_context("spawn").Pool(1) as one:
            one.apply(measure, (size, topics))
