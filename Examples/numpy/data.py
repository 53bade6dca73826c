"""Draws examples of a noisy linear rule, and writes them and the rule into one file."""
import argparse

import numpy

parser = argparse.ArgumentParser()
parser.add_argument("--count", type=int, required=True)
parser.add_argument("--features", type=int, required=True)
parser.add_argument("--noise", type=float, required=True)
parser.add_argument("--seed", type=int, required=True)
parser.add_argument("--out", required=True)
given = parser.parse_args()

draw = numpy.random.default_rng(given.seed)
rule = draw.standard_normal(given.features)
x = draw.standard_normal((given.count, given.features))
y = x @ rule + given.noise * draw.standard_normal(given.count)
# One array after the other: a .npz file would hold the time of day as well.
with open(given.out, "wb") as file:
    for array in (x, y, rule):
        numpy.save(file, array)
