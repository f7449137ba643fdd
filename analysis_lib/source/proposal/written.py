"""A proposal as a mapping file that people can read, with a comment on every doubtful line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from analysis_lib.source.proposal.propose import Proposal
from analysis_lib.source.reading import Reading

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS_OF_YAML = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])


def mapping_text(proposal: Proposal, file: str, reading: Reading, redcap: str = "") -> str:
    """The YAML of a mapping file; lines that cannot be decided are commented out."""
    lines = [
        f"# How {file} names its columns and levels: theirs on the left, ours on the right.",
        "# Proposed by name, label and synonym: read every line, mend those marked with 'check'.",
    ]
    parts = (
        _read(proposal, reading),
        [f"redcap: {_quoted(redcap)}"] if redcap else [],
        _columns(proposal),
        _levels(proposal),
    )
    for part in filter(None, map(list, parts)):
        lines += ["", *part]
    return "\n".join(lines) + "\n"


def _read(proposal: Proposal, reading: Reading) -> Iterator[str]:
    lines = [
        f"  {name}: {_quoted(value)}"
        for name in ("sheet", "delimiter", "decimal", "encoding")
        if (value := getattr(reading, name))
    ]
    if len(proposal.dates) == 1:
        lines.append(f"  dates: {_quoted(proposal.dates[0])}")
    elif proposal.dates:
        choices = " or ".join(map(_quoted, proposal.dates))
        lines.append(f"  # dates: {_quoted(proposal.dates[0])}  # check: {choices}?")
    if proposal.missing:
        lines.append(f"  missing: [{', '.join(map(_quoted, proposal.missing))}]")
    if lines:
        commented = all(line.lstrip().startswith("#") for line in lines)
        yield "# read:" if commented else "read:"
        yield from lines


def _columns(proposal: Proposal) -> Iterator[str]:
    renamed = [match for match in proposal.columns if match.theirs != match.ours]
    if renamed:
        yield "columns:"
    for match in renamed:
        comment = f"  # {_comment(match.why)}" if match.why else ""
        yield f"  {_quoted(match.theirs)}: {match.ours}{comment}"


def _levels(proposal: Proposal) -> Iterator[str]:
    lines = []
    for name, matches in proposal.levels.items():
        decided = any(match.ours for match in matches)
        lines.append(f"  {name}:" if decided else f"  # {name}:")
        for match in matches:
            comment = f"  # {_comment(match.why)}" if match.why else ""
            mark, ours = ("", _quoted(match.ours)) if match.ours else ("# ", "?")
            lines.append(f"    {mark}{_quoted(match.theirs)}: {ours}{comment}")
    if lines:
        yield "levels:" if any(not x.lstrip().startswith("#") for x in lines) else "# levels:"
        yield from lines


def _quoted(text: str) -> str:
    """A text as a YAML scalar that every reader takes for a text."""
    if not text or (_PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML):
        return text
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    return " ".join(text.split())
