"""A proposed mapping as the YAML file that a person reads, mends and keeps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from analysis_lib.intake.mapping.variables import NOT_BLANK
from analysis_lib.intake.proposal import Proposal
from analysis_lib.intake.reading.kinds import Reading

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS_OF_YAML = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
NOMINAL_ZERO = "2015-01-01"


_NO_FILES: Mapping[str, str] = {}


def mapping_text(
    proposal: Proposal, file: str, reading: Reading, beside: Mapping[str, str] = _NO_FILES
) -> str:
    """The YAML of a mapping file; lines that cannot be decided are commented out.

    `beside` are the files that it names, by their part (`redcap`, `adtte`).
    """
    lines = [
        f"# How {file} names its columns and levels: theirs on the left, ours on the right.",
        "# Proposed by name, label and synonym: read every line, mend those marked with 'check'.",
    ]
    parts = (
        _read(proposal, reading),
        [f"{part}: {_quoted(name)}" for part, name in beside.items()],
        _columns(proposal),
        _level_lines(proposal),
        _time_lines(proposal),
        _arm_lines(proposal),
        _left_lines(proposal),
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
    arms = [arm for arm in proposal.arms if arm.theirs != arm.name]
    if renamed or arms:
        yield "columns:"
    for match in renamed:
        comment = f"  # {_comment(match.why)}" if match.why else ""
        yield f"  {_quoted(match.theirs)}: {match.ours}{comment}"
    for arm in arms:
        yield f"  {_quoted(arm.theirs)}: {arm.name}  # a treatment by its name: check"


def _level_lines(proposal: Proposal) -> Iterator[str]:
    lines = []
    for name, matches in proposal.levels.items():
        decided = any(match.ours for match in matches)
        lines.append(f"  {name}:" if decided else f"  # {name}:")
        for match in matches:
            comment = f"  # {_comment(match.why)}" if match.why else ""
            mark, ours = ("", _quoted(match.ours)) if match.ours else ("# ", "?")
            lines.append(f"    {mark}{_quoted(match.theirs)}: {ours}{comment}")
    if _is_told_by_its_date("consolidation", proposal):
        lines.append("  consolidation:")
        lines.append(f"    {NOT_BLANK}: allo_hct  # of all who have its date: check")
    for arm in proposal.arms:
        lines.append(f"  {arm.name}:")
        lines += [f"    {_quoted(text)}: {_quoted(level)}" for text, level in arm.levels.items()]
    if lines:
        yield "levels:" if any(not x.lstrip().startswith("#") for x in lines) else "# levels:"
        yield from lines


def _is_told_by_its_date(name: str, proposal: Proposal) -> bool:
    """Whether there is a date of a treatment, and no column that says which it was."""
    ours = {match.ours for match in proposal.columns} | {pair.ours for pair in proposal.times}
    return f"{name}_date" in ours and name not in ours


def _time_lines(proposal: Proposal) -> Iterator[str]:
    """Dates from times: death and last contact are counted from the same one."""
    if not proposal.times:
        return
    if any(match.ours == "infusion_date" for match in proposal.columns):
        zero = "{column: infusion_date}"
    else:
        zero = f"{{column: infusion_date, date: {NOMINAL_ZERO}}}"
        yield f"# There is no date: each patient's time begins on {NOMINAL_ZERO}, within which"
        yield "# infusion_start and infusion_end must lie, and data_lock after the longest time."
    yield "dates_from_days:"
    yield f"  zero: {zero}"
    matched = {match.ours for match in proposal.columns}
    for pair in proposal.times:
        comment = f"  # {_comment(pair.why)}" if pair.why else ""
        yield f"  {pair.ours}: {pair.rule(map(_quoted, pair.texts()))}{comment}"
        if pair.ours == "death_date" and "last_contact_date" not in matched:
            unit = "" if pair.unit == "days" else f", unit: {pair.unit}"
            yield f"  last_contact_date: {{days: {_quoted(pair.time)}{unit}}}"


def _arm_lines(proposal: Proposal) -> Iterator[str]:
    if proposal.arms:
        yield "variables:"
    for arm in proposal.arms:
        labels = ", ".join(f"{_quoted(x)}: {_quoted(text)}" for text, x in arm.levels.items())
        yield f"  {arm.name}:"
        yield f"    label: {_quoted(arm.theirs)}"
        yield "    type: category"
        yield f"    levels: {{{labels}}}"
        yield "    # known: fixed before therapy  # check, if it shall be a covariate"


def _left_lines(proposal: Proposal) -> Iterator[str]:
    if proposal.left:
        yield "# Columns of theirs that are not proposed, and why:"
    for name, why in proposal.left.items():
        yield f"#   {_comment(_quoted(name))}: {_comment(why)}"


def _quoted(text: str) -> str:
    """A text as a YAML scalar that every reader takes for a text."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML:
        return text
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    return " ".join(text.split())
