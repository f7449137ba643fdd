from __future__ import annotations

import math
from pathlib import Path

import pytest

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import defaults
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.study.study import SYNTHETIC_LABEL, make_study, open_study


def test_a_notebook_may_hold_modules_callables_and_earlier_results(study, root, monkeypatch):
    monkeypatch.chdir(root / "notebooks")
    namespace = {**defaults(), "math": math, "Path": Path, "study": study, "In": [], "_x": 1}
    assert open_study(namespace).title == study.title


def test_any_other_public_name_is_refused():
    with pytest.raises(ParameterError, match="landmark: unknown parameter; did you mean"):
        open_study({**defaults(), "landmark": 3})


def test_the_label_comes_from_the_records(root, extract, write_extract):
    def label(frame):
        path = write_extract(frame)
        return make_study(
            parse_parameters({"preset": "aldoss_2024", "cohort": str(path)}), root=root
        ).label

    assert label(extract) == SYNTHETIC_LABEL
    one = extract.assign(data_origin="patient")
    assert label(one) == ""
    one.loc[3, "data_origin"] = "synthetic"
    assert label(one) == SYNTHETIC_LABEL
    assert label(extract.drop(columns="data_origin")) == ""


def test_response_and_timing_are_known_for_the_named_exposure_only(study, study_of):
    assert study.exposure.combined.levels == ("naive", "responder", "refractory")
    assert study.exposure.timing.contrast == "bridging_vs_preapheresis_only"
    plain = study_of(exposure="prior_blinatumomab")
    assert plain.groups.levels == ("no", "yes")
    assert plain.exposure.response is None and plain.exposure.timing is None


def test_the_ungrouped_patient_of_the_article_is_one_naive_patient(study):
    frame = study.patients
    ungrouped = frame[frame["age_group_as_published"].isna()]
    assert ungrouped["ino"].tolist() == ["naive"]
    assert frame["age_group"].notna().all()
