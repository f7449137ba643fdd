"""The audit's recall and false alarms over a long series: part of `make bench`."""

from __future__ import annotations

import time
from pathlib import Path

from measure import measure, score_lines

from analysis_lib.dictionary import read_dictionary

DICTIONARY = Path(__file__).resolve().parents[3] / "data" / "dictionary.csv"
SEED, ARTICLES, ERRORS_PER_ARTICLE = 1, 400, 4


def main() -> None:
    start = time.perf_counter()
    score = measure(
        read_dictionary(DICTIONARY),
        seed=SEED,
        articles=ARTICLES,
        errors_per_article=ERRORS_PER_ARTICLE,
    )
    print("the audit of printed numbers on made-up articles with one error each")
    print("\n".join(score_lines(score)))
    print(f"{time.perf_counter() - start:.0f} seconds")


if __name__ == "__main__":
    main()
