"""One build: run the notebooks, compose the book, render it, bundle it, put it in place."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import nbformat

from analysis_lib.errors import BuildError, SourceError
from analysis_lib.parameters.definitions import defaults
from analysis_lib.parameters.parse import DECIDED
from analysis_lib.parameters.presets import ARTICLE
from analysis_lib.publish.bundle import build_manifest, built_report, write_manifest
from analysis_lib.publish.compose import QUARTO_FORMATS, compose_project, report_variables
from analysis_lib.publish.config import write_variables
from analysis_lib.publish.execute import ExecutedNotebook, execute_notebooks
from analysis_lib.publish.origin import ENTRY
from analysis_lib.publish.publish import check_target, publish, staging_folder
from analysis_lib.publish.quarto import find_quarto, render_quarto
from analysis_lib.publish.renderer import (
    Choice,
    builtin_because,
    choose_renderer,
    files_beside,
    render_builtin,
)
from analysis_lib.publish.request import BuildRequest, BuildResult, Progress, StageTime
from analysis_lib.publish.taken_over import keep_edited, kept_notebooks


class Stages:
    """Times the stages of a build and tells the caller when one ends."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.times: list[StageTime] = []

    @contextmanager
    def stage(self, name: str, *, announce: bool = True) -> Iterator[None]:
        """Time what happens inside."""
        start = time.perf_counter()
        yield
        seconds = time.perf_counter() - start
        self.times.append(StageTime(name, seconds))
        if announce:
            self.progress(name, 1, 1, seconds)


def build_report(request: BuildRequest) -> BuildResult:
    """Build the report and put it at `request.out`, or leave what is there untouched.

    Raises
    ------
    CartReportError
        The notebooks refuse the input, or the target may not be replaced (exit code 2).
    BuildError
        A notebook or a renderer fails (exit code 3).
    """
    target = check_target(request.out, project_root=request.project_root)
    choice = choose_renderer(request)
    request = _made_by(request, choice)
    stages = Stages(request.progress)
    with staging_folder(target) as staging:
        project, bundle = staging / "project", staging / "bundle"
        project.mkdir()
        bundle.mkdir()
        files = files_beside(request.formats)
        executed = _run(request, target, project, stages)
        entries = request.write_extras(bundle)
        with stages.stage("compose"):
            _compose(request, project, executed, bundle, files)
        with stages.stage("render"):
            choice = _render(request, project, choice, bundle)
            request = _made_by(request, choice)
        with stages.stage("bundle"):
            edited = _complete_bundle(request, executed, target, bundle, entries)
            names = sorted(item.relative_to(bundle) for item in bundle.rglob("*") if item.is_file())
            publish(bundle, target)
    messages = tuple(line for notebook in executed for line in notebook.messages)
    paths = tuple(target / name for name in names)
    return BuildResult(
        target,
        paths,
        choice.name,
        tuple(stages.times),
        messages,
        choice.reason,
        edited=tuple(edited),
        kept=sum(notebook.is_kept for notebook in executed),
    )


def _made_by(request: BuildRequest, choice: Choice) -> BuildRequest:
    """The request, whose text and manifest then name the renderer."""
    manifest = {**request.manifest, "renderer_reason": choice.short_reason or None}
    info = replace(request.info, renderer=choice.name)
    return replace(request, info=info, manifest=manifest)


def _render(request: BuildRequest, project: Path, choice: Choice, bundle: Path) -> Choice:
    """By Quarto what it renders well, by the built-in renderer the rest, or all if Quarto fails.

    Nothing that a failing Quarto wrote reaches the bundle.
    """
    by_quarto = tuple(x for x in request.formats if x in QUARTO_FORMATS) if choice.quarto else ()
    if choice.quarto and by_quarto:
        try:
            render_quarto(project, quarto=choice.quarto, formats=by_quarto, out=bundle)
        except BuildError as failure:
            if request.renderer == "quarto":
                raise
            by_quarto, choice = (), builtin_because(str(failure))
            variables = report_variables(_made_by(request, choice).info)
            write_variables(project / "_variables.yml", variables)
    others = tuple(x for x in request.formats if x not in by_quarto)
    if others:
        render_builtin(project, formats=others, out=bundle)
    return choice


def compose_only(request: BuildRequest, directory: Path) -> Path:
    """Run the notebooks and write the Quarto project a build would render, without rendering."""
    target = check_target(directory, project_root=request.project_root)
    found = find_quarto()
    renderer = f"Quarto {found[1]}" if found else "Quarto"
    request = replace(request, info=replace(request.info, renderer=renderer))
    with staging_folder(target) as staging:
        project, numbers = staging / "project", staging / "numbers"
        project.mkdir()
        numbers.mkdir()
        stages = Stages(request.progress)
        executed = _run(request, target, project, stages)
        request.write_extras(numbers)
        with stages.stage("compose"):
            _compose(request, project, executed, numbers)
        _write_manifest(request, target, project, {})
        publish(project, target)
    return target


