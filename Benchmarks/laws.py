"""Fits of laws against the same procedures in scipy, one thread, in one run, in processor seconds.

Data: the CSV files of the public data sets, found in the folder LAWS_DATA (docs/LAWS.md says which). Where it is
absent, points are drawn from the published laws, so that the work is the same and the numbers are not.
A procedure that takes minutes is run on a stated share of its starts or samples and scaled.
"""
import csv, math, os, subprocess, sys, tempfile, time

import programs

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
HERE = os.path.dirname(os.path.abspath(__file__))


def chinchilla(np):
    path = os.path.join(os.environ.get("LAWS_DATA", ""), "chinchilla-epoch", "svg_extracted_data.csv")
    if os.path.exists(path):
        rows = [(float(r["Model Size"]), float(r["Training FLOP"]), float(r["loss"])) for r in csv.DictReader(open(path))]
        rows = [(n, c / 6 / n, l) for n, c, l in rows if c / 6 / n / n > 0.41]
        return np.array(rows)
    rng = np.random.default_rng(1)
    n = np.exp(rng.uniform(math.log(5e7), math.log(1.6e10), 240))
    d = np.exp(rng.uniform(math.log(1e9), math.log(5e11), 240))
    loss = 1.817 + 477.8 / n**.3473 + 2143 / d**.3672
    return np.stack([n, d, loss * np.exp(.007 * rng.standard_normal(240))], 1)


def addition(np):
    path = os.path.join(os.environ.get("LAWS_DATA", ""), "bnsl-4digit-addition", "four_digit_addition.csv")
    if os.path.exists(path):
        return np.array([(float(r["x"]), float(r["y"])) for r in csv.DictReader(open(path))])[:14]
    x = np.array([160, 192, 256, 320, 384, 448, 480, 512, 544, 576, 608, 640, 672, 736.])
    y = .41388 + 2.27727 * x**-.0550773 * (1 + (x / 612.58)**(1 / .05919))**(-5.6629 * .05919)
    return np.stack([x, y * np.exp(1e-3 * np.sin(7 * np.arange(14)))], 1)


def ladder(np, task="hellaswag_val"):
    """Runs (N, D, loss, run) and checkpoints (loss, accuracy, run) of one task, as pipelines/ladder.yaml has them."""
    folder = os.path.join(os.environ.get("LAWS_DATA", ""), "olmo-ladder")
    if not os.path.exists(os.path.join(folder, "ladder.csv")):
        rng = np.random.default_rng(5)
        n = np.repeat([1.9e8, 3.7e8, 7.6e8, 1.3e9], 4)
        d = n * 20 * np.tile([1, 2, 5, 10], 4)
        loss = .50191 + np.exp(2.4187) / n**.19554 + np.exp(4.1005) / d**.2565
        runs = np.stack([n, d, loss * np.exp(.003 * rng.standard_normal(16)), np.arange(16)], 1)
        at = np.concatenate([loss[g] + .6 * np.linspace(1, 0, 70)**2 for g in range(16)])
        accuracy = -.73011 / (1 + np.exp(-12.7417 * (at - .76674))) + .9921
        marks = np.stack([at, accuracy + .004 * rng.standard_normal(len(at)), np.repeat(np.arange(16), 70)], 1)
        return runs, np.concatenate([marks, [[0, 1, -1]]])
    rows = [r for r in csv.DictReader(open(os.path.join(folder, "ladder.csv"))) if r["role"] == "train" and r["task"] == task]
    place = {r["run"]: g for g, r in enumerate(rows)}
    runs = np.array([[float(r["N"]), float(r["D"]), float(r["bpb_loss_avg5"]), place[r["run"]]] for r in rows])
    marks = []
    curves = [r for r in csv.DictReader(open(os.path.join(folder, "checkpoints.csv"))) if r["role"] == "train"]
    for run, g in place.items():
        pairs = [(float(r[task + "_bpb"]), float(r[task + "_acc"])) for r in curves if r["run"] == run and r[task + "_bpb"]]
        pairs = pairs[int(.1 * len(pairs)):]
        for last in range(len(pairs)):
            window = pairs[max(0, last - 4):last + 1]
            marks.append([sum(p[0] for p in window) / len(window), sum(p[1] for p in window) / len(window), g])
    return runs, np.array(marks + [[0, 1, -1]])


def chained(np, optimize, runs, marks, chance=.25):
    """The authors' two fits, from their own single start each: L-BFGS-B with analytic slopes, then curve_fit."""
    n, d, loss = np.log(runs[:, 0]), np.log(runs[:, 1]), np.log(runs[:, 2])

    def objective(p, delta=1e-3):
        u, v = np.exp(p[0] - p[2] * n), np.exp(p[1] - p[3] * d)
        f = u + v + p[4]
        r = np.log(f) - loss
        size = np.abs(r)
        value = np.where(size <= delta, .5 * r * r, delta * (size - .5 * delta)).sum()
        g = np.clip(r, -delta, delta) / f
        return value, np.array([(g * u).sum(), (g * v).sum(), -(g * u * n).sum(), -(g * v * d).sum(), g.sum()])

    with np.errstate(all="ignore"):
        first = optimize.minimize(objective, [3, 6, .1, .2, 1], jac=True, method="L-BFGS-B", bounds=[(0, None)] * 5,
                                  options={"ftol": 0, "gtol": 1e-10, "maxiter": 10000, "maxfun": 100000})
        second, _ = optimize.curve_fit(lambda x, a, at, k, b: a / (1 + np.exp(-k * (x - at))) + b, marks[:, 0],
                                       marks[:, 1], [chance - 1, .9, 3, 1],
                                       bounds=([-1, 0, 0, 0], [0, np.inf, np.inf, 1]))
    return list(first.x) + list(second)


