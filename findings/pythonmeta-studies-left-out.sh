#!/usr/bin/env bash
# PythonMeta 1.26: a study that is called by a year, or whose line is short, is left out.
#
# Behaviour. Data.getdata() takes lines of a name and of events and patients in two groups. It drops
# a line whose name is a number, as a year or a running number is, since it takes what is no number
# for the name; and a line of fewer than ten characters: a name of one letter and fewer than ten
# patients in each group. Nothing is said. The result counts the patients of the studies that are
# left.
#
# Why it matters. Which studies enter is what a meta-analysis is about, and small ones are pooled
# because they are small. Below, three of six go, and an odds ratio above 1 becomes one below it.
#
# Documented or reported: the documentation gives the syntax, "study name, e1, n1, e2, n2", and no
# such rule. Not found among the issues.
#
# Output seen:
#   six studies given, pooled: Arai, Bose, Cole
#   odds ratio 0.638 of 480 patients
#   the same with longer names: 1.256 of 773
#   Mantel-Haenszel by hand: 1.256 of 773
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check PythonMeta==1.26 \
  matplotlib==3.11.2 statsmodels==0.15.0 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import PythonMeta

COUNTS = {
    "Arai": (20, 100, 30, 100),
    "Bose": (5, 50, 9, 50),
    "2003": (30, 80, 10, 75),
    "2011": (18, 60, 9, 60),
    "E": (4, 9, 1, 9),
    "Cole": (12, 90, 14, 90),
}


def pooled(prefix):
    """Names pooled, odds ratio and patients, by a fixed-effect Mantel-Haenszel analysis."""
    data, meta = PythonMeta.Data(), PythonMeta.Meta()
    data.datatype = meta.datatype = "CATE"
    meta.models, meta.algorithm, meta.effect = "Fixed", "MH", "OR"
    studies = data.getdata(
        [",".join([prefix + name, *map(str, counts)]) for name, counts in COUNTS.items()]
    )
    total = meta.meta(studies)[0]
    return [study[4] for study in studies], total[1], total[5]


names, ratio, patients = pooled("")
_, renamed, everybody = pooled("Study ")
above = sum(a * (m - c) / (n + m) for a, n, c, m in COUNTS.values())
below = sum(c * (n - a) / (n + m) for a, n, c, m in COUNTS.values())
size = sum(n + m for _, n, _, m in COUNTS.values())
print(f"six studies given, pooled: {', '.join(names)}")
print(f"odds ratio {ratio:.3f} of {patients} patients")
print(f"the same with longer names: {renamed:.3f} of {everybody}")
print(f"Mantel-Haenszel by hand: {above / below:.3f} of {size}")
right = abs(renamed - above / below) < 1e-9 and everybody == size
sys.exit(0 if names == ["Arai", "Bose", "Cole"] and ratio < 1 < renamed and right else 1)
PY
