"""Compute-optimal scaling against vectorised numpy, one core, in one run.

  students    the (d, K) = (8, 16) experiment: twelve widths, T = 2^10 ... 2^18, 12 teachers, 4 rates
  mean-field  the recursion of test and train losses: 64 modes, 80 steps, N = 24, P = 40

Ours is `bitlaw run -j1` with everything it does: processes, files, the store, 4096 test points a teacher. numpy keeps all
runs of a width in one array and multiplies stacks of matrices; its mean-field recursion iterates to the fixed point.
SHARE=4 (default) runs numpy for T up to 2^18/4 and scales its time by the share of steps left out.
"""
import os, subprocess, sys, tempfile, time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.environ.get("BITLAW", os.path.join(HERE, "..", ".build", "release", "bitlaw"))
WIDTHS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]
RATES = [0.003, 0.01, 0.03, 0.1]


def teacher(rng, d, K):
    v, left = [], 1.0
    while left >= 1e-4:
        b = 1 - rng.uniform() ** (1 / K)
        v.append(left * b)
        left *= 1 - b
    v = np.array(v) / np.sum(v)
    w = rng.standard_normal((len(v), d))
    w /= np.linalg.norm(w, axis=1, keepdims=True)
    return w.astype(np.float32), (np.sqrt(K + 1) * rng.choice([-1, 1], len(v)) * v).astype(np.float32)


def numpy_students(T, teachers, d, batch=32):
    """All widths at one T; runs [teachers * rates] stacked. Returns the mean error at the end by width."""
    rng = np.random.default_rng(T)
    m, steps = len(teachers), T // batch
    lr = np.tile(np.array(RATES, np.float32), m)[:, None, None]
    nets = []
    for n in WIDTHS:
        w = np.repeat(rng.standard_normal((m, d, n)) / np.sqrt(d), len(RATES), 0).astype(np.float32)
        a = np.repeat(.1 * rng.standard_normal((m, n, 1)) / np.sqrt(n), len(RATES), 0).astype(np.float32)
        nets.append([w, a, np.zeros_like(w), np.zeros_like(w), np.zeros_like(a), np.zeros_like(a)])
    for t in range(steps):
        x = rng.standard_normal((m, batch, d), dtype=np.float32)
        F = np.stack([np.maximum(x[i] @ w.T, 0) @ c for i, (w, c) in enumerate(teachers)])
        y = (rng.random((m, batch), dtype=np.float32) < 1 / (1 + np.exp(-F))).astype(np.float32)
        xr, yr = np.repeat(x, len(RATES), 0), np.repeat(y, len(RATES), 0)[:, :, None]
        factor = (t + 1) / 20 if t < 20 else 1 - (t - 20) / max(1, steps - 20)
        c1, c2 = 1 - .9 ** (t + 1), 1 - .99 ** (t + 1)
        for net in nets:
            w, a, mw, sw, ma, sa = net
            h = np.maximum(xr @ w, 0)
            delta = (1 / (1 + np.exp(-(h @ a))) - yr) / batch
            ga = h.transpose(0, 2, 1) @ delta
            gw = xr.transpose(0, 2, 1) @ ((delta @ a.transpose(0, 2, 1)) * (h > 0))
            for p, g, mm, ss in ((w, gw, mw, sw), (a, ga, ma, sa)):
                mm *= .9; mm += .1 * g
                ss *= .99; ss += .01 * g * g
                p -= lr * factor / c1 * mm / (np.sqrt(ss / c2) + 1e-8)
    x = rng.standard_normal((m, 4096, d), dtype=np.float32)
    F = np.repeat(np.stack([np.maximum(x[i] @ w.T, 0) @ c for i, (w, c) in enumerate(teachers)]), len(RATES), 0)
    errors = []
    for net in nets:
        f = (np.maximum(np.repeat(x, len(RATES), 0) @ net[0], 0) @ net[1])[:, :, 0]
        kl = (F - f) / (1 + np.exp(-F)) - np.logaddexp(0, F) + np.logaddexp(0, f)
        errors.append(kl.mean(1).reshape(m, len(RATES)).mean(0).min())
    return errors


