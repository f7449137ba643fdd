"""The numbers of a build, computed or taken over, and the request that is made of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.study.content import FILES
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.certificate.statement import Certificate
    from analysis_lib.command_line.asked import Asked
    from analysis_lib.command_line.study_work import Facts
    from analysis_lib.publish.bundle import Bundle
    from analysis_lib.publish.request import BuildRequest, BuildResult, ReportInfo
    from analysis_lib.publish.request import Progress as OnStep
    from analysis_lib.publish.warm import Worker

WORK = "analysis_lib.command_line.study_work:StudyWork"
OF_NUMBERS = ("disclosure", "comparison")  # entries of the manifest


@dataclass
class Numbers:
    """The results of a build: computed for its chapters, or taken over with all of them."""

    asked: Asked
    work: Worker
    report: Bundle | None
    progress: Callable[[str, int, int, float], None]
    given: Certificate | None = None
    computed: bool = False

    @cached_property
    def certificate(self) -> Certificate | None:
        """The one that was given, or that of the report whose numbers are all taken over."""
        return self.given or (self.asked.certificate_of(self.report) if self.report else None)

    def prepare(self, folder: Path) -> None:
        named, _ = self.asked.named
        self.work.ask("compute", folder, {name: named[name] for name in FILES})
        self.computed = True

    def write(self, bundle: Path) -> dict[str, object]:
        """The files of results and parameters; where no chapter ran, those of the report."""
        if self.certificate:
            from analysis_lib.certificate.statement import FILE, SCRIPT

            write_text(self.certificate.text(), bundle / FILE)
            shutil.copyfile(SCRIPT, bundle / SCRIPT.name)
        if self.computed or self.report is None:
            return self.work.ask("write", bundle)
        from analysis_lib.publish.origin import NUMBERS

        for name in NUMBERS:
            shutil.copyfile(self.report.folder / name, bundle / name)
        manifest = self.report.manifest
        return {name: manifest[name] for name in OF_NUMBERS if name in manifest}


def request_of(
    numbers: Numbers, facts: Facts, out: Path, *, jobs: int, is_fresh: bool
) -> BuildRequest:
    """What a build is asked for, once its study has been opened."""
    from analysis_lib.publish.request import BuildRequest

    asked = numbers.asked
    parameters, inputs = asked.named
    return BuildRequest(
        project_root=asked.root,
        notebooks=asked.notebooks,
        parameters=parameters,
        info=_with_certificate(facts.info, numbers.certificate),
        out=out,
        formats=asked.formats,  # type: ignore[arg-type]
        paper=asked.paper,  # type: ignore[arg-type]
        renderer=asked.renderer,  # type: ignore[arg-type]
        jobs=jobs,
        inputs=inputs,
        manifest={"seed": asked.parameters.seed, "paper": asked.paper, **_said(facts)},
        origin=asked.origin,
        is_fresh=is_fresh,
        prepare=numbers.prepare,
        write_extras=numbers.write,
        fork=numbers.work.fork,
        progress=numbers.progress,
    )


def _with_certificate(info: ReportInfo, certificate: Certificate | None) -> ReportInfo:
    """What the page of provenance says of a second engine, where one was asked."""
    if certificate is None:
        return info
    return replace(info, variables={**info.variables, "certificate": certificate.statement})


def _said(facts: Facts) -> dict[str, object]:
    said = {"intake": facts.notes, "left_open": facts.left_open}
    return {name: lines for name, lines in said.items() if lines}


def build_again(
    asked: Asked, report: Bundle, certificate: Certificate, progress: OnStep
) -> BuildResult:
    """The pages of a report anew, with its certificate; no chapter is run."""
    from analysis_lib.publish.build import build_report
    from analysis_lib.publish.warm import worker

    with worker(WORK, (asked.parameters, asked.root), progress) as work:
        numbers = Numbers(asked, work, report, progress, certificate)
        facts = work.ask("facts")
        return build_report(request_of(numbers, facts, report.folder, jobs=1, is_fresh=False))
