"""One-pass SGD and the order parameters' equations against numpy, scipy and PyTorch; one thread, taking turns in one run.

SGD: N = 1,024, K = M = 2, erf, batch 1, inputs with a spectrum, drawn anew for each step by everyone. PyTorch is measured
where PYTORCH names a python that has it. Equations: the same right-hand side in numpy, scipy's solve_ivp with BDF (the
stiff method that did best; LSODA beside it), relative tolerance 1e-8, absolute 1e-12, K = M = 2, L = 256, alpha to 1e5.
Exit: the time at which a committee leaves its plateau, by an integration in numpy and scipy's LSODA that is written from
the equations and shares no line with ours, beside our program from the same three random starts.
    python3 Benchmarks/online.py sgd | ode | exit [L ...]
"""
import os, subprocess, sys, time

import programs

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = programs.built("online")

TORCH = """
import math, sys, time, torch
torch.set_num_threads(1); torch.manual_seed(1)
n, steps = 1024, int(sys.argv[1])
scale = torch.sqrt(torch.tensor([float(l + 1)**-2 for l in range(256)]).repeat_interleave(4)); scale *= (n / (scale**2).sum())**.5
teacher, student = torch.randn(2, n), .01 * torch.randn(2, n)
root, half = 1 / math.sqrt(n), math.sqrt(.5)
with torch.no_grad():
    for turn in range(2):
        start = time.perf_counter()
        for _ in range(steps):
            x = torch.randn(n).mul_(scale)
            h = torch.mv(student, x).mul_(root)
            error = (torch.erf(torch.mv(teacher, x).mul_(root * half)).sum() - torch.erf(h * half).sum()) * half
            student.addr_(torch.exp(-.5 * h * h).mul_(error * (.1 * root * half * .7978845608)), x)
        spent = time.perf_counter() - start
print(spent / steps, float(student.sum()))
"""


def numpy_step(steps):
    import numpy as np
    from scipy.special import erf
    n = 1024
    rng = np.random.default_rng(1)
    scale = np.sqrt(np.repeat(1. / np.arange(1, 257)**2, 4)); scale = (scale * np.sqrt(n / (scale**2).sum())).astype(np.float32)
    teacher = rng.standard_normal((2, n), dtype=np.float32)
    student = np.float32(.01) * rng.standard_normal((2, n), dtype=np.float32)
    root, half = np.float32(1 / n**.5), np.float32(.5**.5)
    start = time.perf_counter()
    for _ in range(steps):
        x = rng.standard_normal(n, dtype=np.float32) * scale
        h = student @ x * root
        error = (erf(teacher @ x * (root * half)).sum() - erf(h * half).sum()) * half
        student += np.outer(np.exp(-.5 * h * h) * (error * np.float32(.1 * .7978845608) * root * half), x)
    return (time.perf_counter() - start) / steps, float(student.sum())


def ours(*arguments):
    return subprocess.run([TOOL, *map(str, arguments)], check=True, capture_output=True, text=True).stdout.split()


def sgd():
    mine, theirs, torches, draws = [], [], [], []
    for turn in range(4):
        one = ours("sgd", 1, 400000)
        mine.append(float(one[0]))
        draws.append(float(ours("draws", 400000)[0]))
        theirs.append(numpy_step(10000)[0])
        if "PYTORCH" in os.environ:
            out = subprocess.run([os.environ["PYTORCH"], "-c", TORCH, "10000"], capture_output=True, text=True)
            if out.returncode == 0:
                torches.append(float(out.stdout.split()[0]))
    print(f"online step, N = 1,024, K = M = 2, erf, with its draws: bitlaw {min(mine) * 1e6:.3f} us (draws {min(draws) * 1e6:.3f}) {one[1]}")
    for name, times in (("numpy + scipy", theirs), ("PyTorch", torches)):
        if times:
            ratios = sorted(t / m for t, m in zip(times, mine))
            print(f"  {name:14} {min(times) * 1e6:8.2f} us   {min(times) / min(mine):6.1f} x   (turn by turn {ratios[0]:.1f} to {ratios[-1]:.1f})")


