#!/usr/bin/env bash
# SAS transport version 5, pandas 2.3.3, pyreadstat 1.3.7: nine patients written, eight or six read.
#
# Behaviour. A transport file is padded with blanks to a multiple of 80 bytes and does not say how
# many rows it holds. If a row is shorter than 80 bytes and all its columns are text, empty text is
# written as blanks: rows at the end in which every text is empty cannot be told from the padding.
# pyreadstat drops them all, pandas.read_sas guesses from the last 80 bytes and keeps some. One
# numeric column, even with a missing value, is never blank and saves all rows.
#
# Why it matters. Sites of relapse, reasons for censoring or free text are handed over as such
# narrow files, sorted with the empty ones last, to be put beside the other files row by row. The
# last patients vanish without a word, those without an event, and the two readers disagree with
# each other on how many.
#
# Documented or reported: the format's description says that the last record is padded with blanks.
# The consequence was not found in the documents or issues of either reader.
#
# Output seen:
#   one text column, 9 patients written, the last 3 empty: pandas 8, pyreadstat 6
#   with a numeric column that is missing for the last 3:  pandas 9, pyreadstat 9
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  pandas==2.3.3 pyreadstat==1.3.7 numpy==2.4.6 || exit 2
cd "$room"
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import numpy as np
import pandas as pd
import pyreadstat


def rows_read(patients):
    pyreadstat.write_xport(patients, "site.xpt", file_format_version=5)
    return len(pd.read_sas("site.xpt", format="xport")), len(pyreadstat.read_xport("site.xpt")[0])


text = pd.DataFrame({"SITE": ["CNS"] * 6 + [""] * 3})
narrow, numeric = rows_read(text), rows_read(text.assign(MONTH=[3.0] * 6 + [np.nan] * 3))
print(
    "one text column, 9 patients written, the last 3 empty: pandas {}, pyreadstat {}".format(
        *narrow
    )
)
print(
    "with a numeric column that is missing for the last 3:  pandas {}, pyreadstat {}".format(
        *numeric
    )
)
sys.exit(0 if narrow == (8, 6) and numeric == (9, 9) else 1)
PY
