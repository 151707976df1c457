"""The command line: ``liangdian <command>``.

A command's module is loaded only when it is asked for, so that a small command starts quickly.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
from dataclasses import dataclass
from enum import Enum

from liangdian.config.installation import load_installation
from liangdian.foundation.refused import Refused


class Needs(Enum):
    """What must stand before a command's module is imported."""

    NOTHING = 1
    DATABASE = 2


@dataclass(frozen=True, slots=True)
class Command:
    module: str
    summary: str
    needs: Needs = Needs.DATABASE


_OURS = "liangdian.config.commands."
COMMANDS = {
    "serve": Command(_OURS + "serve", "start everything: database, web server, job worker", Needs.NOTHING),
    "init": Command(_OURS + "init", "make a real installation and its first administrator", Needs.NOTHING),
    "migrate": Command(_OURS + "migrate", "bring the database up to date"),
    "demo": Command(_OURS + "demo", "load the demonstration centre into an empty database"),
    "create-admin": Command(_OURS + "create_admin", "make an administrator"),
    "import items": Command(_OURS + "import_items", "import service items from CSV or xlsx"),
    "import cases": Command(_OURS + "import_cases", "import matters from CSV or xlsx"),
    "import disputes": Command(_OURS + "import_disputes", "import disputes from JSON"),
    "due": Command(_OURS + "due", "work out a due date", Needs.NOTHING),
    "figures": Command(_OURS + "figures", "print the figures of a period"),
    "check": Command(_OURS + "check", "say whether the installation is healthy"),
    "check audit": Command(_OURS + "check_audit", "verify the chains of events"),
    "sweep": Command(_OURS + "sweep", "do now what the worker does every minute"),
    "simulate hall": Command(_OURS + "simulate_hall", "play a whole day in an exercise hall"),
    "live": Command(_OURS + "live", "run only the live server of the boards"),
    "worker": Command(_OURS + "worker", "run only the job worker"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line. Returns the exit code: 0 done, 1 refused with a sentence, 2 wrong usage."""
    given = sys.argv[1:] if arguments is None else arguments
    name, rest = _split(given)
    if name is None:
        return _explain(given)
    try:
        return _run(name, rest)
    except Refused as refusal:
        print(f"liangdian: {_in_english(refusal)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nliangdian: stopped. What was finished is kept.", file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print("liangdian: the disk is full. Free some space and try again.", file=sys.stderr)
        return 1


def _in_english(refusal: Refused) -> str:
    # A plain string was never translated; anything else is Django's lazy text.
    if isinstance(refusal.message, str):
        return refusal.message
    with importlib.import_module("django.utils.translation").override("en"):
        return str(refusal)


def _split(given: list[str]) -> tuple[str | None, list[str]]:
    for words in (2, 1):
        name = " ".join(given[:words])
        if len(given) >= words and name in COMMANDS:
            return name, given[words:]
    return None, []


def _explain(given: list[str]) -> int:
    width = max(len(name) for name in COMMANDS)
    text = "usage: liangdian <command> [options]\n\n"
    text += "\n".join(f"  {name:<{width}}  {command.summary}" for name, command in COMMANDS.items())
    text += "\n\n'liangdian <command> --help' tells more about one of them."
    if not given or given[0] in {"-h", "--help", "help"}:
        print(text)
        return 0
    print(f"liangdian: there is no command {given[0]!r}.\n\n{text}", file=sys.stderr)
    return 2


def _run(name: str, rest: list[str]) -> int:
    command = COMMANDS[name]
    load_installation()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangdian.config.settings.dev")
    if command.needs is Needs.NOTHING:
        return _call(name, command, rest)
    session = importlib.import_module("liangdian.config.session")
    if {"-h", "--help"} & set(rest):
        session.set_up_django()
        return _call(name, command, rest)
    with session.database():
        return _call(name, command, rest)


def _call(name: str, command: Command, rest: list[str]) -> int:
    module = importlib.import_module(command.module)
    parser = argparse.ArgumentParser(prog=f"liangdian {name}", description=command.summary)
    module.add_arguments(parser)
    return module.run(parser.parse_args(rest)) or 0


if __name__ == "__main__":
    sys.exit(main())
