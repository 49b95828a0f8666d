#!/usr/bin/env python3
"""Compiles one case of misuse and checks what the user gets to read.

    tools/compile_fail.py CASE --object FILE --kind gcc|clang -- COMPILER FLAGS...

A case is a C++ file with comment lines:

    // expect: TEXT          the compiler's output must contain this text (message and notes together)
    // expect-gcc: TEXT      the same, for g++ only
    // expect-clang: TEXT    the same, for clang only
    // errors: N             the output has at most N errors (and at least one)
    // only: gcc             what follows is misuse for g++ only (or clang): the other compiler must take it as it is

With HYPERACTOR_FIXED defined the case must compile, so that it fails for its one mistake and for nothing else.
Texts are looked for with white space collapsed, quotes unified, the source echo off and the case's own path removed:
neither the source line nor the file name can satisfy an expectation.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

DIRECTIVE = re.compile(r"^\s*//\s*(expect|expect-gcc|expect-clang|errors):\s*(.*?)\s*$")
ONLY = re.compile(r"^\s*//\s*only:\s*(gcc|clang)\b", re.MULTILINE)
ERROR = re.compile(r"(^|: )(fatal )?error: ")


class BadCase(Exception):
    pass


def read_case(text: str, is_clang: bool):
    """Returns (texts that this compiler must print, error budget)."""
    expected, budget = [], None
    for line in text.splitlines():
        match = DIRECTIVE.match(line)
        if not match:
            continue
        key, value = match.groups()
        if not value:
            raise BadCase(f"'// {key}:' says nothing")
        if key == "errors":
            budget = int(value)
        elif key == "expect" or key == ("expect-clang" if is_clang else "expect-gcc"):
            expected.append(value)
    if not expected:
        raise BadCase("no '// expect:' line for this compiler: say what the user must read")
    if budget is None or budget < 1:
        raise BadCase("no '// errors: N' line: say how many errors are allowed")
    if "HYPERACTOR_FIXED" not in text:
        raise BadCase("no HYPERACTOR_FIXED part: a case carries its own correction")
    return expected, budget


def normalize(text: str) -> str:
    for quote in "\u2018\u2019`\u00b4":
        text = text.replace(quote, "'")
    return re.sub(r"\s+", " ", text)


def judge(output: str, expected, budget: int):
    """Returns what is wrong with the output of the failed compilation, as sentences."""
    problems = []
    errors = sum(1 for line in output.splitlines() if ERROR.search(line))
    if errors == 0:
        problems.append("the compiler failed without an error line")
    if errors > budget:
        problems.append(f"{errors} errors, {budget} allowed")
    flat = normalize(output)
    problems += [f"not printed: {text}" for text in expected if normalize(text) not in flat]
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description="compile-fail test")
    parser.add_argument("case", type=pathlib.Path)
    parser.add_argument("--object", required=True)
    parser.add_argument("--kind", required=True, choices=["gcc", "clang"])
    parser.add_argument("compiler", nargs="+")
    args = parser.parse_args()
    case = args.case.resolve()
    env = {**os.environ, "LC_ALL": "C"}

    def compile_case(*flags):
        command = [*args.compiler, *flags, "-o", args.object, str(case)]
        run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, errors="replace", env=env)
        return run.returncode, run.stdout

    text = case.read_text(encoding="utf-8")
    only = ONLY.search(text)
    is_misuse = only is None or only.group(1) == args.kind
    try:
        is_clang = args.kind == "clang"
        expected, budget = read_case(text, is_clang) if is_misuse else ([], 0)
    except BadCase as bad:
        print(f"{case}: {bad}")
        return 1

    code, output = compile_case("-DHYPERACTOR_FIXED", "-fsyntax-only")  # all templates, but no code
    if code != 0:
        print(f"{case}: the corrected case (HYPERACTOR_FIXED) does not compile:\n{output}")
        return 1
    echo_off = ["-fno-caret-diagnostics"] if is_clang else ["-fno-diagnostics-show-caret", "-fmessage-length=0"]
    if not is_misuse:
        code, output = compile_case()
        if code != 0:
            print(f"{case}: only {only.group(1)} is to refuse this:\n{output}")
        return 1 if code != 0 else 0
    code, output = compile_case("-w", "-fdiagnostics-color=never", *echo_off)
    if code == 0:
        print(f"{case}: the misuse compiles")
        return 1
    output = output.replace(str(case), "CASE").replace(case.name, "CASE")
    problems = judge(output, expected, budget)
    for problem in problems:
        print(f"{case}: {problem}")
    if problems:
        print(f"--- output of {args.kind}\n{output}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
