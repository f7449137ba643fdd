"""The audit's recall and false alarms over a long series: part of `make bench`."""

from __future__ import annotations

import time
from pathlib import Path

from measure import measure, score_lines
from measure_designs import design_lines, measure_designs

from analysis_lib.dictionary import read_dictionary

DICTIONARY = Path(__file__).resolve().parents[3] / "data" / "dictionary.csv"
SEED, ARTICLES, ERRORS_PER_ARTICLE, DESIGNS = 1, 400, 4, 200


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
    print("the same on articles of many designs")
    designs = measure_designs(read_dictionary(DICTIONARY), seed=SEED, articles=DESIGNS)
    print("\n".join(design_lines(designs)))
    print(f"{time.perf_counter() - start:.0f} seconds")


if __name__ == "__main__":
    main()
