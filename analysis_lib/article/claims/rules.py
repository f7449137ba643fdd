"""The rules that every line of a claims file keeps: words, key and the way of writing."""

from __future__ import annotations

import datetime as dt
import re

from analysis_lib.article.claims.claim import (
    BOUNDS,
    COMPARATORS,
    DENOMINATOR_SOURCES,
    KEY_COLUMNS,
    MODEL_BASE,
    OUT_OF_SCOPE,
    value_findings,
)
from analysis_lib.dictionary import nearest
from analysis_lib.results.vocabulary import UNITS
from analysis_lib.study.groups import Contrast, Population
from analysis_lib.topics import VOCABULARY

_NUMBER = re.compile(r"-?[0-9]{1,9}(\.(?P<decimals>[0-9]{1,9}))?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_WORD = re.compile(r"\w+")
_SIGNS = {"≤": "<=", "≥": ">=", "≈": "~", "∼": "~", "==": "=", "": "="}


def line_findings(line: dict[str, str]) -> list[str]:
    """Every rule that a line breaks, with the value and the remedy."""
    found = [
        f"{column} must not be empty; fill it in"
        for column in ("claim_id", "section")
        if not line[column]
    ]
    in_scope = line["section"] not in OUT_OF_SCOPE
    found += _key_findings(line) if in_scope else _record_findings(line)
    found += _comparator_findings(line) + _denominator_findings(line)
    written = _writing_findings(line)
    return found + written + ([] if written or not in_scope else value_findings(line))


def _record_findings(line: dict[str, str]) -> list[str]:
    """A line of context or design has a note instead of a key; a bound of the design has two parts.

    They are the variable that it bounds and which end it is, such as the smallest age.
    """
    bound = line["section"] == "design" and line["statistic"] in BOUNDS and bool(line["variable"])
    allowed = ("variable", "statistic") if bound else ()
    found = [
        f"{column} must be empty in section {line['section']!r}, but is {line[column]!r}; say in "
        "the note what the number is"
        for column in KEY_COLUMNS
        if line[column] and column not in allowed
    ]
    if not line["note"]:
        found.append(f"note must say what the number is in section {line['section']!r}")
    return found


def _key_findings(line: dict[str, str]) -> list[str]:
    found = [
        f"{column} must be a word of the results' vocabulary, but is {line[column]!r}"
        + (nearest(line[column], words) or "; the reference of the results table lists them")
        for column, words in (
            ("analysis", VOCABULARY.analyses),
            ("statistic", VOCABULARY.statistics),
        )
        if line[column] not in words
    ]
    if line["unit"] not in UNITS:
        found.append(
            f"unit must be a unit of the results table, but is {line['unit']!r}"
            + (nearest(line["unit"], UNITS) or f"; use one of {', '.join(filter(None, UNITS))}")
        )
    return found + _group_findings(line) + _p_findings(line)


def _group_findings(line: dict[str, str]) -> list[str]:
    population, contrast, months = line["population"], line["contrast"], line["time_months"]
    found = []
    base, _, level = Population.parse(population)
    written = bool(_WORD.fullmatch(base)) and not set("[]=") & set(level)
    if population and not written:
        found.append(
            f"population must be base or base[variable=level], but is {population!r}; write one "
            "group with its variable, such as infused[sex=female]"
        )
    if line["base"] and written and line["base"] not in (base, MODEL_BASE):
        found.append(
            f"base must be that of the population, {base!r} (or {MODEL_BASE!r} for a "
            f"regression model), but is {line['base']!r}; correct one of the two"
        )
    if contrast and not any(all(map(_WORD.fullmatch, x)) for x in Contrast.readings(contrast)):
        found.append(
            f"contrast must be <level>_vs_<reference> or empty, but is {contrast!r}; use the "
            "words of the dictionary"
        )
    if months and not (_NUMBER.fullmatch(months) and float(months) >= 0):
        found.append(
            f"time_months must be a number of months or empty, but is {months!r}; write 6 for "
            "six months"
        )
    return found


def _p_findings(line: dict[str, str]) -> list[str]:
    is_p = line["statistic"].endswith("p_value")
    if is_p and line["level"] and not line["analysis"].startswith("cox_"):
        return [
            f"level must be empty in a P value, but is {line['level']!r}; key it to the factor "
            "that the test compares, and say in p_scope what the sentence attaches it to"
        ]
    if line["p_scope"] and not is_p:
        return [
            f"p_scope must be empty in a line that is no P value, but is {line['p_scope']!r}; "
            "move it to the note"
        ]
    return []


def _comparator_findings(line: dict[str, str]) -> list[str]:
    word = line["comparator"]
    if word in COMPARATORS:
        return []
    remedy = f"; write {_SIGNS[word]}" if word in _SIGNS else ""
    return [f"comparator must be one of {', '.join(COMPARATORS)}, but is {word!r}{remedy}"]


def _denominator_findings(line: dict[str, str]) -> list[str]:
    denominator, source = line["denominator"], line["denominator_source"]
    if source not in DENOMINATOR_SOURCES:
        words = ", ".join(word or "empty" for word in DENOMINATOR_SOURCES)
        return [f"denominator_source must be one of {words}, but is {source!r}"]
    if denominator and not (_WHOLE.fullmatch(denominator) and int(denominator)):
        return [
            f"denominator must be a whole number above 0, but is {denominator!r}; "
            "leave it empty if unknown"
        ]
    if bool(denominator) != (source not in ("", "unknown")):
        return [
            f"denominator_source must say how a denominator is known, but is {source!r} beside "
            f"denominator {denominator!r}; give both, or 'unknown' and no denominator"
        ]
    return []


def _writing_findings(line: dict[str, str]) -> list[str]:
    value, decimals = line["value"], line["printed_decimals"]
    if not _WHOLE.fullmatch(decimals):
        return [f"printed_decimals must be a whole number from 0 on, but is {decimals!r}"]
    if line["unit"] == "date" and line["section"] in OUT_OF_SCOPE:
        dates = "such as 2023-10-30 or 2023-10"
        return [] if _is_date(value) else [f"value must be an ISO date, but is {value!r}; {dates}"]
    number = _NUMBER.fullmatch(value)
    if number is None:
        return [
            f"value must be a number as printed, but is {value!r}; drop signs, spaces and words, "
            "write 0.05 for .05"
        ]
    if len(number["decimals"] or "") != int(decimals):
        return [
            f"value must be written with its {decimals} printed decimals, but is {value!r}; "
            "restore zeros that a spreadsheet dropped, or correct printed_decimals"
        ]
    return []


def _is_date(text: str) -> bool:
    """An ISO date, or the year and month of one."""
    try:
        dt.date.fromisoformat(text if len(text) > len("2021-10") else f"{text}-01")
    except ValueError:
        return False
    return True
