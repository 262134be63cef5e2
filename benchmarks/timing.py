"""best(f): the smallest mean time of a call of f, in microseconds, over several rounds of about 0.2 s each."""

import time

clock = time.perf_counter


def best(f, rounds=5, budget=0.2, warm=3):
    for _ in range(warm):
        f()
    s = clock()
    f()
    one = max(clock() - s, 1e-7)
    n = max(1, int(budget / one))
    low = 1e30
    for _ in range(rounds):
        s = clock()
        for _ in range(n):
            f()
        low = min(low, (clock() - s) / n)
    return low * 1e6
