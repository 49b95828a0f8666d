#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Builds and runs the benchmarks of tests/benchmarks, and writes what it measured.

  tools/benchmark.py                    run-time figures, beside Debian's CAF and bare Asio (apt install libcaf-dev)
  tools/benchmark.py --compile          what including and using the library costs the compiler
  tools/benchmark.py --write-docs       the same, and puts the tables into docs/benchmarks.md
  tools/benchmark.py --check            fails when a floor of the table is missed

Programs are interleaved (A B C A B C ...), and every ratio is taken within one round, because figures drift with the
machine. Results go to build/benchmarks/: <mode>.json (everything, run by run), <mode>.csv and <mode>.md (the tables).
"""

import argparse
import csv
import datetime
import json
import os
import pathlib
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "tests" / "benchmarks"
RUNTIME = SOURCES / "runtime"
DOCS = ROOT / "docs" / "benchmarks.md"
TICKS = os.sysconf("SC_CLK_TCK")


class Workload:
    """One row of the table: programs that do the same work, by implementation."""

    def __init__(self, name, title, programs, args=(), baseline=None, floor=None, limit=None, lower=False, fields=()):
        self.name = name
        self.title = title
        self.programs = programs  # implementation -> path below tests/benchmarks/runtime
        self.args = list(args)
        self.baseline = baseline  # implementation that ratios are taken against
        self.floor = floor  # least ratio to the baseline
        self.limit = limit  # greatest value
        self.lower = lower  # smaller values are better
        self.fields = list(fields)  # more fields of the line to show


def beside_caf(name, title, floor=None, **more):
    programs = {"hyperactor": f"{name}.cpp", "caf": f"caf/{name}.cpp"}
    return Workload(name, title, programs, baseline="caf", floor=floor, **more)


def channels():
    found = []
    for mode, title in (("round_trip", "echo"), ("throughput", "stream")):
        for transport in ("unix", "tcp"):
            for size, text in ((64, "64 B"), (65536, "64 KiB")):
                found.append(
                    Workload(
                        f"channel_{mode}_{transport}_{size}",
                        f"{transport} {title}, {text}",
                        {"hyperactor": "channel.cpp", "asio": "asio/echo.cpp"},
                        args=["--transport", transport, "--mode", mode, "--bytes", str(size)],
                        baseline="asio",
                        lower=mode == "round_trip",
                        fields=["p99"] if mode == "round_trip" else ["mb_per_s"],
                    )
                )
    return found


WORKLOADS = [
    beside_caf("ping_pong", "ping-pong", floor=7),
    beside_caf("one_way_window", "one-way, window of 1000", floor=3),
    beside_caf("one_way_flood", "one-way, flood", floor=3),
    beside_caf("fan_in", "fan-in, 8 to 1", floor=2.5),
    beside_caf("ring", "ring of 503", floor=7),
    beside_caf("request_reply", "request/reply", floor=5),
    beside_caf("spawn_stop", "create, one message, stop", floor=4),
    Workload("skynet", "skynet, 100,000 leaves", {"hyperactor": "skynet.cpp"}),
    Workload("skynet_million", "skynet, 1,000,000 leaves", {"hyperactor": "skynet.cpp"}, args=["--leaves", "1000000"]),
    beside_caf("wake_up", "idle worker behind a busy one", lower=True, fields=["p99", "idle_cpu_percent"]),
    Workload("idle_bytes", "memory of an idle actor", {"hyperactor": "idle_bytes.cpp"}, limit=600, lower=True,
             fields=["requested"]),
    *channels(),
]

# Program name -> (title, baseline program, greatest ratio to it)
COMPILES = {
    "asio_baseline": ("four Asio headers, nothing else", None, None),
    "one_actor": ("one actor, told", "asio_baseline", 1.6),
    "one_actor_ask": ("one actor, told and asked", "asio_baseline", None),
    "handlers_8": ("an actor with 8 handlers", None, None),
    "handlers_128": ("an actor with 128 handlers", "handlers_8", 2.0),
}


# ---------------------------------------------------------------------------------------------------------- measuring


def busy_seconds():
    """Processor seconds that the whole machine has used."""
    with open("/proc/stat", encoding="ascii") as stat:
        fields = [int(x) for x in stat.readline().split()[1:]]
    idle = fields[3] + fields[4]
    return (sum(fields[:8]) - idle) / TICKS


def run_child(command, timeout):
    """Runs a program with its children: (exit code, output, wall seconds, percent of a core that others used meanwhile)."""
    begin, busy, before = time.monotonic(), busy_seconds(), os.times()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          start_new_session=True) as child:
        try:
            output = child.communicate(timeout=timeout)[0]
            code = child.returncode
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            output = child.communicate()[0]
            code = "a time-out"
    wall = time.monotonic() - begin
    own = sum(os.times()[:4]) - sum(before[:4])
    return code, output, wall, 100 * max(0.0, busy_seconds() - busy - own) / wall


def run_with_usage(command):
    """Runs a compiler: (exit code, error output, processor seconds, peak MiB), the last two from its own rusage."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    errors = child.stderr.read()
    child.stderr.close()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, errors, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def parse_line(output):
    """The fields of the one `bench=...` line of a program; numbers become numbers."""
    lines = [line for line in output.splitlines() if line.startswith("bench=")]
    if len(lines) != 1:
        raise ValueError(f"expected one line that starts with bench=, found {len(lines)}")
    fields = {}
    for word in lines[0].split():
        key, _, value = word.partition("=")
        try:
            fields[key] = float(value)
        except ValueError:
            fields[key] = value
    if "value" not in fields or "unit" not in fields:
        raise ValueError("the line has no value or unit")
    return fields


