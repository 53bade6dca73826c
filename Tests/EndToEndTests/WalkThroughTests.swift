import Glibc
import System
import TestSupport
import Testing

/// The walk-throughs of docs, executed as they stand there.
@Suite struct WalkThroughTests {
    /// A fenced block: its language with attributes, and its lines.
    private struct Block {
        let label: Substring
        let lines: [Substring]
    }

    private func blocks(_ text: String) -> [Block] {
        var blocks: [Block] = []
        var label: Substring?
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let open = label {
                    blocks.append(Block(label: open, lines: lines))
                    (label, lines) = (nil, [])
                } else {
                    label = line.dropFirst(3)
                }
            } else if label != nil {
                lines.append(line)
            }
        }
        return blocks
    }

    /// Whether a line is as the page says; `…` stands for any text.
    private func matches(_ line: Substring, _ pattern: Substring) -> Bool {
        let parts = pattern.split(separator: "…", omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.last else { return line == pattern }
        guard line.hasPrefix(parts[0]) else { return false }
        var rest = line.dropFirst(parts[0].count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }

    /// Whether an output is as the page says; a line that is `…` alone stands for any lines.
    private func matches(_ lines: ArraySlice<Substring>, _ patterns: ArraySlice<Substring>) -> Bool
    {
        guard let pattern = patterns.first else { return lines.isEmpty }
        if pattern.filter({ $0 != " " }) == "…" {
            return (0...lines.count).contains {
                matches(lines.dropFirst($0), patterns.dropFirst())
            }
        }
        guard let line = lines.first, matches(line, pattern) else { return false }
        return matches(lines.dropFirst(), patterns.dropFirst())
    }

    @Test(arguments: [
        ("docs/auditing.md", 20), ("docs/own-spectrum.md", 6), ("docs/your-own-page.md", 6),
        ("docs/fit-a-law.md", 3), ("docs/first-experiment.md", 9),
    ])
    func `every command of the walk-through does what the page says`(page: String, atLeast: Int)
        throws
    {
        let project = Project()
        // As its reader types it: programs are confined, where that works.
        let person = EnvironmentVariables(words: ["PATH=\(variable("PATH") ?? "")"])
        guard case .works = SandboxTrial.run(person) else {
            return skip("no bubblewrap works here, so \(page) was not walked through")
        }
        #expect(project.shell("mkdir .reader; cp '\(Repository.root)/\(page)' page.md") == 0)
        let command = Project.command
        let folder = command.lastIndex(of: "/").map { String(command[..<$0]) } ?? "."
        var count = 0
        for block in blocks(project.read("page.md")) {
            if let file = block.label.split(separator: " ").first(where: { $0.hasPrefix("file=") })
            {
                project.write(
                    String(file.dropFirst(5)), block.lines.joined(separator: "\n") + "\n")
            }
            guard block.label == "console" else { continue }
            var rest = block.lines[...]
            while let first = rest.popFirst() {
                let line = try #require(first.hasPrefix("$ ") ? first.dropFirst(2) : nil)
                let expected = rest.prefix { !$0.hasPrefix("$ ") }
                rest = rest.dropFirst(expected.count)
                let parts = line.split(separator: "   # exit ")
                let code = parts.count > 1 ? CInt(parts[1]) : 0
                let found = project.shell(
                    "export BITLAW_CONFIG=\"$PWD/.reader\"; PATH='\(folder)':$PATH; { \(parts[0]) ; } >.walk 2>.walk-error </dev/null"
                )
                let output = project.read(".walk")
                #expect(found == code, "\(line): \(output)\(project.read(".walk-error"))")
                var lines = output.split(separator: "\n", omittingEmptySubsequences: false)
                if lines.last == "" { lines.removeLast() }
                #expect(
                    matches(lines[...], expected),
                    "\(line)\n--- the page\n\(expected.joined(separator: "\n"))\n--- found\n\(output)"
                )
                count += 1
            }
        }
        #expect(count >= atLeast)
    }
}