def ode():
    import numpy as np
    from scipy.integrate import solve_ivp
    K = M = 2
    L, eta, var, rho, end = 256, .1, 1e-4, 1e-3, 1e5
    lam = 1. / np.arange(1, L + 1)**2
    lam *= L / lam.sum()
    cS = cT = M**-.5
    sign = np.array([-cS, -cS, cT, cT])
    pairs = [(i, j) for i in range(2) for j in range(i, 2)]

    def coefficients(z):
        R = z[:4].reshape(2, 2); Q = np.array([[z[4], z[5]], [z[5], z[6]]])
        C = np.block([[Q, R], [R.T, np.eye(2)]])
        d = 1 + np.diag(C)
        G = 2 / np.pi * sign / (np.sqrt(np.outer(d[:2], d) - C[:2]**2) * d[:2, None])
        A = eta * cS * (G[:, :2] * d[:2, None] - np.diag((G * C[:2]).sum(1)))
        B = eta * cS * G[:, 2:] * d[:2, None]
        E = np.empty((2, 2))
        for i, j in pairs:
            a, b, c = d[i], d[j], C[i, j]
            four = a * b - c * c
            zero = four * C - np.outer(C[j], C[j]) * a - np.outer(C[i], C[i]) * b + c * (np.outer(C[i], C[j]) + np.outer(C[j], C[i]))
            one = four * d - C[j]**2 * a - C[i]**2 * b + 2 * c * C[i] * C[j]
            E[i, j] = E[j, i] = (eta * cS)**2 * 4 / np.pi**2 / np.sqrt(four) * (
                np.outer(sign, sign) * np.arcsin(np.clip(zero / np.sqrt(np.outer(one, one)), -1, 1))).sum()
        return A, B, E

    def flow(_, y):
        y = y.reshape(7, L)
        A, B, E = coefficients(y @ lam)
        r = y[:4].reshape(2, 2, L)
        q = y[[4, 5, 5, 6]].reshape(2, 2, L)
        dr = np.einsum("ij,jnk->ink", A, r) + B[:, :, None] / L
        X = np.einsum("ij,jlk->ilk", A, q) + np.einsum("im,jmk->ijk", B, r)
        dq = X + X.transpose(1, 0, 2) + E[:, :, None] / L
        out = np.empty((7, L))
        out[:4] = dr.reshape(4, L)
        out[4], out[5], out[6] = dq[0, 0], dq[0, 1], dq[1, 1]
        return (out * lam).ravel()

    def error(y):
        z = y.reshape(7, L) @ lam
        R = z[:4].reshape(2, 2); Q = np.array([[z[4], z[5]], [z[5], z[6]]])
        d = 1 + np.diag(Q)
        return (np.arcsin(Q / np.sqrt(np.outer(d, d))).sum() / 2 + 2 * np.arcsin(.5) / 2
                - np.arcsin(R / np.sqrt(2 * d[:, None])).sum()) / np.pi

    y0 = np.zeros((7, L))
    y0[:4] = np.array([rho, -rho, -rho, rho])[:, None] / L
    y0[4] = y0[6] = var / L
    times = [10.**p for p in range(-1, 6)]
    mine = min(float(ours("ode", L, end, "automatic")[0]) for _ in range(3))
    text = subprocess.run([TOOL, "ode", str(L), str(end), "automatic"], check=True, capture_output=True, text=True).stdout
    print("equations, K = M = 2, L = 256, alpha to 1e5, rtol 1e-8: bitlaw", mine, "s", text.strip())
    for method in sys.argv[2:] or ("BDF", "LSODA"):
        start = time.perf_counter()
        got = solve_ivp(flow, (0, end), y0.ravel(), method, times, rtol=1e-8, atol=1e-12)
        spent = time.perf_counter() - start
        again = min(float(ours("ode", L, end, "automatic")[0]) for _ in range(2))
        print(f"  scipy {method:6} {spent:8.2f} s  {got.nfev} evaluations  {spent / min(mine, again):7.0f} x   ",
              [float(f"{error(column):.10g}") for column in got.y.T])


