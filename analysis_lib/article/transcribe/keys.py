"""The key of a number: which analysis, outcome, variable, level and contrast it is of."""

from __future__ import annotations

import re

from analysis_lib.article.transcribe.cells import INCIDENCE, MEDIAN_CI, SURVIVAL, Printed
from analysis_lib.article.transcribe.groups import Asked
from analysis_lib.article.transcribe.labels_of_rows import (
    Named,
    endpoint_of,
    find_level,
    name_row,
    survival_of,
)
from analysis_lib.dictionary import Dictionary
from analysis_lib.intake.likeness import slug

_RESPONSE = ("response", "cr_cri", "mrd_negative", "relapse", "consolidation", "consolidation_any")
_GRADES = "_grade_group"
_AGAINST = re.compile(r"\s+(?:v|vs\.?|versus|against)\s+", re.IGNORECASE)
_REFERENCE = re.compile(r"[(\[]?\s*\bref(?:erence|\.)?\s*[:=]?\s*(?P<level>.*?)[)\]]?\s*$", re.I)


def key_of(
    asked: Asked,
    dictionary: Dictionary,
    number: Printed,
    named: Named | None,
    kind: str,
    label: str,
    term: dict[str, str] | None,
) -> dict[str, str]:
    known = dictionary.after_infusion
    key = {"statistic": number.statistic}
    survival = survival_of(label) if kind in (SURVIVAL, INCIDENCE) else None
    if term is not None:
        return key | {"analysis": "cox_univariable", "outcome": asked.outcome} | term
    if kind == MEDIAN_CI and (endpoint := endpoint_of(label)):
        return key | {"analysis": "survival_by_exposure", "outcome": endpoint}
    if survival is not None:
        months = "" if number.statistic == "p_value" else survival.months
        return key | {
            "analysis": "survival_by_exposure" if kind == SURVIVAL else "competing_risks",
            "outcome": survival.outcome, "time_months": months,
        }  # fmt: skip
    if named is None:
        return key | {"analysis": "baseline_by_exposure"}
    of = named.variable.removesuffix(_GRADES)
    if named.variable in known or of in known:
        graded = of != named.variable
        own = {"variable": named.variable, "level": named.level} if graded else {}
        is_kind = not graded and named.level not in ("", "yes")
        own = {"variable": of, "level": named.level} if is_kind else own
        analysis = "response" if of in _RESPONSE else "toxicity"
        return key | own | {"analysis": analysis, "outcome": of}
    level = named.level if number.statistic.startswith(("count", "proportion")) else ""
    return key | {
        "analysis": "baseline_by_exposure", "variable": named.variable, "level": level,
    }  # fmt: skip


def term_of(label: str, heading: str, dictionary: Dictionary, unknown: list[str]) -> dict[str, str]:
    """The key of a term: `Female v male`, `Yes (ref: no)`, `Age, per 10 years`."""
    text, reference = label, ""
    match = _REFERENCE.search(label)
    if match is not None and match.start():
        text, reference = label[: match.start()], match["level"]
    inner = re.fullmatch(r"(?P<of>.*\S)\s*\((?P<pair>[^()]*)\)", text)
    if inner is not None and len(_AGAINST.split(inner["pair"])) == 2:
        text = f"{inner['of']}: {inner['pair']}"
    pair = _AGAINST.split(text)
    subject = re.sub(r"^.*[:,]\s*", "", pair[0]) if len(pair) > 1 else text
    reference = pair[1] if len(pair) > 1 else reference
    of = re.split(r"[:,]", pair[0])[0] if len(pair) > 1 and re.search(r"[:,]", pair[0]) else ""
    named = name_row(subject, heading or of, dictionary)
    if named.variable in dictionary:
        variable = dictionary[named.variable]
        level = named.level
        other = find_level(reference, variable) if reference else variable.reference
        if variable.levels and level and level == other and len(variable.levels) == 2:
            other = next(x for x in variable.levels if x != level)
        contrast = f"{level}_vs_{other}" if level and other else ""
        return {"variable": variable.name, "level": level, "contrast": contrast}
    unknown.append(label)
    level = named.level if reference or heading else ""
    contrast = f"{level}_vs_{slug(reference)}" if level and slug(reference) else ""
    return {"variable": named.variable, "level": level, "contrast": contrast}
