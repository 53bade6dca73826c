"""The trainings of `kernels train NAME STEPS` in JAX: jit over lax.scan, one thread, one process.

Prints microseconds a step: best and median of ten parts, and the peak memory. Compilation is not counted."""
import os, resource, statistics, sys, time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
# XLA counts the processors that it may use: with one of them it has one thread.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import jax
import jax.numpy as jnp

name, steps = sys.argv[1], int(sys.argv[2])
part = max(1, steps // 10)
key = jax.random.PRNGKey(1)


def dense(widths, key):
    layers = []
    for i, o in zip(widths[:-1], widths[1:]):
        key, a, b = jax.random.split(key, 3)
        bound = i ** -0.5
        layers.append((jax.random.uniform(a, (i, o), minval=-bound, maxval=bound),
                       jax.random.uniform(b, (o,), minval=-bound, maxval=bound)))
    return layers


def forward(layers, x):
    for w, b in layers[:-1]:
        x = jax.nn.relu(x @ w + b)
    return x @ layers[-1][0] + layers[-1][1]


def adam(value, slopes, state, rate=1e-3):
    count, mean, square = state
    count = count + 1
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, slopes)
    square = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, square, slopes)
    a, b = 1 - 0.9 ** count, 1 - 0.999 ** count
    value = jax.tree.map(lambda p, m, v: p - rate * (m / a) / (jnp.sqrt(v / b) + 1e-8), value, mean, square)
    return value, (count, mean, square)


def begun(value):
    zeros = jax.tree.map(jnp.zeros_like, value)
    return jnp.float32(0), zeros, zeros


if name in ("small", "deep", "wide"):
    widths, batch = {"small": ([2, 64, 64, 1], 1000), "deep": ([2, 128, 128, 128, 1], 1000),
                     "wide": ([64, 256, 1], 64)}[name]
    model = dense(widths, key)
    x = jax.random.uniform(key, (batch, widths[0])) - 0.5
    y = (x[:, :1] > 0).astype(jnp.float32)

    def loss(model, _):
        z = forward(model, x)
        if name == "wide":
            return jnp.mean((z - y) ** 2)
        return jnp.mean(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z))))
elif name.startswith("embedding"):
    batch = int(name[9:])
    a, b, c = jax.random.split(key, 3)
    model = (jax.random.normal(a, (4096, 32)), dense([32, 64, 32], b), jax.random.normal(c, (32, 4096)) * 0.1)
    tokens = jax.random.randint(key, (16, batch), 0, 4096)

    def loss(model, count):
        table, layers, head = model
        x = tokens[count % 16]
        logits = forward(layers, table[x]) @ head
        picked = jnp.take_along_axis(logits, (x // 2)[:, None], axis=1)[:, 0]
        return jnp.mean(jax.nn.logsumexp(logits, axis=1) - picked)
else:
    sys.exit(f"{name}: no such training")


def step(carry, count):
    model, state = carry
    slopes = jax.grad(loss)(model, count)
    if name == "wide":
        return (jax.tree.map(lambda p, g: p - 1e-2 * g, model, slopes), state), None
    return adam(model, slopes, state), None


run = jax.jit(lambda carry, counts: jax.lax.scan(step, carry, counts)[0])
counts = jnp.arange(part, dtype=jnp.int32)
carry = run((model, begun(model)), counts)
jax.block_until_ready(carry)
parts = []
for _ in range(10):
    start = time.perf_counter()
    carry = run(carry, counts)
    jax.block_until_ready(carry)
    parts.append((time.perf_counter() - start) / part)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{name}: {min(parts) * 1e6:.2f} µs a step at best, {statistics.median(parts) * 1e6:.2f} median; "
      f"peak {peak:.0f} MiB; JAX {jax.__version__}")
