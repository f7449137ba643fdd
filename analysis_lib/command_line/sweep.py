"""`cart-report sweep`."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis_lib.command_line.build import formats_of
from analysis_lib.command_line.given import (
    Progress,
    add_jobs_option,
    find_project,
    given_jobs,
    named_values,
    values_of_file,
    with_files,
)
from analysis_lib.errors import CartReportError, OutputError, ParameterError
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.study.content import FILES
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.intake.extract import Extract
    from analysis_lib.publish.sweep_plan import Combination, Plan
    from analysis_lib.publish.sweep_rows import Line
    from analysis_lib.publish.sweep_run import Made, Order

PAGE, TABLE = "comparison.html", "comparison.csv"
WORK = "analysis_lib.command_line.sweep_work:SweepWork"
WITH_REFUSED, WITH_FAILED = 1, 3


def add_sweep(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "sweep",
        help="results or reports of many parameters, and one page that compares them",
        description="Make a folder of results, or of a whole report, for every combination of a "
        "plan (exposures, subgroups, centres, endpoints, windows), and a page with the primary "
        "estimate of all of them. What is done is not done again.",
        epilog="exit codes: 0 all have results, 1 some are refused, and the page says why, "
        "2 a bad plan, 3 some failed, 130 interrupted",
    )
    parser.add_argument("plan", metavar="PLAN.yaml", help="what is common, and what varies")
    parser.add_argument("--out", metavar="DIR", required=True, help="folder of the folders")
    parser.add_argument(
        "--reports",
        metavar="LIST",
        help="whole reports in these formats (html,pdf,docx) instead of results alone",
    )
    add_jobs_option(parser)
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="workers of this Dask scheduler instead, who see the same files under the same names",
    )
    parser.add_argument("--force", action="store_true", help="make everything anew")
    parser.set_defaults(run=run_sweep)


def run_sweep(arguments: argparse.Namespace) -> int:
    jobs = given_jobs(arguments)
    formats = formats_of(arguments.reports, "--reports") if arguments.reports is not None else ()
    plan, root = _plan_of(Path(arguments.plan)), find_project()
    out = _folder(Path(arguments.out), root)
    progress = Progress()
    from analysis_lib.publish.origin import code_digests, versions
    from analysis_lib.publish.sweep_plan import combinations, dimensions_of
    from analysis_lib.publish.sweep_run import Order

    extract = _shared_extract(plan, root)
    dimensions = dimensions_of(plan, partial(_levels_of, extract))
    every = combinations(plan, dimensions)
    _check_names(every, extract)
    sizes = " x ".join(f"{len(x.options)} {x.name}" for x in dimensions)
    progress.say(f"{len(every)} combinations ({sizes}) into {out}")
    library = tuple(code_digests()), tuple(versions())
    order = Order(root, out, formats, arguments.force, library)
    out.mkdir(parents=True, exist_ok=True)
    made = _made(arguments.scheduler, jobs, order, every, progress)
    _write(out, tuple(x.name for x in dimensions), every, made, formats)
    states = Counter(one.state for one in made.values())
    said = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    print(f"sweep:    {said} ({progress.seconds:.1f} s)")
    print(f"          {out / PAGE}")
    return _exit_code(states)


def _plan_of(path: Path) -> Plan:
    """The plan of a file; files that it names lie beside it first."""
    from analysis_lib.publish.sweep_plan import read_plan

    given = named_values(path, "plan")
    common = given.get("parameters") or {}
    if isinstance(common, str):
        given["parameters"] = values_of_file(path.parent / common, "plan: parameters")
    elif isinstance(common, dict):
        given["parameters"] = with_files(common, path.parent)
    if isinstance(given.get("grid"), dict):
        given["grid"] = {
            name: _beside(name, values, path.parent) for name, values in given["grid"].items()
        }
    return read_plan(given)


def _beside(name: str, values: Any, folder: Path) -> Any:
    """A dimension that sets files, with those that lie in a folder taken from there."""
    if name in FILES and isinstance(values, list):
        return {Path(str(one)).stem: with_files({name: one}, folder)[name] for one in values}
    if name in FILES and isinstance(values, dict):
        return {key: with_files({name: one}, folder)[name] for key, one in values.items()}
    if isinstance(values, dict):
        return {
            key: with_files(one, folder) if isinstance(one, dict) else one
            for key, one in values.items()
        }
    return values


def _folder(out: Path, root: Path) -> Path:
    """The resolved folder, in which only folders and files of the sweep's own names are made."""
    target = out.resolve()
    if target.exists() and not target.is_dir():
        raise OutputError(f"--out: must be a folder, but {out} is a file")
    if target == root.resolve():
        raise OutputError(f"--out: must not be the project, but was {out}; name another folder")
    return target


