"""Extracts, mappings and parameter files at random: a command answers in words and in time."""

from __future__ import annotations

import contextlib
import io
import time
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from analysis_lib.command_line.main import main

SLOWEST = 20.0  # seconds that an answer may take on a busy machine
CODES = {0, 1, 2}

_NAMES = st.sampled_from(
    ["patient_id", "id", "sex", "age_years", "infusion_date", "death_date", "last_contact_date",
     "os_time", "os_status", "t1", "d1", "arm", "", "a b", "Größe", "=1+1", "surname", "crs_grade"]
)  # fmt: skip
_CELLS = st.one_of(
    st.sampled_from(
        ["", "NA", "1", "0", "1.0", "-9", "12,5", "1e400", "9" * 60, "2023-02-30", "2022-01-05",
         "05.01.2022", "yes", "Dead", "f", "#REF!", "<5", "١", "nan", "inf", "=1+1", '"', "\x0b"]
    ),
    st.text(max_size=8),
    st.integers().map(str),
    st.dates().map(str),
)  # fmt: skip
_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**18), st.floats(), st.dates(), _NAMES, _CELLS
)
_NODES = st.recursive(
    _LEAVES,
    lambda x: st.lists(x, max_size=3) | st.dictionaries(_NAMES | _LEAVES.map(str), x, max_size=3),
    max_leaves=8,
)
_PARTS = st.sampled_from(
    ["read", "columns", "levels", "units", "values", "dates_from_days", "variables", "redcap",
     "repeats", "bounds", "zero", "x"]
)  # fmt: skip
_PARAMETERS = st.sampled_from(
    ["exposure", "landmarks", "include", "small_cell", "data_lock", "exposure_levels", "title",
     "minimum_age", "candidates", "mapping", "cohort", "seed", "confidence_level", "x"]
)  # fmt: skip
_RAW = st.text(alphabet="{}[]:,-?&*!|>'\"%@ab1 \n\t#~", max_size=60)


@st.composite
def extracts(draw: st.DrawFn) -> str:
    """Delimited text, mostly a table, now and then not."""
    header = draw(st.lists(_NAMES, min_size=1, max_size=6))
    rows = draw(st.lists(st.lists(_CELLS, max_size=7), max_size=6))
    sign = draw(st.sampled_from([",", ";", "\t", "|"]))
    return "\n".join(sign.join(row) for row in [header, *rows])


def documents(keys: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """YAML of these keys, or signs of YAML in any order."""
    import yaml

    return _RAW | st.dictionaries(keys, _NODES, max_size=4).map(
        lambda node: yaml.safe_dump(node, allow_unicode=True)
    )


@dataclass
class Tally:
    """What became of the inputs tried, and the slowest answer."""

    tried: int = 0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def run(self, command: list[str], shown: str) -> None:
        """One command: its code is one of the known, it raises nothing, and it is in time."""
        begun = time.monotonic()
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                code = main(command)
            wrong = "" if code in CODES and "Traceback" not in said.getvalue() else f"code {code}"
        except Exception as error:  # what the fuzzer looks for
            wrong = f"{type(error).__name__}: {error}"
        seconds = time.monotonic() - begun
        self.tried += 1
        self.slowest = max(self.slowest, seconds)
        if wrong or seconds > SLOWEST:
            self.failures.append(f"{command[0]}: {wrong or f'{seconds:.1f} s'}: {shown!r}"[:1500])


def fuzz(folder: Path, examples: int) -> Tally:
    """Try `examples` inputs of each kind; an embedded file is the partner of each."""
    tally = Tally()
    extract, mapping, parameters = (folder / x for x in ("theirs.csv", "m.yaml", "p.yaml"))
    small = "patient_id,sex,age_years,os_time,os_status\n1,male,40,100,1\n2,female,50,90,0\n"
    quiet = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @quiet
    @given(text=extracts())
    def try_extract(text: str) -> None:
        extract.write_text(text, encoding="utf-8", errors="replace")
        tally.run(["validate", str(extract)], text)
        tally.run(["map", str(extract)], text)

    @quiet
    @given(text=documents(_PARTS))
    def try_mapping(text: str) -> None:
        extract.write_text(small, encoding="utf-8")
        mapping.write_text(text, encoding="utf-8", errors="replace")
        tally.run(["validate", str(extract), "--mapping", str(mapping)], text)

    @quiet
    @given(text=documents(_PARAMETERS))
    def try_parameters(text: str) -> None:
        extract.write_text(small, encoding="utf-8")
        parameters.write_text(text, encoding="utf-8", errors="replace")
        tally.run(["results", "--cohort", str(extract), "-f", str(parameters)], text)

    for attempt in (try_extract, try_mapping, try_parameters):
        attempt()
    return tally
