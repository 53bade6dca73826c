import Canon
import Experiment
import LocalStore
import Run
import Workbench

/// The details of actions: pages of one action each while they are few, and of forty where they are many.
struct ActionPages {
    let content: SiteContent
    let folder: SiteFolder
    private let perPage: Int
    private let bounds: OutputPreview.Bounds
    /// The most bytes of previews that one action has.
    private let mostPreviews: Int
    /// The number of each action's page among those of its stage.
    private let numbers: [Int]

    private static let mostAlone = 400
    private static let mostLinks = 40
    private static let mostLastWords = 40

    /// Lays the pages out.
    init(content: SiteContent, folder: SiteFolder) {
        self.content = content
        self.folder = folder
        let isFew = content.actions.count <= ActionPages.mostAlone
        perPage = isFew ? 1 : 40
        bounds = isFew ? .few : .many
        mostPreviews = isFew ? 1_200_000 : 36_000
        var counts: [[String]: Int] = [:]
        var numbers: [Int] = []
        for action in content.actions {
            let stage = [action.experiment, action.stage]
            numbers.append((counts[stage] ?? 0) / perPage)
            counts[stage, default: 0] += 1
        }
        self.numbers = numbers
    }

    /// Where the details of a key stand; `nil` where there are none.
    func link(to key: Digest) -> (page: String, name: String)? {
        content.places[key].map { link(to: $0) }
    }

    private func link(to place: Int) -> (page: String, name: String) {
        let action = content.actions[place]
        return (
            SiteFolder.name("actions", action.experiment, action.stage, number: numbers[place] + 1),
            "a\(action.key.hex.prefix(16))"
        )
    }

    private func anchor(_ place: Int) -> String {
        let (page, name) = link(to: place)
        return SitePage.link(visible(content.actions[place].name), to: "\(page)#\(name)")
    }

    /// Writes all pages.
    func write() throws {
        var groups: [String: [Int]] = [:]
        var order: [String] = []
        for place in content.actions.indices {
            let page = link(to: place).page
            if groups[page] == nil { order.append(page) }
            groups[page, default: []].append(place)
        }
        for name in order {
            let places = groups[name] ?? []
            guard let first = places.first else { continue }
            let action = content.actions[first]
            var page = SitePage(
                title: visible(places.count == 1 ? action.name : action.stage),
                trail: [
                    ("All results", SiteWriter.index),
                    (visible(action.experiment), SiteWriter.page(ofExperiment: action.experiment)),
                    (
                        visible(action.stage),
                        SiteWriter.page(ofStage: action.stage, of: action.experiment)
                    ),
                ])
            for place in places { page.add(try section(place)) }
            try folder.write(page.bytes, to: name)
        }
    }

    // MARK: One action

    private func section(_ place: Int) throws -> String {
        let action = content.actions[place]
        var facts: [(name: String, value: String)] = [("key", action.key.hex)]
        if let others = content.otherNames[action.key] {
            let names = others.sorted().prefix(5).map { visible($0) }.joined(separator: ", ")
            facts.append(
                ("same key", names + (others.count > 5 ? " and \(others.count - 5) more" : "")))
        }
        if let result = action.result {
            facts.append(("kind", visible("\(result.kind) version \(result.version)")))
            facts.append(("made", "\(visible(result.madeAt)) in \(Duration.text(result.seconds))"))
            if !result.isConfined { facts.append(("confined", "no: its program could read more")) }
            for (name, fact) in (result.madeWith?.facts ?? [:]).sorted(by: { $0.key < $1.key }) {
                facts.append(("with \(visible(name))", visible(fact)))
            }
        } else {
            facts.append(("result", "none in this store"))
        }
        if let seed = action.document?["seed"]?.text { facts.append(("seed", visible(seed))) }
        if let profile = action.document?["profile"]?.text {
            facts.append(("arithmetic", visible(profile)))
        }
        let parameters = action.document?["parameters"]?.members ?? [:]
        // A page of one action has its name for its title.
        var html = "<section class=\"action\" id=\"\(link(to: place).name)\">"
        if perPage > 1 { html += "<h2>\(Markup.escape(visible(action.name)))</h2>\n" }
        html += SitePage.list(facts)
        if !parameters.isEmpty {
            html += "<h3>Parameters</h3>"
            html += SitePage.list(
                JSON.sorted(parameters.keys).map { name in
                    (visible(name), visible(parameters[name]?.canonicalText ?? "", most: 400))
                })
        }
        html += try lastWords(of: action) + reads(action, place) + usedBy(place)
        var rest = mostPreviews
        for output in ActionPages.lookedAtFirst(action.result) {
            html += try self.output(output, of: action, &rest)
        }
        return html + "</section>\n"
    }

    /// The outputs of a result: pages and pictures first, the rest in its order.
    private static func lookedAtFirst(_ result: ActionResult?) -> [ActionResult.Output] {
        let outputs = result?.outputs ?? []
        func isFirst(_ output: ActionResult.Output) -> Bool {
            guard let port = port(of: output, result) else { return false }
            return port.role == .page || port.fileName == "plot.json"
                || port.fileName.hasSuffix(".svg")
        }
        return outputs.filter(isFirst) + outputs.filter { !isFirst($0) }
    }

