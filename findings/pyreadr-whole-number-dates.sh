#!/usr/bin/env bash
# pyreadr 0.5.8: dates that R stores as whole numbers are all read as 1 January 1970, missing ones too.
#
# Behaviour. R keeps a Date as a number of days, of either of its two kinds of number. as.Date() of
# text makes the one kind; data.table's fread() and as.IDate(), and as.Date() of a whole number, make
# the other. read_r() takes the class for granted and the kind for the first: whole-number dates come
# as 1970-01-01 in every row, without a warning, and NA is such a date as well. A whole-number column
# beside it that is no date is read right. Whole-number times (POSIXct) go the same way.
#
# Why it matters. Registries hand over .rds files written by data.table. All intervals between two
# such dates are zero days, and a patient without a date of death has one.
#
# Documented or reported: the package documents that Date becomes a date object; the two kinds are
# not mentioned. Not found among the issues.
#
# Output seen:
#   what R wrote: 2022-01-08, 2022-01-28, NA, 2022-04-18
#   by pyreadr:   1970-01-01, 1970-01-01, 1970-01-01, 1970-01-01
#   the same days as the other kind of number: 2022-01-08, 2022-01-28, missing, 2022-04-18
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  pyreadr==0.5.8 pandas==2.3.3 numpy==2.4.6 || exit 2
# The two files are data frames as saveRDS(version = 2) writes them, made here byte by byte after
# the format that "R Internals" describes, so that R is not needed.
"$room/venv/bin/python" -W ignore - "$room" <<'PY'
import datetime
import gzip
import struct
import sys

import pyreadr

DAYS = [19000, 19020, None, 19100]
INTEGER, REAL, STRINGS, LIST = 13, 14, 16, 19
OBJECT, ATTRIBUTES = 0x100, 0x200
REAL_NA = bytes.fromhex("7ff00000000007a2")


def number(value):
    return struct.pack(">i", value)


def text(value):
    return number(0x40009) + number(len(value)) + value.encode()


def strings(values):
    return number(STRINGS) + number(len(values)) + b"".join(map(text, values))


def attributes(**named):
    """A pairlist: each with its tag, ended by the null value."""
    tagged = (number(0x402) + number(1) + text(name) + value for name, value in named.items())
    return b"".join(tagged) + number(0xFE)


def integers(values, flags=0):
    missing = -(2**31)
    body = b"".join(number(missing if value is None else value) for value in values)
    return number(INTEGER | flags) + number(len(values)) + body


def reals(values, flags=0):
    body = b"".join(REAL_NA if value is None else struct.pack(">d", value) for value in values)
    return number(REAL | flags) + number(len(values)) + body


def frame(dates):
    return (
        b"X\n" + number(2) + number(0x40202) + number(0x20300)
        + number(LIST | OBJECT | ATTRIBUTES) + number(2) + integers([1, 2, 3, 4]) + dates
        + attributes(**{
            "names": strings(["patient", "infused"]),
            "class": strings(["data.frame"]),
            "row.names": integers([None, -4]),
        })
    )


def read(dates):
    path = f"{sys.argv[1]}/cohort.rds"
    with gzip.open(path, "wb") as file:
        file.write(frame(dates))
    cohort = pyreadr.read_r(path)[None]
    assert list(cohort["patient"]) == [1, 2, 3, 4]
    return ["missing" if str(day) in ("NaT", "None", "nan") else str(day) for day in cohort["infused"]]


epoch = datetime.date(1970, 1, 1)
wrote = ["NA" if day is None else str(epoch + datetime.timedelta(day)) for day in DAYS]
date = attributes(**{"class": strings(["IDate", "Date"])})
whole = read(integers(DAYS, OBJECT | ATTRIBUTES) + date)
real = read(reals(DAYS, OBJECT | ATTRIBUTES) + attributes(**{"class": strings(["Date"])}))
print("what R wrote:", ", ".join(wrote))
print("by pyreadr:  ", ", ".join(whole))
print("the same days as the other kind of number:", ", ".join(real))
sys.exit(0 if set(whole) == {"1970-01-01"} and real[0] == wrote[0] and real[2] == "missing" else 1)
PY
