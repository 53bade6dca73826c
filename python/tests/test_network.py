"""Weights: what others make of the file is the network that was trained."""

from world import WorldTest, needs


def forward(weights, points, numpy):
    """The network, written out as PyTorch would compute it: tanh, normalised layers, outputs first."""
    values = points
    last = max(int(name.split(".")[1]) for name in weights if name.startswith("layers."))
    for layer in range(last + 1):
        values = values @ weights[f"layers.{layer}.weight"].T + weights[f"layers.{layer}.bias"]
        if layer == last:
            return values[:, 0]
        centred = values - values.mean(axis=1, keepdims=True)
        values = centred / numpy.sqrt(values.var(axis=1, keepdims=True) + 1e-5)
        values = values * weights[f"norms.{layer}.weight"] + weights[f"norms.{layer}.bias"]
        values = numpy.tanh(values)


def divergence(weights, task, tables, numpy) -> float:
    """The mean KL divergence of a network of hidden factors, as docs/HIDDEN-FACTORS.md writes it."""
    def rms(z):
        return z / numpy.sqrt((z * z).mean(axis=1, keepdims=True) + 1e-6)

    values = weights["embedding.weight"]
    for block in range(2):
        unit = rms(values)
        gate = unit @ weights[f"blocks.{block}.gate.weight"].T
        inner = gate / (1 + numpy.exp(-gate)) * (unit @ weights[f"blocks.{block}.up.weight"].T)
        values = values + inner @ weights[f"blocks.{block}.down.weight"].T
    logits = rms(values) @ weights["unembedding.weight"].T
    found = logits - numpy.log(numpy.exp(logits).sum(axis=1, keepdims=True))
    # The truth: of inputs the first factor runs fastest, of outputs the last; each output has one parent.
    rows, start = [], 0
    for parents, size in zip(task["parents"], task["outputs"]):
        states = task["inputs"][parents[0]]
        rows.append(tables[start:start + states * size, 0].reshape(states, size))
        start += states * size
    total = 0.0
    for x in range(len(values)):
        place = [x % task["inputs"][0], x // task["inputs"][0]]
        first, second = (rows[j][place[task["parents"][j][0]]] for j in range(2))
        truth = (first[:, None] + second[None, :]).reshape(-1)
        total += (numpy.exp(truth) * (truth - found[x])).sum()
    return total / len(values)


class NetworkTests(WorldTest):
    ACTION = "network[samples=400,width=4]"

    @needs("numpy", "no network was computed from its weights")
    def test_a_forward_pass_of_our_weights_has_the_errors_that_the_program_found(self):
        import numpy

        weights = self.experiment.output(self.ACTION, "weights")
        shapes = {name: array.shape for name, array in weights.items()}
        self.assertEqual(shapes["layers.0.weight"], (4, 2))
        self.assertEqual(shapes["layers.1.weight"], (3, 4))
        self.assertEqual(shapes["layers.2.weight"], (1, 3))
        test = self.experiment.output("test")
        doubles = {name: array.astype("f8") for name, array in weights.items()}
        logits = forward(doubles, test[:, :2], numpy)
        self.compare(logits, test)

    def compare(self, logits, test):
        """Holds the classes against the errors that the program found, on both sets of test points."""
        errors = self.experiment.output("scored[samples=400,width=4]")
        self.assertGreater(abs(logits).min(), 1e-5, "a point lies on the border: take another seed")
        is_wrong = (logits > 0) != (test[:, 2] > 0.5)
        self.assertEqual(is_wrong[test[:, 3] == 0].mean(), errors["mixture"])
        self.assertEqual(is_wrong[test[:, 3] == 1].mean(), errors["uniform"])

    @needs("numpy", "no network of hidden factors was computed from its weights")
    def test_a_forward_pass_of_a_network_of_factors_has_the_loss_that_the_program_found(self):
        import numpy

        weights = self.experiment.output("factors", "weights")
        self.assertEqual(weights["blocks.1.gate.weight"].shape, (5, 6))
        self.assertEqual(weights["blocks.1.down.weight"].shape, (6, 5))
        self.assertEqual(weights["unembedding.weight"].shape, (12, 6))
        doubles = {name: array.astype("f8") for name, array in weights.items()}
        task, tables = self.experiment.output("task", "task"), self.experiment.output("task", "tables")
        found = divergence(doubles, task, tables, numpy)
        expected = self.experiment.output("factors", "summary")["test"]
        self.assertGreater(expected, 1e-4)
        self.assertAlmostEqual(found, expected, delta=1e-4 * expected)

    @needs("torch", "no weights were loaded into torch.nn.Linear")
    def test_torch_loads_the_weights_under_their_names(self):
        import torch

        weights = self.experiment.output(self.ACTION, "weights")
        layers = torch.nn.ModuleList(
            torch.nn.Linear(*sizes) for sizes in ((2, 4), (4, 3), (3, 1)))
        norms = torch.nn.ModuleList(torch.nn.LayerNorm(size) for size in (4, 3))
        network = torch.nn.ModuleDict({"layers": layers, "norms": norms})
        network.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
        test = self.experiment.output("test")
        with torch.no_grad():
            values = torch.from_numpy(test[:, :2].astype("f4"))
            for layer, norm in zip(layers, norms):
                values = torch.tanh(norm(layer(values)))
            self.compare(layers[2](values)[:, 0].numpy(), test)
