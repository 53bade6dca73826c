import Canon
import Experiment
import Run

/// The kinds of experiments with programs.
let programKinds = KindRegistry([ProgramStage.self, TestNumbers.self], profile: { "none" })

/// An experiment with programs, of a project that has these files alone.
func loadPrograms(_ text: String, path: String = "x.yaml", files: [String: String] = [:]) throws
    -> ActionGraph
{
    try ExperimentLoader.load(
        bytes: Array(text.utf8), path: path, project: "/nowhere",
        files: ExperimentFiles(
            names: Set(files.keys), contents: files.mapValues { Array($0.utf8) }),
        registry: programKinds)
}

/// The text of the mistakes in one; empty where there are none.
func programMistakes(_ text: String, path: String = "x.yaml", files: [String: String] = [:])
    -> String
{
    do {
        _ = try loadPrograms(text, path: path, files: files)
        return ""
    } catch {
        return "\(error)"
    }
}

/// An experiment whose stage `a` is of the kind `command`: its members stand in the lines 10 and following,
/// four blanks in.
func programStage(_ members: String, over axes: String = "") -> String {
    let lead = #"""
        experiment: x
        seed: 1
        constants: {c: 0.10, text: "a $${b}"}
        axes: {n: [1, 2], q: ["$${seed}", "it's"]}
        stages:
          data: {kind: test.numbers}
          a:
        """#
    let lines = ("kind: command\nover: [\(axes)]\n" + members)
        .split(separator: "\n", omittingEmptySubsequences: false)
    return lead + lines.map { "\n    \($0)" }.joined() + "\n"
}
