import ArgumentParser
import Canon
import Experiment
import System

/// Writes the beginning of a kind: of one that a program of the project makes, or into Bitlaw's own source.
struct NewKindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kind",
        abstract: "Write a new kind with its test or example, and tell what else it needs.",
        discussion: """
            The beginning of the name says which subject it belongs to: law.slope goes to the folder of \
            the kinds that begin with `law.`, unless --subject names another. With --program the kind is \
            that of a program in the project of the current folder, and needs no checkout of Bitlaw.

            EXAMPLE
              bitlaw new kind ridge --program
              bitlaw new kind law.slope
              bitlaw new kind words.count --subject Laws
            """)

    @Argument(help: "The kind's name, such as law.slope.")
    var name: String

    @Flag(help: "A kind of the project's own, around a program: kinds/NAME.yaml.")
    var program = false

    @Option(help: "The folder in Sources/Stages that it belongs to.")
    var subject: String?

    @Option(
        name: .customShort("C"),
        help: "The checkout, or the project (default: this folder, or one above).")
    var folder: String?

    func validate() throws {
        if program && subject != nil {
            throw ValidationError(
                "--subject names a folder of Bitlaw's source, and goes without --program")
        }
    }

    func run() throws {
        if allKinds.kind(name) != nil {
            throw UsageError(text: "the kind `\(name)` is there already\n  fix: give another name")
        }
        if program {
            let skeleton = try ProgramKindSkeleton(name)
            let start = ProjectFolder.absolute("\(folder ?? ".")/x")
            try write(skeleton.files, below: try Consent.project(of: start))
            return Output.write(skeleton.next)
        }
        let skeleton = try KindSkeleton(name)
        let checkout = try checkout()
        let subject = try self.subject ?? subject(in: checkout)
        try requireSubject(subject, in: checkout)
        let files = [
            (path: "Sources/Stages/\(subject)/Kinds/\(skeleton.type).swift", text: skeleton.stage),
            (
                path: "Tests/StagesTests/\(subject)/\(skeleton.type)Tests.swift",
                text: skeleton.test(subject)
            ),
        ]
        try write(files, below: checkout)
        Output.write(skeleton.next(subject))
    }

    /// Writes files, unless one of them is there.
    private func write(_ files: [(path: String, text: String)], below folder: String) throws {
        for (path, _) in files where try PlainFile.open("\(folder)/\(path)") != nil {
            throw UsageError(
                text: "\(path) is there already, and nothing was written\n  fix: give another name")
        }
        for (path, text) in files {
            try makeFolder(ProjectFolder.folder(of: "\(folder)/\(path)"))
            try writeWholeFile(Array(text.utf8), to: "\(folder)/\(path)", .none, isNew: true)
            Output.line("wrote \(path)")
        }
    }

    /// The folder of Bitlaw's source that this folder is in.
    private func checkout() throws -> String {
        let start = ProjectFolder.absolute(folder ?? ".")
        var candidate = start
        while true {
            // A package of others names ours too, as what it depends on.
            if let bytes = try? readWholeFile("\(candidate)/Package.swift", limit: 1 << 20),
                String(decoding: bytes, as: UTF8.self).replacing(
                    ".package(name: \"bitlaw\"", with: ""
                )
                .contains("name: \"bitlaw\"")
            {
                return candidate
            }
            let above = ProjectFolder.folder(of: candidate)
            if above == candidate || above == "." { break }
            candidate = above
        }
        throw UsageError(
            text: "\(start) is no checkout of Bitlaw's source, where kinds are written in Swift\n"
                + "  fix: run it there, or name the checkout with -C; for a program of your own: "
                + "bitlaw new kind NAME --program; in a Swift package of your own: docs/own-kind.md"
        )
    }

    /// The subjects by the names of their folders.
    private func subjects(in checkout: String) throws -> [String] {
        try namesInFolder("\(checkout)/Sources/Stages").filter {
            try PlainFile.open("\(checkout)/Sources/Stages/\($0)/\($0)Kinds.swift") != nil
        }
    }

    /// The subject whose kinds begin as this one does.
    private func subject(in checkout: String) throws -> String {
        let subjects = try subjects(in: checkout)
        let lead = "name: \"\(name.prefix { $0 != "." })."
        for subject in subjects {
            let folder = "\(checkout)/Sources/Stages/\(subject)/Kinds"
            for file in try namesInFolder(folder) where file.hasSuffix("Stage.swift") {
                let bytes = try readRequiredFile("\(folder)/\(file)", limit: 1 << 20)
                if String(decoding: bytes, as: UTF8.self).contains(lead) { return subject }
            }
        }
        throw UsageError(
            text: "no subject has kinds that begin with `\(name.prefix { $0 != "." }).`\n"
                + "  fix: name the subject with --subject: \(subjects.joined(separator: ", "))")
    }

    private func requireSubject(_ subject: String, in checkout: String) throws {
        let subjects = try subjects(in: checkout)
        if subjects.contains(subject) { return }
        throw UsageError(
            text: "--subject \(subject): no such subject\n"
                + notes(forUnknown: subject, allowed: subjects).map { "  \($0)" }.joined(
                    separator: "\n"))
    }
}
