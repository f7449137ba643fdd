#!/usr/bin/env bash
# pandoc 3.9 (pypandoc_binary 1.17): Markdown that says "+ 0.8 months" is rewritten "- 0.8 months".
#
# Behaviour. At the start of a paragraph a plus sign and a space begin a list, as does a minus sign.
# pandoc writes all such lists with one bullet: from Markdown to Markdown, GitHub's Markdown, plain
# text, reStructuredText, org and Typst "+ 0.8 months" comes out as "- 0.8 months". The sign of a
# difference turns. "+0.8 months", without the space, stays. In HTML and Word the sign is gone.
#
# Why it matters. A generated sentence or a cell of a grid table that begins with a signed
# difference ("+ 0.8 months of restricted mean survival") reads as the opposite in the text version,
# in an email made from it, or in a repository whose pages a formatter has run over. A search for
# the number still finds it, so that a check which compares numbers passes.
#
# Documented or reported: that lists may begin with *, + or - is documented for the reader, and the
# bullet of the writer is a matter of course; that the two meet in a sign is not said.
#
# Output seen:
#   in:    + 0.8 months with inotuzumab
#   gfm:   - 0.8 months with inotuzumab
#   plain: - 0.8 months with inotuzumab
#   rst:   - 0.8 months with inotuzumab
#   in a cell of a grid table, to plain text: - 0.8
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check pypandoc_binary==1.17 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import re
import sys

import pypandoc

SENTENCE = "+ 0.8 months with inotuzumab"
TABLE = "+----------+---------+\n| RMST     | + 0.8   |\n+----------+---------+\n"


def written(text, to):
    return pypandoc.convert_text(text, to, format="markdown").strip()


print(f"in:    {SENTENCE}")
out = {to: written(SENTENCE, to) for to in ("gfm", "plain", "rst")}
for to, line in out.items():
    print(f"{to + ':':<6} {line}")
cell = re.search(r"\S\s0\.8", written(TABLE, "plain")).group()
print(f"in a cell of a grid table, to plain text: {cell}")
turned = all(line == "-" + SENTENCE[1:] for line in out.values()) and cell == "- 0.8"
sys.exit(0 if turned and written(SENTENCE.replace("+ ", "+"), "plain").startswith("+0.8") else 1)
PY