def spread(values):
    values = sorted(values)
    return {"min": values[0], "median": statistics.median(values), "max": values[-1]} if values else None


def about_machine(compiler):
    def first_line(command):
        try:
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0].strip()
        except (OSError, subprocess.CalledProcessError, IndexError):
            return "unknown"

    model = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": model,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "compiler": first_line([compiler, "--version"]),
        "caf": first_line(["dpkg-query", "-W", "-f", "${Version}\n", "libcaf-dev"]),
        "load_before": os.getloadavg(),
    }


# ----------------------------------------------------------------------------------------------------------- run time


def build_programs(workloads, options):
    """Compiles every program once; returns {source: binary} of those that compiled and the errors of the others."""
    built, failed = {}, {}
    sources = []
    for workload in workloads:
        for implementation, source in workload.programs.items():
            if implementation in options.impl and source not in sources:
                sources.append(source)
    options.build_dir.mkdir(parents=True, exist_ok=True)
    for source in sources:
        binary = options.build_dir / source.replace("/", "_").replace(".cpp", "")
        libraries = ["-lcaf_core"] if source.startswith("caf/") else ["-lfmt"] if "/" not in source else []
        command = [options.compiler, "-std=c++20", *options.flags.split(), f"-I{ROOT / 'include'}", str(RUNTIME / source),
                   "-o", str(binary), *libraries, "-pthread"]
        if "clang" in options.compiler:
            command.insert(1, "-DASIO_HAS_CO_AWAIT=1")
        if options.no_build and binary.exists():
            built[source] = binary
            continue
        print(f"building {source}", file=sys.stderr, flush=True)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            built[source] = binary
        else:
            failed[source] = done.stderr
            first = next((x for x in done.stderr.splitlines() if "error" in x), done.stderr[:200])
            print(f"  not built: {first}", file=sys.stderr, flush=True)
    return built, failed


