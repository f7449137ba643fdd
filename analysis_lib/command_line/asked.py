"""What a build is asked for, and the numbers that are computed or taken over for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from analysis_lib.errors import CartReportError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import is_default_claims
from analysis_lib.study.content import input_files

if TYPE_CHECKING:
    from analysis_lib.certificate.statement import Certificate
    from analysis_lib.publish.bundle import Bundle
    from analysis_lib.publish.origin import Origin
import shutil
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis_lib.study.content import FILES
from analysis_lib.writing import write_text

if TYPE_CHECKING:
    from analysis_lib.certificate.statement import Certificate
    from analysis_lib.command_line.study_work import Facts
    from analysis_lib.publish.bundle import Bundle
    from analysis_lib.publish.request import BuildRequest, BuildResult, ReportInfo
    from analysis_lib.publish.request import Progress as OnStep
    from analysis_lib.publish.warm import Worker


FORMATS = ("html", "pdf", "docx")
FORMAT_FILES = {"html": "index.html", "pdf": "report.pdf", "docx": "report.docx"}
PAPERS = ("a4", "us-letter")
# Where the files of a run lie in the composed project, whatever they are called outside.
FIXED_NAMES = {
    "cohort": "data/cohort.csv",
    "dictionary": "data/dictionary.csv",
    "mapping": "data/mapping/mapping.yaml",  # a folder of its own: its REDCap dictionary goes along
    "claims": "data/published.csv",
}
OTHER_CLAIMS = "data/claims.csv"  # of another article: the comparison tells the two by name


@dataclass(frozen=True)
class Asked:
    """What is asked for, before the extract is read."""

    parameters: Parameters
    root: Path
    formats: tuple[str, ...]
    paper: str
    renderer: str

    @classmethod
    def of_report(cls, parameters: Parameters, root: Path, manifest: Mapping[str, Any]) -> Asked:
        """What would make a report again as it is."""
        formats = tuple(x for x in FORMATS if FORMAT_FILES[x] in manifest["files"])
        renderer = "auto" if "Quarto" in manifest["renderer"] else "builtin"
        return cls(parameters, root, formats, manifest.get("paper", "a4"), renderer)

    @cached_property
    def notebooks(self) -> tuple[Path, ...]:
        return tuple(sorted((self.root / "notebooks").glob("[0-9]*.ipynb")))

    @cached_property
    def named(self) -> tuple[dict[str, Any], dict[str, Path]]:
        return with_fixed_names(self.parameters, self.root)

    @cached_property
    def origin(self) -> Origin | None:
        """The digests of everything that decides the report; None where a file is amiss."""
        from analysis_lib.publish.origin import origin_of
        from analysis_lib.publish.quarto import find_quarto

        try:
            parameters, inputs = self.named
        except CartReportError:  # the study says it with all else that is wrong
            return None
        quarto = find_quarto() if self.renderer != "builtin" else None
        return origin_of(
            self.root,
            parameters=parameters,
            inputs=inputs,
            notebooks=self.notebooks,
            pages=(self.formats, self.paper, self.renderer, quarto and quarto[1]),
        )

    def certificate_of(self, report: Bundle) -> Certificate | None:
        """The certificate of a report whose numbers would be the same again."""
        from analysis_lib.certificate.statement import FILE, kept_certificate
        from analysis_lib.publish.bundle import sha256

        same = self.origin is not None and bool(self.origin.kept_chapters(report))
        if not (same and report.is_as_written(FILE)):
            return None
        return kept_certificate(report.folder, sha256(report.folder / "results.csv"))


def with_fixed_names(parameters: Parameters, root: Path) -> tuple[dict[str, Any], dict[str, Path]]:
    """The parameters with the names that files have in the composed project, and the files."""
    named, inputs = asdict(parameters), {}
    for name, file in input_files(parameters, root).items():
        fixed = FIXED_NAMES.get(name)
        if fixed is None:  # beside the mapping, which names it
            inputs[str(PurePosixPath(FIXED_NAMES["mapping"]).with_name(name))] = file
            continue
        if name == "claims" and not is_default_claims(root, named[name]):
            fixed = OTHER_CLAIMS
        if name == "cohort":  # its ending tells how it is read
            fixed = str(PurePosixPath(fixed).with_suffix(file.suffix.lower()))
        named[name], inputs[fixed] = fixed, file
    return named, inputs


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
    jobs: int = 1
    computed: bool = False

    @cached_property
    def certificate(self) -> Certificate | None:
        """The one that was given, or that of the report whose numbers are all taken over."""
        return self.given or (self.asked.certificate_of(self.report) if self.report else None)

    def prepare(self, folder: Path) -> None:
        named, _ = self.asked.named
        self.work.ask("compute", folder, {name: named[name] for name in FILES}, self.jobs)
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


def request_of(numbers: Numbers, facts: Facts, out: Path, *, is_fresh: bool) -> BuildRequest:
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
        jobs=numbers.jobs,
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
        return build_report(request_of(numbers, facts, report.folder, is_fresh=False))
