"""Ridge regression in closed form: weights, and the loss on all possible examples."""
import argparse
import json

import numpy

parser = argparse.ArgumentParser()
parser.add_argument("--data", required=True)
parser.add_argument("--penalty", type=float, required=True)
parser.add_argument("--metrics", required=True)
parser.add_argument("--weights", required=True)
given = parser.parse_args()

with open(given.data, "rb") as file:
    x, y, rule = (numpy.load(file) for _ in range(3))
gram = x.T @ x + given.penalty * numpy.eye(x.shape[1])
weights = numpy.linalg.solve(gram, x.T @ y)
numpy.save(given.weights, weights)

# Inputs are independent with variance 1, so the loss above the noise is the distance from the rule.
excess = float(((weights - rule) ** 2).sum())
with open(given.metrics, "w") as file:
    json.dump({"examples": len(y), "excess": excess, "train_loss": float(((x @ weights - y) ** 2).mean())}, file)
print(f"n = {len(y)}: excess loss {excess:.4g}")
