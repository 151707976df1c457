"""Translations from the command line: ``python -m liangdian.platform.ui.i18n compile|check|update``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from liangdian.platform.ui import catalogues, extraction


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0, or 1 when ``check`` found something that a reader would see."""
    parser = argparse.ArgumentParser(prog="i18n", description=__doc__)
    parser.add_argument("act", choices=("compile", "check", "update"))
    parser.add_argument("--product", type=Path, default=extraction.PRODUCT, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if not settings.configured:
        settings.configure(USE_I18N=False)
    return {"compile": _compile, "check": _check, "update": _update}[chosen.act](chosen.product)


def _compile(product: Path) -> int:
    print(f"{catalogues.compile_all(product)} catalogues compiled")
    return 0


def _check(product: Path) -> int:
    found = catalogues.problems(product)
    for problem in found:
        print(problem, file=sys.stderr)
    print("Translations are complete." if not found else f"{len(found)} translations to mend.")
    return 1 if found else 0


def _update(product: Path) -> int:
    for room, missing in catalogues.update(product).items():
        print(f"{room}: {missing} sentences wait for a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
