"""The page runs nothing of the user's: hostile text comes out of every place as text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hostile_report import (
    ALL,
    HOSTILE,
    NOWHERE,
    HostileReport,
    at,
    build_committed,
    build_hostile,
    mark,
    one,
    open_hostile,
)

from analysis_lib.show.prose import Prose
from analysis_lib.shown import inert
from analysis_lib.study.study import Study

PLACES = ("title", "treatment", "label", "level", "definition", "centre")
MAPPED = ("mapped-label", "mapped-level", "mapped-definition")


@dataclass(frozen=True)
class Case:
    """Parameters, the chapters that show them, and the places that these must show."""

    parameters: dict[str, Any]
    chapters: tuple[str, ...]
    places: tuple[str, ...]


CASES = {
    # Everything is recorded, the groups have labels of their own, and claims are compared.
    "inotuzumab": Case(
        {
            "exposure_label": at("exposure-label"),
            "exposure_levels": {
                "exposed": one("exposure-level", "A", 0),
                "naive": one("exposure-level", "B", 5),
            },
        },
        ("summary", "cohort", "regression", "published_comparison", "appendix"),
        (*PLACES[:-1], *MAPPED, "exposure-label", "exposure-level", "claim-source"),
    ),
    # The groups are named by the data, and much is left out with a sentence that names them.
    "centres": Case(
        {
            "exposure": "centre",
            "include": {"centre": [one("centre", f"C{i:02d}", i) for i in range(3)]},
            "claims": "",
        },
        ("summary", "cohort", "toxicity", "survival", "missing", "details", "appendix"),
        (*PLACES, *MAPPED),
    ),
}


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory, study: Study) -> HostileReport:
    """The whole report of the project's own words: what a page may hold."""
    return build_committed(tmp_path_factory.mktemp("committed"), study)


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture(scope="module")
def hostile(case: Case, tmp_path_factory: pytest.TempPathFactory) -> HostileReport:
    folder = tmp_path_factory.mktemp("hostile")
    return build_hostile(folder, open_hostile(folder, case.parameters), case.chapters)


def elements(report: HostileReport) -> set[tuple[str, tuple[str, ...]]]:
    """Every kind of element with the names of its attributes."""
    return {
        (x.tag if isinstance(x.tag, str) else "comment", tuple(sorted(x.attrib)))
        for x in report.tree.iter()
    }


def addresses(report: HostileReport) -> set[str]:
    """Where the page leads and what it loads, except within itself."""
    attributes = ("href", "src", "action", "data", "srcset", "formaction")
    found = {x.get(name) for x in report.tree.iter() for name in attributes if x.get(name)}
    return {x for x in found if not x.startswith(("#", "data:image/svg+xml;base64,"))}


def scripts(report: HostileReport) -> Iterator[str]:
    """Each script of the page as its policy names it."""
    for script in report.tree.iter("script"):
        digest = hashlib.sha256(script.text.encode()).digest()
        yield f"'sha256-{base64.b64encode(digest).decode()}'"


def policy(report: HostileReport) -> dict[str, list[str]]:
    (content,) = report.tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    return {x.split()[0]: x.split()[1:] for x in content.split(";")}


def plain(text: str) -> str:
    """As HTML sets it: quotation marks become curly, three dots one sign."""
    straight = re.sub("[‘’]", "'", re.sub("[“”]", '"', text))
    return " ".join(straight.replace("…", "...").split())


def test_no_element_and_no_address_comes_out_of_a_text(
    hostile: HostileReport, committed: HostileReport
) -> None:
    assert elements(hostile) <= elements(committed)
    assert addresses(hostile) <= addresses(committed)
    assert not any(name.startswith("on") for _, names in elements(hostile) for name in names)


def test_the_page_holds_its_own_scripts_alone_and_its_policy_names_them(
    hostile: HostileReport, committed: HostileReport
) -> None:
    assert list(scripts(hostile)) == list(scripts(committed)) == policy(hostile)["script-src"]
    assert policy(hostile)["default-src"] == ["'none'"]


def test_every_place_is_shown_as_it_was_written(hostile: HostileReport, case: Case) -> None:
    text = plain(hostile.tree.text_content())
    for place in case.places:
        ends = text.split(f"{mark(place)} ")[1:]
        assert ends, f"{place} is not on the page"
        whole = [plain(x.replace("|", "/")) for x in (ALL, *HOSTILE)]
        for end in ends:
            assert end.replace("|", "/").startswith(tuple(whole)), f"{place}: {end[:300]}"


def test_names_of_files_and_columns_are_not_on_the_page(hostile: HostileReport) -> None:
    page = hostile.page.read_text(encoding="utf-8")
    assert [place for place in NOWHERE if mark(place) in page] == []


def test_the_gate_had_nothing_left_to_do(hostile: HostileReport) -> None:
    told = [x.text for x in hostile.outputs if isinstance(x, Prose)]
    assert len(told) > 20
    assert [text for text in told if inert(text) != text] == []
