"""A number that one reader of YAML takes for another is refused, and shown as it was typed."""

from __future__ import annotations

import pytest

from analysis_lib.command_line.main import main
from analysis_lib.errors import ParameterError
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.parameters.values import load_yaml

STRANGE = ("011", "-011", "08", "12:30", "1:30:15.5", "00.5", "1_0", "0x1F", "0b11", "0o11", "1١")


@pytest.mark.parametrize("typed", STRANGE)
@pytest.mark.parametrize(
    ("name", "form"), [("small_cell", "{}"), ("hazard_cut_months", "{}"), ("landmarks", "[6, {}]")]
)
def test_a_strange_number_is_refused_as_typed(name, form, typed):
    with pytest.raises(ParameterError, match=f"^{name}: .*'{typed}'; write it"):
        parse_parameters({name: form.format(typed)})


@pytest.mark.parametrize("typed", STRANGE)
def test_p_and_a_yaml_file_refuse_it_alike(tmp_path, capsys, typed):
    (tmp_path / "ours.yaml").write_text(f"small_cell: {typed}\n", encoding="utf-8")
    messages = []
    for given in (["-p", "small_cell", typed], ["-f", str(tmp_path / "ours.yaml")]):
        assert main(["results", *given]) == 2
        messages.append(capsys.readouterr().err)
    assert messages[0] == messages[1]
    assert repr(typed) in messages[0]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0", 0), ("11", 11), ("+11", 11), ("-3", -3), ("0.5", 0.5), (".5", 0.5), ("1.5e+2", 150.0),
     ("-0.25", -0.25), ("10.", 10.0)],
)  # fmt: skip
def test_a_plain_number_is_that_number(typed, value):
    read = load_yaml(typed)
    assert (read, type(read)) == (value, type(value))


def test_a_level_that_looks_like_a_number_stays_as_typed():
    given = parse_parameters({"include": "{centre: [011, 12:30]}"})
    assert given.include == {"centre": ["011", "12:30"]}
