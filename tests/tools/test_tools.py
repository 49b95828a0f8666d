"""Tests of the project's own tools: python3 -m unittest discover -s tests/tools"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parent.parent.parent / "tools"
sys.path.insert(0, str(TOOLS))

import amalgamate  # noqa: E402
import check_layers  # noqa: E402
import compile_fail  # noqa: E402
import run_example  # noqa: E402

SPDX = amalgamate.SPDX


def header(name: str, body: str = "") -> str:
    guard = check_layers.guard_of(name)
    return f"{SPDX}\n#pragma once\n#ifndef {guard}\n#define {guard}\n\n/// @file\n/// A test.\n\n{body}\n#endif  // {guard}\n"


class Amalgamate(unittest.TestCase):
    def single(self, files):
        with tempfile.TemporaryDirectory() as folder:
            include = pathlib.Path(folder)
            for name, text in files.items():
                path = include / "hyperactor" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return amalgamate.amalgamate(include)

    def test_pastes_each_header_once_and_keeps_guards_and_foreign_includes(self):
        lines, names = self.single({
            "hyperactor.hpp": header("hyperactor.hpp", "#include <hyperactor/base/a.hpp>\n#include <hyperactor/base/b.hpp>"),
            "base/a.hpp": header("base/a.hpp", "#include <vector>\nstruct a {};"),
            "base/b.hpp": header("base/b.hpp", "#include <hyperactor/base/a.hpp>\n#include <vector>\nstruct b {};"),
        })
        text = "\n".join(lines)
        self.assertEqual(names, ["hyperactor/base/a.hpp", "hyperactor/base/b.hpp", "hyperactor/hyperactor.hpp"])
        self.assertEqual(text.count("struct a {};"), 1)
        self.assertLess(text.index("struct a {};"), text.index("struct b {};"))
        self.assertEqual(text.count("#include <vector>"), 2)
        self.assertIn("#ifndef HYPERACTOR_BASE_A_HPP", text)
        self.assertNotIn("#include <hyperactor/", text)
        self.assertNotIn("pragma once", text)

    def refused(self, body: str, text: str):
        files = {"hyperactor.hpp": header("hyperactor.hpp", body), "base/a.hpp": header("base/a.hpp", "struct a {};")}
        with self.assertRaisesRegex(amalgamate.Refused, text):
            self.single(files)

    def test_refuses_an_own_include_inside_a_condition(self):
        self.refused("#if 1\n#include <hyperactor/base/a.hpp>\n#endif", "stands inside #if")

    def test_refuses_quotes_missing_headers_and_loose_conditions(self):
        self.refused('#include "base/a.hpp"', "written in <>")
        self.refused("#include <hyperactor/base/z.hpp>", "no such header")
        self.refused("#endif", "do not match")

    def test_a_pair_of_headers_may_name_each_other(self):
        self.assertIsNotNone(
            self.single({"hyperactor.hpp": header("hyperactor.hpp", "#include <hyperactor/base/a.hpp>"),
                         "base/a.hpp": header("base/a.hpp", "#include <hyperactor/base/b.hpp>"),
                         "base/b.hpp": header("base/b.hpp", "#include <hyperactor/base/a.hpp>")}))

    def test_check_finds_a_stale_file(self):
        with tempfile.TemporaryDirectory() as folder:
            top = pathlib.Path(folder)
            (top / "include/hyperactor").mkdir(parents=True)
            root = top / "include/hyperactor/hyperactor.hpp"
            root.write_text(header("hyperactor.hpp", "#include <hyperactor/version.hpp>"), encoding="utf-8")
            (top / "include/hyperactor/version.hpp").write_text(
                header("version.hpp", '#define HYPERACTOR_VERSION_STRING "9.8.7"'), encoding="utf-8")

            def run(*flags):
                command = [sys.executable, str(TOOLS / "amalgamate.py"), "--top", folder, *flags]
                return subprocess.run(command, capture_output=True, text=True).returncode

            self.assertEqual(run("--check"), 1)
            self.assertEqual(run(), 0)
            self.assertEqual(run("--check"), 0)
            self.assertIn("hyperactor 9.8.7", (top / "single_include/hyperactor/hyperactor.hpp").read_text(encoding="utf-8"))
            self.assertEqual(run("--forward", str(top / "forward")), 0)
            self.assertIn("single_include/hyperactor/hyperactor.hpp",
                          (top / "forward/hyperactor/version.hpp").read_text(encoding="utf-8"))
            root.write_text(root.read_text(encoding="utf-8") + "// more\n", encoding="utf-8")
            self.assertEqual(run("--check"), 1)


class Layers(unittest.TestCase):
    def allowed(self, name, target):
        self.assertIsNone(check_layers.check_include(name, "<", target))

    def refused(self, name, target, text):
        self.assertRegex(check_layers.check_include(name, "<", target) or "", text)

    def test_a_header_includes_lower_rows_and_its_own_folder(self):
        self.allowed("actor/handle.hpp", "hyperactor/mailbox/envelope.hpp")
        self.allowed("actor/handle.hpp", "hyperactor/actor/status.hpp")
        self.allowed("actor/handle.hpp", "hyperactor/actor/detail/cell.hpp")
        self.allowed("actor/handle.hpp", "hyperactor/version.hpp")
        self.allowed("proc.hpp", "hyperactor/proc/proc.hpp")

    def test_nothing_above_and_nothing_beside(self):
        self.refused("mailbox/envelope.hpp", "hyperactor/actor/status.hpp", "above")
        self.refused("wire/codec.hpp", "hyperactor/config/key.hpp", "beside")
        self.refused("actor/handle.hpp", "hyperactor/gateway/gateway.hpp", "beside")

    def test_the_local_half_does_not_see_the_network_half(self):
        self.refused("proc/proc.hpp", "hyperactor/channel/tcp.hpp", "network half")
        self.allowed("host/host.hpp", "hyperactor/channel/tcp.hpp")

    def test_an_umbrella_does_not_reach_the_network_half_either(self):
        sources = {"proc.hpp": header("proc.hpp", "#include <hyperactor/proc/a.hpp>"),
                   "proc/a.hpp": header("proc/a.hpp", "#include <hyperactor/mailbox/b.hpp>"),
                   "mailbox/b.hpp": header("mailbox/b.hpp", "#include <hyperactor/channel/c.hpp>"),
                   "channel/c.hpp": header("channel/c.hpp")}
        problems = check_layers.check_headers(sources)
        self.assertTrue(any("proc.hpp:1: reaches channel/c.hpp" in p for p in problems), problems)

    def test_asio_is_read_after_the_header_that_tells_compilers_apart(self):
        sources = {"base/platform.hpp": header("base/platform.hpp"),
                   "base/a.hpp": header("base/a.hpp", "#include <hyperactor/base/platform.hpp>"),
                   "base/b.hpp": header("base/b.hpp", "#include <hyperactor/base/a.hpp>\n\n#include <asio/post.hpp>"),
                   "base/c.hpp": header("base/c.hpp", "#include <asio/post.hpp>")}
        problems = check_layers.check_headers(sources)
        self.assertEqual([p for p in problems if "stands before" in p and not p.startswith("base/c.hpp:9:")], [])
        self.assertTrue(any(p.startswith("base/c.hpp:9: <asio/post.hpp> stands before") for p in problems), problems)

    def test_private_headers_and_umbrellas_are_not_included(self):
        self.refused("host/host.hpp", "hyperactor/proc/detail/cell.hpp", "private")
        self.refused("host/host.hpp", "hyperactor/proc.hpp", "umbrella")
        self.refused("host/host.hpp", "hyperactor/hyperactor.hpp", "for users")

    def test_dear_and_foreign_headers(self):
        self.refused("base/a.hpp", "iostream", "compile time")
        self.refused("base/a.hpp", "asio/ip/tcp.hpp", "channel, host only")
        self.allowed("channel/tcp.hpp", "asio/ip/tcp.hpp")
        self.refused("base/a.hpp", "fmt/format.h", "fmt/core.h")
        self.allowed("base/a.hpp", "fmt/core.h")
        self.refused("hyperactor.hpp", "vector", "third-party")
        self.refused("fwd.hpp", "string", "cstddef")

    def test_form(self):
        name = "base/a.hpp"
        self.assertEqual(list(check_layers.check_form(name, header(name))), [])
        wrong_guard = header(name).replace("HYPERACTOR_BASE_A_HPP", "A_HPP")
        self.assertEqual([line for line, _ in check_layers.check_form(name, wrong_guard)], [3])
        long = header(name, "\n" * 400)
        self.assertTrue(any("next noun" in p for _, p in check_layers.check_form(name, long)))
        compilers = header(name, "#if defined(__clang__)\n#endif")
        self.assertTrue(any("platform.hpp" in p for _, p in check_layers.check_form(name, compilers)))
        self.assertEqual(check_layers.guard_of("actor/detail/cell.hpp"), "HYPERACTOR_ACTOR_DETAIL_CELL_HPP")

    def test_invariants_are_tested_and_defined_once(self):
        sources = {"base/a.hpp": "/// [BAS-1] holds\n/// [BAS-2] holds too\n", "base/b.hpp": "/// [BAS-1] again\n"}
        problems, count = check_layers.check_invariants(sources, {"a.test.cpp": 'TEST_CASE("it holds [BAS-1]")'})
        self.assertEqual(count, 2)
        self.assertEqual(len(problems), 2, problems)


class CompileFail(unittest.TestCase):
    CASE = "// expect: has no handler\n// expect-gcc: only g++\n// expect-clang: only clang\n// errors: 1\n#ifdef HYPERACTOR_FIXED\n"

    def test_reads_what_is_meant_for_the_compiler(self):
        self.assertEqual(compile_fail.read_case(self.CASE, False), (["has no handler", "only g++"], 1))
        self.assertEqual(compile_fail.read_case(self.CASE, True), (["has no handler", "only clang"], 1))

    def test_refuses_cases_that_check_nothing(self):
        for part in ("// errors: 1\n", "HYPERACTOR_FIXED"):
            with self.assertRaises(compile_fail.BadCase):
                compile_fail.read_case(self.CASE.replace(part, ""), False)
        with self.assertRaises(compile_fail.BadCase):
            compile_fail.read_case("// errors: 1\n#ifdef HYPERACTOR_FIXED\n", False)

    def test_counts_errors_and_looks_for_texts(self):
        output = "CASE:3:5: error: static assertion failed: A has\n  no handler\nCASE:9:1: note: [with M = \u2018pong\u2019]\n"
        self.assertEqual(compile_fail.judge(output, ["A has no handler", "'pong'"], 1), [])
        self.assertEqual(len(compile_fail.judge(output, ["ping"], 1)), 1)
        self.assertEqual(len(compile_fail.judge(output + "CASE:4:1: fatal error: more\n", ["A has"], 1)), 1)
        self.assertEqual(len(compile_fail.judge("", [], 1)), 1)

    def test_drives_a_compiler(self):
        good = ("// expect: two is not one\n// errors: 1\n#ifdef HYPERACTOR_FIXED\nstatic_assert(true);\n#else\n"
                'static_assert(2 == 1, "two is not one");\n#endif\n')
        cases = {"good": (good, 0),
                 "other_text": (good.replace("expect: two", "expect: three"), 1),
                 "compiles": (good.replace("2 == 1", "1 == 1"), 1),
                 "not_fixed": (good.replace("static_assert(true)", "static_assert(false)"), 1),
                 "two_errors": (good + "#ifndef HYPERACTOR_FIXED\nint x = y;\n#endif\n", 1),
                 "by_echo": (good.replace("expect: two is not one", "expect: 2 == 1,"), 1)}
        with tempfile.TemporaryDirectory() as folder:
            for name, (text, code) in cases.items():
                path = pathlib.Path(folder) / f"{name}.cpp"
                path.write_text(text, encoding="utf-8")
                command = [sys.executable, str(TOOLS / "compile_fail.py"), "--kind", "gcc", "--object", f"{folder}/o.o",
                           str(path), "--", "g++", "-std=c++20", "-c"]
                run = subprocess.run(command, capture_output=True, text=True)
                self.assertEqual(run.returncode, code, f"{name}: {run.stdout}{run.stderr}")


class Examples(unittest.TestCase):
    def test_braces_stand_for_any_text(self):
        self.assertTrue(run_example.fits("child proc1, pid {...}", "child proc1, pid 12"))
        self.assertTrue(run_example.fits("a (b)", "a (b)"))
        self.assertFalse(run_example.fits("child proc1, pid {...}", "child proc2, pid 12"))
        self.assertFalse(run_example.fits("a", "ab"))


if __name__ == "__main__":
    unittest.main()
