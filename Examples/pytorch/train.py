"""Trains a network of two hidden layers, and writes its metrics, weights, figures and checkpoints.

SIGTERM (an interruption, a limit, the end of an allocation) writes a checkpoint and ends; the next attempt goes on from
there and ends in the same bits.
"""
import argparse
import json
import os
import signal
import sys

import torch

import spiral

parser = argparse.ArgumentParser()
parser.add_argument("--count", type=int, required=True)
parser.add_argument("--seed", type=int, required=True)
parser.add_argument("--epochs", type=int, required=True)
for name in ("--metrics", "--weights", "--figures", "--checkpoints"):
    parser.add_argument(name, required=True)
given = parser.parse_args()

torch.use_deterministic_algorithms(True)
torch.set_num_threads(1)
torch.manual_seed(given.seed)
device = "cuda" if torch.cuda.is_available() else "cpu"
network = torch.nn.Sequential(
    torch.nn.Linear(2, 64), torch.nn.Tanh(), torch.nn.Linear(64, 64), torch.nn.Tanh(), torch.nn.Linear(64, 1)).to(device)
optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
loss = torch.nn.BCEWithLogitsLoss()
x, y = (part.to(device) for part in spiral.draw(given.count, given.seed))

os.makedirs(given.checkpoints, exist_ok=True)
checkpoint = os.path.join(given.checkpoints, "last.pt")
history, first = [], 0
if os.path.exists(checkpoint):
    kept = torch.load(checkpoint)
    network.load_state_dict(kept["network"])
    optimizer.load_state_dict(kept["optimizer"])
    history, first = kept["history"], kept["epoch"]
    print(f"goes on from epoch {first}", file=sys.stderr)


def keep(epoch):
    """Writes a checkpoint whole: beside the old one, then in its place."""
    torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "history": history,
                "epoch": epoch}, checkpoint + ".new")
    os.replace(checkpoint + ".new", checkpoint)


asked_to_stop = []
signal.signal(signal.SIGTERM, lambda number, frame: asked_to_stop.append(number))

for epoch in range(first, given.epochs):
    optimizer.zero_grad()
    value = loss(network(x).squeeze(1), y)
    value.backward()
    optimizer.step()
    history.append(value.item())
    if epoch % 50 == 49:
        print(f"progress {epoch + 1}/{given.epochs} loss {value.item():.4f}", file=sys.stderr, flush=True)
    if asked_to_stop or epoch % 100 == 99:
        keep(epoch + 1)
    if asked_to_stop:
        sys.exit(128 + asked_to_stop[0])

with torch.no_grad():
    points, classes = (part.to(device) for part in spiral.draw(10_000, given.seed + 1))
    error = ((network(points).squeeze(1) > 0) != (classes > 0)).double().mean().item()
with open(given.metrics, "w") as file:
    json.dump({"examples": given.count, "error": error, "train_loss": history[-1]}, file)
torch.save({name: value.cpu() for name, value in network.state_dict().items()}, given.weights)

os.makedirs(given.figures, exist_ok=True)
try:
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "bitlaw"  # else names in the picture are random
    from matplotlib import pyplot
    pyplot.semilogy(history)
    pyplot.xlabel("epoch")
    pyplot.ylabel("loss")
    pyplot.savefig(os.path.join(given.figures, "loss.svg"), metadata={"Date": None})
except ImportError:
    with open(os.path.join(given.figures, "loss.csv"), "w") as file:
        file.writelines(f"{value!r}\n" for value in history)