def committee(levels, seed, n=1024, deviation=.01):
    """Random student and teacher, K = M = 2, beta = 1: eigenvalues and overlaps r, q, t of each eigenspace, [L, 2, 2]."""
    import numpy as np
    rng = np.random.default_rng(seed)
    lam = np.arange(1., levels + 1)**-2; lam *= levels / lam.sum()
    J, B = deviation * rng.standard_normal((2, levels, n // levels)), rng.standard_normal((2, levels, n // levels))
    return lam, *(np.einsum("ika,nka->kin", a, b) / n for a, b in ((J, B), (J, J), (B, B)))


def integrate(lam, r, q, t, eta, end):
    """The closed equations of section 2.4 as they stand there, by LSODA: times, eps, R11 - R12 (the mean of both units)."""
    import numpy as np
    from scipy.integrate import solve_ivp
    L, K = len(lam), 2
    T, c = np.tensordot(lam, t, 1), 2**-.5
    sign = np.array([-c, -c, c, c])

    def fields(y):
        r, q = y[:4 * L].reshape(L, 2, 2), y[4 * L:].reshape(L, 2, 2)
        R, Q = np.tensordot(lam, r, 1), np.tensordot(lam, q, 1)
        return r, q, np.block([[Q, R], [R.T, T]])

    def four(C, d, u, v, w, z):
        det = d[u] * d[v] - C[u, v]**2
        top = det * C[w, z] - C[v, w] * C[v, z] * d[u] - C[u, w] * C[u, z] * d[v] + C[u, v] * (C[u, w] * C[v, z] + C[u, z] * C[v, w])
        side = lambda w: det * d[w] - C[v, w]**2 * d[u] - C[u, w]**2 * d[v] + 2 * C[u, v] * C[u, w] * C[v, w]
        return 4 / np.pi**2 * np.arcsin(np.clip(top / np.sqrt(side(w) * side(z)), -1, 1)) / np.sqrt(det)

    def slope(_, y):
        r, q, C = fields(y)
        d = 1 + np.diag(C)
        dr, half, E = np.zeros_like(r), np.zeros_like(q), np.zeros((K, K))
        for i in range(K):
            for f in range(4):
                G = 2 / np.pi * sign[f] / (np.sqrt(d[i] * d[f] - C[i, f]**2) * d[i])
                p = r[:, f] if f < K else t[:, f - K]
                u = q[:, f] if f < K else r[:, :, f - K]
                dr[:, i] += G * (d[i] * p - C[i, f] * r[:, i])
                half[:, i] += G * (d[i] * u - C[i, f] * q[:, i])
            for j in range(i, K):
                E[i, j] = E[j, i] = sum(sign[f] * sign[g] * four(C, d, i, j, f, g) for f in range(4) for g in range(4))
        k, lams = eta * c, lam[:, None, None]
        return np.concatenate([(k * lams * dr).ravel(), (k * lams * (half + half.transpose(0, 2, 1)) + k * k * lams / L * E).ravel()])

    times = np.geomspace(1, end, 801)
    got = solve_ivp(slope, (0, end), np.concatenate([r.ravel(), q.ravel()]), "LSODA", times, rtol=1e-9, atol=1e-13)
    errors, gaps = [], []
    for y in got.y.T:
        C = fields(y)[2]
        d = np.sqrt(1 + np.diag(C))
        errors.append((2 * np.outer(sign, sign) * np.arcsin(C / np.outer(d, d))).sum() / (2 * np.pi))
        gaps.append((abs(C[0, 2] - C[0, 3]) + abs(C[1, 3] - C[1, 2])) / 2)
    return times, np.array(errors), np.array(gaps)


def leave():
    import numpy as np

    def below(times, values, level):
        """When values first fall below a level, by the straight line between two times; NaN where they do not."""
        if not (values < level).any():
            return np.nan
        k = int(np.argmax(values < level))
        return times[k - 1] + (values[k - 1] - level) / (values[k - 1] - values[k]) * (times[k] - times[k - 1])

    plateau = (np.pi / 6 - 2 * np.arcsin(.25)) / np.pi
    rules = {"half of the plateau": .5 * plateau, "0.003": .003, "10 % below the plateau": .9 * plateau, "the plateau itself": plateau}
    print(f"K = M = 2, eta = 0.1, beta = 1, sigma_J = 0.01, N = 1,024, three random starts; plateau {plateau:.7f}")
    say = lambda values: "".join(f"{value:9.1f}" for value in values)
    for levels in map(int, sys.argv[2:] or ("64", "16", "1")):
        end = 4000 if levels < 8 else 2000
        theirs, mine, slopes, gaps = [], [], [], []
        for seed in range(3):
            lam, r, q, t = committee(levels, seed)
            times, errors, gap = integrate(lam, r, q, t, .1, end)
            theirs.append([below(times, errors, level) for level in rules.values()])
            flat = np.concatenate([part.ravel() for part in (r, q, t)])
            mine.append([float(time) for time in ours("exit", levels, .1, end, len(rules), *rules.values(), *flat)])
            # From the flattest place after alpha = 20 on: where the curve is steeper than -1/2 again.
            slope = np.gradient(np.log(errors), np.log(times))
            flattest = int(np.argmax(np.where((times > 20) & (errors > .5 * plateau), slope, -9)))
            slopes.append(below(times[flattest:], slope[flattest:], -.5))
            gaps.append(below(times, -gap, -.5))
        for place, name in enumerate(rules):
            print(f"  L = {levels:3}  {name:24} scipy{say(row[place] for row in theirs)}   bitlaw{say(row[place] for row in mine)}")
        print(f"  L = {levels:3}  {'R11 - R12 above 1/2':24} scipy{say(gaps)}   bitlaw{say(row[-1] for row in mine)}")
        print(f"  L = {levels:3}  {'slope below -1/2':24} scipy{say(slopes)}", flush=True)


if __name__ == "__main__":
    {"sgd": sgd, "ode": ode, "exit": leave}[sys.argv[1] if len(sys.argv) > 1 else "sgd"]()
