import Cache
import Glibc

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
                "The program and its arguments. {inputs} stands for the paths of all inputs, "
                    + "{0}, {1}, … for one, {output} for the file to write, {seed} for the seed."),
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
        let output = context.path(forOutput: "out")
        let words = context.parameters.texts("run")
        let writesItself = words.contains { $0.contains("{output}") }
        var arguments: [String] = []
        var paths: [String]?
        func allPaths() throws -> [String] {
            if let paths { return paths }
            let made = try context.inputs("inputs").map { try $0.path() }
            paths = made
            return made
        }
        for word in words {
            if word == "{inputs}" {
                arguments += try allPaths()
                continue
            }
            var text = word.replacing("{output}", with: output)
                .replacing("{seed}", with: String(context.seed))
            if text.contains("{") {
                for (index, path) in try allPaths().enumerated() where text.contains("{\(index)}") {
                    text = text.replacing("{\(index)}", with: path)
                }
            }
            arguments.append(text)
        }
        let child = try ChildProcess.start(
            arguments, environment: ChildProcess.fixedEnvironment(home: context.folder),
            folder: context.folder, output: writesItself ? nil : output)
        let status = child.wait()
        guard status == 0 else { throw CommandFailure(status: status, program: words[0]) }
        if writesItself, unsafe access(output, F_OK) != 0 {
            throw FileError(description: "\(words[0]) ended well, but did not write {output}")
        }
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
