"""Damages files of every format thousands of times and reads them: tells what crashed, hung, took much memory, or was read wrongly.

python tools/damage.py [--count 20000] [--start 0] [FORMAT ...]         # the formats of tests/damage
python tools/damage.py --tensorflow PYTHON [--count 200] [FORMAT ...]   # in TensorFlow too: where errors differ in type

Each format is read in a process of its own, which may take a gigabyte more than it had and ten seconds a file.
"""

import argparse
import collections
import importlib
import json
import os
import pathlib
import resource
import select
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
import damage  # noqa: E402

SECONDS, MEMORY = 10, 1 << 30


def child(package, name, start, count):
    """Tries some damages of one format; prints a line for each."""
    out = os.fdopen(os.dup(1), "w", 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    tf = importlib.import_module(package)
    tf.logging.set_verbosity(tf.logging.FATAL)
    folder = tempfile.mkdtemp()
    try:
        sound = next(f for f in damage.FORMATS if f.name == name)(tf, folder)
        original = sound.read()
        with open("/proc/self/statm") as f:
            now = int(f.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, now + MEMORY))
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for seed in range(start, start + count):
            out.write(json.dumps({"begins": seed}) + "\n")
            began = time.process_time()
            found = damage.attempt(sound, original, seed)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            fault = found.fault
            if time.process_time() - began > SECONDS / 5:
                fault = fault or "slow"
            elif peak > most + (128 << 10):
                fault = fault or "memory"
            most = max(most, peak)
            out.write(json.dumps({"seed": seed, "kind": found.kind, "fault": fault, "message": found.message[:300]}) + "\n")
    except Exception as e:
        out.write(json.dumps({"broken": "%s: %s" % (type(e).__name__, e)}) + "\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lines_of(process):
    """The lines that a process prints; None when it says nothing for too long."""
    rest = b""
    while True:
        if not select.select([process.stdout], [], [], SECONDS + 50 * (not rest))[0]:
            yield None
            return
        data = os.read(process.stdout.fileno(), 1 << 16)
        if not data:
            return
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield json.loads(line.decode())


def run(python, package, name, start, count):
    """The outcomes of damages, by seed; one that ends the process is told like the others."""
    found, at, end = {}, start, start + count
    while at < end:
        command = [python, os.path.abspath(__file__), "--child", package, "--start", str(at), "--count", str(end - at), name]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3"))
        current, silent = None, False
        for line in lines_of(process):
            if line is None:
                silent = True
            elif "broken" in line:
                raise SystemExit("%s is broken in %s: %s" % (name, package, line["broken"]))
            elif "begins" in line:
                current = line["begins"]
            else:
                found[line["seed"]], current = line, None
        process.kill()
        code = process.wait()
        if current is None and at not in found:
            raise SystemExit("%s doesn't begin in %s" % (name, package))
        if current is None:
            return found
        kind = "hang" if silent else "crash"
        found[current] = {"seed": current, "kind": kind, "fault": "%s (%d)" % (kind, code), "message": ""}
        at = current + 1
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20000, help="how many damages in all")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--tensorflow", metavar="PYTHON")
    parser.add_argument("--examples", type=int, default=3, help="how many of each fault are shown")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("formats", nargs="*")
    options = parser.parse_args()
    if options.child:
        child(options.child, options.formats[0], options.start, options.count)
        return 0
    names = options.formats or [f.name for f in damage.FORMATS]
    each, faults = -(-options.count // len(names)), 0
    for name in names:
        found = run(sys.executable, "eagle", name, options.start, each)
        kinds = collections.Counter(r["kind"] for r in found.values())
        print("%-24s %6d  %s" % (name, len(found), ", ".join("%s %d" % p for p in kinds.most_common())), flush=True)
        by_fault = collections.defaultdict(list)
        for r in found.values():
            if r["fault"]:
                by_fault[r["fault"], r["kind"]].append(r)
        faults += sum(map(len, by_fault.values()))
        for (fault, kind), rows in by_fault.items():
            print("    FAULT %s: %s, %d times" % (fault, kind, len(rows)))
            for r in rows[: options.examples]:
                print("        seed %d: %s" % (r["seed"], r["message"].split("\n")[0][:200]))
        if options.tensorflow:
            compare(found, run(options.tensorflow, "tensorflow", name, options.start, each), options.examples)
    print("%d faults" % faults)
    return 1 if faults else 0


def compare(ours, theirs, examples):
    """Prints where outcomes differ."""
    pairs = collections.defaultdict(list)
    for seed in ours:
        if ours[seed]["kind"] != theirs[seed]["kind"]:
            pairs[ours[seed]["kind"], theirs[seed]["kind"]].append(seed)
    for (a, b), seeds in sorted(pairs.items(), key=lambda p: -len(p[1])):
        print("    here %s, in TensorFlow %s: %d times" % (a, b, len(seeds)))
        for seed in seeds[:examples]:
            print(
                "        seed %d: %s | %s"
                % (seed, ours[seed]["message"].split("\n")[0][:150], theirs[seed]["message"].split("\n")[0][:150])
            )


if __name__ == "__main__":
    sys.exit(main())