def measure_runtime(options):
    chosen = [w for w in WORKLOADS if not options.only or any(w.name.startswith(o) for o in options.only)]
    meta = about_machine(options.compiler)
    meta.update(threads=options.threads, rounds=options.rounds, scale=options.scale, flags=options.flags)
    built, failed = build_programs(chosen, options)
    runs = []
    errors = [{"program": source, "what": "not built", "output": text} for source, text in failed.items()]
    for number in range(options.rounds):
        load = os.getloadavg()[0]
        print(f"round {number + 1} of {options.rounds}, load {load:.2f}", file=sys.stderr, flush=True)
        for workload in chosen:
            for implementation, source in workload.programs.items():
                if source not in built or implementation not in options.impl:
                    continue
                command = [str(built[source]), "--threads", str(options.threads), "--scale", str(options.scale),
                           *workload.args]
                code, output, wall, share = run_child(command, options.timeout)
                try:
                    if code != 0:
                        raise ValueError(f"ended with {code}")
                    fields = parse_line(output)
                except ValueError as problem:
                    print(f"  {implementation} {workload.name}: {problem}", file=sys.stderr, flush=True)
                    errors.append({"program": " ".join(command), "what": str(problem), "output": output[-2000:]})
                    continue
                print(f"  {workload.name:32} {implementation:10} {fields['value']:14.6g} {fields['unit']}",
                      file=sys.stderr, flush=True)
                runs.append({"round": number, "workload": workload.name, "implementation": implementation,
                             "fields": fields, "load": load, "others_cpu_percent": share, "wall_seconds": wall})
    meta["load_after"] = os.getloadavg()
    meta["others_cpu_percent"] = spread([r["others_cpu_percent"] for r in runs])
    return {"meta": meta, "runs": runs, "errors": errors, "summary": summarize_runtime(chosen, runs)}


def summarize_runtime(chosen, runs):
    summary = []
    for workload in chosen:
        values = {}  # implementation -> round -> fields
        for run in runs:
            if run["workload"] == workload.name:
                values.setdefault(run["implementation"], {})[run["round"]] = run["fields"]
        row = {"workload": workload.name, "title": workload.title, "unit": "", "lower_is_better": workload.lower,
               "baseline": workload.baseline, "floor": workload.floor, "limit": workload.limit, "values": {},
               "fields": {}, "ratio": None, "reached": None}
        for implementation, by_round in values.items():
            row["unit"] = next(iter(by_round.values()))["unit"]
            row["values"][implementation] = spread([f["value"] for f in by_round.values()])
            for name in workload.fields:
                found = [f[name] for f in by_round.values() if name in f]
                if found:
                    row["fields"].setdefault(name, {})[implementation] = spread(found)
        ours, theirs = values.get("hyperactor", {}), values.get(workload.baseline, {})
        ratios = [ours[n]["value"] / theirs[n]["value"] for n in ours if n in theirs and theirs[n]["value"] > 0]
        row["ratio"] = spread(ratios)
        if workload.floor is not None and ratios:
            row["reached"] = row["ratio"]["median"] >= workload.floor
        if workload.limit is not None and ours:
            row["reached"] = row["values"]["hyperactor"]["median"] <= workload.limit
        summary.append(row)
    return summary


def figure(value):
    """A number as a reader wants it: 1.76 M, 54.0, 0.25."""
    if value is None:
        return ""
    for factor, suffix in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= factor:
            return f"{value / factor:.3g}{suffix}" if value / factor < 1000 else f"{value / factor:.0f}{suffix}"
    return f"{value:.3g}"


def three(values):
    return " / ".join(figure(values[key]) for key in ("min", "median", "max")) if values else "-"


def verdict(row):
    target = ""
    if row["floor"] is not None:
        target = f"at least {row['floor']:g} x"
    elif row["limit"] is not None:
        target = f"at most {row['limit']:g}"
    if target and row["reached"] is not None:
        target += ": reached" if row["reached"] else ": **missed**"
    return target


