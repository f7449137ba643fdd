"""What data/cohort.csv was made from, recorded when the whole search last gave its bytes.

    python tests/article/synthesis/made_from.py

searches again for ten minutes (`make synthesis`): other bytes than those of the committed file are
a failure, the same bytes rewrite the record, `made_from.txt`.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from code_reached import Package

from analysis_lib.article.claims.read import read_claims
from analysis_lib.article.synthesis.cohort import EMBEDDED_SEED, extract_text, synthesize

ROOT = Path(__file__).parents[3]
COHORT, CLAIMS = ROOT / "data" / "cohort.csv", ROOT / "data" / "published.csv"
RECORD = Path(__file__).with_name("made_from.txt")
LIBRARIES = ("numpy", "pandas", "scipy")


def made_from() -> dict[str, str]:
    """Today's code, claims and libraries, and the cohort as it lies there."""
    starts = [(x.__module__, x.__name__) for x in (synthesize, extract_text)]
    seed = (synthesize.__module__, "EMBEDDED_SEED")
    code = Package(ROOT / "analysis_lib").reached_from(*starts, seed)
    return {
        "code": _digest(code),
        "claims": _digest(map(repr, read_claims(CLAIMS))),
        "libraries": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
        "cohort": hashlib.sha256(COHORT.read_bytes()).hexdigest(),
    }


def recorded() -> dict[str, str]:
    lines = RECORD.read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ") for line in lines)


def searched_again() -> bytes:
    """The cohort by the whole search: ten minutes."""
    claims = read_claims(CLAIMS)
    return extract_text(synthesize(EMBEDDED_SEED, claims=claims)).encode()


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def main() -> int:
    found = made_from()
    if searched_again() != COHORT.read_bytes():
        print(f"{COHORT} is not what the search gives: cart-report synthesize --out {COHORT}")
        return 1
    text = "".join(f"{name}: {value}\n" for name, value in found.items())
    RECORD.write_text(text, encoding="utf-8")
    print(f"{COHORT} is what the search gives; {RECORD} says of what")
    return 0


if __name__ == "__main__":
    sys.exit(main())
