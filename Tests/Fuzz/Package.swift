// swift-tools-version: 6.2
import PackageDescription

// A package of its own: the readers of the product, as they are, built with libFuzzer's coverage and AddressSanitizer.
// `Product` is a link to the sources, so nothing has to be made public or exported for it. See docs/fuzzing.md.

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // Coverage alone: the driver is linked without its `main`, which is the harness's own.
    .unsafeFlags(["-sanitize=fuzzer,address"]),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")

func product(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Product/\(name)", swiftSettings: house)
}

let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2")],
    targets: [
        .systemLibrary(name: "CZlib", path: "Product/CZlib"),
        .systemLibrary(name: "CFuzzer", path: "CFuzzer"),
        product("Basis"),
        product("JSON", ["Basis"]),
        product("HTML"),
        product("Input", ["Basis", "CZlib"]),
        product("Merkle", ["Basis", crypto]),
        product("Storage", ["Basis"]),
        product("People", ["Basis", "Input", "Storage", crypto, cryptoExtras]),
        product(
            "Evidence",
            ["Basis", "HTML", "JSON", "Input", "Merkle", "Storage", "People", crypto, cryptoExtras]),
        .executableTarget(
            name: "fuzz", dependencies: ["Basis", "JSON", "Input", "Evidence", "CFuzzer"], path: "Harness",
            swiftSettings: house,
            linkerSettings: [.unsafeFlags(["-sanitize=address"]), .linkedLibrary("stdc++")]),
    ],
    swiftLanguageModes: [.v6]
)