    private static func port(of output: ActionResult.Output, _ result: ActionResult?) -> OutputPort?
    {
        result.flatMap { allKinds.kind($0.kind) }?.outputs.first { $0.name == output.name }
    }

    /// What an action without a result printed last: why it failed, where it says so.
    private func lastWords(of action: SiteContent.Known) throws -> String {
        guard action.result == nil, let log = try content.store.keptLog(of: action.key) else {
            return ""
        }
        let lines = String(decoding: log, as: UTF8.self).split(separator: "\n")
            .map { visible(String($0)) }
        let last = lines.suffix(ActionPages.mostLastWords)
        return "<h3 class=\"failed\">Its last attempt gave no result, and printed</h3>"
            + (lines.count > last.count
                ? "<p class=\"rest\">\(counted(lines.count - last.count, "line")) before; "
                    + "<code>bitlaw log</code> has all.</p>" : "")
            + "<pre>\(Markup.escape(last.joined(separator: "\n")))</pre>\n"
    }

    private func reads(_ action: SiteContent.Known, _ place: Int) -> String {
        let inputs = SiteContent.inputs(of: action)
        if inputs.isEmpty { return "" }
        var html = "<h3>Reads</h3><ul>"
        for input in inputs.prefix(ActionPages.mostLinks) {
            let producers = (content.producers[input.digest] ?? []).filter { $0 != place }
            html += "<li>\(Markup.escape(visible(input.port))) ← "
            if let first = producers.first {
                html += anchor(first) + Markup.escape("/\(visible(input.output))")
                if producers.count > 1 {
                    html += Markup.escape(
                        " (\(counted(producers.count - 1, "other action")) gave the same bytes)")
                }
            } else {
                html += Markup.escape(visible(input.file ?? input.output))
            }
            html += " <code>\(input.digest.short)</code></li>"
        }
        let more = inputs.count - ActionPages.mostLinks
        return html + "</ul>" + (more > 0 ? "<p class=\"rest\">… and \(more) more.</p>" : "")
    }

    private func usedBy(_ place: Int) -> String {
        let users = content.users[place] ?? []
        if users.isEmpty { return "" }
        var html = "<h3>Used by</h3><ul>"
        for user in users.prefix(ActionPages.mostLinks) { html += "<li>\(anchor(user))</li>" }
        let more = users.count - ActionPages.mostLinks
        return html + "</ul>" + (more > 0 ? "<p class=\"rest\">… and \(more) more.</p>" : "")
    }

    private func output(
        _ output: ActionResult.Output, of action: SiteContent.Known, _ rest: inout Int
    ) throws -> String {
        var html = "<h3>Output \(Markup.escape(visible(output.name)))</h3>"
        html += "<p><code>\(output.digest.hex)</code>, "
        if output.isTree {
            html += "a folder</p>"
            guard let tree = try content.store.tree(output.digest) else {
                return html + "<p class=\"rest\">The store has no good copy.</p>"
            }
            let paths = tree.entries.prefix(bounds.rows).map { visible($0.path) }
            return html + OutputPreview.lines(paths.joined(separator: "\n"), bounds.rows)
                + (tree.entries.count > paths.count
                    ? "<p class=\"rest\">… and \(tree.entries.count - paths.count) more.</p>" : "")
        }
        html += ByteCount.text(output.size)
        guard output.size <= OutputPreview.largest else {
            return html + "</p><p class=\"rest\">Larger than "
                + "\(OutputPreview.largest >> 20) MiB: not shown here.</p>"
        }
        guard let bytes = try content.store.bytes(of: output.digest) else {
            return html + "</p><p class=\"rest\">The store has no good copy.</p>"
        }
        let isPage = ActionPages.port(of: output, action.result)?.role == .page
        let preview =
            (isPage ? OutputPreview.page(bytes, bounds) : nil) ?? OutputPreview(bytes, bounds)
        html += ", \(Markup.escape(preview.what))</p>"
        let size = preview.html.utf8.count
        guard size <= rest else {
            return html + "<p class=\"rest\">Not shown: the page would be too large.</p>"
        }
        rest -= size
        return html + preview.html
    }

    // MARK: Values

    /// What a table tells of an action of a run.
    func facts(of step: ShownRun.Step, _ experiment: String) -> ActionFacts {
        let known = step.key.flatMap { content.places[$0] }.map { content.actions[$0] }
        let result = known?.result
        let ports = result.flatMap { allKinds.kind($0.kind) }?.outputs ?? []
        let store = content.store
        return ActionFacts(
            name: step.name,
            coordinates: content.coordinates(step.name, of: experiment),
            state: result == nil ? step.state : "done", seconds: result?.seconds ?? step.seconds,
            outputs: (result?.outputs ?? []).filter { !$0.isTree }.map { output in
                // What is large holds no few numbers; its name says that it is not to be read.
                let file = ports.first { $0.name == output.name }?.fileName ?? ""
                let digest = output.digest
                return StageInput(
                    producer: step.name, output: output.name, coordinates: [],
                    digest: digest, name: output.size > 1 << 20 ? "large.bin" : file,
                    read: {
                        guard let bytes = try store.bytes(of: digest) else {
                            throw UsageError(text: "no good copy of \(digest.hex)")
                        }
                        return bytes
                    }, place: { throw UsageError(text: "no file") })
            })
    }
}
