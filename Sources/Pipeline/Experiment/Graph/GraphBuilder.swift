import Canon
import System

/// Resolves a checked experiment file into actions.
///
/// Stages are taken in topological order, the points of a stage in the order of its axes, so an
/// action's index is larger than that of everything it reads.
struct GraphBuilder {
    let syntax: ExperimentSyntax
    let project: String
    let diagnostics: Diagnostics
    private let files: ExperimentFiles
    /// Points of stages that were looked at.
    private var points = 0
    private(set) var stages: [ResolvedStage] = []
    private(set) var actions: [Action] = []

    private let stageNumbers: [String: Int]
    private let axisNumbers: [String: Int]
    private var joins: StageJoins
    private var fetches: [String: Int] = [:]
    private var reader: ValueReader
    private var fileCheck: InputFileCheck
    private var programCheck: ProgramCheck
    private var draftCheck: DraftCheck
    private let stageOrder: StageOrder
    /// For each axis what its values are called.
    private let labels: [AxisLabels]
    /// For each stage the axes whose values stand in the words of its program.
    private let told: [Set<String>]

    init(
        syntax: ExperimentSyntax, project: String, files: ExperimentFiles, registry: KindRegistry,
        diagnostics: Diagnostics
    ) {
        self.syntax = syntax
        self.project = project
        self.files = files
        self.diagnostics = diagnostics
        reader = ValueReader(diagnostics: diagnostics)
        fileCheck = InputFileCheck(project: project, files: files, diagnostics: diagnostics)
        programCheck = ProgramCheck(project: project, files: files, diagnostics: diagnostics)
        draftCheck = DraftCheck(
            syntax: syntax, project: project, files: files, registry: registry,
            diagnostics: diagnostics)
        labels = syntax.axes.map { AxisLabels($0.values.map { $0.json }) }
        told = syntax.stages.map { ToldAxes.of($0) }
        stageNumbers = Dictionary(
            syntax.stages.enumerated().map { ($1.name.name, $0) }
        ) { first, _ in first }
        stageOrder = StageOrder(
            syntax: syntax, stageNumbers: stageNumbers, diagnostics: diagnostics)
        let axisNumbers = Dictionary(
            syntax.axes.enumerated().map { ($1.name.name, $0) }
        ) { first, _ in first }
        self.axisNumbers = axisNumbers
        joins = StageJoins(axes: syntax.stages.map { $0.over.compactMap { axisNumbers[$0] } })
        stages = syntax.stages.map {
            ResolvedStage(
                name: $0.name.name, kind: $0.kind, axes: $0.over, line: $0.name.place.line,
                rules: $0.rules, freeze: $0.freeze)
        }
    }

    /// The approved places outside the project to which links lead files that are read.
    var roots: Set<String> { fileCheck.roots }

    /// The stages with producers first; a cycle is told.
    func topologicalOrder() -> [Int] { stageOrder.topologicalOrder() }

    // MARK: Names

    /// Checks that no two values of an axis have one name, and that a stage runs over it.
    func checkNames() {
        let used = Set(syntax.stages.flatMap { $0.over })
        for (axis, labels) in zip(syntax.axes, labels) {
            if !used.contains(axis.name.name) && syntax.brokenStages.isEmpty {
                diagnostics.warn(
                    "axis `\(axis.name.name)` is in `over` of no stage", axis.name.place,
                    ["fix: add it to `over` of the stages that vary with it, or remove it"])
            }
            guard let clash = labels.clash else { continue }
            diagnostics.add(
                "two values of axis `\(axis.name.name)` have the name `\(clash)`", axis.name.place,
                ["give each a `name` of its own: it stands in the names of actions"])
        }
    }

    private func actionName(_ number: Int, _ point: [Int]) -> String {
        let stage = syntax.stages[number].name.name
        if point.isEmpty { return stage }
        let parts = zip(joins.axes[number], point).map { axis, value in
            "\(syntax.axes[axis].name.name)=\(labels[axis].texts[value])"
        }
        return "\(stage)[\(parts.joined(separator: ","))]"
    }

    // MARK: References between stages

    /// Checks that every input names a stage and an output, or a file of the project.
    mutating func checkReferences() {
        for stage in syntax.stages {
            for entry in stage.inputs {
                let form = fileForm(stage, entry.port)
                for input in entry.inputs { check(input, form) }
            }
        }
    }

