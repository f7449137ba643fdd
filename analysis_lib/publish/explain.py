"""What the words of a results table mean, for who reads it without the code beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import level_label
from analysis_lib.publish.appendix import EVERY_WORD, WORDS, read_words
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.results.vocabulary import OF_CLAIMS
from analysis_lib.study.groups import Contrast, Population
from analysis_lib.topics import TOPICS

Meanings = dict[str, dict[str, str]]


def explained(results: Results) -> Meanings:
    """The meaning of every word that the keys of some results use, by part of the key.

    A level or contrast is found under `variable=word`, or under the word alone where its meaning
    does not depend on the variable. `r` has the call in R by method, `code` the folder by analysis.
    """
    found: Meanings = {part: {} for part in (*Key._fields, "r", "code")}
    for row in results:
        for part, word, meaning in _meanings(row, results.dictionary):
            if word and meaning and meaning != word:
                found[part][word] = meaning
    calls = [(x["method"], x["call"]) for x in read_words("r_calls.csv", ("method", "call"))]
    for method in dict.fromkeys(row.method for row in results if row.method):
        if call := next((call for words, call in calls if words in method), ""):
            found["r"][method] = call
    return {part: words for part, words in found.items() if words}


def _meanings(row: Row, dictionary: Dictionary) -> Iterator[tuple[str, str, str]]:
    key, known, own = row.key, EVERY_WORD, dictionary.own_words
    yield "analysis", key.analysis, own(known.analyses[key.analysis])
    yield "code", key.analysis, _folder(key.analysis)
    yield (
        "outcome",
        key.outcome,
        _label(key.outcome, dictionary) or own(known.outcomes.get(key.outcome, "")),
    )
    yield "population", key.population, _population(key.population, dictionary)
    label = _label(key.variable, dictionary) or own(known.variables.get(key.variable, ""))
    yield "variable", key.variable, label
    yield "level", *_level(key.variable, key.level, dictionary)
    yield "contrast", *_contrast(key, dictionary)
    yield "statistic", key.statistic, own(known.statistics[key.statistic])


def _folder(analysis: str) -> str:
    """Where the code of an analysis lies."""
    for topic in TOPICS:
        if analysis in topic.words.analyses:
            return topic.package.replace(".", "/")
    return "analysis_lib/publish" if analysis in WORDS.analyses else "analysis_lib/article"


def _label(name: str, dictionary: Dictionary) -> str:
    return dictionary[name].label if name in dictionary else ""


def _population(text: str, dictionary: Dictionary) -> str:
    """`all infused and eligible patients; Prior InO: InO-exposed`."""
    group = Population.parse(text)
    base = dictionary.own_words(EVERY_WORD.populations.get(group.base, ""))
    if not group.variable:
        return base
    label = _level(group.variable, group.level, dictionary)[1] or group.level
    return f"{base}; {_label(group.variable, dictionary) or group.variable}: {label}"


def _level(variable: str, level: str, dictionary: Dictionary) -> tuple[str, str]:
    """The word under which a level is found, and its meaning."""
    if variable in dictionary and level in dictionary[variable].levels:
        return f"{variable}={level}", level_label(dictionary[variable], level)
    return level, dictionary.own_words(EVERY_WORD.levels.get(level, ""))


def _contrast(key: Key, dictionary: Dictionary) -> tuple[str, str]:
    """The same of a contrast, by the variable of the key or the first that has both levels."""
    for name in _having(key, dictionary):
        variable = dictionary[name]
        pair = Contrast.parse(key.contrast, variable.levels)
        if pair and set(pair) <= set(variable.levels):
            first, second = (level_label(variable, x) for x in pair)
            return f"{key.variable}={key.contrast}", f"{first} against {second}"
    return key.contrast, ""


def _having(key: Key, dictionary: Dictionary) -> Iterable[str]:
    of_claims = key.analysis == OF_CLAIMS
    own = (key.variable,) if key.variable in dictionary and not of_claims else ()
    return (*own, *(x.name for x in dictionary.variables if x.levels))
