"""Times and statuses of a survival data set: which columns are a pair, and which date they tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

import pandas as pd

from analysis_lib.intake.likeness import counts_given, plain_words
from analysis_lib.intake.mapping.document import NUMBER, plain_number

_UNITS = {
    "days": ("days", "day", "dy", "d"),
    "weeks": ("weeks", "week", "wks", "wk"),
    "months": ("months", "month", "mos", "mo", "mths", "mth", "m"),
    "years": ("years", "year", "yrs", "yr", "y"),
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words if len(word) > 1}
_TIME = {"time", "t", "tt", "dur", "duration", "fu", "followup", "aval", *_UNIT_OF}
_STATUS = {"status", "stat", "event", "ev", "evt", "ind", "indicator", "delta", "flag", "censor"}
_STATUS |= {"censored", "cens", "cnsr", "censoring", "d", "yn"}
_CENSORED = {"censor", "censored", "cens", "cnsr", "censoring"}
_YEAR = re.compile(r"(19|20)\d\d")
_STUCK = re.compile(r"(tt)(?=.)|(time|days|months|years|status|stat|event|cens|cnsr)$")
# What an endpoint is called, by the date of ours that its event is.
ENDPOINTS: Mapping[str, tuple[str, ...]] = {
    "death_date": ("os", "death", "dead", "died", "deceased", "survival", "surv", "overall",
                   "mortality", "exitus"),
    "relapse_date": ("relapse", "rel", "rl", "relap", "relapsed", "recur", "recurred",
                     "recurrence", "rec", "progression", "progressed",
                     "prog", "pfs", "dfs", "efs", "rfs", "lfs", "ttp", "pd"),
    "response_date": ("cr", "remission", "response", "resp"),
    "consolidation_date": ("hct", "hsct", "sct", "tx", "transplant", "transplantation", "bmt"),
}  # fmt: skip
_OF_ENDPOINTS = {word for words in ENDPOINTS.values() for word in words}
_COMPOSITE = {"pfs", "dfs", "efs", "rfs", "lfs"}
_SHORT = {"d": "death_date", "r": "relapse_date", "p": "relapse_date"}
_EVENT = {"1", "2", "dead", "died", "death", "deceased", "yes", "true", "event", "relapse",
          "relapsed", "recurrence", "progression", "progressed"}  # fmt: skip
_NONE = {"0", "alive", "living", "censored", "censor", "no", "false", "none", "no event"}
_MOST_STATES = 4
_FEWEST_TIMES = 3
_MOST_PARTNERS = 50


@dataclass(frozen=True)
class TimePair:
    """A date of ours, told by a time and, unless blank times say it, a status.

    `events` and `others` are the values of the status; `why` says what a person has to check.
    """

    ours: str
    time: str
    status: str
    unit: str
    events: tuple[str, ...]
    others: tuple[str, ...]
    why: str

    def rule(self, quoted: Iterable[str]) -> str:
        """The rule as a mapping file writes it, its texts quoted in the order they stand in."""
        texts = iter(quoted)
        parts = [f"days: {next(texts)}"]
        if self.unit != "days":
            parts.append(f"unit: {self.unit}")
        if self.status:
            status = next(texts)
            listed = [next(texts) for _ in self.events]
            parts.append(f"where: {{{status}: [{', '.join(listed)}]}}")
            if self.others:
                parts.append(f"otherwise: {{{status}: [{', '.join(texts)}]}}")
        return f"{{{', '.join(parts)}}}"

    def texts(self) -> tuple[str, ...]:
        """The names and values of theirs in the order in which `rule` writes them."""
        others = tuple(text for text in self.others)
        return (self.time, self.status, *self.events, *others) if self.status else (self.time,)


def find_times(table: pd.DataFrame) -> tuple[TimePair, ...]:
    """The dates that times and statuses tell, each once; a further pair tells none (`ours` empty).

    A pair shares what is left of both names without the words for time and status (`os_time` and
    `os_status`, `dtime` and `death`, `t1` and `d1`), or stands side by side (`time`, `status`).
    """
    times = {name: stem for name in table if (stem := _time_stem(name, table[name])) is not None}
    states = {name: stem for name in table if (stem := _status_stem(name, table[name])) is not None}
    places = {name: place for place, name in enumerate(table.columns)}
    scored = [
        (score + (0.5 if places[status] - places[time] == 1 else 0), time, status)
        for time, status in _may_be_pairs(times, states, places)
        if (score := _agreement(times[time], states[status]))
    ]
    partner: dict[str, str] = {}
    taken: set[str] = set()
    for _, time, status in sorted(scored, key=lambda x: (-x[0], places[x[1]], places[x[2]])):
        if time not in partner and status not in taken:
            partner[time] = status
            taken.add(status)
    return tuple(_dated(table, times, states, partner))


def _may_be_pairs(
    times: Mapping[str, str], states: Mapping[str, str], places: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """Times and statuses whose names may agree: of many alike, the first ones of the file."""
    alike: dict[str, list[str]] = {}
    for status, stem in states.items():
        begins = (f"begins {part}" for part in _beginnings(stem))
        for key in (f"is {stem}", f"tells {_endpoint('', stem)}", *begins):
            alike.setdefault(key, []).append(status)
    by_place = {places[status]: status for status in states}
    for time, stem in times.items():
        tells = f"tells {_endpoint(stem, '') or 'death_date'}"
        keys = (f"is {stem}", tells, f"begins {stem}", *(f"is {x}" for x in _beginnings(stem)))
        found = [x for key in keys for x in alike.get(key, [])[:_MOST_PARTNERS]]
        found += filter(None, [by_place.get(places[time] + 1)])
        yield from ((time, status) for status in dict.fromkeys(found))


def _beginnings(stem: str) -> list[str]:
    return [stem[:end] for end in range(len(stem) + 1)]


def _dated(
    table: pd.DataFrame,
    times: Mapping[str, str],
    states: Mapping[str, str],
    partner: Mapping[str, str],
) -> Iterator[TimePair]:
    """The pairs by the date they tell; the longest time without a name of its own is survival's."""
    said = {x: _endpoint(times[x], states.get(partner.get(x, ""), "")) for x in times}
    unnamed = [x for x in partner if not said[x]]
    if "death_date" not in said.values() and unnamed:
        longest = max(unnamed, key=lambda x: pd.to_numeric(table[x], errors="coerce").sum())
        said[longest] = "death_date"
    if "relapse_date" not in said.values():
        said |= {x: "relapse_date" for x in unnamed if not said[x]}
    taken: set[str] = set()
    for time in sorted(times, key=lambda x: x not in partner):
        ours = said[time]
        if ours and ours not in taken and (time in partner or _has_gaps(table[time])):
            taken.add(ours)
            why = "" if time not in unnamed else "the name does not say of what: check"
            yield _pair(table, ours, time, partner.get(time, ""), times[time], why)
        elif time in partner:
            yield TimePair("", time, partner[time], "days", (), (), "")


