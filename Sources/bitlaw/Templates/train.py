"""Learns a linear rule of eight weights from n noisy examples, and prints its test loss as JSON.

Put your own program in its place: it gets its numbers as arguments and prints a JSON object.
"""

import json
import random
import sys

WEIGHTS = 8
NOISE = 0.5
EPOCHS = 20

n, seed = int(sys.argv[1]), int(sys.argv[2])
draw = random.Random(seed)
truth = [draw.gauss(0, 1) for _ in range(WEIGHTS)]


def example():
    x = [draw.gauss(0, 1) for _ in truth]
    return x, sum(a * b for a, b in zip(truth, x)) + NOISE * draw.gauss(0, 1)


# Ridge regression by coordinate descent: each weight in turn takes its best value.
examples = [example() for _ in range(n)]
learned = [0.0] * WEIGHTS
errors = [y for _, y in examples]
for epoch in range(EPOCHS):
    for place in range(WEIGHTS):
        column = [x[place] for x, _ in examples]
        norm = sum(c * c for c in column)
        step = (sum(c * e for c, e in zip(column, errors)) - 0.1 * learned[place]) / (norm + 0.1)
        learned[place] += step
        errors = [e - step * c for c, e in zip(column, errors)]

loss = sum((a - b) ** 2 for a, b in zip(learned, truth))
print(json.dumps({"loss": loss, "examples": n}))
