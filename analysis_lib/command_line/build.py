"""`cart-report build`."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.command_line.asked import FORMATS, PAPERS, WORK, Asked, Numbers, request_of
from analysis_lib.command_line.given import (
    Progress,
    add_jobs_option,
    add_parameter_options,
    find_project,
    given_jobs,
    given_parameters,
    parameters_help,
)
from analysis_lib.errors import ParameterError

if TYPE_CHECKING:
    from analysis_lib.command_line.study_work import Facts
    from analysis_lib.publish.bundle import Bundle
    from analysis_lib.publish.request import BuildResult


def add_build(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "build",
        help="build the whole report",
        description="Execute the notebooks and render them as HTML, PDF and Word. What has not "
        "changed since the report in the folder was built is not done again; a file of it that "
        "somebody has edited is kept.",
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
    add_jobs_option(parser)
    parser.add_argument(
        "--force", action="store_true", help="build everything anew, even if nothing has changed"
    )
    parser.add_argument(
        "--compose-only",
        metavar="DIR",
        help="write the Quarto project that would be rendered into DIR, and stop",
    )
    parser.set_defaults(run=run_build)


def run_build(arguments: argparse.Namespace) -> int:
    formats = formats_of(arguments.to)
    jobs = given_jobs(arguments)
    parameters, root = given_parameters(arguments), find_project()
    from analysis_lib.publish.bundle import built_report
    from analysis_lib.publish.publish import check_target, require_room
    from analysis_lib.publish.warm import worker

    target = check_target(Path(arguments.compose_only or arguments.out), project_root=root)
    asked = Asked(parameters, root, formats, arguments.paper, arguments.renderer)
    report = None if arguments.force else built_report(target)
    if report and not arguments.compose_only and asked.origin and asked.origin.is_of(report):
        _say_unchanged(report)
        return 0
    require_room(target)
    progress = Progress()
    with worker(WORK, (parameters, root), progress) as work:
        numbers = Numbers(asked, work, report, progress, jobs=jobs)
        _build(numbers, target, arguments, progress)
    return 0


def _build(
    numbers: Numbers, target: Path, arguments: argparse.Namespace, progress: Progress
) -> None:
    # Imported while the study is opened in another process.
    from analysis_lib.publish.build import build_report, compose_only

    facts: Facts = numbers.work.ask("facts")
    for note in facts.notes:
        progress.say(f"intake: {note}")
    for choice in facts.left_open:
        progress.say(f"left open: {choice}")
    progress.say(f"building {facts.subject}")
    request = request_of(numbers, facts, target, is_fresh=arguments.force)
    if arguments.compose_only:
        print(f"composed project: {compose_only(request, request.out)}")
    else:
        _say_what_was_built(build_report(request))


def formats_of(text: str, option: str = "--to") -> tuple[str, ...]:
    """The formats that an option names, each known."""
    named = tuple(part.strip() for part in text.split(",") if part.strip())
    for name in named:
        if name not in FORMATS:
            raise ParameterError(f"{option}: must name {', '.join(FORMATS)}, but names {name!r}")
    if not named:
        raise ParameterError(f"{option}: must name at least one of {', '.join(FORMATS)}")
    return named


def _say_unchanged(report: Bundle) -> None:
    print(f"unchanged: {report.folder}")
    for name in report.edited:
        print(f"           {name} has been edited since, and stays")
    print("           build --force makes it anew, and keeps what was edited under another name")


def _say_what_was_built(result: BuildResult) -> None:
    print(f"report:   {result.out}")
    for path in result.files:
        if path.parent == result.out:
            print(f"          {path.name}")
    for name in result.edited:
        print(f"edited:   {name} is a file of the earlier report that somebody had changed")
    print(f"renderer: {result.renderer}")
    if result.reason:
        print(f"          instead of Quarto: {result.reason}")
    with (result.out / "results.csv").open(encoding="utf-8", newline="") as rows:
        print(f"numbers:  {sum(1 for _ in csv.DictReader(rows))} in results.csv")
    if result.kept:
        print(f"chapters: {result.kept} taken over from the earlier report")
    stages = ", ".join(f"{stage.stage} {stage.seconds:.1f} s" for stage in result.stages)
    print(f"time:     {stages}; {result.seconds:.1f} s in all")
    for message in result.messages:
        print(f"warning:  {message}")