def runtime_markdown(result):
    meta = result["meta"]
    others = meta["others_cpu_percent"] or {"median": 0, "max": 0}
    lines = [
        f"{meta['date']}, {meta['processor']}, {meta['cores']} cores, {meta['compiler']}, `{meta['flags']}`, "
        f"{meta['threads']} threads, {meta['rounds']} rounds. CAF {meta['caf']}. Other programs used "
        f"{others['median']:.0f} % of a core in the median run, {others['max']:.0f} % in the worst; load average before "
        f"{meta['load_before'][0]:.2f}, after {meta['load_after'][0]:.2f}.",
        "",
        "Each cell is min / median / max over the rounds. The ratio is hyperactor to the other column, in the same round; "
        "for times and bytes a smaller one is better.",
        "",
        "| workload | unit | hyperactor | CAF | bare Asio | ratio | floor |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in result["summary"]:
        values = row["values"]
        lines.append("| " + " | ".join([
            row["title"], row["unit"], three(values.get("hyperactor")), three(values.get("caf")),
            three(values.get("asio")), three(row["ratio"]), verdict(row)]) + " |")
        for name, by_implementation in row["fields"].items():
            lines.append("| " + " | ".join([
                f"- {name}", "", three(by_implementation.get("hyperactor")), three(by_implementation.get("caf")),
                three(by_implementation.get("asio")), "", ""]) + " |")
    for error in result["errors"]:
        lines += ["", f"Not measured: `{pathlib.Path(error['program'].split()[0]).name}`: {error['what']}."]
    return "\n".join(lines) + "\n"


def runtime_csv(result, file):
    out = csv.writer(file)
    out.writerow(["workload", "implementation", "unit", "min", "median", "max", "ratio_min", "ratio_median", "ratio_max",
                  "baseline", "floor", "limit", "reached"])
    for row in result["summary"]:
        for implementation, values in row["values"].items():
            ratio = row["ratio"] if implementation == "hyperactor" and row["ratio"] else {}
            out.writerow([row["workload"], implementation, row["unit"], values["min"], values["median"], values["max"],
                          ratio.get("min"), ratio.get("median"), ratio.get("max"), row["baseline"], row["floor"],
                          row["limit"], row["reached"]])


# ------------------------------------------------------------------------------------------------------- compile cost


def handlers_source(count):
    """An actor with `count` handlers; the program posts its first and its last message."""
    lines = ["// SPDX-License-Identifier: BSD-3-Clause", "#include <hyperactor/proc.hpp>", ""]
    lines += [f"struct m{i} {{ int value; }};" for i in range(count)]
    names = ", ".join(f"m{i}" for i in range(count))
    lines += ["", "struct many {", f"  using handlers = hyperactor::handlers<{names}>;", "", "  int sum = 0;"]
    lines += [f"  void handle(hyperactor::context<many>&, m{i} m) {{ sum += m.value; }}" for i in range(count)]
    lines += ["};", "", "int main() {", "  hyperactor::proc proc = hyperactor::proc::isolated();",
              '  hyperactor::client client = proc.client("main");',
              "  hyperactor::actor_handle<many> actor = proc.spawn(many{});", "  actor.post(client, m0{1});",
              f"  actor.post(client, m{count - 1}{{2}});", '  actor.drain_and_stop("done");',
              "  return actor.join().is_stopped() ? 0 : 1;", "}", ""]
    return "\n".join(lines)


def compile_source(name, directory):
    if name.startswith("handlers_"):
        path = directory / f"{name}.cpp"
        path.write_text(handlers_source(int(name.split("_")[1])), encoding="utf-8")
        return path
    return SOURCES / "compile" / f"{name}.cpp"


def measure_compile(options):
    options.build_dir.mkdir(parents=True, exist_ok=True)
    meta = about_machine(options.compiler)
    meta.update(rounds=options.rounds, flags=options.compile_flags)
    chosen = [n for n in COMPILES if not options.only or any(n.startswith(o) for o in options.only)]
    sources = {name: compile_source(name, options.build_dir) for name in chosen}
    runs, errors, broken = [], [], set()
    for number in range(options.rounds + 1):  # the first fills the file cache and does not count
        print(f"round {number} of {options.rounds}, load {os.getloadavg()[0]:.2f}", file=sys.stderr, flush=True)
        for name, source in sources.items():
            if name in broken:
                continue
            command = [options.compiler, "-std=c++20", *options.compile_flags.split(), f"-I{ROOT / 'include'}", "-c",
                       str(source), "-o", str(options.build_dir / f"{name}.o")]
            if "clang" in options.compiler:
                command.insert(1, "-DASIO_HAS_CO_AWAIT=1")
            code, text, seconds, mebibytes = run_with_usage(command)
            if code != 0:
                broken.add(name)
                first = next((x for x in text.splitlines() if "error" in x), text[:200])
                print(f"  {name}: does not compile: {first}", file=sys.stderr, flush=True)
                errors.append({"program": name, "what": "does not compile", "output": text[-4000:]})
                continue
            print(f"  {name:32} {seconds:8.2f} s {mebibytes:8.0f} MiB", file=sys.stderr, flush=True)
            if number > 0:
                runs.append({"round": number, "program": name, "seconds": seconds, "mebibytes": mebibytes})
    meta["load_after"] = os.getloadavg()
    return {"meta": meta, "runs": runs, "errors": errors, "summary": summarize_compile(chosen, runs)}


def summarize_compile(chosen, runs):
    seconds = {}  # program -> round -> seconds
    for run in runs:
        seconds.setdefault(run["program"], {})[run["round"]] = run["seconds"]
    summary = []
    for name in chosen:
        if name not in seconds:
            continue
        title, baseline, most = COMPILES[name]
        theirs = seconds.get(baseline, {})
        ratio = spread([seconds[name][n] / theirs[n] for n in seconds[name] if n in theirs])
        summary.append({
            "program": name, "title": title, "baseline": baseline, "most": most, "ratio": ratio,
            "seconds": spread(list(seconds[name].values())),
            "mebibytes": spread([r["mebibytes"] for r in runs if r["program"] == name]),
            "reached": ratio["median"] <= most if ratio and most else None,
        })
    return summary


def compile_markdown(result):
    meta = result["meta"]
    lines = [
        f"{meta['date']}, {meta['processor']}, {meta['compiler']}, `{meta['flags']}`, {meta['rounds']} rounds; load average "
        f"before {meta['load_before'][0]:.2f}, after {meta['load_after'][0]:.2f}.",
        "",
        "| program | processor seconds, min / median / max | peak MiB | ratio to | min / median / max | limit |",
        "|---|---|---|---|---|---|",
    ]
    for row in result["summary"]:
        target = ""
        if row["most"]:
            target = f"at most {row['most']:g} x"
            if row["reached"] is not None:
                target += ": reached" if row["reached"] else ": **missed**"
        times = " / ".join(f"{row['seconds'][k]:.2f}" for k in ("min", "median", "max"))
        ratio = " / ".join(f"{row['ratio'][k]:.2f}" for k in ("min", "median", "max")) if row["ratio"] else ""
        baseline = COMPILES[row["baseline"]][0] if row["baseline"] else ""
        lines.append(f"| {row['title']} | {times} | {row['mebibytes']['median']:.0f} | {baseline} | {ratio} | {target} |")
    for error in result["errors"]:
        lines += ["", f"Not measured: `{error['program']}`: {error['what']}."]
    return "\n".join(lines) + "\n"


def compile_csv(result, file):
    out = csv.writer(file)
    out.writerow(["program", "seconds_min", "seconds_median", "seconds_max", "mebibytes", "baseline", "ratio_min",
                  "ratio_median", "ratio_max", "most", "reached"])
    for row in result["summary"]:
        ratio = row["ratio"] or {}
        out.writerow([row["program"], *row["seconds"].values(), row["mebibytes"]["median"], row["baseline"],
                      ratio.get("min"), ratio.get("median"), ratio.get("max"), row["most"], row["reached"]])


# -------------------------------------------------------------------------------------------------------------- output


def put_between(text, mode, table):
    """`text` with `table` between the two marker lines of `mode`."""
    begin, end = f"<!-- benchmark:{mode}:begin -->\n", f"<!-- benchmark:{mode}:end -->"
    first, last = text.find(begin), text.find(end)
    if first < 0 or last < first:
        raise ValueError(f"{DOCS.name} has no markers {begin.strip()} and {end}")
    return text[: first + len(begin)] + "\n" + table + "\n" + text[last:]


def write(mode, result, markdown, write_csv, options):
    options.build_dir.mkdir(parents=True, exist_ok=True)
    base = options.build_dir / mode
    base.with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    with open(base.with_suffix(".csv"), "w", encoding="utf-8", newline="") as file:
        write_csv(result, file)
    base.with_suffix(".md").write_text(markdown, encoding="utf-8")
    if options.write_docs:
        DOCS.write_text(put_between(DOCS.read_text(encoding="utf-8"), mode, markdown), encoding="utf-8")
    print(markdown)
    print(f"written: {base}.json, .csv, .md" + (f" and {DOCS}" if options.write_docs else ""), file=sys.stderr)


def self_test():
    """What the script computes, on made-up input; no compiler is run."""
    fields = parse_line("noise\nbench=x impl=caf threads=2 value=1.5e+06 unit=round_trips/s p50=3\n")
    assert fields["value"] == 1.5e6 and fields["unit"] == "round_trips/s" and fields["p50"] == 3
    for bad in ("", "bench=x value=1 unit=s\nbench=y value=1 unit=s\n", "bench=x impl=caf\n"):
        try:
            parse_line(bad)
        except ValueError:
            continue
        raise AssertionError(f"accepted {bad!r}")
    runs = []
    for number, (ours, theirs) in enumerate(((8, 1), (18, 2), (30, 3))):
        for implementation, value in (("hyperactor", ours), ("caf", theirs)):
            runs.append({"round": number, "workload": "ping_pong", "implementation": implementation,
                         "fields": {"value": value, "unit": "round_trips/s"}})
    row = summarize_runtime([WORKLOADS[0]], runs)[0]
    assert row["ratio"] == {"min": 8, "median": 9, "max": 10} and row["reached"] is True
    rows = summarize_compile(["asio_baseline", "one_actor"], [
        {"round": 1, "program": "asio_baseline", "seconds": 0.5, "mebibytes": 100},
        {"round": 1, "program": "one_actor", "seconds": 1.0, "mebibytes": 150}])
    assert rows[1]["ratio"]["median"] == 2 and rows[1]["reached"] is False
    assert figure(1_756_270) == "1.76 M" and figure(54.041) == "54" and figure(525642) == "526 k"
    text = "a\n<!-- benchmark:runtime:begin -->\nold\n<!-- benchmark:runtime:end -->\nb\n"
    assert put_between(text, "runtime", "new\n").splitlines()[3:4] == ["new"] and "old" not in put_between(text, "runtime", "")
    for mode in ("runtime", "compile"):
        put_between(DOCS.read_text(encoding="utf-8"), mode, "")
    for workload in WORKLOADS:
        for source in workload.programs.values():
            assert (RUNTIME / source).exists(), source
    assert handlers_source(128).count("void handle(") == 128
    print("self test passed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compile", action="store_true", help="measure compile cost instead of run time")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2, help="workers of every implementation (default 2)")
    parser.add_argument("--scale", type=float, default=1.0, help="factor on the amount of work")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], help="names, or beginnings of names")
    parser.add_argument("--impl", type=lambda text: text.split(","), default=["hyperactor", "caf", "asio"])
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--flags", default="-O3 -DNDEBUG", help="of the run-time programs")
    parser.add_argument("--compile-flags", default="-O0", help="of the compile-cost programs")
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build" / "benchmarks")
    parser.add_argument("--no-build", action="store_true", help="use programs that an earlier run built")
    parser.add_argument("--timeout", type=float, default=150, help="seconds for one run of one program")
    parser.add_argument("--write-docs", action="store_true", help="put the table into docs/benchmarks.md")
    parser.add_argument("--check", action="store_true", help="fail when a floor or limit is missed")
    parser.add_argument("--self-test", action="store_true", help="test this script and end")
    options = parser.parse_args()
    if options.self_test:
        self_test()
        return 0
    if options.rounds < 1 or options.threads < 1:
        parser.error("--rounds and --threads are at least 1")
    if shutil.which(options.compiler) is None:
        parser.error(f"{options.compiler} is not installed")
    os.environ.pop("HYPERACTOR_RUNTIME_THREADS", None)
    if options.compile:
        result = measure_compile(options)
        write("compile", result, compile_markdown(result), compile_csv, options)
    else:
        if "caf" in options.impl and not pathlib.Path("/usr/include/caf/all.hpp").exists():
            print("CAF is not installed (apt install libcaf-dev): its column stays empty", file=sys.stderr)
            options.impl.remove("caf")
        result = measure_runtime(options)
        write("runtime", result, runtime_markdown(result), runtime_csv, options)
    missed = [row for row in result["summary"] if row["reached"] is False]
    return 1 if result["errors"] or (options.check and missed) else 0


if __name__ == "__main__":
    sys.exit(main())