    /// What `file:` may stand for at an input.
    private func fileForm(_ stage: ExperimentSyntax.Stage, _ port: InputPort) -> FileForm {
        let isWhole = stage.kind.runsForeignProgram
        let written = stage.written("exclude")
        let without = (written?.elements ?? []).compactMap { $0.text }
        return FileForm(
            isMany: port.isCollection, isWhole: isWhole, without: isWhole ? without : [])
    }

    private mutating func check(_ input: ExperimentSyntax.Input, _ form: FileForm) {
        switch input {
        case .stage(let name, let output, _, let place):
            if syntax.brokenStages.contains(name) { return }
            guard let number = stageNumbers[name] else {
                let path = name + (output.map { "/\($0)" } ?? "")
                diagnostics.add(
                    "unknown stage `\(name)`", place,
                    fileCheck.isFile(path)
                        ? ["to read the file of this name write file:\(path)"]
                        : notes(forUnknown: name, allowed: Array(stageNumbers.keys)))
                return
            }
            let outputs = syntax.stages[number].kind.outputs.map { $0.name }
            if let output, !outputs.contains(output) {
                diagnostics.add(
                    "stage `\(name)` has no output `\(output)`", place,
                    notes(forUnknown: output, allowed: outputs))
            }
        case .file(let written):
            // Where `${…}` stands in it, each action's file is looked at as the action is made.
            if let text = written.text, !ValueReader.hasExpression(written) {
                _ = fileCheck.sources(String(text.dropFirst(5)), form, written.place)
            }
        case .fixed: break
        }
    }

    // MARK: Actions

    /// Makes the actions of every stage.
    mutating func build(_ order: [Int]) {
        var broken: Set<Int> = []
        for stage in order {
            // What reads a broken stage would only repeat its mistakes.
            if stageOrder.producers(of: stage).contains(where: broken.contains) {
                broken.insert(stage)
                continue
            }
            let before = diagnostics.list.count
            build(stage: stage)
            if diagnostics.list.count > before { broken.insert(stage) }
            if diagnostics.list.count >= 20 { return }
        }
    }

    private mutating func build(stage number: Int) {
        let stage = syntax.stages[number]
        let axes = joins.axes[number]
        var size = 1
        for axis in axes {
            let (count, isLarge) = size.multipliedReportingOverflow(
                by: syntax.axes[axis].values.count)
            size = isLarge ? .max : count
        }
        guard size <= files.mostPoints - points else {
            diagnostics.add(
                "the axes of stage `\(stage.name.name)` have \(size == .max ? "too many" : "\(size)") points",
                stage.name.place,
                ["expected: at most \(files.mostPoints) points of all stages together"])
            return
        }
        begin(stage, size)
        var resolver = ParameterResolver(stage: stage, diagnostics: diagnostics)
        var point = [Int](repeating: 0, count: axes.count)
        // Every point gives all axes their values: the constants are taken over once.
        var names = syntax.constants
        points: while true {
            var coordinates: [Coordinate] = []
            for (axis, value) in zip(axes, point) {
                let axis = syntax.axes[axis]
                names[axis.name.name] = axis.values[value]
                coordinates.append(
                    Coordinate(axis: axis.name.name, value: axis.values[value].json))
            }
            if resolver.isWanted(names) {
                let parameters = resolver.parameters(names)
                if resolver.hasFailed || !programCheck.holds(stage, parameters) { return }
                let index = actions.count + fetchCount(for: stage)
                let at = InputPoint(stage: number, point: point, names: names)
                guard let inputs = inputs(of: stage, at, parameters),
                    draftCheck.holds(stage, parameters, inputs, actions)
                else { return }
                actions.append(
                    Action(
                        index: index, stage: number,
                        name: actionName(number, point), coordinates: coordinates,
                        labels: zip(axes, point).map { labels[$0].texts[$1] },
                        parameters: parameters,
                        seed: seed(of: number, axes, point, parameters),
                        inputs: sharing(inputs, of: number)))
                joins.add(index, of: number, at: point)
            } else if resolver.hasFailed {
                return
            }
            var axis = axes.count - 1
            while axis >= 0 {
                point[axis] += 1
                if point[axis] < syntax.axes[axes[axis]].values.count { continue points }
                point[axis] = 0
                axis -= 1
            }
            break
        }
        warnIfEmpty(number, size)
    }

