import ArgumentParser
import Canon
import Run
import System

/// Writes a small project that runs.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a small project that runs in seconds and ends in a law and a page.",
        discussion: """
            TEMPLATES
              laws   data, errors, a law and a page from the kinds that come with Bitlaw
              own    a program of your own in Python, swept over a size and repeated

            EXAMPLE
              bitlaw init first
              bitlaw init mine --template own
            """)

    @Argument(help: "The folder; it is made where it is missing.", completion: .directory)
    var folder: String

    @Option(
        help:
            "What to begin with: \(ProjectTemplate.allCases.map { $0.rawValue }.joined(separator: " or ")).",
        completion: .list(ProjectTemplate.allCases.map { $0.rawValue }))
    var template = ProjectTemplate.laws.rawValue

    func run() throws {
        guard let chosen = ProjectTemplate(rawValue: template) else {
            let names = ProjectTemplate.allCases.map { $0.rawValue }
            var text = "--template \(visible(template)): no such template"
            for one in ProjectTemplate.allCases { text += "\n  \(one.rawValue): \(one.summary)" }
            if let nearest = nearestName(to: template, among: names) {
                text += "\n  did you mean `\(nearest)`?"
            }
            throw UsageError(text: text)
        }
        // Who else may write there could have put in what is approved.
        let isEmpty = try namesInFolder(folder).isEmpty
        let isOurs =
            !ProjectFolder.isFolder(folder) || isEmpty && ProjectFolder.openness(of: folder) == nil
        try write(chosen.files)
        for file in chosen.files { Output.line("wrote \(folder)/\(file.name)") }
        Output.lines("\nnext:\n  cd \(printable(folder))")
        if !Confinement.works && !approve(isOurs: isOurs) {
            Output.line("  bitlaw trust                   # once: its programs may run")
        }
        Output.lines(
            """
              bitlaw plan experiment.yaml    # what would run
              bitlaw run experiment.yaml     # seconds; ends with a law and its page
            """)
    }

    /// Lets the project start its programs, which nothing confines here, where all of them are ours.
    ///
    /// - Returns: whether nothing is left to approve.
    private func approve(isOurs: Bool) -> Bool {
        let project = ProjectFolder.absolute(folder)
        if isOurs, var approvals = try? Approvals(of: .person),
            (try? approvals.give([.programs], to: project)) != nil
        {
            return true
        }
        let isGiven = try? ReaderConsent(of: .person).isGiven(.programs, to: project)
        return isGiven == true || Confinement.works
    }

    /// Writes the files, unless one of them would take the place of another.
    private func write(_ files: [(name: String, bytes: [UInt8])]) throws {
        let there = Set(try namesInFolder(folder))
        let taken = files.map { $0.name }.filter(there.contains)
        guard taken.isEmpty else {
            throw UsageError(
                text:
                    "\(folder) has \(taken.joined(separator: ", ")) already, and nothing was written\n"
                    + "  fix: name another folder, or move what is there")
        }
        do {
            try makeFolder(folder)
        } catch let error as OperationalError {
            throw UsageError(text: "\(error.message)\n  fix: name another folder")
        }
        for file in files {
            try writeWholeFile(file.bytes, to: "\(folder)/\(file.name)", .none, isNew: true)
        }
    }
}
