"""`cart-report build` and `cart-report verify`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import yaml

from analysis_lib.command_line.given import (
    Progress,
    add_parameter_options,
    find_project,
    given_parameters,
    parameters_help,
)
from analysis_lib.errors import ParameterError
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.publish.request import BuildRequest, BuildResult, ReportInfo
    from analysis_lib.publish.verify import Check
    from analysis_lib.study.study import Study

FORMATS = ("html", "pdf", "docx")
PAPERS = ("a4", "us-letter")
# Where the files of a run lie in the composed project, whatever they are called outside.
FIXED_NAMES = {
    "cohort": "data/cohort.csv",
    "dictionary": "data/dictionary.csv",
    "mapping": "data/mapping/mapping.yaml",  # a folder of its own: its REDCap dictionary goes along
    "claims": "data/published.csv",
}
OTHER_CLAIMS = "data/claims.csv"  # of another article: the comparison tells the two by name


def add_build(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "build",
        help="build the whole report",
        description="Execute the notebooks and render them as HTML, PDF and Word.",
        epilog=parameters_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_parameter_options(parser)
    parser.add_argument(
        "--out", metavar="DIR", default="_report", help="folder of the report (default: _report)"
    )
    parser.add_argument(
        "--to",
        metavar="LIST",
        default=",".join(FORMATS),
        help=f"formats: {','.join(FORMATS)} (default: all)",
    )
    parser.add_argument(
        "--paper", choices=PAPERS, default="a4", help="paper of the PDF (default: a4)"
    )
    parser.add_argument(
        "--renderer",
        choices=("auto", "quarto", "builtin"),
        default="auto",
        help="auto = Quarto if 1.9 or later is on PATH and succeeds, else the built-in renderer",
    )
    parser.add_argument(
        "--jobs", type=int, default=2, metavar="N", help="notebooks executed at a time (default: 2)"
    )
    parser.add_argument(
        "--compose-only",
        metavar="DIR",
        help="write the Quarto project that would be rendered into DIR, and stop",
    )
    parser.set_defaults(run=run_build)


def run_build(arguments: argparse.Namespace) -> int:
    progress = Progress()
    formats = _formats(arguments.to)
    if arguments.jobs < 1:
        raise ParameterError(f"--jobs: must be at least 1, but is {arguments.jobs}")
    parameters = given_parameters(arguments)
    from analysis_lib.study.study import make_study

    study = make_study(parameters, root=find_project())
    from analysis_lib.command_line.report_rows import report_results
    from analysis_lib.publish.build import build_report, compose_only
    from analysis_lib.results.store import (
        disclosure_summary,
        results_csv,
        results_header,
        results_json,
    )
    from analysis_lib.topics.whole import repeated_results

    numbers = []
    manifest: dict[str, object] = {"seed": study.parameters.seed}

    def write_results(folder: Path) -> None:
        results = report_results(study)
        numbers.append(len(results.rows))
        if results.small_cell:
            manifest["disclosure"] = disclosure_summary(results)
        write_text(results_csv(results), folder / "results.csv")
        write_text(results_json(results, results_header(study)), folder / "results.json")
        write_text(parameters_text(study), folder / "parameters.yaml")

    def keep_repeated() -> None:
        repeated_results(study, progress=progress)  # so that the notebooks find them

    prepare = (keep_repeated, write_results)
    request = _request(arguments, study, formats, progress, prepare, manifest)
    if study.intake_notes:
        manifest["intake"] = study.intake_notes
    for note in study.intake_notes:
        progress.say(f"intake: {note}")
    progress.say(f"building {study.title}: {study.cohort_label}")
    if arguments.compose_only:
        print(f"composed project: {compose_only(request, Path(arguments.compose_only))}")
        return 0
    _say_what_was_built(build_report(request), numbers[0])
    return 0


def _formats(text: str) -> tuple[str, ...]:
    named = tuple(part.strip() for part in text.split(",") if part.strip())
    for name in named:
        if name not in FORMATS:
            raise ParameterError(f"--to: must name {', '.join(FORMATS)}, but names {name!r}")
    if not named:
        raise ParameterError(f"--to: must name at least one of {', '.join(FORMATS)}")
    return named


def _request(
    arguments: argparse.Namespace,
    study: Study,
    formats: tuple[str, ...],
    progress: Progress,
    steps: tuple[Callable[[], None], Callable[[Path], None]],
    manifest: dict[str, object],
) -> BuildRequest:
    from analysis_lib.publish.request import BuildRequest

    parameters, inputs = with_fixed_names(study)
    notebooks = tuple(sorted((study.root / "notebooks").glob("[0-9]*.ipynb")))
    return BuildRequest(
        project_root=study.root,
        notebooks=notebooks,
        parameters=parameters,
        info=report_info(study),
        out=Path(arguments.out),
        formats=formats,  # type: ignore[arg-type]
        paper=arguments.paper,
        renderer=arguments.renderer,
        jobs=arguments.jobs,
        inputs=inputs,
        manifest=manifest,
        prepare=steps[0],
        write_extras=steps[1],
        progress=progress,
    )


def with_fixed_names(study: Study) -> tuple[dict[str, object], dict[str, Path]]:
    """The parameters with the names that files have in the composed project, and the files."""
    from analysis_lib.article.comparison.published import is_default_claims

    parameters, inputs = asdict(study.parameters), {}
    for name, fixed in FIXED_NAMES.items():
        given = parameters[name]
        if name == "claims" and given and not is_default_claims(study.root, given):
            fixed = OTHER_CLAIMS
        if name == "cohort":  # its ending tells how it is read
            fixed = str(PurePosixPath(fixed).with_suffix(Path(given).suffix.lower()))
        if given:
            inputs[fixed] = study.root / given
            parameters[name] = fixed
    for name, file in _beside_mapping(study).items():
        inputs[str(PurePosixPath(FIXED_NAMES["mapping"]).with_name(name))] = file
    return parameters, inputs


def parameters_text(study: Study) -> str:
    """Every parameter as a YAML file that makes this report again, given its inputs.

    The inputs are named when it is made again: only one that there is none of is in the file.
    """
    values = {
        name: value
        for name, value in asdict(study.parameters).items()
        if name not in FIXED_NAMES or not value
    }
    head = "# cart-report build -f parameters.yaml --cohort FILE\n"
    return head + yaml.safe_dump(values, sort_keys=False, allow_unicode=True)


def _beside_mapping(study: Study) -> dict[str, Path]:
    from analysis_lib.intake.extract import files_beside

    given = study.parameters.mapping
    return files_beside(study.root / given) if given else {}


def report_info(study: Study) -> ReportInfo:
    """What the text calls its subject: the values of `{{< var name >}}`."""
    from analysis_lib.publish.request import ReportInfo
    from analysis_lib.study.eligibility import day

    groups = study.groups
    return ReportInfo(
        title=study.title,
        exposure=study.exposure.phrase,
        cohort_label=study.cohort_label,
        data_lock=day(study.parameters.data_lock),
        label=study.label,
        variables={
            "groups": " and ".join(groups.labels),
            "reference_group": groups.labels[0],
            "treatment": study.parameters.treatment,
            "time_zero": study.time_zero_phrase,
            "fixed_model": study.fixed_model.named,
        },
    )


def _say_what_was_built(result: BuildResult, numbers: int) -> None:
    print(f"report:   {result.out}")
    for path in result.files:
        if path.parent == result.out:
            print(f"          {path.name}")
    print(f"renderer: {result.renderer}")
    if result.reason:
        print(f"          instead of Quarto: {result.reason}")
    print(f"numbers:  {numbers} in results.csv")
    stages = ", ".join(f"{stage.stage} {stage.seconds:.1f} s" for stage in result.stages)
    print(f"time:     {stages}; {result.seconds:.1f} s in all")
    for message in result.messages:
        print(f"warning:  {message}")


SHOWN = 20
WITH_FINDINGS = 1


def add_verify(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "verify",
        help="check every number of a built report against its results",
        description="Read a built report again: whether its files are those that the build wrote, "
        "whether every number in tables and sentences is a rounding of a row of results.csv, and "
        "whether HTML, PDF and Word say what was computed.",
        epilog="exit codes: 0 all agree, 1 findings, 2 no built report",
    )
    parser.add_argument("folder", metavar="DIR", help="folder of a built report")
    parser.set_defaults(run=run_verify)


def run_verify(arguments: argparse.Namespace) -> int:
    from analysis_lib.publish.verify import verify_report

    progress = Progress()
    checks = verify_report(Path(arguments.folder), progress=progress.say)
    for check in checks:
        _say(check)
    findings = sum(len(check.findings) for check in checks)
    print("verified: no finding" if not findings else f"verified: {findings} findings")
    return WITH_FINDINGS if findings else 0


def _say(check: Check) -> None:
    verdict = f"{len(check.findings)} findings" if check.findings else "agree"
    print(f"{check.name}: {check.extent}, {verdict}")
    for finding in check.findings[:SHOWN]:
        print(f"  - {finding}")
    if len(check.findings) > SHOWN:
        print(f"  - and {len(check.findings) - SHOWN} more")
