"""The example of docs/python.md, executed as it stands."""

import os
import re
import tempfile
import unittest
import warnings

import bitlaw
from world import PAGE, write

EXPERIMENT = """
experiment: example
seed: 1
axes:
  n: [50, 100, 200, 400]
stages:
  manifold: {kind: spiral.manifold}
  mixture: {kind: spiral.mixture}
  test: {kind: spiral.test, inputs: {manifold: manifold, mixture: mixture}, params: {count: 300}}
  data:
    kind: spiral.sample
    over: [n]
    inputs: {manifold: manifold, mixture: mixture}
    params: {count: "${n}"}
  train:
    kind: mlp.train
    over: [n]
    inputs: {data: data}
    params: {hidden: [4], steps: 20}
  error:
    kind: spiral.neighbour-errors
    over: [n]
    inputs: {data: data, test: test, manifold: manifold}
  law:
    kind: law.fit
    inputs: {points: error}
    params: {x: n, y: mixture, form: power-law}
  page: {kind: page, inputs: {page: "file:tiny.page.md", results: [law, law/plot]}}
"""


class PageTests(unittest.TestCase):
    def test_the_example_does_what_it_says(self):
        folder = tempfile.TemporaryDirectory(prefix="bitlaw-page-")
        self.addCleanup(folder.cleanup)
        write(folder.name, "bitlaw.yaml", "store: .cache\n")
        write(folder.name, "tiny.page.md", PAGE)
        write(folder.name, "experiment.yaml", EXPERIMENT)
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        with open(os.path.join(root, "docs", "python.md"), encoding="utf-8") as file:
            example = re.search("```python\n(.*?)```", file.read(), re.S).group(1)
        # The page names one stage to run; its law and page need the others.
        example = example.replace("result = ", "experiment.run(progress=False); result = ")
        names = {}
        here = os.getcwd()
        os.chdir(folder.name)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", bitlaw.BitlawWarning)
                exec(compile(example, "docs/python.md", "exec"), names)
        finally:
            os.chdir(here)
        self.assertEqual(names["result"].ran, 0)
        self.assertEqual(len(names["frame"]), 4)
        self.assertIn("layers.0.weight", names["weights"])
        self.assertIsInstance(names["law"], bitlaw.Law)
