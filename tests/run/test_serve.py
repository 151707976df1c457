"""Start, use, stop, start again; and everything that can be killed is killed."""

from __future__ import annotations

import signal
import time

import psutil

from tests.run.conftest import READY, answers, ready, servers_on

PLAIN = "--no-demonstration"


def test_the_walk_of_somebody_who_tries_it(serve, var):
    first = serve()
    first.until(READY, seconds=300)
    assert f"http://127.0.0.1:{first.port}" in first.output
    assert "Accounts of the demonstration" in first.output
    assert "Warning" not in first.output
    assert first.get("/healthz") == (200, "alive\n")
    assert ready(first)["worker"] == "ok"
    status, page = first.get("/")
    assert status == 200
    assert "<html" in page
    assert first.stop(signal.SIGINT) == 0
    assert servers_on(var) == []

    begin = time.monotonic()
    second = serve()
    second.until(READY)
    assert time.monotonic() - begin < 20
    assert "Loading" not in second.output
    assert accounts(second.output) == accounts(first.output) != []
    assert second.stop(signal.SIGTERM) == 0
    assert servers_on(var) == []


def accounts(output: str) -> list[str]:
    printed = output.partition("Accounts of the demonstration")[2]
    return [line for line in printed.splitlines() if line.startswith("  ")]


def test_a_web_server_and_a_worker_that_die_are_said_and_restarted(serve):
    served = serve(PLAIN)
    served.until(READY)
    for word, name in (("granian", "web server"), ("liangdian.cli", "job worker")):
        served.child(word).kill()
        served.until(f"The {name} ended by signal SIGKILL; starting it again.")
    end = time.monotonic() + 30
    while not answers(served):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert served.stop() == 0


def test_killed_without_a_word_it_leaves_no_server_and_starts_again(serve, var):
    first = serve(PLAIN)
    first.until(READY)
    children = psutil.Process(first.process.pid).children(recursive=True)
    beside = [child for child in children if "postgres" not in child.name()]
    first.process.kill()
    first.process.wait()
    _gone, alive = psutil.wait_procs(beside, timeout=30)
    assert alive == []
    assert len(servers_on(var)) >= 1

    second = serve(PLAIN)
    second.until(READY)
    assert ready(second)
    assert second.stop() == 0
    assert servers_on(var) == []


def test_killed_together_with_its_database_it_recovers(serve, var):
    first = serve(PLAIN)
    first.until(READY)
    server = servers_on(var)
    first.process.kill()
    for pid in server:
        psutil.Process(pid).kill()
    first.process.wait()
    psutil.wait_procs([psutil.Process(pid) for pid in server if psutil.pid_exists(pid)], timeout=30)
    # A stale number that belongs to a living program of somebody else by now.
    trace = var / "postgres" / "postmaster.pid"
    lines = trace.read_text().splitlines()
    trace.write_text("\n".join(["1", *lines[1:]]) + "\n")

    second = serve(PLAIN)
    second.until(READY)
    assert second.stop() == 0


def test_stopped_while_it_starts_it_leaves_nothing_behind(serve, var):
    served = serve(PLAIN)
    served.until("Starting the database")
    time.sleep(0.4)
    assert served.stop() == 0
    assert servers_on(var) == []
    again = serve(PLAIN)
    again.until(READY)
    assert again.stop() == 0


def test_commands_use_the_running_database_or_start_one(serve, run, var):
    assert run("migrate", "--quiet").returncode == 0
    assert servers_on(var) == []
    served = serve(PLAIN)
    served.until(READY)
    done = run("sweep")
    assert done.returncode == 0, done.stderr
    assert served.stop() == 0