    /// Notes how many points a stage has, and makes room for its actions where they are more than there are.
    private mutating func begin(_ stage: ExperimentSyntax.Stage, _ size: Int) {
        points += size
        if stage.condition == nil && size > actions.count {
            actions.reserveCapacity(actions.count + size)
        }
    }

    /// Inputs in the memory of those of the action before, as far as both read the same.
    private func sharing(_ inputs: [ActionInput], of stage: Int) -> [ActionInput] {
        guard let last = actions.last, last.stage == stage, last.inputs.count == inputs.count else {
            return inputs
        }
        if last.inputs == inputs { return last.inputs }
        return zip(last.inputs, inputs).map { $0 == $1 ? $0 : $1 }
    }

    /// Says where a stage has no actions because its `when` holds nowhere.
    private func warnIfEmpty(_ number: Int, _ size: Int) {
        let stage = syntax.stages[number]
        guard let condition = stage.condition, joins.actions[number].isEmpty else { return }
        diagnostics.warn(
            size == 1
                ? "`when` does not hold: stage `\(stage.name.name)` has no actions"
                : "`when` holds for none of \(size) points: stage `\(stage.name.name)` has no actions",
            condition.value.place)
    }

    /// How many downloads have to be put before an action of this stage.
    private func fetchCount(for stage: ExperimentSyntax.Stage) -> Int {
        var new: Set<String> = []
        for input in stage.inputs.flatMap({ $0.inputs }) {
            if case .fixed(_, let sha256, _) = input, fetches[sha256] == nil { new.insert(sha256) }
        }
        return new.count
    }

    private func seed(
        of number: Int, _ axes: [Int], _ point: [Int], _ parameters: [String: JSON]
    ) -> UInt64? {
        let stage = syntax.stages[number]
        guard stage.kind.isRandom else { return nil }
        // A program that is given no seed has none, whatever its stage is called; its replicates stay
        // apart all the same, by their numbers where it is told them.
        let isGiven = stage.kind.asksForSeed?(parameters) ?? true
        var replicates: [String: JSON] = [:]
        for (axis, value) in zip(axes, point) where syntax.axes[axis].isReplicate {
            let name = syntax.axes[axis].name.name
            if !isGiven && told[number].contains(name) { continue }
            replicates[name] = syntax.axes[axis].values[value].json
        }
        if !isGiven && replicates.isEmpty { return nil }
        return DerivedSeed.derive(
            experiment: syntax.seed, stream: isGiven ? stage.stream : "", replicates: replicates)
    }

    // MARK: Joins

    /// The action whose inputs are looked for.
    private struct InputPoint {
        let stage: Int
        let point: [Int]
        let names: Names
    }

    private mutating func inputs(
        of stage: ExperimentSyntax.Stage, _ at: InputPoint, _ parameters: [String: JSON]
    ) -> [ActionInput]? {
        var result: [ActionInput] = []
        for entry in stage.inputs {
            let port = entry.port
            var sources: [InputSource] = []
            var (mayMiss, mustBe): (Set<Int>, Set<Int>) = ([], [])
            var isSeveral = entry.isList
            for input in entry.inputs {
                switch input {
                case .file(let written):
                    guard let found = files(written, at.names, fileForm(stage, port)) else {
                        return nil
                    }
                    if found.count > 1 { isSeveral = true }
                    sources += found
                case .fixed(let url, let sha256, let place):
                    sources.append(
                        .action(
                            fetch(url: url, sha256: sha256, place), output: Kind.downloadedFile))
                case .stage(let name, let output, let isPartial, let place):
                    guard let producer = stageNumbers[name] else { return nil }
                    let output = output ?? syntax.stages[producer].kind.outputs[0].name
                    let matches = joins.match(producer, at.stage, at.point)
                    guard check(matches, port, producer, at.stage, at.point, place) else {
                        return nil
                    }
                    if !joins.extraAxes(producer, at.stage).isEmpty { isSeveral = true }
                    sources += matches.map { .action($0, output: output) }
                    if isPartial { mayMiss.formUnion(matches) } else { mustBe.formUnion(matches) }
                }
            }
            guard port.isCollection || sources.count == 1 else {
                diagnostics.add(
                    "input `\(port.name)` takes exactly one thing, found \(sources.count)",
                    entry.place)
                return nil
            }
            result.append(
                ActionInput(
                    port: port.name,
                    isCollection: port.isCollection && (isSeveral || !stage.kind.isOpen),
                    sources: sources, mayMiss: mayMiss.subtracting(mustBe)))
        }
        guard let code = programFiles(of: stage, parameters) else { return nil }
        if let clash = OutputClash(stage, parameters, code) {
            clash.tell(diagnostics)
            return nil
        }
        return result + code
    }

