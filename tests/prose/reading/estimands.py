"""What is asked, of whom, and what the primary model is adjusted for."""

from __future__ import annotations

import re

from reading.baseline import labels_in
from reading.numbers import N
from reading.reader import Reader, pattern


@pattern(
    rf"All (?P<n>{N}) patients were infused\. Whoever was referred .+? is not known\.",
    chapter="effect",
)
def all_infused(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "estimand", "population": "infused"}
    reader.count(match["n"], reader.value(**key, statistic="n"))


@pattern(r"If the exposure, or the reason for it, changed the chance .+? removes it\.")
def selection(reader: Reader, match: re.Match[str]) -> None:
    """No claim on these patients."""


@pattern(
    r"(?:Of the terms of the primary model these are known before .+? and can confound but not "
    r"mediate: (?P<certain>.+?)\.|No term of the primary model is sure to be known before .+?\.)"
    r"(?: Whether these came before it is not recorded: (?P<unordered>.+?)\.)?"
    r"(?: These are known after it may have begun: (?P<either>.+?)\. Adjusting for what it changed "
    r"takes away .+? do not tell the two apart\.)?(?: Fixed by the exposure itself: "
    r"(?P<own>.+?)\.)?"
    r"(?: .+? answers another question, for it holds what is known only after infusion: "
    r"(?P<after>.+?)\.)?"
)
def roles(reader: Reader, match: re.Match[str]) -> None:
    """The terms named are those of the primary model, each once."""
    given = reader.world.parameters
    named: list[str] = []
    for name in ("certain", "unordered", "either", "own"):
        if match[name]:
            named += labels_in(reader, match[name], given.baseline_terms)
    reader.expect(len(named) == len(set(named)), f"named twice: {named}")
    reader.expect(set(named) <= set(given.baseline_terms), f"no terms: {named}")
    if match["after"]:
        after = labels_in(reader, match["after"], given.as_published_terms)
        reader.expect(set(after) <= set(given.as_published_terms), f"no terms: {after}")


@pattern(
    r"(?P<none>No covariate is left to adjust for\. )?(?:The same in every patient, and so left "
    rf"out: (?P<same>.+?)\. )?The primary model holds (?P<n>{N}) of (?P<all>{N}) infused "
    rf"patients?\.(?: (?P<lack>{N}) lacks? a value \((?P<missing>.+?)\)\.)?"
)
def primary_model(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.world.parameters.endpoints[0]
    key = {"analysis": "cox_ladder_baseline", "outcome": outcome, "population": "infused"}
    n, excluded = (reader.value(**key, statistic=x) for x in ("n", "excluded"))
    reader.count(match["n"], n, "the patients")
    reader.count(match["all"], n + excluded, "all patients")
    if match["lack"]:
        reader.count(match["lack"], excluded, "those who lack a value")
    reader.expect(bool(match["lack"]) == (excluded > 0), f"{excluded} lack a value")
    terms = set(reader.world.parameters.baseline_terms)
    named = set(labels_in(reader, match["same"], terms)) if match["same"] else set()
    reader.expect(named <= terms, f"{named}")
    reader.expect(not match["none"] or named == terms, f"left to adjust for are {terms - named}")