def _shared_extract(plan: Plan, root: Path) -> Extract | None:
    """The extract of all combinations, checked; None where the grid varies it.

    Raises
    ------
    CartReportError
        It is refused, or varies though `each` needs its columns.
    """
    from analysis_lib.study.reading import read_extract

    if not plan.varies.intersection(FILES):
        return read_extract(parse_parameters(plan.common), root)
    if plan.each:
        raise ParameterError(
            "plan: each: needs one extract, but the grid varies its files; sweep one extract "
            "after another"
        )
    return None


def _levels_of(extract: Extract | None, column: str) -> Sequence[tuple[str, str]]:
    """The levels of a column that some patient has, with their labels."""
    from analysis_lib.labels import level_label

    assert extract is not None
    known, held = extract.dictionary, extract.patients.get(column)
    if held is None or not known[column].is_categorical:
        raise ParameterError(
            f"plan: each: {column!r} is no column with levels; choose one like centre or sex"
        )
    found = set(held.dropna())
    return [(x, level_label(known[column], x)) for x in held.cat.categories if x in found]


def _check_names(every: Sequence[Combination], extract: Extract | None) -> None:
    """Refuse exposures and covariates that the extract cannot have."""
    from analysis_lib.study.reading import check_names

    for one in every:
        if one.parameters is not None and extract is not None:
            try:
                check_names(one.parameters, extract.dictionary)
            except CartReportError as error:
                raise ParameterError(f"plan: {', '.join(one.labels)}: {error}") from None


def _made(
    scheduler: str | None,
    jobs: int,
    order: Order,
    every: Sequence[Combination],
    progress: Progress,
) -> dict[str, Made]:
    """What became of each combination, as it ends."""
    from analysis_lib.publish.sweep_run import FAILED, make_here, make_on_cluster

    made: dict[str, Made] = {}
    if scheduler:
        doing = make_on_cluster(scheduler, WORK, order, every)
    else:
        doing = make_here(WORK, order, every, jobs)
    try:
        with closing(doing):
            for one in doing:
                made[one.name] = one
                if one.state == FAILED:
                    progress.say(f"{one.name}: {one.reason}")
                progress("combinations", len(made), len(every), progress.seconds)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            f"{len(made)} of {len(every)} combinations are done and stay; the same command does "
            "the others"
        ) from None
    return made


def _write(
    out: Path,
    dimensions: tuple[str, ...],
    every: Sequence[Combination],
    made: dict[str, Made],
    formats: tuple[str, ...],
) -> None:
    from analysis_lib.publish.sweep_page import Comparison, comparison_page
    from analysis_lib.publish.sweep_rows import comparison_csv

    lines = tuple(_lines(out, every, made))
    write_text(comparison_csv(lines, dimensions), out / TABLE)
    file = "index.html" if "html" in formats else "results.csv"
    write_text(comparison_page(Comparison(dimensions, lines, file)), out / PAGE)


def _lines(out: Path, every: Sequence[Combination], made: dict[str, Made]) -> Iterator[Line]:
    from analysis_lib.publish.bundle import read_manifest
    from analysis_lib.publish.sweep_rows import Line, read_primary

    for combination in every:
        one = made[combination.name]
        manifest = None if one.reason else read_manifest(out / combination.name)
        primary = read_primary(manifest) if manifest else None
        yield Line(combination, primary, one.reason)


def _exit_code(states: Counter[str]) -> int:
    from analysis_lib.publish.sweep_run import FAILED, REFUSED

    if states[FAILED]:
        return WITH_FAILED
    return WITH_REFUSED if states[REFUSED] else 0
