import Testing

/// The plan of docs/ARCHITECTURE.md, held against the files.
@Suite struct FloorPlanTests {
    private let tree: SourceTree

    init() throws { tree = try SourceTree() }

    /// The targets that a subject may use.
    private let contract: Set<String> = ["Canon", "System", "Experiment", "Numerics", "Workbench"]

    private let subjects: Set<String> = [
        "Spiral", "Laws", "HiddenFactors", "Spectra", "ComputeOptimal", "DynamicalModel",
        "EqualCompute", "PersianRug", "Foundations", "InContext", "ComputationAware",
        "RandomisedInference", "FeatureExtrapolation", "GaussianEquivalence",
        "RelativeGradient",
    ]

    @Test func `the files are read`() {
        #expect(tree.files.count > 300)
        #expect(Set(tree.files.map { $0.target }).isSuperset(of: contract.union(subjects)))
    }

    @Test func `a subject uses the base, the contract of kinds, numerics and the workbench only`() {
        let ours = Set(tree.files.map { $0.target })
        for file in tree.files where subjects.contains(file.target) {
            let others = Set(file.imports).intersection(ours).subtracting(contract)
            #expect(others.isEmpty, "\(file.path) imports \(others.sorted())")
        }
    }

    @Test func `nothing but the program imports a subject`() {
        for file in tree.files where file.target != "BitlawProgram" {
            let found = Set(file.imports).intersection(subjects)
            #expect(found.isEmpty, "\(file.path) imports \(found.sorted())")
        }
    }

    @Test func `the numerics touch no file, no clock and no environment`() {
        for file in tree.files where file.target == "Numerics" {
            for word in ["getenv", "fopen", "opendir", "ContinuousClock", "clock_gettime"] {
                let found = file.code.filter { line in
                    guard let range = line.ranges(of: word).first else { return false }
                    let before = line[..<range.lowerBound].last
                    return before.map { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." }
                        ?? true
                }
                #expect(found.isEmpty, "\(file.path): \(found)")
            }
        }
    }

    @Test func `no two folders inside a target need each other`() {
        for (target, files) in Dictionary(grouping: tree.files, by: { $0.target }) {
            let circle = FolderGraph(files).circle()
            #expect(circle == nil, "\(target): \(circle ?? "")")
        }
    }

    @Test func `a circle is found, and told with the names that make it`() {
        func file(_ path: String, _ text: String) -> SourceTree.File {
            SourceTree.File(
                path: path, lines: [], code: text.split(separator: "\n").map(String.init))
        }
        let graph = FolderGraph([
            file("Cache/A/One.swift", "struct One { let two: Two }"),
            file("Cache/B/Two.swift", "struct Two { let three: Three }"),
            file("Cache/C/Three.swift", "struct Three { let one: One }"),
        ])
        #expect(
            graph.circle()
                == "Cache/A needs Cache/B (Two in One.swift), Cache/B needs Cache/C (Three in Two.swift), "
                + "Cache/C needs Cache/A (One in Three.swift)")
        let straight = FolderGraph([
            file("Cache/A/One.swift", "struct One { let two: Two }"),
            file("Cache/B/Two.swift", "struct Two { enum One {} ; let one: One }"),
        ])
        #expect(straight.circle() == nil)
    }
}

/// Which folder names a type that another folder of the same target declares.
private struct FolderGraph {
    private struct Need {
        let folder: String
        let type: String
        let file: String
    }

    private var needs: [String: [Need]] = [:]

    init(_ files: [SourceTree.File]) {
        var home: [String: String] = [:]
        for file in files {
            for type in file.topLevelTypes { home[type] = file.folder }
        }
        for file in files {
            let own = file.declaredTypes
            for word in file.capitalisedWords.subtracting(own).sorted() {
                guard let other = home[word], other != file.folder else { continue }
                let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
                needs[file.folder, default: []].append(Need(folder: other, type: word, file: name))
            }
        }
    }

    /// The shortest circle through the first folder that is in one, in words.
    func circle() -> String? {
        for start in needs.keys.sorted() {
            var paths: [[(from: String, need: Need)]] = [[]]
            var seen: Set<String> = []
            while !paths.isEmpty {
                let path = paths.removeFirst()
                let end = path.last?.need.folder ?? start
                if end == start && !path.isEmpty {
                    return path.map {
                        "\($0.from) needs \($0.need.folder) (\($0.need.type) in \($0.need.file))"
                    }
                    .joined(separator: ", ")
                }
                guard seen.insert(end).inserted || path.isEmpty else { continue }
                for need in needs[end] ?? []
                where need.folder == start || !seen.contains(need.folder) {
                    paths.append(path + [(end, need)])
                }
            }
        }
        return nil
    }
}
