"""What the unmeasured would have to be, beside the measured covariates."""

from __future__ import annotations

import re
from math import isnan, log

from reading.adjusted import LABEL, RUNGS, ladder_key
from reading.numbers import RATIO, N, number
from reading.reader import Reader, pattern

_LEAD = r"(?P<label>[^:,.]+?)(?:, (?P<who>[^:.]+?))?: "


def _key(reader: Reader, match: re.Match[str]) -> dict[str, str]:
    groups = reader.world.of(reader.world.exposure)
    group = next((x for x in groups[1:] if x.label == match["who"]), groups[1])
    key = {"outcome": reader.outcome(match["label"]), "population": "infused"}
    return key | ladder_key(reader, group.phrase)


@pattern(
    rf"{_LEAD}of the measured covariates (?P<term>.+?) moves the adjusted hazard ratio most, from "
    rf"(?P<without>{N}) without it to (?P<with>{N}); beside another as strong it would be "
    rf"(?P<moved>{RATIO})\."
)
def strongest(reader: Reader, match: re.Match[str]) -> None:
    key = reader.memory["yardstick"] = _key(reader, match)
    primary = reader.value(analysis=RUNGS[2], **key, statistic="hazard_ratio")
    reader.number(match["with"], primary, "the adjusted ratio")
    at = {"outcome": key["outcome"], "contrast": key["contrast"]}
    rows = reader.world.where("cox_without_term", **at, statistic="hazard_ratio")
    most = max(rows, key=lambda x: abs(log(x["value"] / primary)) if x["value"] > 0 else 0.0)
    term = reader.world.variable(match["term"], {x["variable"] for x in rows})
    reader.expect(term == most["variable"], f"{most['variable']} moves it most")
    reader.number(match["without"], most["value"], "the ratio without it")
    told = at | {"population": "infused", "variable": most["variable"]}
    reader.ratio(match["moved"], "hazard_ratio_beside_another", analysis="cox_without_term", **told)


@pattern(
    rf"(?:None of the supposed confounders would leave nothing of it|A confounder of hazard ratio "
    rf"(?P<ratio>{N}) would leave nothing of it, were it in (?P<one>{N})% of the "
    rf"(?P<a>compared|reference) and (?P<other>{N})% of the (?P<b>compared|reference) group)\."
)
def supposed(reader: Reader, match: re.Match[str]) -> None:
    key = reader.memory["yardstick"]
    primary = reader.value(analysis=RUNGS[2], **key, statistic="hazard_ratio")
    at = {"outcome": key["outcome"], "contrast": key["contrast"]}
    rows = reader.world.where("supposed_confounder", **at, statistic="hazard_ratio")
    explain = [x for x in rows if (x["value"] <= 1 if primary >= 1 else x["value"] >= 1)]
    reader.expect(bool(explain) == bool(match["ratio"]), f"{len(explain)} would")
    if match["ratio"] and explain:
        level = f"hr_{match['ratio']}_prevalence_{number(match['one']) / 100:g}"
        reader.expect(explain[0]["level"] == level, f"it is {explain[0]['level']}")
        reader.expect((match["a"] == "compared") == (primary >= 1), "the other group")
        reader.expect(match["a"] != match["b"], "one group twice")
        reader.number(match["other"], 0.2, "where it is rarer", scale=100)


@pattern(rf"{_LEAD}no adjusted hazard ratio could be explained\.")
def nothing_to_explain(reader: Reader, match: re.Match[str]) -> None:
    value = reader.value(analysis=RUNGS[2], **_key(reader, match), statistic="hazard_ratio")
    terms = reader.world.where("cox_without_term", outcome=reader.outcome(match["label"]))
    reader.expect(isnan(value) or not terms, "one could")


@pattern(
    rf"(?:{LABEL}: )?The groups were assigned at random, so that nothing confounds their "
    r"comparison; what a confounder would have to be is left out\."
)
def nothing_confounds(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(not reader.world.where("cox_without_term"), "something does")
