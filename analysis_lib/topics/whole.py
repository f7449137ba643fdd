"""The whole results table: every analysis of every topic once, in the vocabulary of the key."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import CohortError
from analysis_lib.results.disclosure.release import combine
from analysis_lib.results.rows import OfStudy, Omitted, Results, Row
from analysis_lib.results.vocabulary import OF_CLAIMS, UNITS, Words
from analysis_lib.simulation.performance import OnProgress, no_progress
from analysis_lib.study.groups import Population
from analysis_lib.study.study import Study
from analysis_lib.topics import TOPICS, VOCABULARY


def all_results(study: Study, *, progress: OnProgress = no_progress) -> Results:
    """Every number of the report, keys unique and in the vocabulary."""
    return _checked(study, _parts(study, progress))


def _parts(study: Study, progress: OnProgress) -> Iterator[OfStudy]:
    start = time.monotonic()
    for done, topic in enumerate(TOPICS, start=1):
        yield from topic.results(study)
        progress("results", done, len(TOPICS), time.monotonic() - start)


def compute_long(study: Study) -> None:
    """Compute, and keep, those of the results that take long."""
    for topic in TOPICS:
        if topic.long:
            list(topic.function(topic.long)(study))


def left_out(study: Study) -> list[str]:
    """Why analyses are left out, in the report's order, each reason once."""
    parts = (part for topic in TOPICS for part in topic.results(study))
    return list(dict.fromkeys(part.reason for part in parts if isinstance(part, Omitted)))


def repeated_results(study: Study, *, progress: OnProgress = no_progress) -> Results:
    """The simulations, the bootstrap and the specification curve, as far as they can be had."""
    return _checked(
        study,
        (
            topic.function(place)(study, progress=progress)
            for topic in TOPICS
            for place in topic.repeated
        ),
    )


def _checked(study: Study, parts: Iterable[OfStudy]) -> Results:
    results = combine(study, _tables(parts))
    check_vocabulary(results, study.dictionary)
    return results


def _tables(parts: Iterable[OfStudy]) -> Iterator[Results]:
    for part in parts:
        if not isinstance(part, Omitted):
            yield part if isinstance(part, Results) else part.results


def check_vocabulary(
    results: Results, dictionary: Dictionary, vocabulary: Words = VOCABULARY
) -> None:
    """Refuse a row whose key uses a word that is not in the vocabulary.

    Raises
    ------
    CohortError
        Naming the row, the part of its key, and the word.
    """
    for row in results:
        for part, word, known in _words(row, dictionary, vocabulary):
            if not known:
                raise CohortError(f"results: {word!r} is not a known {part}, in {row.key}")


def _words(row: Row, dictionary: Dictionary, vocabulary: Words) -> Iterator[tuple[str, str, bool]]:
    key = row.key
    yield "analysis", key.analysis, key.analysis in vocabulary.analyses
    yield "outcome", key.outcome, _is_known(key.outcome, dictionary, vocabulary.outcomes)
    yield "population", key.population, _is_population(key.population, dictionary, vocabulary)
    # Columns that a parameter names, and sections of the claims file: nobody can list them.
    included = key.variable.startswith(("include_", "section_"))
    known = included or _is_known(key.variable, dictionary, vocabulary.variables)
    yield "variable", key.variable, known
    of_claims = key.analysis == OF_CLAIMS
    known = of_claims or _is_level(key.variable, key.level, dictionary, vocabulary)
    yield "level", key.level, known
    yield "statistic", key.statistic, key.statistic in vocabulary.statistics
    own = key.variable in dictionary and row.unit == dictionary[key.variable].unit
    yield "unit", row.unit, own or row.unit in UNITS


def _is_known(word: str, dictionary: Dictionary, beside: Iterable[str]) -> bool:
    return word == "" or word in dictionary or word in beside


def _is_population(text: str, dictionary: Dictionary, vocabulary: Words) -> bool:
    group = Population.parse(text)
    known = not group.variable or _is_level(*group.group, dictionary, vocabulary)
    return text == "" or (group.base in vocabulary.populations and known)


def _is_level(variable: str, level: str, dictionary: Dictionary, vocabulary: Words) -> bool:
    if level == "" or level in vocabulary.levels:
        return True
    if variable not in dictionary:
        return False
    described = dictionary[variable]
    return level in described.levels or described.type == "code"
