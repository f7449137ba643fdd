"""What a printed number can be at all, by its statistic: the possible, not the consistent."""

from __future__ import annotations

PROPORTIONS = (
    "proportion",
    "proportion_ci_low",
    "proportion_ci_high",
    "survival",
    "survival_ci_low",
    "survival_ci_high",
)
P_VALUES = ("p_value", "lr_p_value", "ph_p_value")
HAZARD_RATIOS = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
COUNTS = (
    "count",
    "n",
    "n_evaluable",
    "n_at_level",
    "events",
    "events_at_level",
    "events_to_date",
    "at_risk",
    "excluded",
    "remaining",
)


def value_findings(line: dict[str, str]) -> list[str]:
    """Why the value of a well written line cannot be what its statistic says.

    Whether it agrees with other numbers is a question for the audit.
    """
    statistic, value = line["statistic"], line["value"]
    if statistic in PROPORTIONS:
        return _proportion_findings(line)
    if statistic in P_VALUES and not 0 <= float(value) <= 1:
        return [f"value must be a P value from 0 to 1, but is {value!r}; correct it or statistic"]
    if statistic in P_VALUES and line["unit"]:
        return [f"unit must be empty for a P value, but is {line['unit']!r}; remove it"]
    if statistic in HAZARD_RATIOS and not float(value) > 0:
        return [f"value must be above 0 for a hazard ratio, but is {value!r}; correct it"]
    if statistic in COUNTS:
        return _count_findings(line)
    return []


def _proportion_findings(line: dict[str, str]) -> list[str]:
    value, unit = line["value"], line["unit"]
    highest = {"%": 100, "proportion": 1}.get(unit)
    if highest is None:
        return [f"unit must be % or proportion for {line['statistic']}, but is {unit!r}; set it"]
    if not 0 <= float(value) <= highest:
        return [
            f"value must be from 0 to {highest} in {unit}, but is {value!r}; correct it or the unit"
        ]
    return []


def _count_findings(line: dict[str, str]) -> list[str]:
    value, denominator = line["value"], line["denominator"]
    if float(value) < 0 or line["printed_decimals"] != "0":
        return [
            f"value must be a whole number of patients, but is {value!r}; a percent belongs in a "
            "line of its own with statistic proportion"
        ]
    if denominator.isdecimal() and 0 < int(denominator) < int(value):
        return [
            f"denominator must be at least the count, {value}, but is {denominator!r}; correct "
            "one of the two"
        ]
    return []
