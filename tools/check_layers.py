#!/usr/bin/env python3
"""Checks the rules for headers: layers, forbidden includes, guards, length, licence line, invariant ids.

    tools/check_layers.py               layers and form
    tools/check_layers.py --invariants  every invariant id is defined once and named by a test

A header may include its own folder and any folder of a lower row, nothing beside it and nothing above.
"""
import argparse
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
ROWS = {
    "base": 0,
    "wire": 1, "config": 1,
    "identity": 2,
    "ordering": 3, "channel": 3,
    "mailbox": 4,
    "actor": 5, "gateway": 5,
    "supervision": 6,
    "introspection": 7,
    "proc": 8,
    "host": 9,
    "proc_agent": 10,
    "testing": 11,
}
LOCAL_HALF = {"ordering", "mailbox", "actor", "supervision", "introspection", "proc"}
NETWORK_HALF = {"channel", "gateway"}
# roots that any header may include; umbrellas (<module>.hpp) are for users only
COMMON_ROOTS = {"version.hpp", "fwd.hpp"}
MAX_LINES = 400

FORBIDDEN = {
    r"(iostream|regex|filesystem|ranges|functional)": "costs every user 0.3 s or more of compile time",
    r"asio\.hpp": "include the parts of Asio that are used",
    r"boost/asio.*": "this library stands on standalone Asio",
    r"boost/hana\.hpp": "include the parts of Hana that are used",
    r"boost/pfr\.hpp": "include <boost/pfr/core.hpp>",
    r"fmt/(?!core\.h$).*": "include <fmt/core.h>; formatting is cold code",
}
# headers that only some folders may include
ONLY_IN = {
    r"asio/(ip|local|posix|generic)/.*|asio/basic_(stream|datagram)_socket.*|asio/connect\.hpp": {"channel", "host"},
    r"sys/(socket|un)\.h|netinet/.*|netdb\.h|arpa/.*": {"channel", "host"},
    r"openssl/.*|asio/ssl.*": {"channel"},
}
FWD_MAY_INCLUDE = {"cstddef", "cstdint"}
COMPILER_MACRO = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif)\b.*\b(__GNUC__|__clang__|__clang_major__|_MSC_VER|__has_feature)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SPDX = "// SPDX-License-Identifier: BSD-3-Clause"
ID = re.compile(r"\[([A-Z]{2,4}-\d+)\]")


def guard_of(name: str) -> str:
    """`actor/detail/cell.hpp` -> HYPERACTOR_ACTOR_DETAIL_CELL_HPP."""
    return "HYPERACTOR_" + re.sub(r"[/.]", "_", name.removesuffix(".hpp")).upper() + "_HPP"


def module_of(name: str):
    """The folder of a header below include/hyperactor; for an umbrella its module; None for the other roots."""
    if "/" in name:
        return name.split("/")[0]
    stem = name.removesuffix(".hpp")
    return stem if stem in ROWS else None


def includes_of(text: str):
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def check_include(name: str, bracket: str, target: str):
    """Returns what is wrong with one include of the header `name`, or None."""
    module = module_of(name)
    if bracket == '"':
        return f'write <{target}>: includes stand in <>'
    if not target.startswith("hyperactor/"):
        if name == "fwd.hpp" and target not in FWD_MAY_INCLUDE:
            return f"fwd.hpp includes <cstddef> and <cstdint> only, not <{target}>"
        if name == "hyperactor.hpp":
            return f"the umbrella of everything includes no third-party header: <{target}>"
        for pattern, why in FORBIDDEN.items():
            if re.fullmatch(pattern, target):
                return f"<{target}> is not for public headers: {why}"
        for pattern, folders in ONLY_IN.items():
            if re.fullmatch(pattern, target) and module not in folders:
                return f"<{target}> belongs to {', '.join(sorted(folders))} only"
        return None
    own = target.removeprefix("hyperactor/")
    if own in COMMON_ROOTS:
        return None if name != "fwd.hpp" else "fwd.hpp includes nothing of this library"
    if name == "hyperactor.hpp":
        return None
    other = module_of(own)
    if other is None:
        return f"<{target}> is for users; include the noun that is needed"
    if module is None:
        return f"{name} is a root and includes nothing of a module"
    if "/" not in own:
        return f"<{target}> is an umbrella for users; include the noun that is needed"
    if other not in ROWS:
        return f"folder {other} is in no row of tools/check_layers.py"
    if "/detail/" in own and other != module:
        return f"<{target}> is private to {other}"
    if other != module and ROWS[other] >= ROWS[module]:
        where = "beside" if ROWS[other] == ROWS[module] else "above"
        return f"{module} (row {ROWS[module]}) may not include {other} (row {ROWS[other]}), which is {where} it"
    if module in LOCAL_HALF and other in NETWORK_HALF:
        return f"{module} is of the local half and may not include {other}, which is of the network half"
    return None


