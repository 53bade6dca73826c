import Canon
package import Experiment
import Glibc
import System

/// Runs a program of the project's own.
package enum CommandStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "command", version: 1,
        summary: "Runs a program; its output is the file that it writes, or what it prints.",
        source: "our own; bits are as reproducible as the program is",
        parameters: [
            Parameter(
                "run", .list(.text, count: 1...1000),
                "The program and its arguments, run in an empty folder. {inputs} stands for the "
                    + "paths of all inputs (as separate arguments where it stands alone), {0}, {1}, … "
                    + "for one, {output} for the file to write, {seed} for the seed. Paths are "
                    + "relative and without spaces."),
            Parameter(
                "depends", .list(.text, count: 0...100), default: [],
                "Anything else that the result depends on, such as a version: part of the key."),
        ],
        inputs: [
            InputPort(
                "inputs", "what the program reads", isOptional: true, isCollection: true,
                takesSeveralStages: true)
        ],
        outputs: [
            OutputPort("out", fileName: "out", "The file written to {output}, or standard output.")
        ],
        isRandom: true)

    /// Runs the program in the attempt's folder with a fixed environment.
    package static func run(_ context: StageContext) throws {
        let words = context.parameters.texts("run")
        let writesItself = words.contains { $0.contains("{output}") }
        let output =
            writesItself ? context.path(forOutput: "out") : context.reusedPath(forOutput: "out")
        let readsInputs = words.contains { $0.contains("{") }
        let paths = readsInputs ? try relativePaths(context) : []
        var arguments: [String] = []
        for word in words {
            if word == "{inputs}" {
                arguments += paths
                continue
            }
            var text = word
            if word.contains("{") {
                text = text.replacing("{output}", with: "./\(lastComponent(output))")
                    .replacing("{seed}", with: String(context.seed))
                    .replacing("{inputs}", with: paths.joined(separator: " "))
                for (index, path) in paths.enumerated() where text.contains("{\(index)}") {
                    text = text.replacing("{\(index)}", with: path)
                }
            }
            arguments.append(text)
        }
        let child = try ChildProcess(
            arguments, environment: ChildProcess.fixedEnvironment(home: context.folder),
            folder: context.folder, streams: writesItself ? .log : .file(output))
        let status = child.wait()
        guard status == 0 else { throw CommandFailure(status: status, program: words[0]) }
        if writesItself, unsafe access(output, F_OK) != 0 {
            throw ActionFailure(description: "\(words[0]) ended well, but did not write {output}")
        }
    }
}

extension CommandStage {
    /// The inputs as seen from the folder that the program runs in: the same names in every
    /// attempt, store and project, so that a program which prints them gives the same bits, and
    /// without characters that a shell would split.
    private static func relativePaths(_ context: StageContext) throws -> [String] {
        let attempt = context.folder.split(separator: "/").dropLast().joined(separator: "/")
        return try context.inputs("inputs").enumerated().map { index, input in
            let path = try input.path()
            if path.hasPrefix("/\(attempt)/") { return "../\(path.dropFirst(attempt.count + 2))" }
            let link = "/\(attempt)/in/inputs-\(index)"
            _ = unsafe mkdir("/\(attempt)/in", 0o777)
            guard unsafe symlink(path, link) == 0 else {
                throw ActionFailure(description: "\(link): cannot link to \(path)")
            }
            return "../in/inputs-\(index)"
        }
    }

    private static func lastComponent(_ path: String) -> Substring {
        path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    }
}

/// A program that did not end well; its exit code may be declared worth another attempt.
struct CommandFailure: Error, CustomStringConvertible {
    let status: CInt
    let program: String

    var description: String {
        status < 0
            ? "\(program) was killed by signal \(-status)"
            : "\(program) ended with exit code \(status)"
    }
}
