import Canon
import Experiment
import Glibc
import System

/// How a program is started once to see what it reads: unconfined, under `strace`, and with a project that
/// it cannot write.
///
/// It works in the folder of an attempt as ever, in which links stand for all that the project has.
/// Bubblewrap shows it the whole machine, read-only but for that folder and `/tmp`.
package struct ProgramTrace: Sendable {
    /// Where the record is written.
    package let record: String
    /// The project's folder.
    private let project: String

    /// Records into a file what programs of a project read.
    package init(record: String, project: String) {
        self.record = record
        self.project = project
    }

    /// The words that start a program in the folder of its attempt.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments.
    ///   - context: whose attempt it is.
    /// - Returns: the words of bubblewrap and `strace`, and the program's behind them.
    /// - Throws: ``ActionFailure`` where `strace` or bubblewrap is missing.
    func words(tracing words: [String], _ context: StageContext) throws -> [String] {
        let variables = context.programVariables
        guard let strace = variables.find("strace"), let bubblewrap = variables.find("bwrap") else {
            throw ActionFailure(
                description:
                    "expected strace and bubblewrap (bwrap) on PATH, found only one of them or "
                    + "none\n  fix: apt-get install strace bubblewrap")
        }
        let outputs = (ProgramParameters.of(context.parameters.values)["outputs"]?.members ?? [:])
            .values.compactMap {
                $0.text
            }
        try link(
            project, into: context.folder,
            besides: outputs.compactMap { $0.split(separator: "/").first })
        let attempt = ProjectFolder.folder(of: context.folder)
        return [
            bubblewrap, "--die-with-parent", "--ro-bind", "/", "/", "--dev-bind", "/dev", "/dev",
            "--proc", "/proc", "--bind", "/tmp", "/tmp", "--ro-bind", project, project,
            "--bind", attempt, attempt, "--bind", record, record, "--chdir", context.folder, "--",
            strace, "-f", "-y", "-qq", "-s", "4096", "-e", "trace=file,process", "-o", record, "--",
        ] + words
    }

    /// Puts links to what stands in a folder into another one, where nothing stands in their way.
    private func link(_ folder: String, into place: String, besides outputs: [Substring]) throws {
        for name in try namesInFolder(folder)
        where ![".git", ".cache"].contains(name) && !outputs.contains(Substring(name)) {
            let (target, link) = ("\(folder)/\(name)", "\(place)/\(name)")
            if unsafe symlink(target, link) == 0 { continue }
            guard errno == EEXIST else { throw OperationalError.system("make the link", link) }
            let isFolder = linkTarget(link) == nil && ProjectFolder.isFolder(link)
            if isFolder && ProjectFolder.isFolder(target) {
                try self.link(target, into: link, besides: [])
            }
        }
    }
}
