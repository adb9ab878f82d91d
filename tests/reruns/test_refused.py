"""Input that is refused before anything runs, and the list of what can be given."""

import re

import pytest
from click.testing import CliRunner

from lossnr import cli
from lossnr.reruns import rerun

BAD = {
    "no notebook": (["rerun"], "Missing argument 'NOTEBOOK'"),
    "unknown notebook": (["rerun", "fig9"], "unknown notebook 'fig9': did you mean 'fig"),
    "notebook with a folder": (["rerun", "../fig3"], "unknown notebook '../fig3'"),
    "notebook elsewhere": (["rerun", "/etc/passwd"], "unknown notebook '/etc/passwd'"),
    "empty notebook": (["rerun", ""], "unknown notebook ''"),
    "code as a notebook": (["rerun", "$(touch owned)"], "unknown notebook"),
    "page that is no notebook": (["rerun", "cite"], "unknown notebook 'cite'"),
    "page that quotes others": (["rerun", "intro"], "shows results of other notebooks"),
    "unknown parameter": (["rerun", "fig3", "-p", "Omgea", "1"], "did you mean 'Omega'"),
    "parameter of another notebook": (["rerun", "fig3", "-p", "seed", "1"], "unknown parameter"),
    "parameter of the device only": (
        ["rerun", "fig3", "-p", "U_a", "1"],
        "unknown parameter 'U_a'",
    ),
    "lower case": (["rerun", "fig3", "-p", "omega", "1"], "did you mean 'Omega'"),
    "HTML as a name": (["rerun", "fig3", "-p", "<b>", "1"], "unknown parameter '<b>'"),
    "newline as a name": (["rerun", "fig3", "-p", "a\nb", "1"], r"unknown parameter 'a\nb'"),
    "given twice": (
        ["rerun", "fig3", "-p", "U", "1", "-p", "U", "1"],
        "U is given twice",
    ),
    "no value": (["rerun", "fig3", "-p", "U"], "Option '-p' requires 2 arguments"),
    "a word as a value": (["rerun", "fig3", "-p", "U", "five"], "U: 'five' is not a number"),
    "an empty value": (["rerun", "fig3", "-p", "U", ""], "U: '' is not a number"),
    "not a number": (["rerun", "fig3", "-p", "U", "nan"], "U: 'nan' is not a number"),
    "infinity": (["rerun", "fig3", "-p", "U", "1e999"], "U: '1e999' is not a number"),
    "division by zero": (["rerun", "fig3", "-p", "U", "1/0"], "U: '1/0' is not a number"),
    "complex": (["rerun", "fig3", "-p", "U", "sqrt(-1)"], "U: 'sqrt(-1)' is not a number"),
    "a tower": (["rerun", "fig3", "-p", "U", "9**9**9**9"], "is not a number"),
    "code as a value": (
        ["rerun", "fig3", "-p", "U", "__import__('os').system('touch owned')"],
        "is not a number",
    ),
    "quotes": (["rerun", "fig3", "-p", "U", "'\""], "is not a number"),
    "HTML": (["rerun", "fig3", "-p", "U", "<script>1</script>"], "'<script>1</script>' is no"),
    "a path": (["rerun", "fig3", "-p", "U", "../1"], "'../1' is not a number"),
    "a very long value": (["rerun", "fig3", "-p", "U", "1" * 10_000], "is not a number"),
    "a negative loss": (["rerun", "fig3", "-p", "kappa_b", "-1"], "real number >= 0"),
    "a negative drive": (["rerun", "fig3", "-p", "Omega", "-pi"], "real number >= 0"),
    "a loss of zero for an axis": (["rerun", "fig3", "-p", "kappa_b_max", "0"], "is at least 1e-6"),
    "too large": (["rerun", "fig3", "-p", "U", "1e6"], "at most 100000 in size"),
    "half a point": (["rerun", "fig3", "-p", "points", "2.5"], "allowed is a whole number"),
    "one point": (["rerun", "fig3", "-p", "points", "1"], "points = 1: allowed is 2 to"),
    "a tiny length of an axis": (["rerun", "fig4", "-p", "kappa_b_max", "1e-9"], "at least 1e-6"),
    "too many points": (["rerun", "fig2", "-p", "points", "1e6"], "allowed is 2 to 1001"),
    "too exact": (["rerun", "fig3", "-p", "rtol", "1e-20"], "allowed is 1e-12 to 1e-2"),
    "a negative seed": (["rerun", "numerics", "-p", "seed", "-1"], "allowed is at least 0"),
    "an unknown option": (["rerun", "fig3", "--fast"], "No such option"),
    "a folder with something else": (["rerun", "fig3", "-o", "mine"], "holds files"),
    "a file as a folder": (["rerun", "fig3", "-o", "mine/file"], "is not a folder"),
    "a folder in a file": (["rerun", "fig3", "-o", "mine/file/out"], "does not exist"),
    "a folder in none": (["rerun", "fig3", "-o", "no/such/out"], "does not exist"),
    "a name that is too long": (["rerun", "fig3", "-o", "x" * 300], "too long"),
    "a null byte": (["rerun", "fig3", "-o", "a\0b"], r"'a\x00b' is not the name of a folder"),
    "an empty folder name": (["rerun", "fig3", "-o", ""], "'' is not the name of a folder"),
    "a book with an unknown parameter": (["book", "-p", "thet", "1"], "did you mean 'theta'"),
    "a book with a bad value": (["book", "-p", "theta", "left"], "theta: 'left' is not a number"),
    "a book over something else": (["book", "-o", "mine"], "holds files"),
    "a folder that cannot be written": (["rerun", "fig3", "-o", "/proc/x"], "cannot be written"),
    "an axis without a length": (["rerun", "fig2", "-p", "Delta_min", "3"], "above Delta_min"),
    "the current folder": (["rerun", "fig3", "-o", "."], "is in use"),
    "a parameter where there are none": (["rerun", "model", "-p", "U", "1"], "has none"),
    "a book with a value that one page refuses": (
        ["book", "-p", "points", "2000"],
        "points = 2000: allowed is",
    ),
    "a book that a page of the gallery refuses": (
        ["book", "-p", "kappa_b_max", "1e-7"],
        "kappa_b_max = 1e-07: allowed is",
    ),
    "parameters of an empty name": (["params", ""], "unknown notebook"),
    "parameters of no notebook": (["params", "fig7"], "unknown notebook 'fig7'"),
    "an unknown command": (["reran", "fig3"], "No such command 'reran'"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_before_anything_runs(case, tmp_path, monkeypatch):
    arguments, message = BAD[case]
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "file").write_text("mine")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rerun, "execute", lambda paths: pytest.fail("it was run"))
    refused = CliRunner().invoke(cli.main, arguments)
    assert refused.exit_code == 2
    assert isinstance(refused.exception, SystemExit)
    assert message in refused.stderr
    assert len([line for line in refused.stderr.splitlines() if line.startswith("Error:")]) == 1
    assert refused.stdout == ""
    assert sorted(map(str, tmp_path.rglob("*"))) == [str(mine), str(mine / "file")]


def test_params_lists_what_can_be_given():
    one = CliRunner().invoke(cli.main, ["params", "fig3"])
    assert one.exit_code == 0
    assert re.search(r"^Omega +0\.1 +kappa +at least 0 +amplitude of the drive$", one.stdout, re.M)
    of_all = CliRunner().invoke(cli.main, ["params"])
    assert re.search(r"^seed +63 +number +at least 0 .* numerics$", of_all.stdout, re.M)
    none = CliRunner().invoke(cli.main, ["params", "model"])
    assert none.stdout == "model has no parameters\n"
