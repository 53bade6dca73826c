package import Canon
package import Experiment
package import System
package import Trust

/// A signed audit: these keys gave these digests, in this environment.
///
/// An in-toto Statement v1 whose subjects are the outputs and whose predicate is SLSA provenance v1
/// of the build type below (docs/auditing.md describes every member).
package struct Attestation: Sendable, Equatable {
    /// The URI that says what the members of the build definition mean.
    package static let buildType = "urn:bitlaw:audit:v1"
    private static let builder = "urn:bitlaw:builder:v1"
    private static let predicateType = "https://slsa.dev/provenance/v1"

    /// What one action gave.
    package struct Result: Sendable, Equatable {
        /// The action's name, for people; the key is what says which it is.
        package let action: String
        /// The action key.
        package let key: Digest
        /// The outputs, ordered by name.
        package let outputs: [ResultList.Output]

        /// Names what an action gave.
        package init(action: String, key: Digest, outputs: [ResultList.Output]) {
            self.action = action
            self.key = key
            self.outputs = outputs.sorted { $0.name < $1.name }
        }
    }

    /// The experiment's name.
    package let experiment: String
    /// The results that were made.
    package let results: [Result]
    /// Where they were made.
    package let environment: JSON
    /// The rest of the predicate: what was audited, when, from which file.
    private let details: JSON

    /// Attests what an audit made; actions that failed or were not made are no part of it, and none that may
    /// differ and did: nobody else will find its bits.
    ///
    /// Where a result was planted nothing is attested.
    package init(_ report: AuditReport) {
        let actions = report.actions(.planted).isEmpty ? report.actions : []
        experiment = report.experiment
        environment = report.environment
        results = actions.compactMap { action in
            guard let key = action.foundKey,
                ![.failed, .missing, .stated].contains(action.verdict)
            else { return nil }
            let outputs = action.outputs.compactMap { output in
                output.found.map { ResultList.Output(name: output.name, digest: $0) }
            }
            return outputs.isEmpty ? nil : Result(action: action.name, key: key, outputs: outputs)
        }
        details = [
            "file": .string(report.fileDigest.hex), "selection": .string(report.selection),
            "mode": report.isEachAlone ? "each-alone" : "from-sources",
            "startedOn": .string(report.startedAt), "finishedOn": .string(report.endedAt),
        ]
    }

    /// The statement to sign; an audit that made nothing has none.
    package var statement: Statement? {
        let subjects = results.flatMap { result in
            result.outputs.map {
                Statement.Subject(name: "\(result.action)/\($0.name)", digest: $0.digest)
            }
        }
        if subjects.isEmpty { return nil }
        let list: [JSON] = results.map { result in
            [
                "action": .string(result.action), "key": .string(result.key.hex),
                "outputs": .object(
                    Dictionary(result.outputs.map { ($0.name, .string($0.digest.hex)) }) {
                        first, _ in first
                    }),
            ]
        }
        let predicate: JSON = [
            "buildDefinition": [
                "buildType": .string(Attestation.buildType),
                "externalParameters": [
                    "experiment": .string(experiment), "selection": details["selection"] ?? .null,
                    "mode": details["mode"] ?? .null,
                ],
                "internalParameters": ["environment": environment, "results": .array(list)],
                "resolvedDependencies": [
                    [
                        "name": "experiment file", "digest": ["sha256": details["file"] ?? .null],
                    ]
                ],
            ],
            "runDetails": [
                "builder": [
                    "id": .string(Attestation.builder),
                    "version": ["bitlaw": environment["bitlaw"] ?? "unknown"],
                ],
                "metadata": [
                    "startedOn": details["startedOn"] ?? .null,
                    "finishedOn": details["finishedOn"] ?? .null,
                ],
            ],
        ]
        return Statement(
            subjects: subjects, predicateType: Attestation.predicateType, predicate: predicate)
    }

    /// Reads what a statement attests; who signed it is for the caller to check.
    ///
    /// - Throws: ``OperationalError`` `malformed`, naming `origin`, also where subjects and results do not
    ///   say the same.
    package init(_ statement: Statement, origin: String) throws(OperationalError) {
        func refused(_ found: String) -> OperationalError {
            OperationalError(
                code: .malformed,
                message: "\(origin): expected an audit (build type \(Attestation.buildType)), "
                    + "found \(found)", remedy: "name files that bitlaw audit --sign wrote")
        }
        let definition = statement.predicate["buildDefinition"]
        guard statement.predicateType == Attestation.predicateType else {
            throw refused("a predicate of type \(statement.predicateType)")
        }
        guard definition?["buildType"]?.text == Attestation.buildType else {
            throw refused("build type \(definition?["buildType"]?.canonicalText ?? "none")")
        }
        var results: [Result] = []
        var subjects: [Statement.Subject] = []
        for entry in definition?["internalParameters"]?["results"]?.elements ?? [] {
            guard let action = entry["action"]?.text, action == printable(action),
                let key = entry["key"]?.text.flatMap({ try? Digest(hex: $0) }),
                let members = entry["outputs"]?.members, !members.isEmpty
            else { throw refused("a result without action (a name of one line), key or outputs") }
            var outputs: [ResultList.Output] = []
            for (name, value) in members {
                guard let digest = value.text.flatMap({ try? Digest(hex: $0) }) else {
                    throw refused("output \(name) of \(action) without a digest")
                }
                outputs.append(ResultList.Output(name: name, digest: digest))
            }
            let result = Result(action: action, key: key, outputs: outputs)
            results.append(result)
            subjects += result.outputs.map {
                Statement.Subject(name: "\(action)/\($0.name)", digest: $0.digest)
            }
        }
        guard Set(subjects) == Set(statement.subjects), !results.isEmpty else {
            throw refused("subjects that are not the results of its predicate")
        }
        experiment = definition?["externalParameters"]?["experiment"]?.text ?? ""
        environment = definition?["internalParameters"]?["environment"] ?? .null
        self.results = results
        let metadata = statement.predicate["runDetails"]?["metadata"]
        details = [
            "file": definition?["resolvedDependencies"]?.elements?.first?["digest"]?["sha256"]
                ?? .null,
            "selection": definition?["externalParameters"]?["selection"] ?? .null,
            "mode": definition?["externalParameters"]?["mode"] ?? .null,
            "startedOn": metadata?["startedOn"] ?? .null,
            "finishedOn": metadata?["finishedOn"] ?? .null,
        ]
    }
}
