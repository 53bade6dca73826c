"""Steps of training against numpy and PyTorch, one thread, taking turns in one run, with the draws of each.

  attention   k layers of linear attention on fresh prompts, d = 8, n = 16, Adam, single precision (icl.train)
  generator   one-pass SGD of a committee on a generator's signs, N = 1,000, D = 100, K = M = 2 (generator.sgd)

Ours is the processor time of `bitlaw run -j1` with many steps less that with few, over the steps between. numpy has the same
definition with products of whole batches; the generator's examples come 64 at a time for everyone, and a step takes one.
PyTorch has autograd and torch.optim.Adam for attention, operations in place for the committee; it is measured where PYTORCH
names a python that has it. Times are processor time; read the ratios. The digest is that of our outputs: the same on every machine.
    [BITLAW=PROGRAM] [PYTORCH=PYTHON] python3 Benchmarks/steps.py attention | generator
"""
import hashlib, json, os, resource, subprocess, sys, tempfile, time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.path.abspath(os.environ.get("BITLAW", os.path.join(HERE, "..", ".build", "release", "bitlaw")))
TURNS = 3


def spent(kind, parameters):
    """Processor seconds of a run of one action in a project of its own, and the digest of what it made."""
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "pipelines"))
        given = ", ".join(f"{name}: {value}" for name, value in parameters.items())
        with open(os.path.join(folder, "pipelines", "x.yaml"), "w") as file:
            file.write(f"experiment: x\nseed: 1\nstages:\n  x:\n    kind: {kind}\n    params: {{{given}}}\n")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([TOOL, "run", "pipelines/x.yaml", "-j1", "-q"], cwd=folder, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        shown = subprocess.run([TOOL, "show", "pipelines/x.yaml", "x", "--json"], cwd=folder, check=True, capture_output=True, text=True)
    made = [[output["name"], output["digest"]] for output in json.loads(shown.stdout)["outputs"]]
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, hashlib.sha256(json.dumps(sorted(made)).encode()).hexdigest()[:16]


ATTENTION_TORCH = """
import sys, time, torch
torch.set_num_threads(1); torch.manual_seed(1)
layers, width, steps = map(int, sys.argv[1:])
d, n = 8, 16
a = (.05 * torch.randn(layers, d, d)).requires_grad_()
adam = torch.optim.Adam([a], lr=1e-3)
def step():
    x = torch.randn(width, n, d); truth = torch.randn(width, d, 1)
    turned = x.transpose(1, 2) / n
    second = turned @ x
    cross = second @ truth
    w = torch.zeros(width, d, 1)
    for layer in range(layers):
        w = w + a[layer] @ (cross - second @ w)
    loss = ((w - truth) ** 2).sum() / width
    adam.zero_grad(); loss.backward(); adam.step()
for _ in range(50): step()
start = time.process_time()
for _ in range(steps): step()
print((time.process_time() - start) / steps)
"""


def attention_numpy(layers, width, steps):
    import numpy as np
    d, n = 8, 16
    rng = np.random.default_rng(1)
    a = (.05 * rng.standard_normal((layers, d, d))).astype(np.float32)
    first, second_moment = np.zeros_like(a), np.zeros_like(a)

    def step(t):
        nonlocal a, first, second_moment
        x = rng.standard_normal((width, n, d), dtype=np.float32)
        truth = rng.standard_normal((width, d), dtype=np.float32)
        second = np.matmul(x.transpose(0, 2, 1), x) / np.float32(n)
        cross = np.matmul(second, truth[:, :, None])[:, :, 0]
        w = np.zeros((width, d), np.float32)
        residuals = []
        for layer in range(layers):
            residuals.append(cross - np.matmul(second, w[:, :, None])[:, :, 0] if layer else cross)
            w = w + residuals[-1] @ a[layer].T
        slope = (w - truth) * np.float32(2 / width)
        gradient = np.empty_like(a)
        for layer in reversed(range(layers)):
            gradient[layer] = slope.T @ residuals[layer]
            if layer:
                slope = slope - np.matmul(second, (slope @ a[layer])[:, :, None])[:, :, 0]
        first = np.float32(.9) * first + np.float32(.1) * gradient
        second_moment = np.float32(.999) * second_moment + np.float32(.001) * gradient * gradient
        a = a - np.float32(1e-3 / (1 - .9 ** t)) * first / (np.sqrt(second_moment / np.float32(1 - .999 ** t)) + np.float32(1e-8))

    for t in range(1, 51):
        step(t)
    start = time.process_time()
    for t in range(51, 51 + steps):
        step(t)
    return (time.process_time() - start) / steps


GENERATOR_TORCH = """
import sys, time, torch
torch.set_num_threads(1); torch.manual_seed(1)
d, n, steps = map(int, sys.argv[1:])
f = torch.randn(n, d) / d**.5
teacher, student = torch.randn(2, d) / d**.5, torch.randn(2, n)
root, half = n**-.5, .5**.5
with torch.no_grad():
    for turn in range(2):
        start = time.process_time()
        for block in range(steps // 64):
            c = torch.randn(64, d)
            xs = torch.sign(c @ f.T)
            ys = torch.erf((c @ teacher.T) * half).sum(1)
            for x, y in zip(xs, ys):
                h = torch.mv(student, x).mul_(root)
                error = torch.erf(h * half).sum() - y
                student.addr_(torch.exp(-.5 * h * h).mul_(error * (-.2 * root * .7978845608)), x)
print((time.process_time() - start) / (steps // 64 * 64))
"""


def generator_numpy(d, n, steps):
    import numpy as np
    from scipy.special import erf
    rng = np.random.default_rng(1)
    f = (rng.standard_normal((n, d)) / d**.5).astype(np.float32)
    teacher = (rng.standard_normal((2, d)) / d**.5).astype(np.float32)
    student = rng.standard_normal((2, n), dtype=np.float32)
    root, half, factor = np.float32(n**-.5), np.float32(.5**.5), np.float32(-.2 * n**-.5 * .7978845608)
    for turn in range(2):
        start = time.process_time()
        for block in range(steps // 64):
            c = rng.standard_normal((64, d), dtype=np.float32)
            xs = np.sign(c @ f.T)
            ys = erf((c @ teacher.T) * half).sum(1)
            for x, y in zip(xs, ys):
                h = student @ x * root
                error = erf(h * half).sum() - y
                student += np.outer(np.exp(-.5 * h * h) * (error * factor), x)
    return (time.process_time() - start) / (steps // 64 * 64)


def told(what, ours, digest, numpy, torch):
    print(f"{what}: bitlaw {min(ours) * 1e6:.2f} us a step   digest {digest}")
    for name, times in (("numpy", numpy), ("PyTorch", torch)):
        if times:
            ratios = sorted(t / o for t, o in zip(times, ours))
            print(f"  {name:8} {min(times) * 1e6:8.1f} us   {min(times) / min(ours):5.1f} x   (turn by turn {ratios[0]:.1f} to {ratios[-1]:.1f})")


def measured(what, kind, many, few, steps, numpy, torch):
    """Turns of all, and what they tell."""
    mine, theirs, torches = [], [], []
    for _ in range(TURNS):
        (most, digest), (least, _) = spent(kind, many), spent(kind, few)
        mine.append((most - least) / steps)
        theirs.append(numpy())
        if "PYTORCH" in os.environ:
            torches.append(float(subprocess.run([os.environ["PYTORCH"], "-c", *torch], check=True, capture_output=True, text=True).stdout))
    told(what, mine, digest, theirs, torches)


def attention():
    for layers, width in ((1, 144), (5, 144), (1, 272), (5, 272)):
        shape = {"samples": 16, "layers": layers, "batch": width, "records": 1, "draws": 64}
        measured(
            f"attention, {layers} layers, {width} prompts", "icl.train", {**shape, "steps": 22000}, {**shape, "steps": 2000}, 20000,
            lambda: attention_numpy(layers, width, 1000), (ATTENTION_TORCH, str(layers), str(width), "1000"))


def generator():
    for d, n in ((100, 1000), (20, 200)):
        shape = {"latents": d, "inputs": n, "tests": 64}
        few, many = 64 * 100, 64 * 3100
        measured(
            f"generator, D = {d}, N = {n}", "generator.sgd", {**shape, "times": f"[{many / n}]"}, {**shape, "times": f"[{few / n}]"},
            many - few, lambda: generator_numpy(d, n, 6400), (GENERATOR_TORCH, str(d), str(n), "6400"))


if __name__ == "__main__":
    {"attention": attention, "generator": generator}[sys.argv[1]]()
