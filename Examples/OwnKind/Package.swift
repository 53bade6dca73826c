// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "own-kind",
    dependencies: [
        // Where your copy of Bitlaw stands; the name is the same whatever its folder is called.
        .package(name: "bitlaw", path: "../..")
    ],
    targets: [
        // The kind: everything that it needs comes with one import.
        .target(
            name: "Percolation", dependencies: [.product(name: "BitlawKit", package: "bitlaw")]),
        // Bitlaw with the kind added.
        .executableTarget(
            name: "bitlaw-percolation",
            dependencies: [
                "Percolation", .product(name: "BitlawProgram", package: "bitlaw"),
            ]),
        .testTarget(
            name: "PercolationTests",
            dependencies: ["Percolation", .product(name: "BitlawKit", package: "bitlaw")]),
    ]
)
