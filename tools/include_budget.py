#!/usr/bin/env python3
"""Measures what the headers that users include cost, without a clock, and compares it with tools/include_budget.json.

    tools/include_budget.py -- COMPILER FLAGS...

`lines` maps a header to the number of preprocessed lines allowed with g++ 12: those that are not blank and no line
markers. `memory` maps a program of tests/benchmarks/compile to how many times as much memory g++ 12 -O0 may allocate
for it as for the yardstick asio_baseline.cpp. Memory follows time closely, and is the same in every run. A header without a number is
only reported; other compilers and versions never fail, because their libraries differ.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

MEASURED_WITH = "12"  # the major version of g++ that the budgets are for
TOP = pathlib.Path(__file__).resolve().parent.parent


def count(command, header: str) -> int:
    run = subprocess.run([*command, "-E", "-x", "c++", "-"], input=f"#include <hyperactor/{header}>\n",
                         stdout=subprocess.PIPE, text=True, check=True)
    return sum(1 for line in run.stdout.splitlines() if line.strip() and not line.startswith("#"))


def memory(command, program: str):
    """Units that g++'s allocator handed out for a program, or None where the compiler does not tell."""
    source = TOP / "tests" / "benchmarks" / "compile" / f"{program}.cpp"
    run = subprocess.run([*command, "-O0", "-g0", "-ftime-report", "-c", str(source), "-o", os.devnull],
                         stderr=subprocess.PIPE, text=True, check=True)
    total = re.search(r"^ *TOTAL .*?([0-9]+)([kMG]?) *$", run.stderr, re.MULTILINE)
    return int(total[1]) * {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}[total[2]] if total else None


def check_memory(command, budgets) -> int:
    baseline = memory(command, "asio_baseline")
    over = 0
    for program, allowed in budgets.items():
        ratio = memory(command, program) / baseline
        over += ratio > allowed
        verdict = ": OVER" if ratio > allowed else ""
        print(f"{program:24} {ratio:8.2f} times asio_baseline, {allowed} allowed{verdict}")
    return over


def main() -> int:
    if "--" not in sys.argv:
        print(__doc__)
        return 2
    command = sys.argv[sys.argv.index("--") + 1:]
    everything = json.loads((TOP / "tools" / "include_budget.json").read_text(encoding="utf-8"))
    budgets = everything["lines"]
    version = subprocess.run([command[0], "-dumpversion"], stdout=subprocess.PIPE, text=True, check=True).stdout
    binding = "clang" not in os.path.basename(command[0]) and version.split(".")[0].strip() == MEASURED_WITH
    over = 0
    roots = sorted(p.name for p in (TOP / "include" / "hyperactor").glob("*.hpp"))
    for missing in sorted(budgets.keys() - set(roots)):
        print(f"{missing}: has a budget and does not exist")
        over += 1
    for header in roots:
        try:
            lines = count(command, header)
        except subprocess.CalledProcessError:
            print(f"{header}: does not preprocess")
            over += 1
            continue
        budget = budgets.get(header)
        verdict = "no budget" if budget is None else f"{budget} allowed"
        if budget is not None and lines > budget:
            verdict += ": OVER" if binding else ": over (not binding for this compiler)"
            over += binding
        print(f"{header:24} {lines:8} lines, {verdict}")
    if binding and not any("-fsanitize" in flag for flag in command):
        over += check_memory(command, everything["memory"])
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
