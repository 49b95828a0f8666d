#!/usr/bin/env python3
"""Runs an example and compares what it prints with its .expected file, line by line.

`{...}` in an expected line stands for any text. Without the file only the exit code counts.

    tools/run_example.py PROGRAM EXPECTED
"""
import difflib
import pathlib
import re
import subprocess
import sys


def fits(expected: str, line: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, expected.split("{...}"))), line) is not None


def main() -> int:
    program, expected = sys.argv[1], pathlib.Path(sys.argv[2])
    run = subprocess.run([program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, errors="replace")
    print(run.stdout, end="")
    if run.returncode != 0:
        print(f"{program}: exit code {run.returncode}", file=sys.stderr)
        return 1
    if not expected.exists():
        return 0
    want, got = expected.read_text(encoding="utf-8").splitlines(), run.stdout.splitlines()
    if len(want) == len(got) and all(map(fits, want, got)):
        return 0
    print("\n".join(difflib.unified_diff(want, got, str(expected), "printed", lineterm="")), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
