"""Files of SAS, SPSS and Stata: codes with labels, and several kinds of missing values."""

from __future__ import annotations

import codecs
import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.errors import SourceError
from analysis_lib.intake.identifiers import identifying_columns
from analysis_lib.intake.likeness import levels_by_name, new_variable, slug, slugs_of
from analysis_lib.intake.mapping.document import DaysRule, MappingFile
from analysis_lib.intake.mapping.variables import YES_NO
from analysis_lib.intake.reading.kinds import LABELLED_ENDINGS, Reading
from analysis_lib.intake.reading.rows import Row, cell_text, clean_text

_READERS = {
    ".sas7bdat": "read_sas7bdat",
    ".xpt": "read_xport",
    ".sav": "read_sav",
    ".zsav": "read_sav",
    ".dta": "read_dta",
}
_MARKS_LOST = ".xpt"  # the reader of SAS transport files takes .A to .Z for a blank
# Formats of days and of times of a day that the reader leaves as bare numbers: it knows some by
# their full names, while Stata's may be put together from pieces, such as %tdDD/NN/CCYY.
_OF_DAYS = re.compile(
    r"%-?t?d|MONYY|WORDDAT[EX]|WEEKDAT[EX]|JULIAN|YYMM|YYQ|MONNAME|DOWNAME|MOYR|QYR|WKYR"
)
_OF_TIMES = re.compile(r"%-?t[cC]|DTMONYY|DTWKDATX|DTYEAR|DTYYQC")


@dataclass(frozen=True)
class Column:
    """One column of a file; `labels` go by the codes, in their order.

    A letter among numbers (.a of Stata, .A of SAS) marks a value as missing, and so do the
    `ranges` of SPSS, from the first to the last value.
    """

    name: str
    label: str
    values: list[Any] = field(repr=False)
    is_text: bool
    is_single: bool
    labels: Mapping[object, str]
    ranges: tuple[tuple[Any, Any], ...]

    def texts(self, kept: Collection[str] = ()) -> list[str]:
        """The cells as text; what the file marks as missing is blank, unless it is kept."""
        blank = self.marked(kept)
        return ["" if x in blank else self.text(x) for x in self.values]

    def marked(self, kept: Collection[str] = ()) -> dict[Any, int]:
        """How often each value stands that the file marks as missing, without those kept."""
        counts = Counter(x for x in self.values if self._is_marked(x))
        return {x: count for x, count in counts.items() if not self.names(x) & {*kept}}

    def names(self, value: Any) -> set[str]:
        """What a value may be called: its label, or its code."""
        return {self.text(value), self._code(value)}

    def text(self, value: Any) -> str:
        """The label of a code, with the code where another value reads the same."""
        return self._texts[value]

    @cached_property
    def _texts(self) -> dict[Any, str]:
        """The text of every value that stands in the column or has a label."""
        labels = {x: clean_text(label or "") for x, label in self.labels.items() if x != ""}
        texts = {x: labels.get(x) or self._code(x) for x in {*self.values, *labels, None}}
        often = Counter(texts.values())
        shared = {x for x, label in labels.items() if label and often[label] > 1}
        return {x: f"{t} ({self._code(x)})" if x in shared else t for x, t in texts.items()}

    def levels(self) -> dict[str, str]:
        """Code -> text of all values with a label that are none of a missing one, by code."""
        return {
            self._code(x): self.text(x) for x in self.labels if x != "" and not self._is_marked(x)
        }

    def _is_marked(self, value: Any) -> bool:
        if isinstance(value, str) and not self.is_text:
            return True
        alike = (x for x in self.ranges if isinstance(x[0], str) == isinstance(value, str))
        is_day = isinstance(value, dt.date | dt.time)
        return value is not None and not is_day and any(low <= value <= high for low, high in alike)

    def _code(self, value: Any) -> str:
        if isinstance(value, str) and not self.is_text:
            return f".{value}"
        if isinstance(value, float) and self.is_single:  # 45.3 is not 45.29999923706055
            value = float(f"{value:.7g}")
        return cell_text(value)


def read_labelled(path: Path, options: Reading) -> Iterator[Row]:
    """Rows of text, counted as in a sheet: labels instead of codes, dates in ISO form.

    Raises
    ------
    SourceError
        The file is none of its kind, or a missing value that is to be kept does not occur in it.
    """
    columns = labelled_columns(path, options)
    _check_kept(columns, options.keep_missing, path)
    texts = [column.texts(options.keep_missing) for column in columns]
    names = [column.name for column in columns]
    return chain([(1, names)], enumerate(zip(*texts, strict=True), start=2))


def labelled_columns(path: Path, reading: Reading) -> list[Column]:
    """The columns of a file of SAS, SPSS or Stata.

    Raises
    ------
    SourceError
        The file cannot be read as what its name says that it is, or is larger than its bounds.
    """
    import pyreadstat

    ending = path.suffix.lower()
    options: dict[str, Any] = {"output_format": "dict"}
    if reading.encoding:  # by the names that iconv knows
        options["encoding"] = codecs.lookup(reading.encoding).name.replace("mac-roman", "macintosh")
    if ending != _MARKS_LOST:
        options["user_missing"] = True
    read = getattr(pyreadstat, _READERS[ending])
    try:
        _, about = read(str(path), metadataonly=True, **options)
        rows = about.number_rows or 0  # none that SAS transport files tell
        size = rows * sum(about.variable_storage_width.values())
        size = max(size, path.stat().st_size)
        reading.bounds.check_size(path, rows, about.number_columns, size)
        values, about = read(str(path), **options, **_written_as_days(about))
    except (
        pyreadstat.ReadstatError,
        pyreadstat.PyreadstatError,
        ValueError,
        OverflowError,
        MemoryError,
    ) as error:
        raise SourceError(
            f"{path.name}: is no readable {LABELLED_ENDINGS[ending]} file "
            f"({type(error).__name__}); write it again, or export the table as CSV UTF-8"
        ) from None
    return [_column(name, values[name], about) for name in about.column_names]


