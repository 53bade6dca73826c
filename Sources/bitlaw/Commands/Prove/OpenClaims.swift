import Evidence
import Experiment
import LocalStore
import Run
import Workbench

/// A claims file with its experiment and store.
struct OpenClaims {
    let file: ClaimsFile
    let graph: ActionGraph
    let store: Store
    let now: ResultList
    let checker: ClaimChecker

    init(_ path: String, _ common: StoreOptions) throws {
        try common.enter()
        file = try ClaimsFile.load(path: path)
        graph = try Consent.load(file.experiment)
        store = try common.open(project: graph.project, creating: false)
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        now = ResultList(plan: plan, graph: graph, profile: nil, origin: store.path)
        checker = ClaimChecker(
            graph: graph, store: store, formats: StandardFormats(), now: now,
            lock: try LockFile.readIfAny(LockFile.path(of: graph.file)))
    }

    func checks() throws -> [ClaimCheck] { try file.claims.map { try checker.check($0) } }
}
