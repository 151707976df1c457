"""``liangdian figures --from --to [--unit CODE] [--json]``: the figures of a period on the command line."""

from __future__ import annotations

import argparse
import json
from datetime import date

from django.utils import timezone, translation

from liangdian.casework.figures import Share, Spread
from liangdian.foundation.actor import SYSTEM
from liangdian.foundation.refused import Invalid
from liangdian.insight.selectors import Figures, Period, figures
from liangdian.registers.organisation import selectors as organisation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--from", dest="first", required=True, type=_day, metavar="DATE", help="first day")
    parser.add_argument(
        "--to", dest="last", required=True, type=_day, metavar="DATE", help="last day, included"
    )
    parser.add_argument(
        "--unit", default="", metavar="CODE", help="only matters received by this unit or below it"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as 2026-09-18") from None


def run(args: argparse.Namespace) -> int:
    """Print the figures. Raises Invalid for an unknown unit or a period that ends before it begins."""
    if args.last < args.first:
        raise Invalid("The period ends before it begins. Swap --from and --to.")
    path = ""
    if args.unit:
        unit = organisation.unit_by_code(args.unit)
        if unit is None:
            raise Invalid(f"There is no unit with the code {args.unit!r}.")
        path = unit.path
    found = figures(
        actor=SYSTEM, period=Period(first=args.first, last=args.last, unit_path=path), now=timezone.now()
    )
    with translation.override("en"):
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=2) if args.json else as_text(found))
    return 0


def as_text(found: Figures) -> str:
    """The figures as lines, each share with what it is computed from."""
    lines = [f"{found.first} to {found.last}: {found.total} matters registered"]
    for name, counts in (("kind", found.kinds), ("channel", found.channels), ("state", found.states)):
        lines.append(f"by {name}: " + (", ".join(f"{key} {n}" for key, n in counts.items()) or "no data"))
    lines += [
        f"promises kept: {_share(found.on_time)}",
        f"hours to first contact: {_spread(found.hours_to_first_contact)}",
        f"days to resolution: {_spread(found.days_to_resolution)}",
        f"rated: {_share(found.ratings['rated'])}",
        f"satisfied: {_share(found.ratings['satisfied'])}",
        f"bad ratings: {_share(found.ratings['bad'])}",
        f"excluded on appeal: {_share(found.ratings['excluded'])}",
        f"bad ratings put right in time: {_share(found.repaired)}",
        f"supervision notes answered in time: {_share(found.supervised)}",
        f"reopened: {_share(found.reopened)}",
        *(f"{kind.label.lower()}: {_share(share)}" for kind, share in found.pledges.items()),
        "put first: " + (", ".join(f"{key} {n}" for key, n in found.green.items()) or "no data"),
    ]
    return "\n".join(lines)


def _share(share: Share) -> str:
    return (
        "no data"
        if share.percent is None
        else f"{share.percent} % ({share.numerator} of {share.denominator})"
    )


def _spread(spread: Spread) -> str:
    if spread.median is None:
        return "no data"
    return f"median {spread.median}, p90 {spread.p90} ({spread.count} matters)"