def written(folder, name, rows):
    path = os.path.join(folder, name + ".csv")
    with open(path, "w") as out:
        out.write("a,b,c\n" + "".join(",".join(repr(float(v)) for v in row) + "\n" for row in rows))
    return path


def ours(tool, folder, name, rows, count, what, more=()):
    paths = [written(folder, f"{name}-{place}", one) for place, one in enumerate([rows, *more])]
    text = subprocess.run([tool, paths[0], str(count), what, *paths[1:]], check=True, capture_output=True,
                          text=True).stdout
    return {line.split()[0]: (float(line.split()[2]), line.split()[3]) for line in text.splitlines()}


def line(name, theirs, mine, digest, bound):
    print(f"{name:44} scipy {theirs:10.4f} s   bitlaw {mine:10.5f} s   {theirs / mine:8.0f} x (bound {bound})  {digest}")


def run():
    try:
        import numpy as np
        from scipy import optimize
    except ImportError:
        sys.exit("laws: scipy is not installed; pip install scipy")
    tool = programs.built("laws")
    points = chinchilla(np)
    n, d, loss = np.log(points[:, 0]), np.log(points[:, 1]), np.log(points[:, 2])

    def objective(theta, n, d, loss, delta=1e-3):
        a, b, e, alpha, beta = theta
        terms = np.stack([a - alpha * n, b - beta * d, np.full_like(n, e)])
        top = terms.max(0)
        weights = np.exp(terms - top)
        total = weights.sum(0)
        r = top + np.log(total) - loss
        weights /= total
        size = np.abs(r)
        value = np.where(size <= delta, .5 * r * r, delta * (size - .5 * delta)).sum()
        psi = np.clip(r, -delta, delta)
        return value, np.array([(psi * weights[0]).sum(), (psi * weights[1]).sum(), (psi * weights[2]).sum(),
                                -(psi * weights[0] * n).sum(), -(psi * weights[1] * d).sum()])

    grid = [(a, b, e, al, be) for al in np.arange(0, 2.1, .5) for be in np.arange(0, 2.1, .5)
            for e in np.arange(-1, 1.1, .5) for a in range(0, 26, 5) for b in range(0, 26, 5)]
    share = 20
    start = time.process_time()
    ends = [optimize.minimize(objective, np.array(t, float), (n, d, loss), "L-BFGS-B", jac=True) for t in grid[::share]]
    whole = share * (time.process_time() - start)
    best = min(ends, key=lambda one: one.fun)
    rng = np.random.default_rng(42)
    start = time.process_time()
    for _ in range(100):
        rows = rng.integers(0, len(n), len(n))
        optimize.minimize(objective, best.x, (n[rows], d[rows], loss[rows]), "BFGS", jac=True)
    samples = 40 * (time.process_time() - start)

    sets = 8
    rng = np.random.default_rng(7)
    joint = np.concatenate([np.stack([points[:60, 0], points[:60, 1],
                                      ((1.2 + .1 * g) + (300 + 50 * g) / points[:60, 0]**.33 + (1500 + 200 * g) / points[:60, 1]**.36)
                                      * np.exp(.005 * rng.standard_normal(60)), np.full(60, float(g))], 1) for g in range(sets)])
    places = joint[:, 3].astype(int)
    jn, jd, jl = np.log(joint[:, 0]), np.log(joint[:, 1]), np.log(joint[:, 2])

    def residuals(theta):
        e, a, b = theta[:sets][places], theta[sets:2 * sets][places], theta[2 * sets:3 * sets][places]
        with np.errstate(all="ignore"):
            r = np.log(e + np.exp(a - theta[-2] * jn) + np.exp(b - theta[-1] * jd)) - jl
        return np.where(np.isfinite(r), r, 1e3)

    def jacobian(theta):
        e, a, b = theta[:sets][places], theta[sets:2 * sets][places], theta[2 * sets:3 * sets][places]
        with np.errstate(all="ignore"):
            u, v = np.exp(a - theta[-2] * jn), np.exp(b - theta[-1] * jd)
            f = e + u + v
        rows = np.arange(len(places))
        out = np.zeros((len(places), 3 * sets + 2))
        out[rows, places], out[rows, sets + places], out[rows, 2 * sets + places] = 1 / f, u / f, v / f
        out[:, -2], out[:, -1] = -u * jn / f, -v * jd / f
        return np.where(np.isfinite(out), out, 0)

    # 24 starts, as a published joint fit would take: with analytic slopes, and with scipy's default differences.
    firsts = [np.concatenate([rng.uniform(.5, 1.5, sets), rng.uniform(3, 8, sets), rng.uniform(3, 9, sets),
                              rng.uniform(.1, .7, 2)]) for _ in range(24)]
    shared = {}
    for slopes in (jacobian, "2-point"):
        start = time.process_time()
        for first in firsts:
            optimize.least_squares(residuals, first, slopes, x_scale="jac", max_nfev=2000)
        shared[slopes] = time.process_time() - start

    runs, marks = ladder(np)
    rng = np.random.default_rng(1)
    groups, share = len(runs), 20
    start = time.process_time()
    for _ in range(400 // share):
        drawn = np.bincount(rng.integers(0, groups, groups), minlength=groups + 1)
        drawn[groups] = 1  # the point that is known is in every sample
        chained(np, optimize, np.repeat(runs, drawn[runs[:, 3].astype(int)], 0),
                np.repeat(marks, drawn[marks[:, 2].astype(int)], 0))
    resampled = share * (time.process_time() - start)

    curve = addition(np)
    x, y = curve[:, 0], curve[:, 1]

    def broken(x, a, b, c0, c1, d1, f1):
        with np.errstate(all="ignore"):
            return np.log(1 + a + b * x**-c0 * (1 + (x / d1)**(1 / f1))**(-c1 * f1))

    target = np.log(1 + y)

    def msle(p):
        value = np.mean((broken(x, p[0], 1.25**p[1] - 1 + 1e-8, p[2], p[3], 1.25**p[4] - 1 + 1e-8, p[5]) - target)**2)
        return value if np.isfinite(value) else 1e9

    # 4 * 4 * 4 * 8 * 40 * 8 = 163,840 points as the authors' README suggests; a sixteenth is timed.
    start = time.process_time()
    got = optimize.brute(msle, (slice(0, .4, .1), slice(2, 6, 1), slice(0, .2, .05), slice(0, 6, .75),
                                slice(24, 34, 4), slice(.05, .45, .05)), full_output=True, finish=None)
    brute = (163840 / got[3].size) * (time.process_time() - start)
    p = got[0]
    start = time.process_time()
    try:
        optimize.curve_fit(broken, x, target, [p[0], 1.25**p[1] - 1, p[2], p[3], 1.25**p[4] - 1, p[5]], maxfev=100000)
    except RuntimeError:
        pass
    brute += time.process_time() - start

    xs = 1e6 * 2.0**np.arange(9)
    ys = None
    truth = (5.0, .33, .2, .7)

    def m4(p, xs):
        """log y by bisection in t, as many steps as give 1e-12."""
        logb, c, e, a = p
        span = max(1 - e, 1e-9)
        goal = logb - c * np.log(xs) - (1 - a) * math.log(span)
        low, high = np.full_like(xs, -60.), np.full_like(xs, 60.)
        for _ in range(48):
            t = .5 * (low + high)
            below = -np.logaddexp(0, -t) + a * np.logaddexp(0, t) < goal
            low, high = np.where(below, t, low), np.where(below, high, t)
        return np.log(e + span / (1 + np.exp(-t)))

    ys = m4(truth, xs) + .005 * np.sin(5 * np.arange(9))
    start = time.process_time()
    for floor in (0, .5, .9):
        for a in (0.1, 1):
            optimize.least_squares(lambda p: m4(p, xs) - ys, [2., .3, floor * np.exp(ys.min()), a],
                                   bounds=([-50, 0, 0, 0], [100, 5, np.exp(ys.min()), 10]))
    bounded = time.process_time() - start

    with tempfile.TemporaryDirectory() as folder:
        law = ours(tool, folder, "chinchilla", points, 4000, "chinchilla")
        line("Chinchilla, certificate / grid of 4,500 starts", whole, *law["fit"], "100")
        own = ours(tool, folder, "chinchilla", points, 9, "formula")
        line("the same as a formula of the user's own", whole, *own["formula"], "100")
        print(f"{'formula / form by name':44} {own['formula'][0] / law['fit'][0]:.2f} x the time (bound 2)")
        both = ours(tool, folder, "joint", joint, 9, "joint")
        line("joint fit of 8 sets / 24 starts, own slopes", shared[jacobian], *both["joint"], "50")
        line("the same against scipy's default slopes", shared["2-point"], *both["joint"], "50")
        chain = ours(tool, folder, "ladder", runs, 400, "ladder", [marks])
        line("ladder, 400 bootstrap samples of two fits", resampled, *chain["ladder"], "50")
        line("4,000 bootstrap samples", samples, *law["bootstrap"], "1 s, 12 x")
        line("broken law, grid and polish", brute, *ours(tool, folder, "broken", curve, 9, "broken")["broken"], "10")
        rows = np.stack([xs, np.exp(ys)], 1)
        line("M4, six starts", bounded, *ours(tool, folder, "m4", rows, 9, "m4")["m4"], "10")


if __name__ == "__main__":
    run()
