"""The rules of the house that a reader of the source can check. Each returns what breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "misc.py"}
ROOMS_WITH_CHILDREN = {"platform", "registers", "desks"}
PRIVATE = {"models", "web"}
# The door at which staff sign in stands in the web of accounts and is there for every room.
OPEN = ("liangdian.platform.accounts.web.doors.",)
# Where the time of day and the request are known.
OUTER = {"web", "api", "jobs", "commands", "config", "cli", "migrations"}
REGISTRIES = ("registry." + "npmjs", "py" + "pi.org", "files.python" + "hosted", "registry." + "yarnpkg")


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file of the product. ``module`` is its dotted name."""

    path: Path
    module: str
    tree: ast.Module
    lines: int

    @property
    def room(self) -> str:
        return room_of(self.module)


def room_of(module: str) -> str:
    """``liangdian.registers.people.web.views`` → ``liangdian.registers.people``."""
    parts = module.split(".")
    return ".".join(parts[:3] if len(parts) > 2 and parts[1] in ROOMS_WITH_CHILDREN else parts[:2])


def sources(root: Path) -> Iterator[Source]:
    """Every Python file below ``root``/liangdian."""
    for path in sorted((root / "liangdian").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        yield Source(path, module, ast.parse(text), text.count("\n"))


def private_imports(root: Path) -> list[str]:
    """Imports of another room's models or web, at whatever depth of a function they stand."""
    found = []
    for source in sources(root):
        for node, target in _imports(source.tree):
            other = room_of(target)
            parts = target.removeprefix(other).strip(".").split(".")
            if (
                target.startswith("liangdian.")
                and other != source.room
                and parts[0] in PRIVATE
                and not target.startswith(OPEN)
            ):
                found.append(f"{source.module}:{node.lineno} imports {target}")
    # The composition root puts the rooms together, and plays the demonstration with their rows.
    root_of_all = ("liangdian.config.urls:", "liangdian.config.demo.")
    return [line for line in found if not line.startswith(root_of_all)]


def _imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def imports_inside_functions(root: Path) -> list[str]:
    """Imports that are not at the top of their file hide a circle.

    Django loads models after ``apps.py``, so there they cannot stand at the top.
    """
    found = []
    for source in sources(root):
        for outer in ast.walk(source.tree):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [
                    f"{source.module}:{node.lineno} imports inside {outer.name}"
                    for node in ast.walk(outer)
                    if isinstance(node, ast.Import | ast.ImportFrom) and source.path.name != "apps.py"
                ]
    return found


def long_files(root: Path) -> list[str]:
    return [f"{s.module} has {s.lines} lines" for s in sources(root) if s.lines > LONGEST_FILE]


def long_functions(root: Path) -> list[str]:
    """Functions of more than 40 lines, without docstring."""
    found = []
    for source in sources(root):
        if "migrations" in source.path.parts:
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > LONGEST_FUNCTION:
                found.append(f"{source.module}.{node.name} has {_length(node)} lines")
    return found


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body
    documented = ast.get_docstring(node) is not None and len(body) > 1
    first = body[1].lineno if documented else body[0].lineno
    return (node.end_lineno or first) - first + 1


def forbidden_names(root: Path) -> list[str]:
    """Files whose name says nothing about what is in them."""
    return [s.module for s in sources(root) if s.path.name in FORBIDDEN_NAMES]


def renamed_gettext(root: Path) -> list[str]:
    """The catalogues know gettext by its own name and as ``_``; under another name nothing is translated."""
    return [
        f"{source.module}:{node.lineno} calls {alias.name} {alias.asname}"
        for source in sources(root)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name and alias.asname not in {None, "_"}
    ]


def clocks_inside(root: Path) -> list[str]:
    """now() and today() belong to web, api and jobs; elsewhere the time is a parameter."""
    found = []
    for source in sources(root):
        if OUTER & set(source.module.split(".")):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "localdate", "utcnow"}:
                owner = ast.unparse(node.value).split(".")[-1]
                if owner in {"datetime", "date", "timezone"}:
                    found.append(f"{source.module}:{node.lineno} asks {owner}.{node.attr}")
    return found


def constraint_names_read(root: Path) -> list[str]:
    """Code that reads a constraint's name breaks where the database gives none (SQLSTATE only)."""
    found = []
    for source in sources(root):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr in {"constraint_name", "message_detail"}:
                found.append(f"{source.module}:{node.lineno} reads {node.attr}")
    return found


def swallowed(root: Path) -> list[str]:
    """An exception that nobody hears of: bare except, or Exception with nothing but pass."""
    found = []
    for source in sources(root):
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            broad = node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
            silent = all(isinstance(each, ast.Pass | ast.Continue) for each in node.body)
            if node.type is None or (broad and silent):
                found.append(f"{source.module}:{node.lineno}")
    return found


def registry_hosts(root: Path, files: list[str]) -> list[str]:
    """Files of the repository that name a registry host, and lock files with any address of a package."""
    found = []
    for name in files:
        path = root / name
        if not path.is_file() or path.suffix in {".png", ".mo", ".ico", ".woff2"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if any(host in text for host in REGISTRIES):
            found.append(f"{name} names a registry")
        if name == "package-lock.json" and '"resolved"' in text:
            found.append(f"{name} says from where packages came")
        if re.fullmatch(r"requirements/.*\.txt", name) and re.search(r"--(extra-)?index-url|://", text):
            found.append(f"{name} names an address")
    return found
