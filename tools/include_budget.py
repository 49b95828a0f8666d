#!/usr/bin/env python3
"""Counts the preprocessed lines of the headers that users include and compares them with tools/include_budget.json.

    tools/include_budget.py -- COMPILER FLAGS...

The file maps a header to the number of lines allowed with g++; a header without a number is only reported. Lines are
those that are not blank and no line markers. Other compilers report and never fail: their libraries differ.
"""
import json
import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent


def count(command, header: str) -> int:
    run = subprocess.run([*command, "-E", "-x", "c++", "-"], input=f"#include <hyperactor/{header}>\n",
                         stdout=subprocess.PIPE, text=True, check=True)
    return sum(1 for line in run.stdout.splitlines() if line.strip() and not line.startswith("#"))


def main() -> int:
    if "--" not in sys.argv:
        print(__doc__)
        return 2
    command = sys.argv[sys.argv.index("--") + 1:]
    budgets = json.loads((TOP / "tools" / "include_budget.json").read_text(encoding="utf-8"))
    binding = "clang" not in os.path.basename(command[0])
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
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