def check_form(name: str, text: str):
    """Yields (line, problem) for everything but includes."""
    lines = text.splitlines()
    if not lines or lines[0] != SPDX:
        yield 1, f"the first line is '{SPDX}'"
    if len(lines) < 2 or lines[1] != "#pragma once":
        yield 2, "the second line is '#pragma once'"
    guard = guard_of(name)
    if lines[2:4] != [f"#ifndef {guard}", f"#define {guard}"]:
        yield 3, f"lines 3 and 4 are the guard {guard}"
    if not any(line.startswith("/// @file") for line in lines[:12]):
        yield 5, "a header opens with a '/// @file' paragraph"
    if len(lines) > MAX_LINES:
        yield MAX_LINES + 1, f"{len(lines)} lines, {MAX_LINES} allowed: the next noun moves out"
    if name.endswith("_impl.hpp"):
        yield 1, "a header is named after its noun, not '_impl'"
    module = module_of(name)
    if "/" in name and module not in ROWS:
        yield 1, f"folder {module} is in no row of tools/check_layers.py"
    for number, line in enumerate(lines, 1):
        if name != "base/platform.hpp" and COMPILER_MACRO.match(line):
            yield number, "compilers are told apart in base/platform.hpp only"
        if "FMT_HEADER_ONLY" in line:
            yield number, "fmt is linked, never header-only from our headers"


def reached_from(name: str, sources):
    """All own headers that `name` includes, directly or not, each with the header that brings it."""
    found, todo = {}, [name]
    while todo:
        current = todo.pop()
        for _, _, target in includes_of(sources.get(current, "")):
            own = target.removeprefix("hyperactor/")
            if target.startswith("hyperactor/") and own in sources and own not in found:
                found[own] = current
                todo.append(own)
    return found


def check_asio(name: str, text: str, sources):
    """Yields (line, problem) where Asio is read before the header that tells it about compilers."""
    for number, _, target in includes_of(text):
        if target == "hyperactor/base/platform.hpp" or (
                target.startswith("hyperactor/") and
                "base/platform.hpp" in reached_from(target.removeprefix("hyperactor/"), sources)):
            return
        if target.startswith("asio/"):
            yield number, f"<{target}> stands before <hyperactor/base/platform.hpp>, without which clang does not take it"
            return


def check_headers(sources):
    """`sources`: name below include/hyperactor -> text. Returns problems as 'name:line: text'."""
    problems = []
    for name, text in sorted(sources.items()):
        for number, problem in check_form(name, text):
            problems.append(f"{name}:{number}: {problem}")
        for number, problem in check_asio(name, text, sources):
            problems.append(f"{name}:{number}: {problem}")
        for number, bracket, target in includes_of(text):
            problem = check_include(name, bracket, target)
            if problem:
                problems.append(f"{name}:{number}: {problem}")
        if module_of(name) in LOCAL_HALF and "/" not in name:
            for own, by in sorted(reached_from(name, sources).items()):
                if module_of(own) in NETWORK_HALF:
                    problems.append(f"{name}:1: reaches {own} of the network half through {by}")
    return problems


def check_invariants(sources, tests):
    """Every id of a header's opening paragraph is defined in one header and named in a test."""
    problems, owner = [], {}
    for name, text in sorted(sources.items()):
        for number, line in enumerate(text.splitlines(), 1):
            match = re.match(r"^/// (?:- )?\[([A-Z]{2,4}-\d+)\]", line)
            if not match:
                continue
            ident = match.group(1)
            if ident in owner:
                problems.append(f"{name}:{number}: {ident} is already defined in {owner[ident]}; ids are never reused")
            owner[ident] = f"{name}:{number}"
    tested = {ident for text in tests.values() for ident in ID.findall(text)}
    problems += [f"{where}: no test names {ident}" for ident, where in owner.items() if ident not in tested]
    return problems, len(owner)


def read_tree(folder: pathlib.Path, patterns):
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8")
            for pattern in patterns for p in folder.glob(pattern) if p.is_file()}


def main() -> int:
    parser = argparse.ArgumentParser(description="checks layers and the form of headers")
    parser.add_argument("--invariants", action="store_true")
    parser.add_argument("--top", type=pathlib.Path, default=TOP)
    args = parser.parse_args()
    sources = read_tree(args.top / "include" / "hyperactor", ["**/*.hpp", "**/*.ipp"])
    if args.invariants:
        tests = read_tree(args.top / "tests", ["**/*.cpp", "**/*.hpp"])
        problems, count = check_invariants(sources, tests)
        what = f"{count} invariants"
    else:
        problems, what = check_headers(sources), f"{len(sources)} headers"
    for problem in problems:
        print(problem)
    print(f"{what}: {len(problems)} problems" if problems else f"{what}: in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