def _pair(table: pd.DataFrame, ours: str, time: str, status: str, stem: str, why: str) -> TimePair:
    unit = _unit(time, table[time])
    if status:
        held = sorted({text for text in table[status]} - {""})
        events, doubt = _events(status, held)
        others = [text for text in held if text not in events]
        if {plain_number(x) for x in held} <= {"0", "1"} and events != ("0",):
            others = []
        if (table[status] == "").any():
            others, doubt = [*others, ""], "a blank status counts as no event: check"
        why = doubt or why
    else:
        events, others = (), []
    if _COMPOSITE & {stem, *plain_words(f"{time} {status}").split()}:
        why = "its event may be death too: check"
    if unit != "days":
        why = why or f"in {unit}: check"
    return TimePair(ours, time, status, unit, events, tuple(others), why)


def _events(name: str, held: list[str]) -> tuple[tuple[str, ...], str]:
    """The values that are the event, and what is doubtful of them."""
    plain = {text: plain_number(text).casefold() for text in held}
    if _CENSORED & set(_split(name)):
        zero = tuple(text for text in held if plain[text] in ("0", "no", "false"))
        return zero or tuple(held[:1]), "0 is taken for the event, other values for censored: check"
    if set(plain.values()) == {"1", "2"}:
        return tuple(x for x in held if plain[x] == "2"), "2 is taken for the event: check"
    found = tuple(x for x in held if plain[x] in _EVENT)
    words = tuple(x for x in found if not plain[x].isdigit())
    if len(held) > 2 and found:
        return words or found[:1], "of several states: check"
    if found:
        return found, ""
    rest = tuple(x for x in held if plain[x] not in _NONE)
    return (rest or tuple(held))[-1:], "which value is the event? check"


