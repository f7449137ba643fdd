"""Response to the infusion: CR/CRi, MRD, who was not evaluable, what followed it, relapse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis_lib.estimates.describe import event_rows, share_rows
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row
from analysis_lib.results.store import once
from analysis_lib.study.derive import REASONS
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study


@dataclass(frozen=True)
class Response:
    """Response by exposure; `consolidation_kinds` and `reasons` are (level, label) in order."""

    grouping: Grouping
    reasons: tuple[tuple[str, str], ...]
    mrd_methods: tuple[tuple[str, str], ...]
    consolidation_kinds: tuple[tuple[str, str], ...]
    salvage_reasons: tuple[str, ...]
    results: Results


@once
def response_by_exposure(study: Study) -> Response | Omitted:
    """Response of the evaluable and of all infused; consolidation and relapse of the responders."""
    if not study.patients["cr_cri"].notna().any():
        return Omitted(
            study.dictionary.own_words(
                "The extract records no response to the infusion; this part is left out."
            )
        )
    dictionary = study.dictionary
    rows = [
        *_response_rows(study),
        *_not_evaluable_rows(study),
        *_mrd_rows(study),
        *_consolidation_rows(study),
        *_salvage_rows(study),
        *_relapse_rows(study),
    ]
    return Response(
        study.groups,
        _held(study, "response_not_evaluable_reason"),
        _held(study, "mrd_method"),
        tuple(
            (level, dictionary["consolidation"].level_label(level))
            for level in dictionary["consolidation"].levels
            if level != "none"
        ),
        tuple(x for x in REASONS if (study.patients["salvage_reason"] == x).any()),
        study_results(study, rows),
    )


def _held(study: Study, name: str) -> tuple[tuple[str, str], ...]:
    variable = study.dictionary[name]
    held = [level for level in variable.levels if (study.patients[name] == level).any()]
    return tuple((level, variable.level_label(level)) for level in held)


def _response_rows(study: Study) -> list[Row]:
    """CR/CRi, CR and CRi of the evaluable; CR/CRi of all infused, the others as no response."""
    patients = study.patients
    evaluable = patients[patients["response"].notna()]
    rows = event_rows(study, patients, "response", "cr_cri", "response_evaluable")
    for level in ("cr", "cri", "no_response"):
        key = Key("response", "response", "response_evaluable", "response", level)
        rows += share_rows(study, evaluable, evaluable["response"] == level, key, tested=False)
    key = Key("response", outcome="cr_cri", population="infused")
    return rows + share_rows(study, patients, patients["cr_cri"] == "yes", key)


def _not_evaluable_rows(study: Study) -> list[Row]:
    patients = study.patients
    missing = patients["response_evaluable"] == "no"
    key = Key("response", outcome="response_not_evaluable", population="infused")
    rows = share_rows(study, patients, missing, key)
    reason = "response_not_evaluable_reason"
    for level, _ in (*_held(study, reason), ("missing", "")):
        happened = missing & (patients[reason].astype("object").fillna("missing") == level)
        at = key._replace(variable=reason, level=level)
        rows += share_rows(study, patients, happened, at, tested=False)
    return rows


def _mrd_rows(study: Study) -> list[Row]:
    """MRD-negative remission of the evaluable, the responders, and the responders tested."""
    patients = study.patients
    if not patients["mrd_status"].notna().any():
        return []
    rows = event_rows(study, patients, "response", "mrd_negative", "response_evaluable")
    responders = patients[patients["cr_cri"] == "yes"]
    tested = responders[responders["mrd_status"].isin(["negative", "positive"])]
    for base, members in (("responders", responders), ("mrd_tested_responders", tested)):
        rows += event_rows(study, members, "response", "mrd_negative", base)
    for level, _ in _held(study, "mrd_method"):
        key = Key("response", "mrd_negative", "mrd_tested_responders", "mrd_method", level)
        rows += share_rows(study, tested, tested["mrd_method"] == level, key, tested=False)
    return rows


def _consolidation_rows(study: Study) -> list[Row]:
    patients = study.patients
    responders = patients[patients["cr_cri"] == "yes"]
    rows = event_rows(study, responders, "response", "consolidation_any", "responders")
    known = responders[responders["consolidation"].notna()]
    for level in study.dictionary["consolidation"].levels:
        key = Key("response", "consolidation", "responders", "consolidation", level)
        rows += share_rows(study, known, known["consolidation"] == level, key, tested=False)
    return rows


def _salvage_rows(study: Study) -> list[Row]:
    """Treatment that was not given in remission, of all infused, by reason."""
    known = study.patients[study.patients["consolidation"].notna()]
    if known.empty:
        return []
    reason, key = known["salvage_reason"], Key("response", "salvage", "infused")
    rows = share_rows(study, known, reason.notna(), key, tested=False)
    for level in (x for x in REASONS if (reason == x).any()):
        at = key._replace(variable="salvage_reason", level=level)
        rows += share_rows(study, known, reason == level, at, tested=False)
    return rows


def _relapse_rows(study: Study) -> list[Row]:
    """Relapse of the responders, and of all infused (the article's hidden denominator)."""
    patients = study.patients
    responders = patients[patients["cr_cri"] == "yes"]
    return [
        *event_rows(study, responders, "response", "relapse", "responders"),
        *event_rows(study, patients, "response", "relapse", "infused"),
    ]


def parts(study: Study) -> Iterator[OfStudy]:
    """Response by exposure."""
    yield response_by_exposure(study)
