"""What was measured, as JSON and as the table of docs/performance.md, beside what was promised."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "measured.json"
PAGE = HERE.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured -->", "<!-- end -->"

READS = ("worklist", "api_worklist", "case", "api_case", "search", "api_search")
# What is compared, and with which floor: what is read, with the floor that reads the same.
RATIOS = {
    **{name: ("p95_ms", f"{name}_floor") for name in READS},
    "intake": ("per_second", "intake_floor"), "api_intake": ("per_second", "intake_floor"),
    "api_intake_with_key": ("per_second", "intake_floor"),
}  # fmt: skip
# What was promised: the ratio at most (p95) or at least (requests/s).
GOALS = {**dict.fromkeys(READS, 3), "api_intake": 0.5}
SAME = "its floor: a bare view runs the same statements and renders the rows"
WORDS = {
    "bare_worklist": "bare list: a view reads 25 rows in the list's order with one statement",
    "bare_case": "bare matter: a view reads the matter and its history with two statements",
    "bare_search": "bare search: a view finds and reads the same rows with one statement",
    "worklist": "worklist as a page, with the numbers of all lists in the rail",
    "worklist_floor": SAME,
    "api_worklist": "worklist through the API",
    "api_worklist_floor": SAME,
    "case": "a matter as a page",
    "case_floor": SAME,
    "api_case": "a matter through the API",
    "api_case_floor": SAME,
    "search": "search for one word as a page",
    "search_floor": SAME,
    "api_search": "search for one word through the API",
    "api_search_floor": SAME,
    "intake_floor": "floor of intake: a bare view inserts the rows of one intake (a new resident with a "
    "phone, the matter and all that belongs to it) into the same tables, values prepared, one statement a "
    "table, in one transaction",
    "api_intake": "intake through the API",
    "api_intake_with_key": "the same with an `Idempotency-Key` (one more row, one more look)",
    "intake": "intake through the form at the window",
}


def ratios_of(found: dict[str, Any]) -> dict[str, float]:
    """Each measure beside its floor, by the name of the measure."""
    results = found.get("results", {})
    ratios = {
        name: round(results[name][measure] / results[floor][measure], 2)
        for name, (measure, floor) in RATIOS.items()
        if name in results and floor in results
    }
    for name in READS:
        bare = f"bare_{name.removeprefix('api_')}"
        if name in results and bare in results:
            ratios[f"{name}_to_bare"] = round(results[name]["p95_ms"] / results[bare]["p95_ms"], 2)
    if "sweep" in found:
        sweep = found["sweep"]
        ratios["sweep"] = round(sweep["all"]["seconds"] / sweep["tenth"]["seconds"], 2)
    return ratios


def table_of(found: dict[str, Any]) -> str:
    """The tables of the page."""
    parts = [_requests(found), _others(found), _statements(found)]
    return "\n\n".join(part for part in parts if part)


def write(found: dict[str, Any]) -> None:
    """Keep the numbers, and put the tables into the page."""
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    tables = f"{BEGIN}\n{table_of(found)}\n{END}"
    wanted = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    PAGE.write_text(wanted.sub(lambda _found: tables, page), encoding="utf-8")


def _requests(found: dict[str, Any]) -> str:
    lines = [
        "| | requests/s | median | 95th percentile | beside the floor | promised |",
        "|---|---|---|---|---|---|",
    ]
    for name, words in WORDS.items():
        result = found.get("results", {}).get(name)
        if result is None:
            continue
        beside, goal = _beside(name, found["ratios"])
        lines.append(
            f"| {words} | {result['per_second']:.0f} | {result['p50_ms']:.0f} ms | {result['p95_ms']:.0f} ms "
            f"| {beside} | {goal} |"
        )
    return "\n".join(lines) if len(lines) > 2 else ""


def _beside(name: str, ratios: dict[str, float]) -> tuple[str, str]:
    """The ratio to the floor in words, and whether it is what was promised."""
    if name not in ratios:
        return "", ""
    most = RATIOS[name][0] == "p95_ms"
    beside = f"{'p95' if most else 'requests/s'} {ratios[name]} ×"
    if f"{name}_to_bare" in ratios:
        beside += f" ({ratios[f'{name}_to_bare']} × the bare one)"
    if name not in GOALS:
        return beside, ""
    reached = ratios[name] <= GOALS[name] if most else ratios[name] >= GOALS[name]
    return beside, f"{'≤' if most else '≥'} {GOALS[name]} ×: {_yes(reached)}"


def _others(found: dict[str, Any]) -> str:
    lines = ["| | measured | promised |", "|---|---|---|"]
    if "sweep" in found:
        large, small, ratio = found["sweep"]["all"], found["sweep"]["tenth"], found["ratios"]["sweep"]
        lines += [
            f"| sweep, 1,000 due of {large['cases']:,} (each goes overdue and up, staff and resident are "
            f"told) | {large['seconds']:.2f} s | ≤ 2 s: {_yes(large['seconds'] <= 2)} |",
            f"| the same 1,000 due of {small['cases']:,} | {small['seconds']:.2f} s: {ratio} × "
            f"| ≤ 1.3 ×: {_yes(ratio <= 1.3)} |",
        ]
    if "import" in found:
        rate = found["import"]["rows_per_second"]
        real = "real" if found["import"]["real_file"] else "made-up"
        lines.append(
            f"| import of {found['import']['read']:,} {real} rows | {found['import']['seconds']} s, "
            f"{rate:,} rows/s | ≥ 1,500 rows/s: {_yes(rate >= 1500)} |"
        )
    for name, result in found.get("alone", {}).items():
        most = f"≤ 50 ms: {_yes(result['p95_ms'] <= 50)}"
        spans = f"median {result['p50_ms']:.0f} ms, p95 {result['p95_ms']:.0f} ms"
        lines.append(f"| {WORDS[name]}, a single user | {spans} | {most} |")
    if "memory_mib" in found:
        parts = found["memory_mib"]
        lines.append(
            f"| memory after the load | {parts['whole_stack']:.0f} MiB: two server processes "
            f"{parts['web']:.0f}, job worker {parts['worker']:.0f}, database {parts['database']:.0f} | |"
        )
    return "\n".join(lines) if len(lines) > 2 else ""


def _statements(found: dict[str, Any]) -> str:
    if "statements" not in found:
        return ""
    rows = [f"| {name.replace('api_', 'API: ')} | {number} |" for name, number in found["statements"].items()]
    return "\n".join(["| page | statements, transaction control counted |", "|---|---|", *rows])


def _yes(reached: bool) -> str:
    return "yes" if reached else "**no**"
