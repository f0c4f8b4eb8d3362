// swift-tools-version: 6.2
import PackageDescription

// One package, one direction. A target may depend only on targets in a layer
// above its own in this file, and may import only what it lists here: the test
// run builds with `--explicit-target-dependency-import-check error`.

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "leeway",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "leeway", targets: ["leeway"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", exact: "1.4.0",
            traits: [.defaults, "CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // 0. Ground: values, maths and forms. No clock, no network, no database.
        .target(name: "Basis", swiftSettings: house),
        .target(name: "Statistics", dependencies: ["Basis"], swiftSettings: house),
        .target(name: "Psychometrics", dependencies: ["Basis", "Statistics"], swiftSettings: house),
        .target(name: "Memory", dependencies: ["Basis"], swiftSettings: house),
        .target(name: "JSON", dependencies: ["Basis"], swiftSettings: house),
        .target(name: "HTML", swiftSettings: house),
        .systemLibrary(
            name: "CMark", pkgConfig: "libcmark-gfm",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
        .target(name: "Markdown", dependencies: ["CMark"], swiftSettings: house),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Input", dependencies: ["Basis", "CZlib"], swiftSettings: house),
        .systemLibrary(name: "CHaru", providers: [.apt(["libhpdf-dev"])]),
        .target(name: "PDF", dependencies: ["Basis", "CHaru"], swiftSettings: house),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(
            name: "Mail", dependencies: ["Basis", "CCurl", .product(name: "NIOPosix", package: "swift-nio")],
            swiftSettings: house),
        .target(name: "Merkle", dependencies: ["Basis", crypto], swiftSettings: house),
        .target(name: "Vault", dependencies: ["Basis", crypto], swiftSettings: house),
        .target(name: "Authorization", dependencies: ["Basis"], swiftSettings: house),

        // 1. Storage: one small protocol, two engines. Engines never see a domain.
        .target(name: "Storage", dependencies: ["Basis"], swiftSettings: house),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "StorageSQLite",
            dependencies: [
                "Basis", "Storage", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: house),
        .target(
            name: "StoragePostgres",
            dependencies: [
                "Basis", "Storage", "CPostgres", .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house),

        // 2. Spine: who there is, and what happened.
        .target(
            name: "People",
            dependencies: ["Basis", "Input", "Storage", crypto, cryptoExtras],
            swiftSettings: house),
        .target(
            name: "Evidence",
            dependencies: [
                "Basis", "HTML", "JSON", "Input", "Merkle", "Storage", "People", crypto, cryptoExtras,
            ],
            swiftSettings: house),

        // 3. Domains: each a set of decisions and its store, blind to its siblings.
        .target(
            name: "Intent",
            dependencies: [
                "Basis", "Storage", "People", "Evidence", "JSON", "Authorization", "Statistics", crypto,
            ],
            swiftSettings: house),
        .target(
            name: "Catalog",
            dependencies: ["Basis", "JSON", "Input", "Storage", crypto],
            swiftSettings: house),
        .target(
            name: "Skills",
            dependencies: ["Basis", "JSON", "Input", "Storage"],
            swiftSettings: house),
        .target(
            name: "Assess",
            dependencies: ["Basis", "JSON", "Input", "Storage", crypto],
            resources: [.copy("Bank")],
            swiftSettings: house),
        .target(
            name: "Mastery",
            dependencies: ["Basis", "Statistics", "Storage"],
            swiftSettings: house),

        // 4. Synthesis: what joins the domains.
        .target(
            name: "Paths",
            dependencies: [
                "Basis", "JSON", "Storage", "People", "Evidence", "Intent", "Catalog", "Skills", "Mastery", "Assess",
            ],
            swiftSettings: house),
        .target(
            name: "Notices",
            dependencies: ["Basis", "JSON", "Mail", "Storage", "Vault", "People", "Evidence", "Intent"],
            swiftSettings: house),
        .target(
            name: "Insight",
            dependencies: [
                "Basis", "JSON", "Merkle", "PDF", "Statistics", "Storage", "People", "Evidence", "Intent", "Catalog",
                "Skills", "Mastery", "Assess", "Paths", "Notices", crypto,
            ],
            swiftSettings: house),
        .target(
            name: "Imports",
            dependencies: [
                "Basis", "JSON", "Input", "Storage", "People", "Evidence", "Catalog", "Skills", "Mastery", "Assess",
                crypto,
            ],
            swiftSettings: house),
        .target(
            name: "Exchange",
            dependencies: [
                "Basis", "JSON", "Storage", "Vault", "Evidence", crypto,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house),

        .target(
            name: "Stores",
            dependencies: [
                "Basis", "Storage", "People", "Evidence", "Intent", "Catalog", "Skills", "Mastery", "Assess", "Paths",
                "Notices", "Insight", "Imports", "Exchange", "Vault",
            ],
            swiftSettings: house),

        // 5. Edges: HTTP in, JSON and pages out.
        .target(
            name: "Web",
            dependencies: [
                "Basis", "HTML", "Input", "JSON", "People", hummingbird, logging, crypto,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: house),
        .target(
            name: "API",
            dependencies: [
                "Basis", "Authorization", "Statistics", "JSON", "Merkle", "PDF", "Storage", "People", "Evidence",
                "Intent", "Catalog", "Skills", "Mastery", "Assess", "Paths", "Notices", "Insight", "Imports",
                "Exchange",
                "Stores", "Mail", "Web",
                hummingbird,
            ],
            swiftSettings: house),
        .target(
            name: "Site",
            dependencies: [
                "Basis", "Authorization", "HTML", "JSON", "Markdown", "Merkle", "PDF", "Statistics", "Storage",
                "People", "Evidence", "Intent", "Catalog", "Skills", "Mastery", "Assess", "Paths", "Notices", "Insight",
                "Imports", "Exchange", "Mail", "Stores", "Web", hummingbird,
            ],
            resources: [.copy("Assets")],
            swiftSettings: house),

        // 6. Root: the demonstration, configuration, composition, commands.
        .target(
            name: "Demo",
            dependencies: [
                "Basis", "JSON", "Storage", "People", "Evidence", "Intent", "Catalog", "Skills", "Mastery", "Assess",
                "Paths", "Notices", "Insight", "Imports", "Exchange",
            ],
            resources: [.copy("Starter")],
            swiftSettings: house),
        .executableTarget(
            name: "leeway",
            dependencies: [
                "Basis", "Authorization", "JSON", "Input", "Merkle", "PDF", "Storage", "StorageSQLite",
                "StoragePostgres", "People", "Evidence", "Intent", "Catalog", "Skills", "Mastery", "Assess", "Paths",
                "Notices", "Insight", "Imports", "Exchange", "Mail", "Stores",
                "Web", "API", "Site", "Demo", "Vault", argumentParser, hummingbird, logging,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),

        // Beside: tests. One target a target, and the house rules.
        .target(
            name: "StorageTesting",
            dependencies: ["Basis", "Storage", "StorageSQLite", "StoragePostgres"],
            path: "Tests/StorageTesting",
            swiftSettings: house),
        .testTarget(
            name: "BasisTests", dependencies: ["Basis", "JSON", "HTML", "Markdown", "Input"], swiftSettings: house),
        .testTarget(name: "StatisticsTests", dependencies: ["Basis", "Statistics"], swiftSettings: house),
        .target(
            name: "MailTesting",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/MailTesting",
            swiftSettings: house),
        .testTarget(
            name: "PsychometricsTests", dependencies: ["Basis", "Statistics", "Psychometrics"], swiftSettings: house),
        .testTarget(
            name: "MemoryTests", dependencies: ["Basis", "Memory"], exclude: ["Golden"], swiftSettings: house),
        .testTarget(
            name: "MailTests",
            dependencies: [
                "Basis", "Mail", "MailTesting", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(name: "PDFTests", dependencies: ["Basis", "PDF"], swiftSettings: house),
        .testTarget(name: "MerkleTests", dependencies: ["Basis", "JSON", "Merkle"], swiftSettings: house),
        .testTarget(name: "VaultTests", dependencies: ["Basis", "Vault", crypto], swiftSettings: house),
        .testTarget(
            name: "AuthorizationTests", dependencies: ["Basis", "JSON", "Authorization"], swiftSettings: house),
        .testTarget(name: "StorageTests", dependencies: ["Basis", "Storage", "StorageTesting"], swiftSettings: house),
        .testTarget(
            name: "PeopleTests", dependencies: ["Basis", "Storage", "StorageTesting", "People"], swiftSettings: house),
        .testTarget(
            name: "EvidenceTests",
            dependencies: [
                "Basis", "JSON", "Merkle", "Storage", "StorageTesting", "People", "Evidence", crypto, cryptoExtras,
            ],
            swiftSettings: house),
        .testTarget(
            name: "IntentTests",
            dependencies: [
                "Basis", "JSON", "Storage", "StorageTesting", "People", "Evidence", "Intent", "Authorization",
                "Statistics",
            ],
            swiftSettings: house),
        .testTarget(
            name: "CatalogTests",
            dependencies: ["Basis", "JSON", "Input", "Storage", "StorageTesting", "Catalog"],
            swiftSettings: house),
        .testTarget(
            name: "SkillsTests",
            dependencies: ["Basis", "JSON", "Input", "Storage", "StorageTesting", "Skills"],
            swiftSettings: house),
        .testTarget(
            name: "AssessTests",
            dependencies: ["Basis", "JSON", "Input", "Storage", "StorageTesting", "Assess"],
            swiftSettings: house),
        .testTarget(
            name: "MasteryTests",
            dependencies: ["Basis", "Storage", "StorageTesting", "Mastery"],
            swiftSettings: house),
        .testTarget(
            name: "PathsTests",
            dependencies: [
                "Basis", "JSON", "Storage", "StorageTesting", "People", "Evidence", "Intent", "Catalog", "Skills",
                "Mastery", "Assess", "Paths",
            ],
            swiftSettings: house),
        .testTarget(
            name: "NoticesTests",
            dependencies: [
                "Basis", "Mail", "MailTesting", "Storage", "StorageTesting", "Vault", "People", "Evidence", "Intent",
                "Notices", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "InsightTests",
            dependencies: [
                "Basis", "JSON", "PDF", "Statistics", "Storage", "StorageTesting", "People", "Evidence", "Intent",
                "Catalog", "Skills", "Mastery", "Assess", "Paths", "Notices", "Insight",
            ],
            swiftSettings: house),
        .testTarget(
            name: "ImportsTests",
            dependencies: [
                "Basis", "JSON", "Storage", "StorageTesting", "People", "Evidence", "Catalog", "Skills", "Mastery",
                "Assess", "Imports",
            ],
            swiftSettings: house),
        .testTarget(
            name: "ExchangeTests",
            dependencies: [
                "Basis", "JSON", "Storage", "StorageTesting", "Vault", "People", "Evidence", "Exchange",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "APITests",
            dependencies: [
                "Basis", "HTML", "JSON", "Merkle", "Storage", "StorageTesting", "People", "Evidence", "Intent",
                "Catalog", "Skills", "Mastery", "Assess", "Paths", "Notices", "Insight", "Imports", "Exchange",
                "Stores", "Web", "API", "Vault", "MailTesting", hummingbird, crypto,
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "SiteTests",
            dependencies: [
                "Basis", "HTML", "JSON", "Storage", "StorageTesting", "People", "Evidence", "Intent", "Catalog",
                "Skills", "Mastery", "Assess", "Paths", "Notices", "Insight", "Imports",
                "Exchange", "Stores", "Web", "Site", "Demo", "Vault", "MailTesting", hummingbird,
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "DemoTests",
            dependencies: [
                "Basis", "JSON", "Storage", "StorageTesting", "People", "Evidence", "Intent", "Paths", "Insight",
                "Demo", crypto,
            ],
            swiftSettings: house),
        .testTarget(name: "CommandTests", dependencies: ["leeway"], swiftSettings: house),
        .testTarget(name: "TidyTests", swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)
