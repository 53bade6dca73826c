"""A step of the network of arXiv 2411.01375 in PyTorch, written for speed: one thread, deterministic algorithms.

  peer_factors.py soft|sampled FACTORS OUTPUTS STEPS     such as: peer_factors.py soft 2x12 8x4 20

The targets p(y|x) are made once, N x M, and are not counted. Prints milliseconds of processor time a step and the peak memory."""
import resource, statistics, sys, time
import torch
from torch.nn import functional

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
torch.manual_seed(1)


def sizes(text):
    size, count = text.split("x")
    return [int(size)] * int(count)


mode, steps = sys.argv[1], int(sys.argv[4])
inputs, outputs = sizes(sys.argv[2]), sizes(sys.argv[3])
width, hidden = 64, 128
tokens = torch.arange(torch.tensor(inputs).prod().item())
count = len(tokens)
digits = torch.stack([tokens // torch.tensor(inputs[:i]).prod().long().item() % p if i else tokens % p
                      for i, p in enumerate(inputs)], 1)
p = torch.ones(count, 1)
for q in outputs:
    parents = torch.randperm(len(inputs))[:2]
    table = torch.distributions.Dirichlet(torch.full((inputs[0] ** 2, q), 0.1)).sample()
    row = table[digits[:, parents[0]] + inputs[0] * digits[:, parents[1]]]
    p = (p[:, :, None] * row[:, None, :]).reshape(count, -1)
classes = p.shape[1]


def weight(rows, columns):
    return torch.nn.Parameter((2 * torch.rand(rows, columns) - 1) / columns ** 0.5)


embedding = torch.nn.Parameter(torch.randn(count, width))
gate, up, down, last = weight(hidden, width), weight(hidden, width), weight(width, hidden), weight(classes, width)
drawn = torch.multinomial(p, 16, replacement=True)
if mode == "sampled":
    del p
optimizer = torch.optim.Adam([embedding, gate, up, down, last], lr=0.03)


def rms(z):
    return z * torch.rsqrt(z.square().mean(-1, keepdim=True) + 1e-6)


def step():
    if mode == "soft":
        z, target = embedding, p
    else:
        x = torch.randint(0, count, (2 * count,))
        target = drawn[x, torch.randint(0, 16, x.shape)]
    start = time.process_time()  # draws are not counted
    optimizer.zero_grad()
    if mode == "sampled":
        z = functional.embedding(x, embedding)
    u = rms(z)
    z = z + (functional.silu(u @ gate.T) * (u @ up.T)) @ down.T
    loss = functional.cross_entropy(rms(z) @ last.T, target)
    loss.backward()
    optimizer.step()
    return time.process_time() - start


step()
times = [step() for _ in range(steps)]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{mode}: {min(times) * 1e3:.3f} ms a step at best, {statistics.median(times) * 1e3:.3f} median; "
      f"peak {peak:.0f} MiB; PyTorch {torch.__version__}")
