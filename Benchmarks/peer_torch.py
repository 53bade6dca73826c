"""The trainings of `kernels train NAME STEPS` in PyTorch: one thread, deterministic algorithms, one process.

Prints microseconds a step: best and median of ten parts, and the peak memory."""
import resource, statistics, sys, time
import torch

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
torch.manual_seed(1)
name, steps = sys.argv[1], int(sys.argv[2])


def dense(widths):
    layers = []
    for i, o in zip(widths[:-1], widths[1:]):
        layers += [torch.nn.Linear(i, o), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


if name in ("small", "deep", "wide"):
    widths, batch = {"small": ([2, 64, 64, 1], 1000), "deep": ([2, 128, 128, 128, 1], 1000),
                     "wide": ([64, 256, 1], 64)}[name]
    model = dense(widths)
    x = torch.rand(batch, widths[0]) - 0.5
    y = (x[:, :1] > 0).float()
    if name == "wide":
        optimizer, loss = torch.optim.SGD(model.parameters(), lr=1e-2), torch.nn.MSELoss()
    else:
        optimizer, loss = torch.optim.Adam(model.parameters(), lr=1e-3), torch.nn.BCEWithLogitsLoss()

    def step():
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()
elif name.startswith("embedding"):
    batch = int(name[9:])
    model = torch.nn.Sequential(torch.nn.Embedding(4096, 32), torch.nn.Linear(32, 64), torch.nn.ReLU(),
                                torch.nn.Linear(64, 32), torch.nn.Linear(32, 4096, bias=False))
    optimizer, loss = torch.optim.Adam(model.parameters(), lr=1e-3), torch.nn.CrossEntropyLoss()
    tokens = [torch.randint(0, 4096, (batch,)) for _ in range(16)]
    count = 0

    def step():
        global count
        x = tokens[count % 16]
        count += 1
        optimizer.zero_grad()
        loss(model(x), x // 2).backward()
        optimizer.step()
else:
    scale = 1024 ** -0.5
    weights, teacher = torch.randn(4, 1024), torch.randn(4, 1024)
    inputs = torch.randn(64, 1024)
    count = 0

    def step():
        # The gradient by hand: less work than autograd.
        global count
        x = torch.randn(1024) if name == "online-draws" else inputs[count % 64]
        count += 1
        h = weights @ x * scale
        error = torch.erf(h * 0.70710678).sum() - torch.erf(teacher @ x * scale * 0.70710678).sum()
        weights.addr_(0.79788456 * torch.exp(-0.5 * h * h) * error, x, alpha=-0.1 * scale)

for _ in range(3):
    step()
parts = []
for _ in range(10):
    start = time.perf_counter()
    for _ in range(max(1, steps // 10)):
        step()
    parts.append((time.perf_counter() - start) / max(1, steps // 10))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{name}: {min(parts) * 1e6:.2f} µs a step at best, {statistics.median(parts) * 1e6:.2f} median; "
      f"peak {peak:.0f} MiB; PyTorch {torch.__version__}")
