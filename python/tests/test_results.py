"""Tables, laws, pages."""

import json
import os
import shutil
import warnings

import bitlaw
from bitlaw import _table
from world import WorldTest, needs, write


class LawTests(WorldTest):
    def test_a_law_has_parameters_with_intervals(self):
        law = self.experiment.law("law")
        alpha = law.parameters["alpha"]
        self.assertEqual(list(law.parameters), ["A", "alpha"])
        self.assertTrue(alpha.low < alpha.value < alpha.high)
        self.assertEqual((law.formula, law.confidence), ("mixture = A·samples^-alpha", 0.95))
        self.assertEqual(law.inputs[0]["column"], "samples")
        self.assertIn("alpha", repr(law))

    def test_a_prediction_is_what_the_formula_gives(self):
        law = self.experiment.law("law")
        found = law.predict(samples=1000)
        expected = law.parameters["A"].value * 1000 ** -law.parameters["alpha"].value
        self.assertAlmostEqual(found.value, expected, delta=1e-12)
        self.assertTrue(found.low < found.value < found.high)
        self.assertTrue(found.run_low < found.low and found.high < found.run_high)
        self.assertEqual(found.extrapolation, 2.5)
        with self.assertRaisesRegex(bitlaw.UsageError, "expected a value of samples"):
            law.predict(n=3)

    def test_what_is_no_law_of_one_formula_is_told_by_its_format(self):
        document = json.dumps({"format": "bitlaw/chain/1", "steps": []}).encode()
        with self.assertRaisesRegex(bitlaw.UsageError, "no law of one formula: .* bitlaw/chain/1\n  fix: "):
            bitlaw.Law("a", document, None)
        parameters = {"a": {"value": 2, "meaning": "slope"}}
        plain = {"formula": "a·n", "parameters": parameters, "warnings": ["<few>"]}
        law = bitlaw.Law("a", json.dumps(plain).encode(), None)
        self.assertIn("<td>a</td><td>2</td><td>none</td><td></td><td>slope</td>", law._repr_html_())
        self.assertIn("<th>interval</th>", law._repr_html_())
        self.assertIn("Warning: &lt;few&gt;", law._repr_html_())

    @needs("numpy", "no number of numpy was a point")
    def test_numbers_of_numpy_are_points(self):
        import numpy

        law = self.experiment.law("law")
        self.assertEqual(law.predict(samples=numpy.float64(1e3)), law.predict(samples=1000))
        self.assertEqual(law.predict(samples=numpy.int64(1000)), law.predict(samples=1000))

    def test_a_law_shows_itself_in_a_notebook(self):
        html = self.experiment.law("law")._repr_html_()
        self.assertIn("<td>alpha</td>", html)
        self.assertIn("95 % interval", html)
        self.assertIn("data:image/svg+xml;base64,", html)


class PageTests(WorldTest):
    def test_a_page_is_verified_and_shows_itself_without_scripts(self):
        page = self.experiment.page()
        self.assertEqual(page.action, "page")
        self.assertIn("The page of &lt;errors&gt;", page.html)
        self.assertIn("<iframe title=\"page\" sandbox srcdoc=\"", page._repr_html_())
        self.assertNotIn("<html", page._repr_html_())
        with self.assertRaisesRegex(bitlaw.UsageError, "nothing that is named makes a page"):
            self.experiment.page("law")

    def test_an_experiment_shows_its_stages(self):
        self.assertIn("<td>spiral.sample</td><td>4</td><td>4</td>", self.experiment._repr_html_())


TABLE = {
    "format": "bitlaw/table/1",
    "columns": [
        {"name": "n", "role": "axis", "type": "number"},
        {"name": "rate", "role": "axis", "type": "number"},
        {"name": "model", "role": "axis", "type": "text"},
        {"name": "loss", "role": "value", "type": "number"},
        {"name": "ok", "role": "value", "type": "boolean"},
        {"name": "state", "role": "state", "type": "text"},
    ],
    "rows": [[1, 0.5, "a", 1, True, "cached"], [2, 1, "b", None, None, "missing"]],
}


class TableTests(WorldTest):
    @needs("pandas", "tables were not made frames")
    def test_columns_of_a_frame_have_the_types_of_the_table(self):
        frame = _table.value(TABLE, None)
        self.assertEqual(
            [str(kind) for kind in frame.dtypes],
            ["int64", "float64", "object", "float64", "boolean", "object"])
        self.assertEqual(frame.attrs["axes"], ["n", "rate", "model"])
        self.assertTrue(frame["loss"].isna()[1])

    def test_rows_are_dicts(self):
        self.assertEqual(_table.value(TABLE, "rows")[1]["model"], "b")

    def test_the_program_makes_the_table(self):
        # A program that has the command, and is bitlaw for everything else.
        answer = write(self.world.path, "table.json", json.dumps(TABLE))
        program = write(
            self.world.path, "bitlaw-with-table",
            f"""#!/bin/sh
            if [ "$1" = table ]; then echo "$@" > '{answer}.asked'; cat '{answer}'; exit; fi
            exec '{shutil.which(os.environ.get("BITLAW", "bitlaw"))}' "$@"
            """)
        os.chmod(program, 0o755)
        experiment = bitlaw.open(self.experiment.path, program=program)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            rows = experiment.table("error", "law", where="samples > 50", kind="rows")
        self.assertEqual(rows[1], {
            "n": 2, "rate": 1, "model": "b", "loss": None, "ok": None, "state": "missing"})
        with open(answer + ".asked", encoding="utf-8") as file:
            words = file.read().strip()
        self.assertEqual(
            words, f"table --format json --where samples > 50 -- {self.experiment.path} error law")
        write(self.world.path, "table.json", json.dumps({**TABLE, "format": "bitlaw/table/2"}))
        with self.assertRaisesRegex(bitlaw.BitlawError, "expected format bitlaw/table/1, found .*/2"):
            experiment.table("error")

    def table(self, **options):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", bitlaw.BitlawWarning)
            return self.experiment.table("error", **options)

    def test_the_table_of_a_stage_has_axes_scalars_and_state(self):
        rows = self.table(kind="rows")
        self.assertEqual(len(rows), 8)
        self.assertEqual([row["samples"] for row in rows[::2]], [50, 100, 200, 400])
        for row in rows:
            name = f"error[samples={row['samples']},features={row['features']}]"
            self.assertEqual(row["mixture"], self.experiment.output(name)["mixture"])

    @needs("pandas", "no table was made a frame")
    def test_the_table_of_a_stage_is_a_frame(self):
        frame = self.table(where="features == 'polar'")
        self.assertEqual((len(frame), str(frame["samples"].dtype)), (4, "int64"))
        self.assertTrue((frame.sort_values("samples")["mixture"].diff().dropna() < 0.1).all())

    def test_a_table_of_a_stage_that_is_not_there_is_refused(self):
        with self.assertRaisesRegex(bitlaw.UsageError, "no action or stage `errors`"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", bitlaw.BitlawWarning)
                self.experiment.table("errors")