    /// The files that a program is given at their own places; `nil` after a mistake, which is told.
    private mutating func programFiles(
        of stage: ExperimentSyntax.Stage, _ parameters: [String: JSON]
    ) -> [ActionInput]? {
        guard stage.kind.runsForeignProgram else { return [] }
        let program = ProgramParameters.of(parameters)
        var paths = (program["files"]?.elements ?? []).compactMap { $0.text }
        let port = ProgramParameters.files
        let form = fileForm(stage, port)
        var places = (stage.written("files")?.elements ?? []).map { $0.place }
        // A program that is named by a path in the project is one of its files.
        if let own = ProgramParameters.ownProgram(program) {
            paths.append(own)
            places.append(stage.written("run")?.place ?? stage.name.place)
        }
        if paths.isEmpty { return [] }
        var sources: [InputSource] = []
        for (number, path) in paths.enumerated() {
            let place = number < places.count ? places[number] : stage.name.place
            guard let found = fileCheck.sources(path, form, place) else { return nil }
            for source in found where !sources.contains(source) { sources.append(source) }
        }
        return [ActionInput(port: port.name, isCollection: false, sources: sources)]
    }

    /// What an input file stands for, where the names have these values; `nil` after a mistake, which is
    /// told.
    private mutating func files(_ written: YAMLValue, _ names: Names, _ form: FileForm)
        -> [InputSource]?
    {
        let text =
            ValueReader.hasExpression(written)
            ? reader.value(written, names)?.json.text : written.text
        return text.flatMap {
            fileCheck.sources(String($0.dropFirst(5)), form, written.place)
        }
    }

    private func check(
        _ matches: [Int], _ port: InputPort, _ producer: Int, _ consumer: Int, _ point: [Int],
        _ place: Place
    ) -> Bool {
        let reader = actionName(consumer, point)
        let from = syntax.stages[producer].name.name
        if matches.isEmpty {
            diagnostics.add(
                "`\(reader)` reads `\(from)`, but no action of `\(from)` agrees with it", place,
                ["a `when` leaves them out; give `\(syntax.stages[consumer].name.name)` one too"])
            return false
        }
        let extra = joins.extraAxes(producer, consumer)
        if !port.isCollection && !extra.isEmpty {
            let names = extra.map { syntax.axes[$0].name.name }.joined(separator: ", ")
            diagnostics.add(
                "input `\(port.name)` takes one action, but `\(from)` also varies over \(names)",
                place, ["add \(names) to `over` of `\(syntax.stages[consumer].name.name)`"])
            return false
        }
        return true
    }

    /// The name of a download: the end of its URL, with its digest where another one ends so too.
    private func sourceName(url: String, sha256: String) -> String {
        let end = SourceAddress.fileName(url) ?? sha256
        let sources = syntax.stages.flatMap { $0.inputs.flatMap { $0.inputs } }
        let isShared = sources.contains { input in
            guard case .fixed(let other, let digest, _) = input else { return false }
            return digest != sha256 && SourceAddress.fileName(other) == end
        }
        if !isShared && end.utf8.count <= AxisLabels.mostBytes { return "source:\(end)" }
        return "source:\(end.prefix(60))~\(sha256.prefix(16))"
    }

    private mutating func fetch(url: String, sha256: String, _ place: Place) -> Int {
        if let index = fetches[sha256] { return index }
        let index = actions.count
        let name = sourceName(url: url, sha256: sha256)
        stages.append(
            ResolvedStage(name: name, kind: .download, axes: [], line: place.line))
        actions.append(
            Action(
                index: index, stage: stages.count - 1, name: name, coordinates: [], labels: [],
                parameters: ["url": .string(url), "sha256": .string(sha256)], seed: nil, inputs: [])
        )
        fetches[sha256] = index
        return index
    }
}
