"""A database of one's own, two starts at once, and a real installation without known passwords."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import uuid

import psycopg
import pytest

from tests.run.conftest import LIANGDIAN, READY, environment, ready, servers_on


@pytest.fixture
def empty_database():
    """A new, empty database on the server of the tests; gives its address."""
    url = os.environ["DATABASE_URL"]
    name = f"run_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", url, count=1) if "@/" in url else url
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_two_machines_that_migrate_at_once_do_not_meet(empty_database, var):
    started = [
        subprocess.Popen(
            [LIANGDIAN, "migrate", "--quiet"],
            env=environment(var, DATABASE_URL=empty_database), stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    results = [(process.communicate()[1], process.returncode) for process in started]
    assert [code for _, code in results] == [0, 0], results


def test_it_serves_on_a_database_of_ones_own(serve, empty_database, var):
    served = serve("--no-demonstration", DATABASE_URL=empty_database)
    served.until(READY)
    assert ready(served)["migrations"] == "ok"
    assert served.stop() == 0
    assert servers_on(var) == []


CENTRE = ["--unit", "西街街道", "--code", "999902001000"]
INIT = ["init", "--hosts", "hall.example.cn", *CENTRE, "--name", "周敏", "--security-name", "高洁"]


def test_a_real_installation_knows_no_password_of_the_demonstration(run, serve, var):
    done = run(*INIT)
    assert done.returncode == 0, done.stderr
    passwords = re.findall(r"password (\S+)\n", done.stdout)
    assert len(set(passwords)) == 2  # system and security administrator are two people
    assert min(len(password) for password in passwords) >= 16
    keys = var / "installation.env"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert not any(password in keys.read_text() for password in passwords)

    again = run(*INIT)
    assert again.returncode == 1
    assert "There is an installation already" in again.stderr
    demo = run("demo")
    assert demo.returncode == 1
    assert "real installation" in demo.stderr

    served = serve()
    served.until(READY)
    assert "Accounts of the demonstration" not in served.output
    assert served.stop() == 0


def test_every_installation_has_other_keys_and_another_password(run, var, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    texts = [run(*INIT, LIANGDIAN_VAR=str(folder)).stdout for folder in (first, second)]
    words = [re.findall(r"password (\S+)\n", text)[0] for text in texts]
    assert words[0] != words[1]
    keys = [set((folder / "installation.env").read_text().splitlines()) for folder in (first, second)]
    differing = {line.split("=")[0] for line in keys[0] - keys[1]}
    assert differing == {"LIANGDIAN_SECRET_KEY", "LIANGDIAN_DATA_KEY"}
