"""Whether the exposure's effect differs between subgroups."""

from __future__ import annotations

import re
from math import isnan

from reading.adjusted import ladder_key
from reading.numbers import RATIO, N, P
from reading.reader import Reader, pattern
from reading.world import Group

_ANALYSIS = "cox_interaction"
_PART = re.compile(rf"(?P<label>.+?): (?P<ratio>{RATIO})(?:; |$)")


@pattern(
    rf"(?:(?P<label>[^:.;]+?): )?[Hh]azard ratios by (?P<head>[^:]+): (?P<parts>.+?) "
    rf"\((?:(?P<p>{P}) for interaction|no test of interaction)\)\."
    rf"(?: With (?P<power>{N})% power the test finds ratios that differ by a factor of "
    rf"(?P<factor>{N}) or more\.)?"
)
def by_subgroup(reader: Reader, match: re.Match[str]) -> None:
    if match["label"]:
        reader.memory["outcome"] = reader.outcome(match["label"])
    by, group = _by(reader, match["head"])
    variable = reader.world.variable(by, reader.world.parameters.subgroup_terms)
    at = {"analysis": _ANALYSIS, "outcome": reader.memory["outcome"], "population": "infused"}
    at["variable"] = variable
    p_value = reader.value(**at, statistic="lr_p_value")
    reader.expect(isnan(p_value) != bool(match["p"]), f"P is {p_value}")
    if match["p"]:
        reader.p(match["p"], p_value)
    at["contrast"] = ladder_key(reader, group.phrase)["contrast"]
    _ratios(reader, match["parts"], at)
    _detectable(reader, match, at)


def _by(reader: Reader, head: str) -> tuple[str, Group]:
    """What the subgroups are of, and the group that is compared; named where there are several."""
    others = [x for x in reader.world.of(reader.world.exposure) if not x.is_reference]
    if len(others) == 1:
        return head, others[0]
    (named,) = [x for x in others if head.endswith(f", {x.label}")]
    return head.removesuffix(f", {named.label}"), named


def _ratios(reader: Reader, text: str, at: dict[str, str]) -> None:
    """Each level once with its ratio, all levels of the model."""
    parts = list(_PART.finditer(text))
    reader.expect("".join(x[0] for x in parts) == text, f"no list: {text}")
    named = []
    for part in parts:
        level = reader.world.levels.get((at["variable"], part["label"].casefold()), "")
        reader.expect(bool(level), f"{at['variable']} has no {part['label']}")
        reader.ratio(part["ratio"], **at, level=level)
        named.append(level)
    held = [x["level"] for x in reader.world.where(**at, statistic="hazard_ratio")]
    reader.expect(sorted(named) == sorted(held), f"the subgroups are {held}, not {named}")


def _detectable(reader: Reader, match: re.Match[str], at: dict[str, str]) -> None:
    """The least ratio of two subgroups' ratios that the test finds, where there is one."""
    rows = reader.world.where(**at, statistic="detectable_ratio_of_hazard_ratios")
    known = [x["value"] for x in rows if not isnan(x["value"])]
    reader.expect(bool(known) == bool(match["factor"]), f"detectable are {known}")
    if match["factor"] and known:
        reader.number(match["factor"], min(known), "the factor")
        power = reader.value(**at | {"contrast": ""}, statistic="power")
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
