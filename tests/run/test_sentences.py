"""What cannot work is said in one sentence that tells what to do; never a traceback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys

import pytest

from liangdian.config import session
from liangdian.config.embedded import DatabaseTrouble
from tests.run.conftest import LIANGDIAN, READY, environment, servers_on


def refused(done: subprocess.CompletedProcess[str], *words: str) -> str:
    """The one sentence on the error output; fails when it is not one or lacks a word."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    sentences = [line for line in done.stderr.splitlines() if line.startswith("liangdian: ")]
    assert len(sentences) == 1, done.stderr
    for word in words:
        assert word in sentences[0]
    return sentences[0]


def test_a_taken_port_names_who_uses_it_and_how_to_choose_another(run, var):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    refused(done, f"Port {port} ", f"(process {os.getpid()})", f"make run PORT={port + 1}")
    assert servers_on(var) == []


@pytest.mark.parametrize("port", ["70000", "-1"])
def test_an_impossible_port(run, port):
    refused(run("serve", "--port", port), "from 1 to 65535")


def test_a_second_start_names_the_first(serve, run):
    served = serve("--no-demonstration")
    served.until(READY)
    done = run("serve", "--port", "1")
    refused(done, f"process {served.process.pid}", f"http://127.0.0.1:{served.port}")
    assert served.stop(signal.SIGTERM) == 0


def test_var_is_a_file(run, var):
    var.write_text("")
    refused(run("serve"), str(var), "LIANGDIAN_VAR")


def test_var_holds_something_else(run, var, port):
    (var / "postgres").mkdir(parents=True)
    (var / "postgres" / "diary.txt").write_text("mine")
    refused(run("serve", "--port", str(port)), "is not a database of this program", "move it away")
    assert (var / "postgres" / "diary.txt").read_text() == "mine"


def test_var_was_made_by_another_version(run, var, port):
    (var / "postgres").mkdir(parents=True)
    (var / "postgres" / "PG_VERSION").write_text("14\n")
    refused(run("serve", "--port", str(port)), "PostgreSQL 14", "this program has 18")


def test_var_is_damaged(run, var, port):
    assert run("migrate", "--quiet").returncode == 0
    (var / "postgres" / "global" / "pg_control").write_bytes(b"broken")
    refused(run("serve", "--port", str(port)), "did not start", "backup")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_var_is_not_writable(run, var, port):
    var.mkdir(mode=0o500)
    refused(run("serve", "--port", str(port)), str(var), "writable")


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare for a small disk")
def test_the_disk_is_full(var, port):
    var.mkdir()
    script = f"mount -t tmpfs -o size=8m tmpfs {var} && exec {LIANGDIAN} serve --port {port}"
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
        env=environment(var), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this kernel does not lend us a small disk")
    refused(done, "The disk is full", "Free some space")


def test_no_browser_parts(run, tmp_path):
    refused(run("serve", LIANGDIAN_ASSETS=str(tmp_path / "none")), "browser parts", "Node 20", "make run")


def test_a_database_that_does_not_answer(run):
    url = "postgresql://127.0.0.1:1/liangdian"
    refused(run("serve", DATABASE_URL=url), "DATABASE_URL cannot be reached", "Connection refused")
    refused(run("migrate", DATABASE_URL=url), "DATABASE_URL cannot be reached")


def test_a_database_that_is_too_old(monkeypatch):
    monkeypatch.setattr(session, "OLDEST_SERVER", 99)
    with pytest.raises(DatabaseTrouble, match="needs 99 or newer"):
        session.check_server(os.environ["DATABASE_URL"])


def test_an_address_that_is_not_one(run):
    refused(run("serve", DATABASE_URL="mysql://x/y"), "postgresql://")


def test_an_unknown_command(run):
    done = run("nonsense")
    assert done.returncode == 2
    assert "there is no command 'nonsense'" in done.stderr
    assert "serve" in done.stderr


def shell(script: str, folder, **programs: str) -> subprocess.CompletedProcess[str]:
    """Run a step of the Makefile on a machine that has only ``programs`` (name → what it does)."""
    folder.mkdir()
    for name, body in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    for name in ("sh", "sed", "rm"):
        (folder / name).symlink_to(shutil.which(name))
    return subprocess.run(
        ["/bin/sh", script, str(folder / "venv")],
        env={"PATH": str(folder)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


OLD = 'case "$1" in --version) echo "Python 3.9.2";; *) exit 1;; esac'
WITHOUT_PIP = 'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac'


@pytest.mark.parametrize(
    ("programs", "words"),
    [
        ({}, "Python 3.11 or newer; here is no Python at all"),
        ({"python3": OLD}, "Python 3.11 or newer; here is Python 3.9.2"),
        ({"python3": WITHOUT_PIP}, "python3-venv"),
    ],
)
def test_a_python_that_will_not_do(tmp_path, programs, words):
    done = shell("requirements/environment.sh", tmp_path / "bin", **programs)
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("programs", "words"),
    [
        ({}, "Node 20 or newer with npm, and there is none"),
        ({"node": "echo v18.19.0"}, "here is Node 18"),
        ({"node": "echo v20.1.0"}, "npm is missing"),
    ],
)
def test_a_node_that_will_not_do(tmp_path, programs, words):
    done = shell("requirements/node.sh", tmp_path / "bin", **programs)
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_node_that_will_do(tmp_path):
    done = shell("requirements/node.sh", tmp_path / "bin", node="echo v22.0.0", npm="exit 0")
    assert (done.returncode, done.stderr) == (0, "")


def test_due_answers_without_a_database(var):
    code = (
        "import sys; from liangdian.cli import main\n"
        "main(['due', '--from', '2026-09-18', '--working-days', '20'])\n"
        "assert 'django.db' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(var), capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("2026-10-22\n", "")
