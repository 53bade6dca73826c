"""Outputs: their values, and that no byte comes out that its digest does not name."""

import hashlib
import os
import shutil
import tempfile
import unittest
import warnings
from unittest import mock

import bitlaw
from bitlaw import _blobs
from test_formats import without
from world import World, WorldTest, needs, write


class OutputTests(WorldTest):
    ACTION = "network[samples=50,width=4]"

    def content(self) -> bytes:
        return self.experiment.output(self.ACTION, "weights", as_="bytes")

    def digest(self) -> str:
        return self.experiment.action(self.ACTION).outputs["weights"].digest

    def test_an_action_has_its_axes_with_their_types(self):
        action = self.experiment.action("error[samples=100,features=polar]")
        self.assertEqual(action.axes, {"samples": 100, "features": "polar"})
        self.assertEqual((action.kind, action.parameters["k"]), ("spiral.neighbour-errors", 1))
        self.assertEqual(list(action.outputs), ["errors"])
        self.assertEqual(action.outputs["errors"].file, "errors.json")

    def test_a_json_output_is_its_value(self):
        errors = self.experiment.output("error[samples=100,features=polar]")
        self.assertTrue(0 < errors["mixture"] < 0.5)

    def test_the_outputs_of_a_stage_are_by_action(self):
        found = self.experiment.outputs("error", where="samples >= 200")
        self.assertEqual(len(found), 4)
        self.assertIn("error[samples=400,features=polar]", found)

    def test_bytes_come_from_the_store_by_whatever_reads_zstd_and_else_from_the_program(self):
        expected = self.digest()
        ways = [without("compression.zstd", "zstandard")]
        ways.append(mock.patch.object(_blobs, "_stored", lambda *_: None))
        for way in ways:
            with way:
                self.assertEqual(hashlib.sha256(self.content()).hexdigest(), expected)
        with without("compression.zstd", "zstandard"), mock.patch.dict(os.environ, {"PATH": ""}):
            self.assertEqual(hashlib.sha256(self.content()).hexdigest(), expected)

    @needs("zstandard", "the store was read with the program zstd alone")
    def test_the_module_reads_the_store_without_any_program(self):
        ask = mock.Mock(side_effect=AssertionError("the program was asked"))
        output = self.experiment.action(self.ACTION).outputs["weights"]
        store = self.experiment.action(self.ACTION).store
        found = _blobs.read(store, output.digest, output.size, ask)
        self.assertEqual(hashlib.sha256(found).hexdigest(), output.digest)

    def test_a_frame_that_holds_more_or_less_than_its_size_is_not_taken(self):
        store = self.experiment.action(self.ACTION).store
        size = len(self.content())
        for wrong in (0, size - 1, size + 1):
            found = _blobs.read(store, self.digest(), wrong, self.content)
            self.assertEqual(len(found), size)
        with self.assertRaisesRegex(bitlaw.DamagedOutput, "expected bytes whose SHA-256 is \\w{64}, found"):
            _blobs.read(store, self.digest(), size - 1, lambda: self.content()[:-1])

    def test_a_path_is_that_of_an_export(self):
        path = self.experiment.output(self.ACTION, "weights", as_="path")
        with open(path, "rb") as file:
            self.assertEqual(file.read(), self.content())
        self.assertTrue(path.endswith(".weights.safetensors"))

    def test_what_is_not_one_output_is_refused_with_what_there_is(self):
        for ask, text in [
            (lambda: self.experiment.output("error"), "`error` names 8 actions: `error\\[samples=50"),
            (lambda: self.experiment.output("nosuch"), "no action or stage `nosuch`"),
            (lambda: self.experiment.output("law", "lawn"), "law has no output `lawn`\n.*one of law, plot"),
            (lambda: self.experiment.output("law"), "law has 4 outputs\n  expected: one of law, plot"),
            (lambda: self.experiment.law("test"), "test has 0 outputs that are a law"),
        ]:
            with self.assertRaisesRegex(bitlaw.UsageError, text):
                ask()

    @needs("numpy", "an array was not compared with numpy's")
    def test_an_array_output_is_an_array(self):
        points = self.experiment.output("data[samples=50]")
        self.assertEqual((points.shape, str(points.dtype)), ((50, 3), "float64"))

    @needs("pandas", "a CSV output was not read as a frame")
    def test_a_csv_output_is_a_frame(self):
        history = self.experiment.output(self.ACTION, "history")
        self.assertEqual(list(history.columns), ["epoch", "loss"])


