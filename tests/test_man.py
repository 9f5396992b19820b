"""The manual page and the completion of the shell: both know every command, and neither slows a start down."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
import typer
from typer.testing import CliRunner

from sim.cli.main import app
from sim.cli.man import roff
from tests.exit_codes import VERBS


def page() -> str:
    return CliRunner().invoke(app, ["man"]).stdout


def test_every_command_and_option_is_in_the_page():
    text = page().replace("\\-", "-")
    assert text.startswith(".TH TIANGONG 1 ")
    heads = {re.match(r"[a-z-]+(?: rerun)?", line[4:]).group() for line in text.splitlines() if line.startswith(".SS ")}
    assert heads == set(VERBS)
    commands = typer.main.get_command(app).commands
    options = [
        option for c in commands.values() for p in c.params if p.param_type_name == "option" for option in p.opts
    ]
    assert [option for option in options if f"\\fB{option}\\fR" not in text] == []
    assert all(
        section in text for section in (".SH NAME", ".SH SYNOPSIS", ".SH EXIT STATUS", ".SH FILES", ".SH EXAMPLES")
    )


def test_no_text_is_taken_for_a_command_of_roff():
    known = {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".I", ".nf", ".fi"}
    lines = list(roff(typer.main.get_command(app)))
    assert {line.split()[0] for line in lines if line.startswith((".", "'"))} <= known
    assert all(line and "\n" not in line for line in lines)


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff")
def test_groff_reads_it_without_a_warning():
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=page(), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_is_written_to_a_file(tmp_path):
    file = tmp_path / "tiangong.1"
    done = CliRunner().invoke(app, ["man", "--out", str(file)])
    assert done.exit_code == 0 and file.read_text("utf-8") == page()
    done = CliRunner().invoke(app, ["man", "--out", str(tmp_path / "none" / "a")])
    assert done.exit_code == 2 and "cannot be written" in done.stderr


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("tiangong ru", ["run"]),
        ("tiangong run shenzhou-24", ["shenzhou-24-pakistan"]),
        ("tiangong propagate station", ["station-j2", "station-raise"]),
        ("tiangong init --from soy", ["soyuz", "soyuz-2-1a", "soyuz-iss", "soyuz-return"]),
        ("tiangong run my-", []),  # none of the shipped: the shell goes on with files
    ],
)
def test_the_shell_completes_commands_and_shipped_names(words, found, monkeypatch):
    asked = {"_TIANGONG_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = CliRunner().invoke(app, [], env={**os.environ, **asked}, prog_name="tiangong")
    assert sorted(done.stdout.split()) == found
