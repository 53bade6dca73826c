package import Canon

/// What an experiment is made of: its file, the files that it includes, and what was set from outside.
package struct ExperimentSource: Sendable, Equatable {
    /// A file that another one includes.
    package struct Include: Sendable, Equatable {
        /// The path below the project.
        package let path: String
        /// The digest of its bytes.
        package let digest: Digest
    }

    /// The digest of the experiment file's own bytes.
    package let file: Digest
    /// The files that it includes, in the order in which they were read.
    package let includes: [Include]
    /// What was set on the command line, as it was written: `seed=7`.
    package let settings: [String]

    /// The experiment in a file of its own.
    package init(file: Digest, includes: [Include] = [], settings: [String] = []) {
        self.file = file
        self.includes = includes
        self.settings = settings
    }

    /// A digest of all of it: that of the file where there is nothing else.
    package var digest: Digest {
        guard !includes.isEmpty || !settings.isEmpty else { return file }
        return Digest(of: json.canonical().span)
    }

    /// The same for programs; what is empty is left out.
    package var json: JSON {
        var members: [String: JSON] = ["file": .string(file.hex)]
        if !includes.isEmpty {
            members["includes"] = .array(
                includes.map { ["path": .string($0.path), "sha256": .string($0.digest.hex)] })
        }
        if !settings.isEmpty { members["settings"] = .array(settings.map { .string($0) }) }
        return .object(members)
    }
}
