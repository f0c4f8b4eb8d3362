// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that who builds Leeway never builds this. It knows Leeway only from outside: it runs
// the program and talks HTTP to it, and it drives the raw engines to have a floor in the same run.
let package = Package(
    name: "leeway-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")],
    targets: [
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .executableTarget(
            name: "leeway-bench",
            dependencies: [
                "CSQLite", "CPostgres", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: [.enableUpcomingFeature("ExistentialAny"), .treatAllWarnings(as: .error)]),
    ],
    swiftLanguageModes: [.v6]
)
