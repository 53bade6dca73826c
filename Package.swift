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

let package = Package(
    name: "bitlaw",
    products: [.executable(name: "bitlaw", targets: ["bitlaw"])],
    dependencies: [
        // Help, completion scripts and did-you-mean for options.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // YAML with the line and column of every node.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        // Deque for the ready queue.
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // Headers only: the library is opened at run time, after its kernel family is pinned
        // (docs/decisions/0003-openblas-is-opened-at-run-time.md).
        .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
        // Headers only, as above: libcurl is opened when the first remote is reached by HTTP
        // (docs/decisions/0006-libcurl-is-opened-at-run-time.md).
        .systemLibrary(name: "CCurl"),
        // Death signals and fork-exec, which Swift cannot call.
        .systemLibrary(name: "CSystem"),
        // The portable arithmetic: one definition, compiled per instruction set, same bits in each.
        .target(name: "CKernels"),
        // Layers, lowest first: a target depends only on targets above it in this list.
        .target(
            name: "Numerics", dependencies: ["CKernels", "COpenBLAS"], swiftSettings: rules),
        .target(
            name: "Cache", dependencies: ["CCrypto", "CCurl", "CSystem", "CZstd"],
            swiftSettings: rules),
        .target(
            name: "Pipeline",
            dependencies: [
                "Cache", "CSystem", .product(name: "Yams", package: "Yams"),
                .product(name: "DequeModule", package: "swift-collections"),
            ], swiftSettings: rules),
        .target(
            name: "Stages", dependencies: ["Numerics", "Cache", "Pipeline"], swiftSettings: rules),
        .executableTarget(
            name: "bitlaw",
            dependencies: [
                "Cache", "Pipeline", "Stages",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: rules),
        // What all tests share: folders, counts of trials, what is heavy, what was skipped. The
        // servers beside it are programs of their own.
        .target(
            name: "TestSupport", path: "Tests/Support",
            exclude: ["hostile.py", "request.py", "skipped", "stall.py", "validate_crate.py"],
            swiftSettings: rules),
        .testTarget(
            name: "CacheTests", dependencies: ["Cache", "TestSupport"], swiftSettings: rules),
        .testTarget(
            name: "NumericsTests", dependencies: ["CKernels", "Numerics", "TestSupport"],
            swiftSettings: rules),
        .testTarget(
            name: "PipelineTests", dependencies: ["Cache", "Pipeline", "TestSupport"],
            swiftSettings: rules),
        .testTarget(
            name: "StagesTests",
            dependencies: ["Numerics", "Cache", "Pipeline", "Stages", "TestSupport"],
            swiftSettings: rules),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Cache", "Pipeline", "Stages", "bitlaw", "TestSupport"],
            swiftSettings: rules),
    ]
)