def _split(name: str) -> list[str]:
    """The words of a name, with `time` and the like cut from what they are stuck to."""
    words = []
    for word in plain_words(name).split():
        cut = _STUCK.search(word)
        if word[:1] == "t" and word[1:] in _OF_ENDPOINTS:  # tdeath
            words += ["t", word[1:]]
        elif cut and len(word) > len(cut[0]):
            words += [cut[0], word[: cut.start()] + word[cut.end() :]]
        else:
            words.append(word)
    return words


def _time_stem(name: str, column: pd.Series) -> str | None:
    words = _split(name)
    if not _TIME & set(words) or "age" in words or _is_calendar(column):
        return None
    given = counts_given(column)
    if len(given) < min(_FEWEST_TIMES, sum(given.values())) or not _are_numbers(given):
        return None
    return " ".join(word for word in words if word not in _TIME)


def _status_stem(name: str, column: pd.Series) -> str | None:
    words = _split(name)
    if not (_STATUS | _OF_ENDPOINTS) & set(words):
        return None
    given = counts_given(column)
    if not 1 < len(given) <= _MOST_STATES:
        return None
    states = {plain_number(text).casefold() for text in given}
    is_status = _STATUS & set(words) or (_OF_ENDPOINTS & set(words) and states <= _EVENT | _NONE)
    return " ".join(x for x in words if x not in _STATUS) if is_status else None


def _agreement(time: str, status: str) -> float:
    """How well the rests of two names agree, 0 where they are of two endpoints."""
    if time == status:
        return 3.0
    ends = _endpoint(time, ""), _endpoint("", status)
    if status and all(ends):
        return 2.0 if ends[0] == ends[1] else 0.0
    if time and not status:
        return 1.0
    if time and status:
        return 1.0 if status.startswith(time) or time.startswith(status) else 0.0
    return 1.5 if not time and ends[1] == "death_date" else 0.0


@lru_cache(maxsize=100_000)
def _endpoint(time: str, status: str) -> str:
    """The date that words tell; what says nothing but time and status is survival."""
    words = [*status.split(), *time.split()]
    for word in words:
        for ours, known in ENDPOINTS.items():
            if word in known:
                return ours
    short = next((_SHORT[word] for word in words if word in _SHORT), "")
    return short if short or words else "death_date"


def _unit(name: str, column: pd.Series) -> str:
    """By the name, else by content: what has decimals is no count of days."""
    said = next((_UNIT_OF[word] for word in _split(name) if word in _UNIT_OF), "")
    if said:
        return said
    given = counts_given(column)
    numbers = [float(x) for x, n in given.items() if NUMBER.fullmatch(x) for _ in range(n)]
    if not numbers or all(plain_number(text).isdecimal() for text in given):
        return "days"
    return "years" if max(numbers) < 40 and median(numbers) < 10 else "months"


def _has_gaps(column: pd.Series) -> bool:
    return sum(counts_given(column).values()) < len(column)


def _are_numbers(given: Iterable[str]) -> bool:
    return all(NUMBER.fullmatch(text) and not text.startswith("-") for text in given)


def _is_calendar(column: pd.Series) -> bool:
    """Years such as 1984 are no times."""
    given = counts_given(column)
    years = sum(n for text, n in given.items() if _YEAR.fullmatch(text))
    return years > 0.9 * sum(given.values())
