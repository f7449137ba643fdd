"""How their dates and numbers are written, as far as the values themselves decide it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from analysis_lib.source.mapping.dates import is_iso_date_or_time
from analysis_lib.source.proposal.synonyms import MISSING, MISSING_LEVELS

DATE_FORMATS = (
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d %Y",
    "%Y%m%d",
)


def possible_formats(texts: Iterable[str]) -> tuple[str, ...]:
    """The formats that read every date which is not in ISO form; none where all are ISO."""
    others = [text for text in texts if text and not is_iso_date_or_time(text)]
    others = [text for text in others if text.casefold() not in MISSING]
    if not others:
        return ()
    return tuple(form for form in DATE_FORMATS if all(_reads(text, form) for text in others))


def texts_for_missing(texts: Iterable[str], levels: Iterable[str]) -> tuple[str, ...]:
    """Texts that are known to stand for 'not recorded', as they are written here.

    `texts` are of numbers and dates, `levels` of columns with levels: what is known to mean
    something there is left alone everywhere, since the list holds for all columns.
    """
    found = {text for text in texts if text.casefold() in MISSING}
    of_levels = {text for text in levels if text.casefold() in MISSING}
    known = {text for text in of_levels if text.casefold() in MISSING_LEVELS}
    return tuple(sorted((found - of_levels) | known))


def _reads(text: str, form: str) -> bool:
    try:
        dt.datetime.strptime(text, form)
    except ValueError:
        return False
    return True
