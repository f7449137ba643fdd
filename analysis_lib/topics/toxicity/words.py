"""Toxicity and early deaths in sentences."""

from __future__ import annotations

from analysis_lib.format import format_count, format_p_statement, is_suppressed
from analysis_lib.results.rows import Key, unless_omitted
from analysis_lib.show.frequencies import EXACT, group_contrasts, group_counts
from analysis_lib.show.prose import Prose, escape, paragraph
from analysis_lib.topics.toxicity.numbers import Toxicity

NAMES = {"crs": "CRS", "icans": "ICANS"}


@unless_omitted
def describe_toxicity(toxicity: Toxicity) -> Prose:
    """Any and severe CRS and ICANS, each with the patients it is counted in."""
    sentences = []
    for name in toxicity.graded:
        sentences += [_any_grade(toxicity, name), _severe_of_affected(toxicity, name)]
    return paragraph(*sentences)


@unless_omitted
def describe_early_deaths(toxicity: Toxicity) -> Prose:
    """Deaths within 30 days by exposure, and deaths from sinusoidal obstruction syndrome."""
    results, groups = toxicity.results, toxicity.grouping
    early = Key("toxicity", "death_30d", "infused")
    return paragraph(
        f"Death within 30 days of {escape(results.dictionary.infusion)} was recorded for "
        f"{group_counts(results, groups, early)}.",
        group_contrasts(results, groups, early, "death within 30 days"),
        _sinusoidal_obstruction(toxicity) if "sos_death" in toxicity.deaths else "",
    )


def _any_grade(toxicity: Toxicity, name: str) -> str:
    key = Key("toxicity", name, f"{name}_evaluable")
    what = f"{NAMES[name]} of any grade"
    counts = group_counts(toxicity.results, toxicity.grouping, key)
    contrasts = group_contrasts(toxicity.results, toxicity.grouping, key, what)
    return f"Among the evaluable, {what} occurred in {counts}. {contrasts}"


def _severe_of_affected(toxicity: Toxicity, name: str) -> str:
    """Grades 3 to 4 of the affected, with the test of all grade groups among them."""
    groups, group = toxicity.grouping, f"{name}_grade_group"
    key = Key("toxicity", name, f"{name}_affected", group)
    counts = group_counts(toxicity.results, groups, key._replace(level="grade_3_4"))
    p_value = toxicity.results.value(key._replace(contrast=groups.contrast, statistic="p_value"))
    test = f"; the distribution of grades gives {format_p_statement(p_value)}"
    at = key._replace(contrast=groups.contrast)
    if toxicity.results.has(at, EXACT):
        exact = toxicity.results.value(at, EXACT)
        test += f", by Fisher's exact test {format_p_statement(exact)}"
    said = "" if is_suppressed(p_value) else test
    return f"Among patients with {NAMES[name]}, grade 3 to 4 was reached by {counts}{said}."


def _sinusoidal_obstruction(toxicity: Toxicity) -> str:
    results, groups = toxicity.results, toxicity.grouping
    key = Key("toxicity", "sos_death", "infused")
    deaths = results.value(key, "count")
    if not deaths:
        return "No death was attributed to sinusoidal obstruction syndrome."
    after = Key("toxicity", "sos_death", "sos_deaths", "consolidation", "allo_hct")
    after_transplant = results.value(after, "count")
    return (
        f"Sinusoidal obstruction syndrome caused {format_count(deaths)} of the deaths "
        f"({group_counts(results, groups, key)}); {_of_them(after_transplant, deaths)} "
        "followed consolidation by allogeneic transplantation."
    )


def _of_them(part: float, whole: float) -> str:
    """A part of what was just counted: `3 of them`, `none of them`, `both` or `all of them`."""
    if part == whole:
        return {1: "that one", 2: "both"}.get(int(whole), "all of them")
    return f"{format_count(part)} of them" if part else "none of them"
