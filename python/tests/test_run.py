"""Runs: what they give, how they fail, how they are watched and interrupted."""

import io
import os
import signal
import unittest
from unittest import mock

import bitlaw
from bitlaw._progress import Standing, _Terminal
from world import EXPERIMENT, LONG, World, WorldTest, write

FAILING = EXPERIMENT + """
  bad:
    kind: law.fit
    inputs: {points: error}
    params: {x: samples, y: nosuch, form: power-law}
"""

class RunTests(WorldTest):
    def test_a_run_gives_counts_laws_and_pages(self):
        result = self.world.result
        self.assertEqual((result.ran, result.cached), (27, 0))
        self.assertIn("mixture = ", result.laws["law"])
        self.assertTrue(result.reports[0].endswith("report.html"))
        self.assertIn("27 ran, 0 cached", str(result))
        self.assertIn("<table>", result._repr_html_())

    def test_what_is_there_is_cached_and_each_event_is_given_to_a_function(self):
        events = []
        result = self.experiment.run("error", where=["samples <= 100"], jobs=1, progress=events.append)
        self.assertEqual(result.ran, 0)
        self.assertEqual([event["event"] for event in events][::len(events) - 1], ["started", "summary"])
        cached = [event["action"] for event in events if event["event"] == "cached"]
        self.assertIn("error[samples=50,features=polar]", cached)
        self.assertNotIn("error[samples=200,features=polar]", cached)

    def test_settings_and_stores_are_those_of_the_command_line(self):
        other = bitlaw.open(
            self.experiment.path, store=os.path.join(self.world.path, "other"),
            settings={"axes.samples": [7]})
        self.assertEqual([action.name for action in other.actions("data")], ["data[samples=7]"])
        self.assertEqual(other.actions("data")[0].outputs, {})
        with self.assertRaisesRegex(bitlaw.ActionFailed, r"data\[samples=7\] has not run\n  fix: .run\("):
            other.output("data")


class FailureTests(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)

    def test_a_run_that_fails_names_the_action_and_the_reason(self):
        experiment = bitlaw.open(write(self.world.path, "failing.yaml", FAILING))
        with self.assertRaisesRegex(bitlaw.ActionFailed, "failed: bad: .*nosuch") as caught:
            experiment.run(progress=False)
        self.assertEqual([failure.action for failure in caught.exception.failures], ["bad"])
        self.assertEqual(caught.exception.code, 1)

    def interrupt(self, event):
        if event["event"] == "progress" and event["action"] == "long":
            raise KeyboardInterrupt

    def test_a_run_that_is_interrupted_ends_and_keeps_what_finished(self):
        experiment = bitlaw.open(write(self.world.path, "long.yaml", LONG))
        with self.assertRaises(KeyboardInterrupt):
            experiment.run(progress=self.interrupt)
        self.assertEqual(experiment.status()["runs"][0]["outcome"], "interrupted")
        self.assertTrue(experiment.action("one").outputs)

    def test_the_signal_of_a_terminal_interrupts_it_too(self):
        experiment = bitlaw.open(write(self.world.path, "long.yaml", LONG))

        def press(event):
            if event["event"] == "progress" and event["action"] == "long":
                os.kill(os.getpid(), signal.SIGINT)

        with self.assertRaises(KeyboardInterrupt):
            experiment.run("long", progress=press)
        self.assertEqual(experiment.status()["runs"][0]["outcome"], "interrupted")


