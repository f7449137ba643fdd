"""Whether the exposure's effect differs between subgroups."""

from __future__ import annotations

import re
from math import isnan

from reading.numbers import N, P
from reading.reader import Reader, pattern

_ANALYSIS = "cox_interaction"


@pattern(
    rf"(?:(?P<label>[^:.;]+?): )?[Bb]y (?P<head>[^:.]+?) (?:(?P<p>{P}) for|no test of) interaction"
    rf"(?:, with (?P<power>{N})% power for ratios that differ by a factor of (?P<factor>{N}) or "
    r"more)?\.",
    chapter="choices",
)
def by_subgroup(reader: Reader, match: re.Match[str]) -> None:
    if match["label"]:
        reader.memory["outcome"] = reader.outcome(match["label"])
    at = {"outcome": reader.memory["outcome"], "population": "infused"}
    at["variable"] = reader.world.variable(match["head"], reader.world.parameters.subgroup_terms)
    p_value = reader.value(analysis=_ANALYSIS, **at, statistic="lr_p_value")
    reader.expect(isnan(p_value) != bool(match["p"]), f"P is {p_value}")
    if match["p"]:
        reader.p(match["p"], p_value)
    rows = reader.world.where(_ANALYSIS, **at, statistic="detectable_ratio_of_hazard_ratios")
    known = [x["value"] for x in rows if not isnan(x["value"])]
    reader.expect(bool(known) == bool(match["factor"]), f"detectable are {known}")
    if match["factor"] and known:
        reader.number(match["factor"], min(known), "the factor")
        power = reader.value(analysis=_ANALYSIS, **at, statistic="power")
        reader.number(match["power"], power, "the power", scale=100)


@pattern(
    rf"(?:This is|These are) (?P<n>{N}) tests? of interaction, exploratory and not adjusted for "
    rf"their number; (?:(?P<k>none|{N}) of them (?P<verb>is|are)|it is(?P<not> not)?) below "
    rf"(?P<bound>{N})\. A ratio in one subgroup "
    r"with an interval beside 1, and in another with one around it, is no sign of a difference\."
)
def tests_of_interaction(reader: Reader, match: re.Match[str]) -> None:
    tests = [x["value"] for x in reader.world.where(_ANALYSIS, statistic="lr_p_value")]
    reader.count(match["n"], len(tests), "the tests")
    reader.number(match["bound"], 0.05, "the bound")
    notable = sum(x < 0.05 for x in tests)
    reader.expect((match["k"] is None) == (len(tests) == 1), f"they are {len(tests)}")
    below = match["k"] or ("0" if match["not"] else "1")
    reader.count(below.replace("none", "0"), notable, "those below it")
    reader.expect((match["verb"] == "are") == (notable > 1), f"they are {notable}")


@pattern(
    r"Without patients of every group at two levels, and so left out: (?P<which>[^.]+)\.",
    chapter="choices",
)
def subgroups_left_out(reader: Reader, match: re.Match[str]) -> None:
    """Those that are named have no rows; all that are named for subgroups have rows or are here."""
    terms = reader.world.parameters.subgroup_terms
    at = {"outcome": reader.memory["outcome"]}
    held = {x["variable"] for x in reader.world.where(_ANALYSIS, **at)}
    named = {reader.world.variable(x, terms) for x in re.split(", | and ", match["which"])}
    reader.expect(named == set(terms) - held, f"left out are {set(terms) - held}, not {named}")
