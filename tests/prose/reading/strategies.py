"""Consolidation as a strategy: what is said of both, and of what ends survival."""

from __future__ import annotations

import re
from math import isnan

from reading.adjusted import LABEL
from reading.numbers import CI, N
from reading.reader import Reader, pattern
from reading.standardised import _points, _told

ANALYSIS = "consolidation_cloned"
CAUSES = {"relapse": "relapse", "death without relapse": "death_without_relapse"}
_VERDICT = (
    r"(?:(?P<none>, which is unclear)"
    r"|, (?P<way>more|fewer) with consolidation|)"
)


def _verdict(reader: Reader, match: re.Match[str], found: tuple[float, float, float]) -> None:
    _, low, high = found
    told = "none" if match["none"] else match["way"]
    reader.expect(told == _told(low, high), f"the interval is {low} to {high}")


@pattern(
    rf"By day (?P<days>{N}) after the response (?P<yes>{N}% \({CI}\)) of the responders had been "
    rf"consolidated, and (?P<no>{N}% \({CI}\)) had relapse or death before\."
)
def received_by(reader: Reader, match: re.Match[str]) -> None:
    rows = reader.world.where("consolidation_received", statistic="incidence", level="yes")
    days = float(match["days"])
    at = min((x["time_months"] for x in rows), key=lambda x: abs(x * 30.4375 - days))
    reader.expect(abs(at * 30.4375 - days) < 0.06, f"nothing is known of day {days}")
    key = {"analysis": "consolidation_received", "outcome": "pfs", "population": "responders"}
    key |= {"variable": "consolidation_any", "time_months": at}
    for level in ("yes", "no"):
        found = reader.estimate("incidence", **key, level=level)
        _points(reader, match[level], found, level)


@pattern(rf"By day (?P<days>{N}) after the response nobody can say how many had been\.")
def nobody_can_say(reader: Reader, match: re.Match[str]) -> None:
    rows = reader.world.where("consolidation_received", statistic="incidence")
    reader.expect(any(isnan(x["value"]) for x in rows), "it is known")


@pattern(
    rf"Within (?P<days>{N}) days of the response (?P<in>{N}) of (?P<n>{N}) responders (?:was|were) "
    rf"consolidated; (?P<out>{N}) (?:was|were) still in remission then and (?:was|were) not\."
)
def who_keeps_to_it(reader: Reader, match: re.Match[str]) -> None:
    days = reader.world.parameters.consolidation_grace_days
    reader.number(match["days"], days, "the grace period", digits=1)
    key = {"analysis": ANALYSIS, "population": "responders"}
    key["outcome"] = reader.world.parameters.endpoints[0]
    for text, name in (("in", "in_time"), ("n", "n"), ("out", "censored_at_grace")):
        reader.count(match[text], reader.value(**key, statistic=name), name)


@pattern(
    rf"{LABEL}: (?P<time>{N}) months after the response (?P<yes>{N}% \({CI}\)) would be free "
    rf"of the event had all been consolidated in time, and (?P<no>{N}% \({CI}\)) had nobody been\."
)
def under_both(reader: Reader, match: re.Match[str]) -> None:
    time = float(max(reader.world.parameters.landmarks))
    reader.number(match["time"], time, "the last landmark", digits=1)
    key = {"analysis": ANALYSIS, "outcome": reader.outcome(match["label"]), "time_months": time}
    for level in ("yes", "no"):
        where = f"responders[consolidation_any={level}]"
        found = reader.estimate("survival", **key, population=where)
        _points(reader, match[level], found, f"survival under {level}")
    reader.memory["strategies"] = key | {
        "population": "responders",
        "variable": "consolidation_any",
        "level": "yes",
        "contrast": "yes_vs_no",
    }


@pattern(rf"The difference is (?P<value>{N}) percentage points \((?P<ci>{CI})\){_VERDICT}\.")
def between_the_strategies(reader: Reader, match: re.Match[str]) -> None:
    found = reader.estimate("survival_difference", **reader.memory["strategies"])
    _points(reader, f"{match['value']} ({match['ci']})", found, "the difference")
    _verdict(reader, match, found)


@pattern(
    rf"For (?P<cause>relapse|death without relapse) the difference is (?P<value>{N}) percentage "
    rf"points \((?P<ci>{CI})\){_VERDICT}\."
)
def of_a_cause(reader: Reader, match: re.Match[str]) -> None:
    key = reader.memory["strategies"] | {"analysis": f"{ANALYSIS}_{CAUSES[match['cause']]}"}
    found = reader.estimate("incidence_difference", **key)
    _points(reader, f"{match['value']} ({match['ci']})", found, match["cause"])
    _verdict(reader, match, found)


@pattern(rf"{LABEL}: at (?P<time>{N}) months the strategies cannot be compared\.")
def not_compared_then(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    rows = reader.world.where(ANALYSIS, outcome=outcome, statistic="survival_difference")
    reader.expect(any(isnan(x["value"]) for x in rows), "they can")


@pattern(
    rf"{LABEL}: (?P<n>{N}) patients? in remission {N} days after the response had been "
    rf"consolidated by then; a comparison of strategies takes {N}, and some who had not\."
)
def no_strategies(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(not reader.world.where(ANALYSIS, outcome=reader.outcome(match["label"])), "it is")


def _events(reader: Reader, analysis: str, outcome: str, level: str) -> float:
    where = f"responders[consolidation_any={level}]"
    return reader.value(analysis=analysis, outcome=outcome, population=where, statistic="events")


@pattern(
    rf"{LABEL}: (?P<yes>{N}) events? while consolidation was followed and (?P<no>{N}) events? "
    r"while none was are too few to compare the strategies; a comparison takes "
    rf"(?P<least>{N}) under each\."
)
def too_few_under_one(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    found = {x: _events(reader, ANALYSIS, outcome, x) for x in ("yes", "no")}
    for level, value in found.items():
        reader.count(match[level], value, f"events under {level}")
    reader.expect(min(found.values()) < float(match["least"]), "they are enough")


@pattern(
    r"For (?P<cause>relapse|death without relapse) there are too few events to compare the "
    r"strategies\."
)
def too_few_of_a_cause(reader: Reader, match: re.Match[str]) -> None:
    analysis = f"{ANALYSIS}_{CAUSES[match['cause']]}"
    outcome = reader.memory["strategies"]["outcome"]
    found = [_events(reader, analysis, outcome, x) for x in ("yes", "no")]
    reader.expect(min(found) < 5, "they are enough")
