// swift-tools-version: 6.2
import PackageDescription

/// One rule set for every Swift target; a warning fails the build.
let rules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),  // `package import` where our API shows it
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),  // every C call reads `unsafe`, so a review can grep for it
    .treatAllWarnings(as: .error),
]

/// What several targets stand on, by room.
let base: [Target.Dependency] = ["Canon", "Packing", "System"]
let cache: [Target.Dependency] = ["Trust", "LocalStore", "Remotes"]
let pipeline: [Target.Dependency] = ["Experiment", "Run", "Evidence"]

/// The subjects that ship with Bitlaw.
let subjects: [Target.Dependency] = [
    "Spiral", "Laws", "HiddenFactors", "Spectra", "ComputeOptimal", "DynamicalModel",
    "EqualCompute", "PersianRug", "Foundations", "InContext", "ComputationAware",
    "RandomisedInference", "FeatureExtrapolation", "GaussianEquivalence",
    "RelativeGradient",
]

let package = Package(
    name: "bitlaw",
    products: [
        .executable(name: "bitlaw", targets: ["bitlaw"]),
        // The contract of kinds, and the program as a library that takes kinds of others: docs/own-kind.md.
        .library(name: "BitlawKit", targets: ["BitlawKit"]),
        .library(name: "BitlawProgram", targets: ["BitlawProgram"]),
        .executable(name: "bitlaw-keeper", targets: ["bitlaw-keeper"]),
    ],
    dependencies: [
        // Help, completion scripts and did-you-mean for options.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // Deque for the ready queue.
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        // Libraries in C.
        .systemLibrary(
            name: "CZstd", path: "Sources/C/CZstd", pkgConfig: "libzstd",
            providers: [.apt(["libzstd-dev"])]),
        // YAML with the line and column of every event, without Foundation
        // (docs/decisions/0007-yaml-is-read-by-libyaml.md).
        .systemLibrary(
            name: "CYAML", path: "Sources/C/CYAML", pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"])]),
        // The Markdown of pages, by the reference implementation of CommonMark
        // (docs/decisions/0008-markdown-is-read-by-libcmark.md).
        .systemLibrary(
            name: "CMark", path: "Sources/C/CMark", pkgConfig: "libcmark",
            providers: [.apt(["libcmark-dev"])]),
        // Headers only: the library is opened at run time, after its kernel family is pinned
        // (docs/decisions/0003-openblas-is-opened-at-run-time.md).
        .systemLibrary(
            name: "COpenBLAS", path: "Sources/C/COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
        // Headers only, as above: libcurl is opened when the first remote is reached by HTTP
        // (docs/decisions/0006-libcurl-is-opened-at-run-time.md).
        .systemLibrary(name: "CCurl", path: "Sources/C/CCurl"),
        // Death signals and fork-exec, which Swift cannot call.
        .systemLibrary(name: "CSystem", path: "Sources/C/CSystem"),
        // The first process of a sandbox, a program of its own.
        // It starts where Swift's library is not seen.
        .executableTarget(
            name: "bitlaw-keeper", path: "Sources/C/Keeper",
            linkerSettings: [.unsafeFlags(["-static-executable", "-nostartfiles"])]),
        // SHA-256 by the processor's instructions; libcrypto is opened when the first signature is made or
        // checked (docs/decisions/0011-libcrypto-is-opened-at-run-time.md).
        .target(name: "CCrypto", path: "Sources/C/CCrypto"),
        // The portable arithmetic: one definition, compiled per instruction set, same bits in each.
        .target(name: "CKernels", path: "Sources/C/CKernels"),

        // Layers, lowest first: a target depends only on targets above it in this list.
        room("Canon", in: "Base", on: ["CCrypto"]),
        room("Packing", in: "Base", on: ["CZstd"]),
        room("System", in: "Base", on: ["CSystem", "Canon"]),
        room("Trust", in: "Cache", on: ["CCrypto", "Canon", "System"]),
        room(
            "LocalStore", in: "Cache",
            on: ["CSystem", "CZstd", "Canon", "Packing", "System", "Trust"]),
        room(
            "Remotes", in: "Cache",
            on: ["CCurl", "CZstd", "Canon", "System", "Trust", "LocalStore"]),
        .target(
            name: "Numerics", dependencies: ["CKernels", "COpenBLAS"], path: "Sources/Numerics",
            swiftSettings: rules),
        room("Experiment", in: "Pipeline", on: ["CYAML", "Canon", "System"]),
        room(
            "Run", in: "Pipeline",
            on: [
                "CSystem", "Canon", "System", "Trust", "LocalStore", "Remotes", "Experiment",
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        room(
            "Evidence", in: "Pipeline",
            on: ["Canon", "System", "Trust", "LocalStore", "Remotes", "Experiment", "Run"],
            resources: [.embedInCode("Bundle/verify.py")]),
        room(
            "Workbench", in: "Stages",
            on: ["CMark", "Canon", "Packing", "System", "Numerics", "Experiment"]),
        subject("Spiral"),
        subject("Laws"),
        subject("HiddenFactors"),
        subject("Spectra"),
        subject("ComputeOptimal"),
        subject("DynamicalModel"),
        subject("EqualCompute"),
        subject("PersianRug"),
        subject("Foundations"),
        subject("InContext"),
        subject("ComputationAware"),
        subject("RandomisedInference"),
        subject("FeatureExtrapolation"),
        subject("GaussianEquivalence"),
        subject("RelativeGradient"),
        .target(
            name: "BitlawProgram",
            dependencies: base + cache + pipeline + ["Numerics", "Workbench"] + subjects + [
                .product(name: "ArgumentParser", package: "swift-argument-parser")
            ], path: "Sources/bitlaw",
            resources: [
                // What `init` writes, and the examples of `kinds`.
                .embedInCode("Templates/laws.yaml"), .embedInCode("Templates/own.yaml"),
                .embedInCode("Templates/train.py"), .embedInCode("Templates/project.yaml"),
                .embedInCode("Templates/laws.page.md"), .embedInCode("Templates/own.page.md"),
                .embedInCode("Templates/kinds.yaml"),
                // The schemas of what commands print for programs.
                .embedInCode("Schemas/json.yaml"),
            ], swiftSettings: rules),
        .executableTarget(
            name: "bitlaw", dependencies: ["BitlawProgram"], path: "Sources/Products/bitlaw",
            swiftSettings: rules),
        // What a package of others needs for a kind of its own, by one import.
        room("BitlawKit", in: "Products", on: ["Canon", "Numerics", "Experiment", "Workbench"]),

        // What `Benchmarks/` times; `make build` leaves them out.
        benchmark("store", on: ["Canon", "LocalStore"]),
        benchmark("kernels", on: ["Canon", "Numerics"]),
        benchmark("laws", on: ["Numerics"]),
        benchmark("online", on: ["Numerics", "Spectra"]),
        benchmark("factors", on: ["Canon", "Numerics", "HiddenFactors"]),

        // The kind of somebody else's package, with what is public alone, and its tests.
        .target(
            name: "Percolation", dependencies: ["BitlawKit"],
            path: "Examples/OwnKind/Sources/Percolation", packageAccess: false,
            swiftSettings: [.treatAllWarnings(as: .error)]),
        .testTarget(
            name: "PercolationTests", dependencies: ["Percolation", "BitlawKit"],
            path: "Examples/OwnKind/Tests/PercolationTests", packageAccess: false,
            swiftSettings: [.treatAllWarnings(as: .error)]),

        // What all tests share: folders, counts of trials, what is heavy, what was skipped. The
        // servers beside it are programs of their own.
        .target(
            name: "TestSupport", path: "Tests/Support",
            exclude: [
                "hostile.py", "mlflow.py", "request.py", "skipped", "slow_folder.py", "slurm.sh",
                "stall.py",
                "validate_crate.py", "validate_json.py",
            ],
            swiftSettings: rules),
        // The house itself: what its rooms may use, and how large its parts may be.
        tests("House", of: ["System"]),
        tests("Cache", of: base + cache + ["CCrypto"]),
        tests("Numerics", of: ["CKernels", "Numerics"]),
        tests("Pipeline", of: base + cache + pipeline),
        tests(
            "Stages",
            of: base + ["Numerics", "Experiment", "Workbench"] + subjects + ["BitlawProgram"]),
        tests(
            "EndToEnd",
            of: base + cache + pipeline + ["Numerics", "Workbench"] + subjects + ["BitlawProgram"]),
    ]
)

/// A target in a folder of its own, inside one of the rooms at the top of `Sources`.
func room(
    _ name: String, in folder: String, on dependencies: [Target.Dependency],
    resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(folder)/\(name)",
        resources: resources, swiftSettings: rules)
}

/// A subject: its mathematics, its kinds and its claims.
///
/// It knows no store, no engine and no other subject.
func subject(_ name: String) -> Target {
    room(name, in: "Stages", on: ["Canon", "System", "Numerics", "Experiment", "Workbench"])
}

/// A program that is timed against its peers.
func benchmark(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: "bench-\(name)", dependencies: dependencies, path: "Benchmarks/\(name)",
        swiftSettings: rules)
}

/// The tests in `Tests/NAMETests`, with what all tests share.
func tests(_ name: String, of dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies + ["TestSupport"], swiftSettings: rules)
}
