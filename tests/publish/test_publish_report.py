"""A report is put in place as a whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis_lib.errors import OutputError
from analysis_lib.publish.publish import check_target, publish, require_room, staging_folder


def write_report(folder: Path, text: str) -> Path:
    """A report with its manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(text)
    manifest = {"product": "cart-report", "files": {"index.html": "0"}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def build(target: Path, text: str) -> None:
    """Publish a report the way a build does."""
    with staging_folder(target) as staging:
        publish(write_report(staging / "bundle", text), target)


def test_report_replaces_the_previous_one_and_leaves_no_litter(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "report"
    build(target, "first")
    build(target, "second")
    assert (target / "index.html").read_text() == "second"
    assert [path.name for path in target.parent.iterdir()] == ["report"]


def test_failure_inside_leaves_the_previous_report(tmp_path: Path) -> None:
    target = write_report(tmp_path / "report", "first")
    with pytest.raises(KeyboardInterrupt), staging_folder(target) as staging:
        write_report(staging / "bundle", "second")
        raise KeyboardInterrupt
    assert (target / "index.html").read_text() == "first"
    assert list(tmp_path.iterdir()) == [target]


def test_failed_first_build_leaves_no_folder(tmp_path: Path) -> None:
    target = tmp_path / "new" / "deeper" / "report"
    with pytest.raises(KeyboardInterrupt), staging_folder(target):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_failed_rename_restores_the_previous_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = write_report(tmp_path / "report", "first")
    rename = os.rename

    def refuse(source: Path, destination: Path) -> None:
        if Path(source).name == "bundle":
            raise PermissionError(13, "Permission denied")
        rename(source, destination)

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(OutputError, match="cannot replace"):
        build(target, "second")
    assert (target / "index.html").read_text() == "first"
    assert list(tmp_path.iterdir()) == [target]


def test_accepted_targets(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    empty = tmp_path / "empty"
    empty.mkdir()
    report = write_report(tmp_path / "report", "first")
    for target in (empty, report, tmp_path / "new", project / "_report"):
        assert check_target(target, project_root=project) == target.resolve()


def test_a_disk_without_room_for_another_report_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = write_report(tmp_path / "report", "x" * 3_000_000)
    require_room(report)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=5_000_000))
    require_room(tmp_path / "elsewhere" / "new")
    with pytest.raises(OutputError, match=r"needs about 6 MB for a while, .* has 5: free some"):
        require_room(report)


def test_refused_targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    project = tmp_path / "project"
    project.mkdir()
    file = tmp_path / "file"
    file.write_text("x")
    thesis = tmp_path / "thesis"
    thesis.mkdir()
    (thesis / "chapter.txt").write_text("x")
    mixed = write_report(tmp_path / "mixed", "first")
    (mixed / "remarks.txt").write_text("mine")
    foreign = write_report(tmp_path / "foreign", "first")
    (foreign / "manifest.json").write_text('{"product": "other", "files": {"index.html": ""}}')
    for target, reason in (
        (file, "is a file"),
        (project, "must not be the home folder, the project or around it"),
        (tmp_path, "must not be the home folder, the project or around it"),
        (home, "must not be the home folder, the project or around it"),
        (Path("/"), "must not be the home folder, the project or around it"),
        (loop, "cannot be reached"),
        (thesis, "holds chapter.txt"),
        (mixed, "holds remarks.txt"),
        (foreign, "holds index.html"),
    ):
        with pytest.raises(OutputError, match=reason):
            check_target(target, project_root=project)
