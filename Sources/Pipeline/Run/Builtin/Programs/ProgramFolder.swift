import Canon
import Experiment
import Glibc
import System

/// The work folder of a program: its files at their own places, its inputs in `inputs`, both read-only.
///
/// Confined, the program finds them by mounts: nothing that it writes reaches the project or the store.
/// Unconfined, they are copies.
struct ProgramFolder {
    /// The most files that are mounted one by one; beyond it they are copied.
    private static let mostMounts = 200

    private let context: StageContext
    /// What the places in the program's words stand for.
    let places: ProgramPlaces
    /// What is mounted over the work folder, in order.
    private(set) var mounts: [SandboxMount] = []
    /// What stands in the work folder before the program starts.
    private var given: Set<ExactText> = []

    /// The folder of the attempt.
    private var attempt: String { ProjectFolder.folder(of: context.folder) }

    /// Lays the files and inputs of an action out.
    ///
    /// - Throws: ``ActionFailure`` and what reading an input throws.
    init(_ context: StageContext, _ call: ProgramCall) throws {
        self.context = context
        let inputs = context.kind.inputs.map { $0.name }.filter { $0 != InputPort.programFiles }
            .compactMap { name -> ProgramInput? in
                let items = context.inputs(name).map {
                    ProgramInput.Item(
                        name: $0.name, coordinates: $0.isCollected ? $0.coordinates : nil)
                }
                return items.isEmpty ? nil : ProgramInput(name, items)
            }
        places = ProgramPlaces(call, inputs: inputs, seed: context.seed)
        if let kept = context.service(KeptFolder.self) { given.insert(ExactText(kept.place)) }
        try layTools()
        try layFiles()
        try layInputs()
        if let kept = context.service(KeptFolder.self) { given.insert(ExactText(kept.place)) }
        for output in call.outputs.list {
            let parent = ProjectFolder.folder(of: output.path)
            if !parent.isEmpty { try makeFolder("\(context.folder)/\(parent)") }
        }
    }

    /// Tools of the project have their own names too: they are mounted there, or a link stands for them.
    private mutating func layTools() throws {
        for mount in context.service(ProgramTools.self)?.mounts ?? [] {
            guard mount.place.hasPrefix(Sandbox.workFolder + "/") else { continue }
            let name = String(mount.place.dropFirst(Sandbox.workFolder.count + 1))
            given.insert(ExactText(name))
            let target = "\(context.folder)/\(name)"
            try makeFolder(ProjectFolder.folder(of: target))
            if !context.confinesPrograms {
                guard unsafe symlink(mount.source, target) == 0 || errno == EEXIST else {
                    throw OperationalError.system("make the link", target)
                }
            } else if ProjectFolder.isFolder(mount.source) {
                try makeFolder(target)
            } else {
                try writeWholeFile([], to: target, .none)
            }
        }
    }

    private mutating func layFiles() throws {
        let files = context.inputs(InputPort.programFiles)
        let isMounted = context.confinesPrograms && files.count <= ProgramFolder.mostMounts
        for file in files {
            given.insert(ExactText(file.name))
            let target = "\(context.folder)/\(file.name)"
            try place(
                file, at: target, seenAt: "\(Sandbox.workFolder)/\(file.name)", isMounted: isMounted
            )
        }
    }

    /// The inputs have a folder of their own, which the program sees read-only.
    private mutating func layInputs() throws {
        guard !places.inputs.isEmpty || places.parameters != nil else { return }
        given.insert(ExactText(ProgramOutputs.inputs))
        let isConfined = context.confinesPrograms
        let lead = isConfined ? "\(attempt)/laid" : context.folder
        if isConfined {
            try makeEmptyFolder("laid", in: attempt)
            mounts.append(
                SandboxMount(
                    "\(lead)/\(ProgramOutputs.inputs)",
                    at: "\(Sandbox.workFolder)/\(ProgramOutputs.inputs)"))
        }
        try makeFolder("\(lead)/\(ProgramOutputs.inputs)")
        let isMounted =
            isConfined
            && places.inputs.reduce(0) { $0 + $1.places.count } <= ProgramFolder.mostMounts
        for input in places.inputs {
            for (source, path) in zip(context.inputs(input.name), input.places) {
                try place(
                    source, at: "\(lead)/\(path)", seenAt: "\(Sandbox.workFolder)/\(path)",
                    isMounted: isMounted)
            }
            guard !input.isOne || places.asksForTable(of: input.name) else { continue }
            try makeFolder("\(lead)/\(input.folder)")
            try writeWholeFile(Array(input.csv.utf8), to: "\(lead)/\(input.table)", .none)
        }
        if let parameters = places.parameters {
            try writeWholeFile(
                Array((parameters.canonicalText + "\n").utf8),
                to: "\(lead)/\(ProgramPlaces.parametersPath)", .none)
        }
    }

    /// Puts a file or folder at a place: mounted there, or a copy of it.
    private mutating func place(
        _ source: StageInput, at target: String, seenAt place: String, isMounted: Bool
    ) throws {
        let path = try source.path()
        try makeFolder(ProjectFolder.folder(of: target))
        guard isMounted else {
            if source.isTree {
                try copyTree(path, to: target)
            } else {
                try copyFile(path, to: target)
            }
            if !source.isTree { _ = unsafe chmod(target, source.isExecutable ? 0o555 : 0o444) }
            return
        }
        // What is mounted needs something to be mounted on.
        if source.isTree {
            try makeFolder(target)
        } else {
            try writeWholeFile([], to: target, .none)
        }
        mounts.append(SandboxMount(path, at: place))
    }
}

extension ProgramFolder {
    /// Takes what the program wrote where its outputs are declared, and tells what else it left.
    ///
    /// - Throws: ``ActionFailure`` naming the outputs that are not there, and what is.
    func takeOutputs(_ outputs: ProgramOutputs, program: String) throws {
        let left = ProgramLeftovers(in: context.folder, given: given, outputs: outputs)
        for output in outputs.list {
            let wanted = output.isFolder ? "a folder \(output.path)/" : "a file \(output.path)"
            switch WrittenOutput(output, in: context.folder, given: given) {
            case .own(let path): context.take(path, asOutput: output.name)
            case .nothing:
                throw ActionFailure(
                    description:
                        "\(program) ended well, but made no output `\(output.name)`: expected "
                        + "\(wanted), found nothing there"
                        + (left.text.map { "\n  it left \($0)" } ?? "")
                        + "\n  fix: let it write ${outputs.\(output.name)}, or declare what it writes"
                )
            case .elsewhere(let place):
                throw ActionFailure(
                    description: "output `\(output.name)`: expected \(wanted), found a link to "
                        + "\(visible(place, most: 400)), which is none of what \(program) wrote\n"
                        + "  fix: write a copy there (cp -L)")
            }
        }
        if let text = left.text {
            context.remark(
                "left behind and not kept: \(text)\n  to keep it, declare it in `outputs`")
        }
    }
}
