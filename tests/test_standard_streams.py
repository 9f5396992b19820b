"""Standard input, output and error as a shell may leave them: closed, full, or read by nobody to the end.

The processes are forks of one that has loaded the command already, so that each costs what it does, and no start.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import sim
from sim.cli import streams

ROOT = Path(sim.__file__).resolve().parent.parent
GONE, CLOSED = (
    "standard output cannot be written: No space left on device\n",
    "there is no standard output (it is closed)",
)

# Reads command lines from stdin, one JSON list a line, each with what its stdout and stderr are to be.
FORKS = """
import contextlib, gc, io, json, os, sys
import sim.cli.main as command
for words in (["--help"], ["list"], ["facts"], ["schema"]):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        command.app(words)
gc.freeze()  # a fork that ends then does not go over all of this
real = os.dup(0)
for line in os.fdopen(real):
    words, out, err = json.loads(line)
    if os.fork() == 0:
        for number, name in ((1, out), (2, err)):
            if name == "closed":
                os.close(number)
                setattr(sys, ("stdout", "stderr")[number - 1], None)
            elif name == "unread":
                read, write = os.pipe()
                os.dup2(write, number)
                os.close(read)
                os.close(write)
            else:
                file = os.open(name, os.O_WRONLY | os.O_CREAT)
                os.dup2(file, number)
                os.close(file)
        sys.argv[1:] = words
        command.main()
    code = os.waitstatus_to_exitcode(os.wait()[1])
    print(code, flush=True)
"""


@pytest.fixture(scope="module", params=["", "1"], ids=["buffered", "unbuffered"])
def command(request, tmp_path_factory):
    """A function of a command line and of what stdout and stderr are; its exit code, and what stderr got."""
    around = {**os.environ, "PYTHONUNBUFFERED": request.param, "COLUMNS": "80"}
    process = subprocess.Popen(
        [sys.executable, "-c", FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=around, text=True
    )
    assert process.stdin and process.stdout
    folder = tmp_path_factory.mktemp("stderr")

    def run(*words: str, out: str = os.devnull, err: str = "") -> SimpleNamespace:
        stderr = folder / "stderr"
        stderr.write_text("")
        process.stdin.write(json.dumps([words, out, err or str(stderr)]) + "\n")
        process.stdin.flush()
        return SimpleNamespace(code=int(process.stdout.readline()), err=stderr.read_text())

    yield run
    process.stdin.close()
    process.stdout.close()
    process.wait(timeout=20)


# What prints, by every way of printing: help of typer's, text, JSON.
LONG = [["--help"], ["list"], ["list", "--json"], ["facts"], ["--version"]]


@pytest.mark.parametrize("words", [*LONG, ["schema"]], ids=" ".join)
def test_a_reader_that_has_gone_ends_the_command_quietly(command, words):
    done = command(*words, out="unread")
    assert (done.code, done.err) == (streams.CLOSED_PIPE, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the device that is always full is Linux's")
@pytest.mark.parametrize("words", LONG, ids=" ".join)
def test_a_full_disk_at_standard_output_is_said_in_one_line(command, words):
    done = command(*words, out="/dev/full")
    assert (done.code, done.err) == (4, GONE)


@pytest.mark.parametrize("words", [*LONG, ["run", "shenzhou-20", "--out", "nowhere"], ["no-such"]], ids=" ".join)
def test_without_standard_output_nothing_is_begun(command, words):
    done = command(*words, out="closed")
    assert done.code == 4 and done.err.startswith(CLOSED) and done.err.count("\n") == 1


@pytest.mark.parametrize("err", ["closed", "unread", "/dev/full"])
def test_without_standard_error_the_exit_code_still_tells(command, err):
    if err == "/dev/full" and not Path(err).exists():
        pytest.skip("the device that is always full is Linux's")
    assert command("schema", "no-such", err=err).code == 2
    assert command("no-such", err=err).code == 2
    assert command("--version", err=err).code == 0
    assert command("list", out="closed", err=err).code == 4


def test_a_closed_standard_error_is_not_standard_output(command, tmp_path):
    """Python prints to stdout where stderr is None."""
    printed = tmp_path / "printed"
    assert command("schema", "no-such", out=str(printed), err="closed").code == 2
    assert printed.read_text() == ""


def test_files_that_are_opened_never_become_a_standard_stream():
    """A shell's `<&- >&- 2>&-`: the lowest free number goes to the next file."""
    code = "import os, sim.cli.streams as s; s._occupied(0); s._occupied(2); print(os.open('/dev/null', 0) > 2)"
    done = subprocess.run(f'{sys.executable} -c "{code}" <&- 2>&-', shell=True, cwd=ROOT, capture_output=True)
    assert done.stdout == b"True\n"


def test_an_end_is_not_held_up_by_output_that_nobody_reads():
    """A pipe takes 64 kB, and then waits for its reader: the signal comes into that."""
    script = "from sim.cli.main import main; import sys; sys.argv[1:] = ['facts', '--json']; main()"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert os.read(process.stdout.fileno(), 1) == b"{"
        time.sleep(0.2)  # it fills the pipe meanwhile
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        while process.poll() is None and time.monotonic() - began < 20.0:
            time.sleep(0.01)
        process.kill()
    assert process.returncode == 143


def test_letters_that_the_encoding_lacks_are_question_marks_and_bytes_stay_bytes():
    streams.codecs.register_error(streams.LETTERS, streams._as_it_came)
    for encoding, expected in (("ascii", b"? \xe9"), ("utf-8", "é ".encode() + b"\xe9")):
        raw = io.BytesIO()
        stream = io.TextIOWrapper(raw, encoding=encoding, errors=streams.LETTERS)
        stream.write("é \udce9")
        stream.flush()
        assert raw.getvalue() == expected