FOLDER = """
experiment: folder
seed: 1
stages:
  make:
    kind: command
    params:
      run: "mkdir -p figures/small; printf 'x,y\\n1,2\\n' > figures/small/a.csv; echo {} > m"
      outputs: {figures: figures/, m: m}
"""


class FolderTests(unittest.TestCase):
    def test_a_folder_is_a_path_and_a_file_of_it_a_value(self):
        folder = tempfile.TemporaryDirectory(prefix="bitlaw-folder-")
        self.addCleanup(folder.cleanup)
        write(folder.name, "bitlaw.yaml", "store: .cache\n")
        # Who runs this lets programs run.
        person = os.path.join(folder.name, "person")
        os.mkdir(person, 0o700)
        write(person, "config.yaml", "programs: unconfined\n")
        with mock.patch.dict(os.environ, {"BITLAW_CONFIG": person}):
            experiment = bitlaw.open(write(folder.name, "folder.yaml", FOLDER))
            experiment.run(progress=False)
            path = experiment.output("make", "figures")
            with open(os.path.join(path, "small", "a.csv"), encoding="utf-8") as file:
                self.assertEqual(file.read(), "x,y\n1,2\n")
            with without("pandas"):
                rows = experiment.output("make", "figures/small/a.csv")
            self.assertEqual(rows, [{"x": 1, "y": 2}])
            self.assertEqual(experiment.output("make", "m"), b"{}\n")
            with self.assertRaisesRegex(bitlaw.BitlawError, "make/figures is a folder\n  fix: take a file"):
                experiment.output("make", "figures", as_="bytes")
            with self.assertRaisesRegex(bitlaw.UsageError, "has no file `none.csv`"):
                experiment.output("make", "figures/none.csv")

    def test_what_a_project_may_not_do_unasked_is_refused_with_the_command_that_approves(self):
        folder = tempfile.TemporaryDirectory(prefix="bitlaw-folder-")
        self.addCleanup(folder.cleanup)
        write(folder.name, "bitlaw.yaml", "store: .cache\n")
        with mock.patch.dict(os.environ, {"BITLAW_CONFIG": os.path.join(folder.name, "nobody")}):
            experiment = bitlaw.open(write(folder.name, "folder.yaml", FOLDER + "      network: true\n"))
            with self.assertRaisesRegex(bitlaw.UsageError, "fix: look at it, then bitlaw trust"):
                experiment.run(progress=False)


class DamageTests(WorldTest):
    def test_a_damaged_blob_is_told_by_the_program_and_never_given_out(self):
        world = World()
        self.addCleanup(world.close)
        action = world.experiment.action("network[samples=50,width=4]")
        digest = action.outputs["weights"].digest
        path = os.path.join(action.store, "cas", digest[:2], digest[2:] + ".zst")
        other = action.outputs["history"].digest
        os.chmod(path, 0o644)
        shutil.copy(os.path.join(action.store, "cas", other[:2], other[2:] + ".zst"), path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with self.assertRaisesRegex(bitlaw.BitlawError, f"(?s){digest[:8]}.*fix: "):
                world.experiment.output(action.name, "weights")
            # The next run makes it again.
            world.experiment.run(progress=False)
            content = world.experiment.output(action.name, "weights", as_="bytes")
            self.assertEqual(hashlib.sha256(content).hexdigest(), digest)