def _written_as_days(about: Any) -> dict[str, list[str]]:
    """The formats of this file that are to be read as days, and as days with a time."""
    formats = sorted({x for x in about.original_variable_types.values() if x})
    return {
        "extra_date_formats": [x for x in formats if _OF_DAYS.match(x)],
        "extra_datetime_formats": [x for x in formats if _OF_TIMES.match(x)],
    }


def _column(name: str, values: list[Any], about: Any) -> Column:
    labels = about.variable_value_labels.get(name, {})
    kind = about.readstat_variable_types[name]
    return Column(
        name=name,
        label=clean_text(about.column_names_to_labels.get(name) or ""),
        values=values,
        is_text=kind == "string",
        is_single=kind == "float",
        labels={code: labels[code] for code in sorted(labels, key=lambda x: (str(type(x)), x))},
        ranges=tuple((x["lo"], x["hi"]) for x in about.missing_ranges.get(name, ())),
    )


def notes_on_marks(path: Path, table: pd.DataFrame, options: Reading) -> list[str]:
    """How many values of which columns are blank because the file marks them as missing.

    Of a column that looks like a direct identifier neither name nor values are said.
    """
    hidden = identifying_columns(table)
    parts = []
    for column in labelled_columns(path, options):
        counts = column.marked(options.keep_missing)
        said = ", ".join(sorted(f"{n} of {column.text(x)!r}" for x, n in counts.items()))
        if counts and column.name in hidden:
            parts.append(f"{sum(counts.values())} in a column that looks like direct identifiers")
        elif counts:
            parts.append(f"{said} in {column.name}")
    if not parts:
        return []
    return [
        f"blank, since the file marks them as missing: {', '.join(parts)}; name those that say "
        "something under read.keep_missing in the mapping"
    ]


def _check_kept(columns: list[Column], kept: Collection[str], path: Path) -> None:
    if kept and path.suffix.lower() == _MARKS_LOST:
        raise SourceError(
            "mapping: read.keep_missing cannot be had of a SAS transport file, whose kinds of "
            "missing values are read as one; take it out, or give the .sas7bdat file"
        )
    known = set().union(*(x.names(value) for x in columns for value in x.marked()))
    for text in kept:
        if text not in known:
            marks = ", ".join(map(repr, sorted(known))) or "nothing"
            raise SourceError(
                f"mapping: read.keep_missing names {text!r}, but {path.name} marks {marks} as "
                "missing; name one of these, or take it out"
            )


def described_columns(columns: Iterable[Column]) -> dict[str, Variable]:
    """By column, the variable it would be: its levels in the order of their codes, first of all.

    A text without labels has no type, which the mapping must say.
    """
    return {column.name: _of_column(column) for column in columns}


def _of_column(column: Column) -> Variable:
    label, levels = column.label or column.name, column.levels()
    if len(levels) > 1:
        names = slugs_of(levels)
        if sorted(names.values()) == ["no", "yes"]:
            return new_variable(label, "yes_no", YES_NO)
        return new_variable(label, "category", {names[code]: levels[code] for code in levels})
    return new_variable(label, "" if column.is_text else "decimal", {})


def with_labels(
    mapping: MappingFile, columns: Iterable[Column], dictionary: Dictionary
) -> MappingFile:
    """The mapping in the texts that the file is read as, by whichever of code and label it goes.

    The labels of a variable are its levels where the mapping does not say otherwise.
    """
    texts = {column.name: column.levels() for column in columns}
    theirs = {ours: name for name, ours in mapping.columns.items()}
    levels = dict(mapping.levels)
    for variable in dictionary.with_variables(mapping.variables).extract():
        known = texts.get(theirs.get(variable.name, variable.name), {})
        if known and variable.levels:
            said = _same_levels(known, variable)
            declared = levels.get(variable.name, {})
            levels[variable.name] = said | {_text(x, known): ours for x, ours in declared.items()}
    days = {name: _in_texts(rule, texts) for name, rule in mapping.days.items()}
    return replace(mapping, levels=levels, days=days)


def _same_levels(texts: Mapping[str, str], variable: Variable) -> dict[str, str]:
    """Labels that name a level of ours, whatever the letters they are written in."""
    ours, names = levels_by_name(variable), slugs_of(dict(texts))
    alike = {text: ours.get(names[code]) or ours.get(slug(text)) for code, text in texts.items()}
    return {text: level for text, level in alike.items() if level}


def _in_texts(rule: DaysRule, texts: Mapping[str, Mapping[str, str]]) -> DaysRule:
    """The conditions of a rule on days, where they name codes, by the labels of these."""

    def said(conditions: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {
            name: tuple(_text(x, texts.get(name, {})) for x in values)
            for name, values in conditions.items()
        }

    return replace(rule, where=said(rule.where), otherwise=said(rule.otherwise))


def _text(said: str, texts: Mapping[str, str]) -> str:
    """What a code is read as; a text that is none of the codes, or a label itself, as it is."""
    return said if said in texts.values() else texts.get(said, said)
