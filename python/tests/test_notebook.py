"""A real kernel of Jupyter: progress while a run goes on, and what cells show."""

import os
import tempfile
import unittest

import bitlaw
from world import EXPERIMENT, LONG, PAGE, needs, write

CELL = """
import bitlaw
experiment = bitlaw.open({path!r})
experiment.run()
"""


@needs("jupyter_client", "no notebook was run")
@needs("ipykernel", "no notebook was run")
class NotebookTests(unittest.TestCase):
    def setUp(self):
        from jupyter_client.manager import KernelManager

        folder = tempfile.TemporaryDirectory(prefix="bitlaw-notebook-")
        self.addCleanup(folder.cleanup)
        write(folder.name, "bitlaw.yaml", "store: .cache\n")
        write(folder.name, "tiny.page.md", PAGE)
        self.path = write(folder.name, "tiny.yaml", EXPERIMENT)
        package = os.path.dirname(os.path.dirname(bitlaw.__file__))
        environment = {**os.environ, "PYTHONPATH": package, "IPYTHONDIR": folder.name}
        # Sockets in a folder: no port, and nobody else listens.
        place = os.path.join(folder.name, "kernel")
        self.manager = manager = KernelManager(kernel_name="python3", transport="ipc", ip=place)
        manager.start_kernel(env=environment)
        self.addCleanup(manager.shutdown_kernel, now=True)
        self.client = manager.client()
        self.client.start_channels()
        self.addCleanup(self.client.stop_channels)
        self.client.wait_for_ready(timeout=60)

    def test_the_button_that_interrupts_ends_a_run_and_keeps_what_finished(self):
        shown = []

        def press(message):
            if message["msg_type"] == "update_display_data" and not shown:
                if "long " in message["content"]["data"]["text/plain"]:
                    shown.append(message)
                    self.manager.interrupt_kernel()

        path = write(os.path.dirname(self.path), "long.yaml", LONG)
        reply = self.client.execute_interactive(CELL.format(path=path), timeout=50, output_hook=press)
        self.assertEqual(reply["content"]["ename"], "KeyboardInterrupt")
        runs = bitlaw.open(path).status()["runs"]
        self.assertEqual([run["outcome"] for run in runs], ["interrupted"])

    def execute(self, code: str) -> list:
        """What a cell gives: the messages that a front end shows."""
        shown = []

        def show(message):
            shown.append((message["msg_type"], message["content"]))

        reply = self.client.execute_interactive(code, timeout=50, output_hook=show)
        self.assertEqual(reply["content"]["status"], "ok", reply["content"])
        return shown

    def test_a_run_updates_one_bar_and_cells_show_tables_laws_and_pages(self):
        shown = self.execute(CELL.format(path=self.path))
        first = [content for kind, content in shown if kind == "display_data"]
        updates = [content for kind, content in shown if kind == "update_display_data"]
        self.assertEqual(len(first), 1)
        identity = first[0]["transient"]["display_id"]
        self.assertEqual({each["transient"]["display_id"] for each in updates}, {identity})
        self.assertIn('max="27" value="27"', updates[-1]["data"]["text/html"])
        self.assertEqual(updates[-1]["data"]["text/plain"], "27/27")
        results = [content["data"] for kind, content in shown if kind == "execute_result"]
        self.assertIn("27 ran, 0 cached", results[0]["text/html"])
        self.assertEqual([kind for kind, _ in shown if kind == "stream"], [])
        for cell, text in [
            ("experiment.law('law')", "<td>alpha</td>"), ("experiment.page()", "srcdoc="),
            ("experiment", "<td>mlp.train</td>"),
        ]:
            results = [content["data"] for kind, content in self.execute(cell) if kind == "execute_result"]
            self.assertIn(text, results[0]["text/html"])
