import Canon
import Experiment
import LocalStore
import System
import Workbench

/// One action as MLflow has it: a run with parameters, metrics and tags.
struct MLflowRun {
    /// What tells two runs apart: one action with the same bits is one run, however often it is exported.
    struct Identity: Hashable {
        let action: String
        let key: String
        let digest: String
    }

    let identity: Identity
    /// The axes, and the parameters of the kind.
    let parameters: [(name: String, value: String)]
    /// The numbers and truth values of its JSON outputs.
    let metrics: [(name: String, value: Double)]
    let tags: [(name: String, value: String)]
    /// When it began and ended, in milliseconds since 1970; `nil` where the store does not know it.
    let time: (start: Int, end: Int)?
    /// What MLflow cannot hold, in words.
    let remarks: [String]

    /// The most letters of a parameter's value.
    private static let mostLetters = 6000

    /// Describes an action that has run.
    ///
    /// - Throws: where an output cannot be read.
    init(
        _ action: Action, in graph: ActionGraph, key: Digest, outputs: [ActionResult.Output],
        store: Store
    )
        throws
    {
        let kind = graph.stage(of: action).kind
        var names = MLflowNames()
        let digest = Digest(
            of: JSON.object(
                Dictionary(outputs.map { ($0.name, .string($0.digest.hex)) }) { first, _ in first }
            ).canonical().span)
        identity = Identity(action: action.name, key: key.hex, digest: digest.hex)
        parameters = MLflowRun.parameters(action, &names)
        var metrics: [(name: String, value: Double)] = []
        let documents = kind.outputs.filter { $0.fileName.hasSuffix(".json") && !$0.isTree }
        for port in documents {
            guard let output = outputs.first(where: { $0.name == port.name }) else { continue }
            guard let bytes = try store.bytes(of: output.digest) else {
                throw OperationalError.lost(output.digest, in: store)
            }
            guard let document = try? JSON(parsing: PythonNumbers(bytes).text) else {
                names.remarks.append(
                    "\(action.name)/\(port.name) is no JSON, so it gives no metrics")
                continue
            }
            // Where several outputs have numbers, each is called by its output too.
            let root = documents.count > 1 ? port.name : ""
            for (name, value) in MLflowRun.numbers(document, root) {
                names.add(name, of: "metric") { metrics.append(($0, value)) }
            }
        }
        self.metrics = metrics
        let result = try store.result(for: key)?.result
        time = result.flatMap { result in
            Store.seconds(of: result.madeAt).map { end in
                (1000 * end - Int((1000 * result.seconds).rounded()), 1000 * end)
            }
        }
        tags = MLflowRun.tags(identity, action, graph, outputs)
        remarks = names.remarks.map { "\(action.name): \($0)" }
    }
}

extension MLflowRun {
    private static func parameters(_ action: Action, _ names: inout MLflowNames)
        -> [(name: String, value: String)]
    {
        var parameters: [(name: String, value: String)] = []
        for coordinate in action.coordinates {
            let value = text(coordinate.value)
            names.add(coordinate.axis, of: "parameter") { parameters.append(($0, value)) }
        }
        for name in JSON.sorted(action.parameters.keys) {
            let value = text(action.parameters[name] ?? .null)
            // A parameter that an axis fills in is one thing, said once.
            if parameters.contains(where: { $0.name == name && $0.value == value }) { continue }
            let isAxis = action.coordinates.contains { $0.axis == name }
            names.add(isAxis ? "params.\(name)" : name, of: "parameter") {
                parameters.append(($0, value))
            }
        }
        return parameters.map { name, value in
            if value.count <= mostLetters { return (name, value) }
            names.remarks.append(
                "parameter \(name) has \(value.count) letters; MLflow gets the first \(mostLetters - 100)"
            )
            return (name, "\(value.prefix(mostLetters - 100))… (\(value.count) letters)")
        }
    }

    private static func text(_ value: JSON) -> String { value.text ?? value.canonicalText }

    /// The numbers of a document, named by their path; a truth value is 1 or 0.
    private static func numbers(_ value: JSON, _ path: String) -> [(String, Double)] {
        if let members = value.members {
            return JSON.sorted(members.keys).flatMap { name in
                numbers(members[name] ?? .null, path.isEmpty ? name : "\(path).\(name)")
            }
        }
        if path.isEmpty { return [] }
        if case .bool(let isTrue) = value { return [(path, isTrue ? 1 : 0)] }
        return value.double.map { [(path, $0)] } ?? []
    }

    private static func tags(
        _ identity: Identity, _ action: Action, _ graph: ActionGraph,
        _ outputs: [ActionResult.Output]
    ) -> [(name: String, value: String)] {
        let kind = graph.stage(of: action).kind
        var tags = [
            (MLflowTag.action, identity.action), (MLflowTag.key, identity.key),
            (MLflowTag.digest, identity.digest),
            ("bitlaw.kind", "\(kind.name) version \(kind.version)"),
        ]
        if let seed = action.seed { tags.append(("bitlaw.seed", DerivedSeed.text(seed))) }
        let file = graph.fileInProject
        for output in outputs {
            tags.append(("bitlaw.output.\(output.name)", output.digest.hex))
            tags.append(
                (
                    "bitlaw.get.\(output.name)",
                    "bitlaw show \(shellWord(file)) \(shellWord(action.name)) --output \(output.name)"
                ))
        }
        return tags
    }

    /// A word as a shell reads it.
    private static func shellWord(_ text: String) -> String {
        "'" + text.replacing("'", with: #"'\''"#) + "'"
    }
}
