"""The `repeats` part: which row of a record counts where a form was filled in several times."""

from __future__ import annotations

from analysis_lib.source.mapping.document import Node
from analysis_lib.source.mapping.mapping import Repeat
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.mapping.shapes import pairs_of, text_of

WORDS = ("first", "last", "any")
_FORM = "first, last, any, or {last: their_date_column}"


def read_repeats(node: Node, problems: Problems) -> dict[str, Repeat]:
    """By form, the row that counts: `toxicity: last`, or by a date `toxicity: {last: crs_date}`."""
    repeats = {}
    for form, entry in pairs_of(node, "repeats", problems).items():
        part = f"repeats.{form}"
        given = pairs_of(entry, part, problems) if isinstance(entry, dict) else {}
        take = next(iter(given), "") if given else text_of(entry, part, problems)
        if take not in WORDS or len(given) > 1 or (given and take == "any"):
            problems.add(part, f"must be {_FORM}")
            continue
        repeats[form] = Repeat(take, text_of(given[take], part, problems) if given else "")
    return repeats
