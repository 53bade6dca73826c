import Canon
import Experiment
import System

/// The tools of a run: each is looked at once, however many actions use it.
struct ToolShelf {
    private let source: ToolSource
    private let approval: ToolApproval
    private var known: [ExactText: ToolIdentity] = [:]

    /// Looks for tools of a project; those that stand outside need an approval.
    init(_ source: ToolSource, approval: ToolApproval) {
        self.source = source
        self.approval = approval
    }

    /// The tools that the parameters of an action name.
    ///
    /// - Throws: ``OperationalError`` naming the tool: it is not there, cannot be read, or is not approved.
    mutating func tools(of parameters: [String: JSON]) throws -> ProgramTools {
        let program = ProgramParameters.of(parameters)
        var tools = ProgramTools()
        for (name, value) in (program["tools"]?.members ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let place = value.text, isSafeName(name) else {
                throw OperationalError(
                    code: .malformed,
                    message:
                        "tools: \(visible(name)): expected a name of letters and digits with the "
                        + "path of a tool, found \(visible(value.canonicalText))",
                    remedy: "write it as tools: {venv: .venv}")
            }
            tools.add(try tool(at: place), named: name)
        }
        if program["system"] == "strict" {
            guard let packages = SystemPackages.here else {
                throw OperationalError(
                    code: .missing,
                    message:
                        "system: strict: expected the system's list of packages, found none of dpkg, "
                        + "apk, pacman and rpm",
                    remedy: "leave `system: strict` out here, or name what counts in `depends`")
            }
            tools.add(packages)
        }
        return tools
    }

    private mutating func tool(at place: String) throws -> ToolIdentity {
        if let tool = known[ExactText(place)] { return tool }
        // Nothing of it is read before its place is approved, nor shown before what its links lead to is.
        let root = source.path(of: place).map { source.outside([$0]) } ?? []
        try approval.check(root, place, project: source.project)
        let tool = try ToolIdentity(of: place, in: source)
        try approval.check(tool.outside, place, project: source.project)
        known[ExactText(place)] = tool
        return tool
    }
}
