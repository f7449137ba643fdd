from __future__ import annotations

import pytest

from analysis_lib.command_line.given import Progress


def test_a_log_gets_a_line_now_and_then_and_always_the_last(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = Progress()
    for _ in range(2):  # the same stage once more, from the start
        for done in range(1, 101):
            progress("fit", done, 100, done * 0.1)
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "fit 100/100 (10.0 s)"
    assert lines[: len(lines) // 2] == lines[len(lines) // 2 :]
    assert len(lines) == 10
