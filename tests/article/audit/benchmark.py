"""The audit's recall and false alarms over a long series: part of `make bench`.

`--articles 0 100 --designs 0 0` runs a part of it.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path

from measure import measure, score_lines
from measure_designs import design_lines, measure_designs

from analysis_lib.dictionary import read_dictionary

DICTIONARY = Path(__file__).resolve().parents[3] / "data" / "dictionary.csv"
SEED, ARTICLES, ERRORS_PER_ARTICLE, DESIGNS = 1, 400, 4, 200


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    for name, all_of_them in (("--articles", ARTICLES), ("--designs", DESIGNS)):
        parser.add_argument(
            name, nargs=2, type=int, metavar=("FIRST", "END"), default=(0, all_of_them)
        )
    asked = parser.parse_args()
    start, dictionary = time.perf_counter(), read_dictionary(DICTIONARY)
    if articles := range(*asked.articles):
        print("the audit of printed numbers on made-up articles with single errors")
        score = measure(
            dictionary, seed=SEED, numbers=articles, errors_per_article=ERRORS_PER_ARTICLE
        )
        print("\n".join(score_lines(score)))
    if designs := range(*asked.designs):
        print("the same on articles of many designs")
        found = measure_designs(dictionary, seed=SEED, numbers=designs)
        print("\n".join(design_lines(found)))
    print(f"{time.perf_counter() - start:.0f} seconds")


if __name__ == "__main__":
    main()
