// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the product's build knows nothing of it. The modules under measurement
// are links to the product's sources: `package` access then reaches them.
let rules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "bitlaw-benchmarks",
    targets: [
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
        .systemLibrary(name: "COpenBLAS"),
        .systemLibrary(name: "CCurl"),
        .systemLibrary(name: "CSystem"),
        .target(name: "CKernels"),
        .target(
            name: "Numerics", dependencies: ["CKernels", "COpenBLAS"], swiftSettings: rules),
        .target(
            name: "Cache", dependencies: ["CCrypto", "CCurl", "CSystem", "CZstd"],
            swiftSettings: rules),
        .executableTarget(
            name: "factors", dependencies: ["Cache", "Numerics"], swiftSettings: rules),
        .executableTarget(name: "laws", dependencies: ["Numerics"], swiftSettings: rules),
        .executableTarget(name: "online", dependencies: ["Numerics"], swiftSettings: rules),
        .executableTarget(name: "store", dependencies: ["Cache"], swiftSettings: rules),
        .executableTarget(
            name: "kernels", dependencies: ["Cache", "Numerics"], swiftSettings: rules),
    ]
)
