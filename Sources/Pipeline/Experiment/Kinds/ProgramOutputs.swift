package import Canon
import System

/// The outputs that a stage declares for its program: names, and the paths where the program writes them.
///
/// A path that ends in `/` is a folder, kept with all in it. Without any, what the program prints is the
/// output `out`.
package struct ProgramOutputs: Equatable, Sendable {
    /// One output.
    package struct Output: Equatable, Sendable {
        /// Its name.
        package let name: String
        /// Its path in the work folder, without a `/` at its end.
        package let path: String
        /// Whether it is a folder.
        package let isFolder: Bool
    }

    /// The declared outputs, in the order of their names; empty where the program prints its output.
    package let list: [Output]

    /// The name of what a program prints.
    package static let printed = "out"
    /// The folder of the inputs, where no output is written.
    package static let inputs = "inputs"

    /// Declares nothing: what the program prints is its output.
    package init() { list = [] }

    /// Reads the parameter `outputs`, an object of paths by name, or `null`.
    ///
    /// - Throws: ``Mistake`` naming the output.
    package init(json: JSON) throws(Mistake) {
        guard json != .null else {
            list = []
            return
        }
        guard let members = json.members, !members.isEmpty, members.count <= 1000 else {
            throw Mistake(name: nil, found: json.canonicalText, advice: ProgramOutputs.expected)
        }
        var list: [Output] = []
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            guard isSafeName(name) else {
                throw Mistake(
                    name: name, found: "the name `\(visible(name))`",
                    advice: "expected: a name of letters, digits, `.`, `_`, `-`")
            }
            guard let path = value.text, let output = Output(name: name, written: path) else {
                throw Mistake(
                    name: name, found: visible(value.canonicalText),
                    advice: ProgramOutputs.expected)
            }
            for other in list where output.meets(other.path) {
                throw Mistake(
                    name: name, found: "\(path), where output `\(other.name)` is",
                    advice: "expected: a place of its own for each output")
            }
            list.append(output)
        }
        self.list = list
    }

    private static let expected =
        "expected: a path in the work folder, such as metrics.json, or figures/ for a folder; not in inputs/"

    /// The outputs as ports of a kind.
    package var ports: [OutputPort] {
        if list.isEmpty {
            return [
                OutputPort(
                    ProgramOutputs.printed, fileName: "out", "What the program prints.")
            ]
        }
        return list.map { output in
            let name = ProjectFolder.name(of: output.path)
            return OutputPort(
                output.name, fileName: output.isFolder ? name + "/" : name,
                output.isFolder ? "A folder." : "A file.")
        }
    }

    /// Why something is no declaration of outputs.
    package struct Mistake: Error {
        /// The output, where one is meant.
        package let name: String?
        /// What was found.
        package let found: String
        /// What is expected.
        package let advice: String
    }
}

extension ProgramOutputs.Output {
    /// Reads a path as it is written; `nil` for one that a program may not write to.
    init?(name: String, written: String) {
        let isFolder = written.hasSuffix("/")
        let path = isFolder ? String(written.dropLast()) : written
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard written.utf8.count <= 4095, !written.utf8.contains(0),
            parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 255 }),
            parts[0] != ProgramOutputs.inputs
        else { return nil }
        self.init(name: name, path: path, isFolder: isFolder)
    }

    /// Whether it is written to a path from the work folder, above it or below it.
    func meets(_ other: String) -> Bool {
        let slash = UInt8(ascii: "/")
        return zip(path.utf8.split(separator: slash), other.utf8.split(separator: slash))
            .allSatisfy { $0.elementsEqual($1) }
    }
}
