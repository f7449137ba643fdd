"""What is repeated by the thousand, in as many patients as it can take."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis_lib.format import constant, counted, format_count
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Results, context
from analysis_lib.results.store import once
from analysis_lib.study.study import Study

MOST = 5_000  # patients; a thousand resamples of them take minutes
DRAWN_FROM = "drawn_from"


@once
def random_part(study: Study) -> Study:
    """The study in at most `MOST` patients, drawn at random where there are more.

    Of a random part every estimate is of the same population; only intervals are wider.
    """
    patients = study.patients
    if len(patients) <= MOST:
        return study
    random = np.random.default_rng(study.parameters.seed)
    return replace(study, patients=patients.iloc[np.sort(random.permutation(len(patients))[:MOST])])


def with_origin(study: Study, results: Results, key: Key) -> Results:
    """Results of `random_part` of a study, and of how many patients it was drawn."""
    part = random_part(study)
    if part is study:
        return results
    origin = context(key, n=len(part.patients)).at(DRAWN_FROM, len(study.patients), unit="patients")
    return study_results(study, [*results, origin])


def origin_sentence(results: Results, key: Key) -> str:
    """Of how many patients those analysed were drawn; nothing where it is all of them."""
    if not results.has(key, DRAWN_FROM):
        return ""
    drawn = format_count(constant(MOST, "patients in whom what is repeated is computed at most"))
    of = counted(results.value(key, DRAWN_FROM), "patient")
    return f"This was computed in {drawn} drawn at random of {of}."