def students():
    d, K, share = 8, 16, int(os.environ.get("SHARE", "4"))
    rng = np.random.default_rng(1)
    teachers = [teacher(rng, d, K) for _ in range(12)]
    text = f"""
experiment: bench
seed: 1
axes: {{samples: {[2 ** e for e in range(10, 19)]}}}
stages:
  teachers: {{kind: optimal.teachers, params: {{dimension: {d}, complexity: {K}, count: 12}}}}
  students: {{kind: optimal.students, over: [samples], inputs: {{teachers: teachers}}, params: {{samples: "${{samples}}"}}}}
"""
    ours = bitlaw(text)
    start, done = time.process_time(), 0
    for e in range(10, 19):
        if 2 ** e * share <= 2 ** 18:
            errors = numpy_students(2 ** e, teachers, d)
            done += 2 ** e
    part = time.process_time() - start
    numpy_time = part * sum(2 ** e for e in range(10, 19)) / done
    again = bitlaw(text)
    print(f"students     bitlaw {ours:7.2f} and {again:.2f} CPU s   numpy {numpy_time:7.1f} CPU s"
          f" ({part:.1f} s for T to {2 ** 18 // share})   {numpy_time / max(ours, again):.1f} to"
          f" {numpy_time / min(ours, again):.1f} times (bound 5)")
    print("             numpy's errors at its last T: " + " ".join(f"{e:.4f}" for e in errors))


def bitlaw(text):
    """CPU seconds of a run in a new store."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bench.yaml")
        open(path, "w").write(text)
        before = os.times()
        subprocess.run([TOOL, "run", path, "-j1", "-q", "-C", folder, "--store", os.path.join(folder, "store")],
                       check=True, stdout=subprocess.DEVNULL)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system


def numpy_mean_field(a=1.5, b=1.25, M=64, N=24, P=40, eta=.15, S=80):
    k = np.arange(1, M + 1.)
    lam, lw = k ** -b, k ** -a
    r1, r3, Sq = np.zeros(S), np.zeros(S), np.zeros(S)
    r1[0] = r3[0] = 1
    g = np.zeros((S, M)); g[0] = 1
    for n in range(1, S):
        Sq[n] = Sq[n - 1] + np.dot(r1[:n], r3[:n][::-1])
        g[n] = -eta * lam * (Sq[n:0:-1] @ g[:n])
        r1[n], r3[n] = g[n].sum() / P, g[n].sum() / N
    toeplitz = lambda r: np.array([[r[i - j] if i >= j else 0 * r[0] for j in range(S)] for i in range(S)])
    R1, R3 = toeplitz(r1), toeplitz(r3)
    h = np.cumsum(g, 0)
    big = np.zeros((S, M)); big[1:] = eta * h[:-1]
    H = np.zeros((M, S, S))
    for i in range(S):
        H[:, i, :i + 1] = big[i::-1].T
    HR3, R1H = H @ R3, R1 @ H
    D = np.eye(S) - lam[:, None, None] * (R1 @ HR3)
    rh = R1 @ h
    b0, b2 = (lw * h) @ h.T, (lam * lw * rh) @ rh.T
    C3 = np.zeros((S, S)); C1 = np.zeros((S, S))
    add = lambda c, X, C: np.einsum("k,kij->ij", c, X @ C @ X.transpose(0, 2, 1))
    for rounds in range(60):
        C0 = b0 + add(lam / N, H, C3) + add(lam ** 2 / P, HR3, C1)
        C1 = R1 @ C0 @ R1.T
        C2 = b2 + add(lam / P, D, C1) + add(lam ** 2 / N, R1H, C3)
        new = R3 @ C2 @ R3.T
        if np.abs(new - C3).max() < 1e-10 * np.abs(new).max():
            break
        C3 = new
    return np.diag(C0), np.diag(C1), rounds


def mean_field():
    def text(count):
        return f"""
experiment: bench
seed: 1
axes: {{copy: {{from: 1, to: {count}, step: 1}}}}
stages:
  theory:
    kind: dynamics.descent
    over: [copy]
    params: {{a: 1.5, b: 1.25, runs: 0, noise: "${{copy * 0.001}}"}}
"""
    # The difference of two runs takes away what starting costs; what an action costs stays in.
    few, many = 5, 105
    first, second = bitlaw(text(few)), bitlaw(text(many))
    start = time.process_time()
    for _ in range(3):
        test, train, rounds = numpy_mean_field()
    numpy_time = (time.process_time() - start) / 3
    third, fourth = bitlaw(text(few)), bitlaw(text(many))
    ours = sorted([(second - first) / (many - few), (fourth - third) / (many - few)])
    print(f"mean-field   bitlaw {1e3 * ours[0]:.2f} and {1e3 * ours[1]:.2f} CPU ms an action   numpy"
          f" {1e3 * numpy_time:.1f} CPU ms ({rounds + 1} rounds)   {numpy_time / ours[1]:.0f} to"
          f" {numpy_time / ours[0]:.0f} times (bound 10); step 79: {test[79]:.5f} {train[79]:.5f}")


if __name__ == "__main__":
    for name in sys.argv[1:] or ["mean-field", "students"]:
        {"students": students, "mean-field": mean_field}[name]()
