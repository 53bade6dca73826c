"""A project in a folder of its own, for the tests: run once, with every format of output."""

import functools
import importlib.util
import os
import tempfile
import unittest

import bitlaw

EXPERIMENT = """
experiment: tiny
seed: 3
axes:
  samples: [50, 100, 200, 400]
  width: [4]
  features: [cartesian, polar]
stages:
  manifold: {kind: spiral.manifold}
  mixture: {kind: spiral.mixture}
  test:
    kind: spiral.test
    inputs: {manifold: manifold, mixture: mixture}
    params: {count: 300}
  data:
    kind: spiral.sample
    over: [samples]
    inputs: {manifold: manifold, mixture: mixture}
    params: {count: "${samples}"}
  error:
    kind: spiral.neighbour-errors
    over: [samples, features]
    inputs: {data: data, test: test, manifold: manifold}
    params: {k: 1, features: "${features}"}
  network:
    kind: mlp.train
    over: [samples, width]
    inputs: {data: data}
    params: {hidden: ["${width}", 3], activation: tanh, layer_norm: true, steps: 40, batch: 20}
  scored:
    kind: spiral.network-errors
    over: [samples, width]
    inputs: {network: network, test: test, manifold: manifold}
  task:
    kind: factors.task
    params: {inputs: [2, 3], outputs: [4, 3], parents: 1}
  factors:
    kind: factors.train
    inputs: {task: task/task, tables: task/tables}
    params: {mode: compression, width: 6, hidden: 5, layers: 2, steps: 60}
  law:
    kind: law.fit
    inputs: {points: error}
    params: {x: samples, y: mixture, form: power-law, where: 'features == "cartesian"'}
  page:
    kind: page
    inputs: {page: "file:tiny.page.md", results: [law, law/plot]}
"""

# What its page says.
PAGE = """---
title: The page of <errors>
---

{figure: law/plot}

{law: law}
"""


# The same with a stage that does not end.
LONG = EXPERIMENT + """
  long:
    kind: mlp.train
    inputs: {data: one}
    params: {steps: 100000000}
  one:
    kind: spiral.sample
    inputs: {manifold: manifold, mixture: mixture}
    params: {count: 1000}
"""


def write(folder: str, name: str, text: str) -> str:
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def needs(module: str, loss: str):
    """Passes a test over, and says so, where a library is missing."""
    if importlib.util.find_spec(module) is not None:
        return lambda test: test
    way = "make peers" if module != "torch" else "pip install torch, which is large"
    print(f"SKIPPED: no Python module {module} ({way}): {loss}", flush=True)
    return unittest.skip(f"no {module}")


class World:
    """A project, whose experiment has run."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="bitlaw-pröject ")
        self.path = self._folder.name
        write(self.path, "bitlaw.yaml", "store: .cache\n")
        write(self.path, "tiny.page.md", PAGE)
        self.experiment = bitlaw.open(write(self.path, "tiny.yaml", EXPERIMENT))
        self.result = self.experiment.run(progress=False)

    def close(self):
        self._folder.cleanup()


@functools.lru_cache(maxsize=None)
def world() -> World:
    """The project that tests only read from."""
    made = World()
    unittest.addModuleCleanup(lambda: (world.cache_clear(), made.close()))
    return made


class WorldTest(unittest.TestCase):
    """A test that reads from the project."""

    @classmethod
    def setUpClass(cls):
        cls.world = world()
        cls.experiment = cls.world.experiment