class ErrorTests(WorldTest):
    def test_a_mistake_in_the_file_is_told_as_the_program_tells_it(self):
        path = write(self.world.path, "wrong.yaml", EXPERIMENT.replace("kind: law.fit", "kind: law.fitt"))
        with self.assertRaisesRegex(bitlaw.UsageError, r"wrong.yaml:\d+:\d+: error: .*law.fitt") as caught:
            bitlaw.open(path)
        self.assertEqual(caught.exception.code, 2)
        with self.assertRaisesRegex(bitlaw.UsageError, "frist.yaml"):
            bitlaw.open(os.path.join(self.world.path, "frist.yaml"))

    def test_a_store_that_cannot_be_used_is_told(self):
        path = write(self.world.path, "no-store", "a file")
        with self.assertRaisesRegex(bitlaw.StoreError, "no-store"):
            bitlaw.open(self.experiment.path, store=path).status()

    def test_a_program_that_is_nowhere_is_told_with_who_named_it(self):
        for given, variable, text in [
            ("/none/bitlaw", None, "/none/bitlaw: expected the program .* .the argument `program` names it"),
            (None, "/none/bitlaw", "the variable BITLAW names it"),
            (None, "", "no program `bitlaw` on the PATH\n  fix: "),
        ]:
            with mock.patch.dict(os.environ, {"PATH": "", "BITLAW": variable or ""}):
                with self.assertRaisesRegex(bitlaw.ProgramNotFound, text):
                    bitlaw.open(self.experiment.path, program=given)

    def test_what_the_program_says_although_all_is_well_is_a_warning(self):
        talker = write(self.world.path, "talker", "#!/bin/sh\necho 'warning: the disk is full' >&2\n")
        os.chmod(talker, 0o755)
        with self.assertWarnsRegex(bitlaw.BitlawWarning, "warning: the disk is full"):
            bitlaw.open(self.experiment.path, program=talker)

    def test_a_program_that_ends_without_a_word_is_told_by_its_code(self):
        for ending, text in [("exit 7", "exit code 7 and said nothing"), ("kill -9 $$", "exit code 137")]:
            silent = write(self.world.path, "silent", f"#!/bin/sh\n{ending}\n")
            os.chmod(silent, 0o755)
            with self.assertRaisesRegex(bitlaw.BitlawError, text):
                bitlaw.open(self.experiment.path, program=silent)

    def test_another_program_or_an_older_one_is_told(self):
        def program(text: str) -> str:
            path = write(self.world.path, "stranger", f"#!/bin/sh\necho '{text}'\n")
            os.chmod(path, 0o755)
            return path

        other = bitlaw.open(self.experiment.path, program=program("hello"))
        for ask in (lambda: other.status(), lambda: other.run(progress=False)):
            with self.assertRaisesRegex(bitlaw.BitlawError, "a line of JSON, found b'hello.*'\n  fix: "):
                ask()
        document = '{"action": "a", "kind": "k", "key": null, "parameters": {}, "outputs": []}'
        older = bitlaw.open(self.experiment.path, program=program(document))
        with self.assertRaisesRegex(bitlaw.BitlawError, "tells nothing of 'axes'\n  fix: install"):
            older.action("a")

    def test_the_package_has_the_version_of_the_program(self):
        self.assertIn(bitlaw.__version__, self.experiment._program.bytes("--version").decode())


class ProgressTests(unittest.TestCase):
    def standing(self) -> Standing:
        standing = Standing()
        for event in [
            {"event": "started", "total": 4}, {"event": "cached", "action": "a"},
            {"event": "running", "action": "b"}, {"event": "failed", "action": "b"},
            {"event": "running", "action": "<c>\x1b[2J"},
            {"event": "progress", "action": "<c>\x1b[2J", "done": 1, "total": 4, "note": "loss 2"},
        ]:
            standing.take(event)
        return standing

    def test_the_state_is_one_line_and_one_bar(self):
        self.assertEqual(self.standing().line, "2/4, 1 failed  <c>\x1b[2J 25 %, loss 2")
        self.assertIn('max="4" value="2"', self.standing().html)
        self.assertIn("&lt;c&gt;", self.standing().html)

    def test_a_name_steers_no_terminal(self):
        stream = io.StringIO()
        terminal = _Terminal(stream)
        terminal._standing = self.standing()
        terminal._draw()
        self.assertEqual(stream.getvalue(), "\r\x1b[K2/4, 1 failed  <c>?[2J 25 %, loss 2")
        terminal.end()
        self.assertTrue(stream.getvalue().endswith("2/4, 1 failed\n"))
