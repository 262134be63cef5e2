"""Runs benchmark files side by side, in turn, ROUNDS times, and prints the best of each with ratios.
python benchmarks/run.py NAME=COMMAND ...

For example: python benchmarks/run.py eagle="eagle run tf1_eager.py" torch="python torch_eager.py"
"""

import json
import os
import shlex
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
rounds = int(os.environ.get("ROUNDS", "2"))
targets = dict(a.split("=", 1) for a in sys.argv[1:])
best = {}
for _ in range(rounds):
    for name, command in targets.items():
        p = subprocess.run(shlex.split(command), cwd=here, capture_output=True, text=True)
        try:
            rows = json.loads(p.stdout.strip().splitlines()[-1])
        except Exception:
            print(name, "failed:", p.stderr.strip().splitlines()[-3:], file=sys.stderr)
            continue
        for k, v in rows.items():
            o = best.setdefault(k, {}).get(name)
            best[k][name] = v if not isinstance(o, float) or (isinstance(v, float) and v < o) else o
names = list(targets)
print("| row | " + " | ".join(names) + " | first/best other |")
print("|---" * (len(names) + 2) + "|")
for k, v in best.items():
    nums = [v.get(n) for n in names]
    others = [x for x in nums[1:] if isinstance(x, float)]
    ratio = "%.2f" % (nums[0] / min(others)) if isinstance(nums[0], float) and others else ""
    print("| %s | %s | %s |" % (k, " | ".join("%.4g" % x if isinstance(x, float) else str(x or "") for x in nums), ratio))
