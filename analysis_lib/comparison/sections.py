"""The sections of a claims file: their titles, and the order in which a report takes them."""

from __future__ import annotations

from collections.abc import Iterable

SECTIONS = {
    "flow": "Exposure and flow",
    "table1": "Table 1, baseline",
    "suppl1": "Supplemental Table 1",
    "suppl2": "Supplemental Table 2",
    "toxicity": "Toxicity and early deaths",
    "response": "Response",
    "consolidation": "Consolidation and maintenance",
    "relapse": "Relapse",
    "survival": "Survival",
    "cox": "Multivariable models",
}


def section_title(section: str) -> str:
    """A section as a heading; one that is not known says its own name."""
    plain = section.replace("_", " ")
    return SECTIONS.get(section, plain[:1].upper() + plain[1:])


def in_order(sections: Iterable[str]) -> tuple[str, ...]:
    """Each section once: those that are known as a report goes, then the others as they come."""
    found = dict.fromkeys(sections)
    known = [section for section in SECTIONS if section in found]
    return (*known, *(section for section in found if section not in SECTIONS))