def _run(
    request: BuildRequest, target: Path, project: Path, stages: Stages
) -> tuple[ExecutedNotebook, ...]:
    if not request.notebooks:
        raise BuildError("the project has no notebooks: run make notebooks first")
    missing = [path.name for path in request.notebooks if not path.is_file()]
    if missing:
        raise BuildError(f"notebooks are missing from the project: {', '.join(missing)}")
    kept = _kept_notebooks(request, target)
    to_run = tuple(path for path in request.notebooks if path.stem not in kept)
    lent = _lend_inputs(request, project) if to_run else []
    folder = project if lent else request.project_root
    before = _stamps(request)
    with stages.stage("prepare", announce=False):
        if to_run:
            request.prepare(folder)
    with stages.stage("execute", announce=False):  # it reports every notebook itself
        ran = execute_notebooks(
            to_run,
            parameters=_changed(request.parameters),
            folder=folder,
            jobs=request.jobs,
            fork=request.fork,
            progress=request.progress,
        )
    found = {**kept, **{notebook.name: notebook for notebook in ran}}
    executed = tuple(found[path.stem] for path in request.notebooks)
    for link in lent:
        link.unlink()
    if changed := [name for name, stamp in _stamps(request).items() if stamp != before[name]]:
        raise SourceError(
            f"{request.inputs[changed[0]].name} changed while the report was built, so that its "
            "chapters may be of different rows; build again when it is complete"
        )
    return executed


def _compose(
    request: BuildRequest,
    project: Path,
    executed: tuple[ExecutedNotebook, ...],
    numbers: Path,
    files: Sequence[Mapping[str, str]] = (),
) -> None:
    """The project of what has run; `numbers` is the folder that holds the results."""
    results = numbers / "results.json"
    compose_project(
        project,
        project_root=request.project_root,
        notebooks=executed,
        info=request.info,
        formats=request.formats,
        paper=request.paper,
        files=files,
        results=results if results.is_file() else None,
    )


def _kept_notebooks(request: BuildRequest, target: Path) -> dict[str, ExecutedNotebook]:
    """The chapters of the report that is replaced which would come out as they are."""
    report = built_report(target)
    if report is None or request.origin is None or request.is_fresh:
        return {}
    return kept_notebooks(report, request.notebooks, request.origin.kept_chapters(report))


def _changed(parameters: Mapping[str, object]) -> dict[str, object]:
    """What every chapter is told: a parameter that it is not told keeps its default.

    What it would decide from what it is told, such as the preset from a file's name, it is told.
    """
    preset = str(parameters.get("preset", ARTICLE))
    default = defaults(preset)
    told = {name for name, x in parameters.items() if name not in default or x != default[name]}
    if told or preset != ARTICLE:
        told |= set(DECIDED)
    return {name: value for name, value in parameters.items() if name in told}


def _lend_inputs(request: BuildRequest, project: Path) -> list[Path]:
    """Inputs under fixed relative names, beside the `_quarto.yml` they are resolved from.

    As links, so that even of a build that is killed no patient's row stays anywhere; a system
    without links gets copies.
    """
    lent = []
    for name, source in request.inputs.items():
        target = project / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.symlink_to(source.resolve())
        except OSError:
            shutil.copyfile(source, target)
        lent.append(target)
    if lent:
        shutil.copyfile(request.project_root / "_quarto.yml", project / "_quarto.yml")
    return lent


def _stamps(request: BuildRequest) -> dict[str, tuple[int, int] | None]:
    """When each input was last written, and how large it is; None of one that is gone."""
    return {name: _stamp(path) for name, path in request.inputs.items()}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _complete_bundle(
    request: BuildRequest,
    executed: tuple[ExecutedNotebook, ...],
    target: Path,
    bundle: Path,
    entries: Mapping[str, object],
) -> list[str]:
    """Put notebooks and manifest beside pages and numbers; the names of what people edited."""
    folder = bundle / "executed"
    folder.mkdir()
    for notebook in executed:
        nbformat.write(notebook.notebook, folder / f"{notebook.name}.ipynb")
    return _write_manifest(request, target, bundle, entries)


def _write_manifest(
    request: BuildRequest, target: Path, finished: Path, entries: Mapping[str, object]
) -> list[str]:
    """List all files, those among them that somebody had edited in the report at the target."""
    report = built_report(target)
    edited = keep_edited(report, finished) if report else []
    manifest = build_manifest(
        project_root=request.project_root,
        parameters=request.parameters,
        inputs=request.inputs,
        label=request.info.label,
        data_lock=request.info.data_lock,
        renderer=request.info.renderer,
        extra={
            **({ENTRY: request.origin.entry} if request.origin else {}),
            **request.manifest,
            **entries,
        },
    )
    write_manifest(finished, manifest)
    return edited
