"""A proposed mapping matches what is clear, asks about the rest, and shows no identifier."""

from __future__ import annotations

import pytest

from analysis_lib.intake.extract import open_intake
from analysis_lib.intake.proposal import Proposal, propose_mapping
from analysis_lib.intake.proposal_text import mapping_text
from analysis_lib.intake.reading.kinds import Reading
from analysis_lib.intake.reading.read import read_table

THEIRS = """\
Pat-ID;Nachname;Geburtsdatum;Geschlecht;Alter;ALL Subtype;Infusionsdatum;Todesdatum;\
Letzter Kontakt;Max. CRS;KM-Blasten;Vorherige SCT;Bridging;Schuhe
P1;Meier;01.02.1960;m;45,3;Ph+;12.04.2023;;21.09.2023;1;49;nein;ja;38
P2;Müller;01.02.1961;w;36,8;Ph neg.;18.07.2022;23.11.2022;23.11.2022;2;0,5;ja;k.A.;40
P3;Öz;01.02.1962;d;51;Ph-like;05.06.2022;NA;23.11.2022;;3;1;nein;41
"""


@pytest.fixture
def theirs(tmp_path):
    path = tmp_path / "theirs.csv"
    path.write_text(THEIRS, encoding="utf-8")
    return path


@pytest.fixture
def proposal(theirs, dictionary) -> Proposal:
    return propose_mapping(read_table(theirs), dictionary)


def test_columns_are_matched_by_label_and_synonym(proposal):
    assert {match.theirs: match.ours for match in proposal.columns} == {
        "Pat-ID": "patient_id",
        "Geschlecht": "sex",
        "Alter": "age_years",
        "ALL Subtype": "disease_subtype",
        "Infusionsdatum": "infusion_date",
        "Todesdatum": "death_date",
        "Letzter Kontakt": "last_contact_date",
        "Max. CRS": "crs_grade",
        "KM-Blasten": "marrow_blasts_percent",
        "Vorherige SCT": "prior_hct",
        "Bridging": "bridging_therapy",
    }
    assert proposal.required == ()
    assert proposal.unused == ("Schuhe",)


def test_levels_are_matched_or_asked_about(proposal):
    sex = {match.theirs: match.ours for match in proposal.levels["sex"]}
    assert sex == {"m": "male", "w": "female", "d": ""}
    prior = {match.theirs: match for match in proposal.levels["prior_hct"]}
    assert prior["ja"].ours == "yes" and not prior["ja"].why
    assert prior["1"].ours == "yes" and "check" in prior["1"].why


def test_dates_and_missing_texts_are_found(proposal):
    assert proposal.dates == ("%d.%m.%Y",)
    assert proposal.missing == ("NA", "k.A.")


def test_identifiers_are_counted_and_never_written(proposal):
    text = mapping_text(proposal, "theirs.csv", Reading())
    assert proposal.hidden == 2
    for hidden in ("Nachname", "Geburtsdatum", "Meier", "1960"):
        assert hidden not in text


def test_the_proposal_is_a_valid_mapping_that_leaves_the_doubtful_level(
    proposal, theirs, dictionary, tmp_path
):
    path = tmp_path / "proposed.yaml"
    path.write_text(mapping_text(proposal, theirs.name, Reading()), encoding="utf-8")
    table = open_intake(theirs, dictionary, path).table
    assert table["sex"].tolist() == ["male", "female", "d"]
    assert table["death_date"].tolist() == ["", "2022-11-23", ""]
    assert table["age_years"].tolist() == ["45.3", "36.8", "51"]
    assert table["bridging_therapy"].tolist() == ["yes", "", "no"]


def test_dates_that_can_be_read_in_two_ways_are_asked_about(dictionary, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("death date\n01/02/2023\n03/04/2023\n")
    text = mapping_text(propose_mapping(read_table(path), dictionary), "a.csv", Reading())
    assert '# dates: "%d/%m/%Y"  # check: "%d/%m/%Y" or "%m/%d/%Y"?' in text


def test_an_extract_in_our_words_needs_no_mapping(root, dictionary):
    table = read_table(root / "data" / "cohort.csv")
    proposal = propose_mapping(table, dictionary)
    # It measures the response, and so needs none as recorded.
    assert [x.name for x in proposal.optional] == ["response_recorded"]
    assert (proposal.required, proposal.unused) == ((), ())
    assert "columns:" not in mapping_text(proposal, "cohort.csv", Reading())
