import ArgumentParser
import Basis
import Configuration
import Evidence
import Exchange
import Foundation
import JSON
import Logging
import Vault
import Web

/// Everything that can be set, read once at the start, with types and limits. See docs/configuration.md.
struct Settings: Sendable {
    /// A file's path, or a `postgresql://` URL.
    var database: String
    var host: String
    /// 0 takes any free port.
    var port: Int
    /// PostgreSQL connections.
    var connections: Int
    /// Where the site is reached from outside, when that differs from the listener: `https://learn.example.org`.
    var publicURL: String
    /// Whether `X-Forwarded-For` is believed.
    var trustsProxy: Bool
    var logLevel: Logger.Level
    /// A folder with further assets, such as the web font; empty for none.
    var assets: String
    /// Which addresses requests outwards may reach: `public`, `private` or `loopback`.
    var addresses: AddressPolicy
    /// The file with the key that seals secrets in the database; empty for the one beside an SQLite database.
    var secretKeyFile: String
    /// The most that the record store takes at once.
    var limits = XAPILimits()
    /// What one connection may take of the server.
    var connectionLimits = ConnectionLimits()

    /// Where each value came from, by name, in the order of `Settings.all`.
    private(set) var origins: [(name: String, value: String, origin: String)] = []

    /// Where requests outwards may go, and what they may take.
    var wire: WireLimits {
        var limits = WireLimits()
        limits.addresses = addresses
        return limits
    }

    /// Seals secrets in the database. On PostgreSQL, whose nodes share no folder, a key file must be named.
    var vault: Vault {
        if !secretKeyFile.isEmpty { return Vault(file: secretKeyFile) }
        return Vault(file: isPostgres ? nil : database + ".key")
    }

    /// Whether cookies carry `Secure`.
    var isSecure: Bool { publicURL.hasPrefix("https://") || (publicURL.isEmpty && !isLoopback) }

    /// Whether only this machine can reach the listener.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    var isPostgres: Bool { database.hasPrefix("postgresql://") || database.hasPrefix("postgres://") }

    /// The names with their defaults.
    static let all: [(name: String, standard: String)] =
        [
            ("database", "leeway.sqlite"), ("host", "127.0.0.1"), ("port", "8080"), ("connections", "8"),
            ("publicURL", ""), ("trustsProxy", "false"), ("logLevel", "info"), ("assets", ""),
            ("exchangeAddresses", "private"), ("secretKeyFile", ""),
        ] + Settings.limits.map { ($0.name, String(XAPILimits()[keyPath: $0.path])) }
        + Settings.httpLimits.map { ($0.name, String(ConnectionLimits()[keyPath: $0.path])) }

    private typealias Limit<Limits> = (
        name: String, path: any WritableKeyPath<Limits, Int> & Sendable, range: ClosedRange<Int>
    )

    /// The limits of connections by their names, with what each may be.
    private static let httpLimits: [Limit<ConnectionLimits>] = [
        ("httpConnectionCount", \.connectionCount, 1...1_000_000), ("httpIdleSeconds", \.idleSeconds, 1...86_400),
        ("httpHeaderSeconds", \.headerSeconds, 1...3_600), ("httpBodySeconds", \.bodySeconds, 1...3_600),
        ("httpAnswerSeconds", \.answerSeconds, 1...3_600), ("httpByteRate", \.byteRate, 1...1 << 20),
    ]

    /// The limits of the record store by their names, with what each may be.
    private static let limits: [Limit<XAPILimits>] = [
        ("xapiBodyBytes", \.bodyBytes, 1 << 10...1 << 30), ("xapiHeaderBytes", \.headerBytes, 1 << 10...64 << 10),
        ("xapiBatchCount", \.batchCount, 1...100_000), ("xapiAttachmentBytes", \.attachmentBytes, 1...1 << 30),
        ("xapiTextBytes", \.textBytes, 256...1 << 30), ("xapiPageBytes", \.pageBytes, 1...1 << 30),
    ]

    /// Reads flags, then the environment (`LEEWAY_DATABASE`, …), then the file, then the defaults.
    ///
    /// - Parameters:
    ///   - flags: Values given on the command line, by name.
    ///   - path: A JSON file. When nil, the one that `LEEWAY_CONFIG` names, else none.
    ///   - environment: The process's environment.
    /// - Throws: `Problem` (`config`) with one sentence.
    init(flags: [String: String], file path: String?, environment: [String: String]) throws {
        var providers: [(name: String, provider: any ConfigProvider)] = [
            ("flag", Settings.provider(flags)),
            (
                "environment",
                EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "leeway")
            ),
        ]
        if let path = path ?? environment["LEEWAY_CONFIG"] {
            providers.append(("file \(path)", Settings.provider(try Settings.file(path))))
        }
        providers.append(
            ("default", Settings.provider(Dictionary(uniqueKeysWithValues: Settings.all.map { ($0, $1) }))))
        var found: [String: String] = [:]
        var origins: [(name: String, value: String, origin: String)] = []
        for (name, _) in Settings.all {
            for (origin, provider) in providers {
                let value = try provider.value(forKey: AbsoluteConfigKey([name]), type: .string).value
                guard case .string(let text)? = value?.content else { continue }
                found[name] = text
                origins.append((name, name == "database" ? hidingSecrets(text) : text, origin))
                break
            }
        }
        func text(_ name: String) -> String { found[name] ?? "" }
        database = text("database")
        host = text("host")
        publicURL = text("publicURL")
        assets = text("assets")
        secretKeyFile = text("secretKeyFile")
        port = try Settings.integer("port", text("port"), in: 0...65_535)
        connections = try Settings.integer("connections", text("connections"), in: 1...64)
        guard let trusts = Bool(text("trustsProxy")) else {
            throw Settings.refusal("trustsProxy", text("trustsProxy"), "true or false")
        }
        trustsProxy = trusts
        guard let level = Logger.Level(rawValue: text("logLevel")) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw Settings.refusal("logLevel", text("logLevel"), "one of \(levels)")
        }
        logLevel = level
        guard let policy = AddressPolicy(rawValue: text("exchangeAddresses")) else {
            throw Settings.refusal("exchangeAddresses", text("exchangeAddresses"), "public, private or loopback")
        }
        addresses = policy
        for limit in Settings.limits {
            limits[keyPath: limit.path] = try Settings.integer(limit.name, text(limit.name), in: limit.range)
        }
        for limit in Settings.httpLimits {
            connectionLimits[keyPath: limit.path] = try Settings.integer(limit.name, text(limit.name), in: limit.range)
        }
        self.origins = origins
        if database.isEmpty { throw Settings.refusal("database", "", "a file or a postgresql:// URL") }
        if !publicURL.isEmpty, !publicURL.hasPrefix("https://"), !publicURL.hasPrefix("http://") {
            throw Settings.refusal("publicURL", publicURL, "an http:// or https:// URL")
        }
    }

    /// Whether somebody named a setting, rather than leaving it at its default.
    func names(_ setting: String) -> Bool { origins.contains { $0.name == setting && $0.origin != "default" } }

    private static func provider(_ values: [String: String]) -> InMemoryProvider {
        InMemoryProvider(
            values: Dictionary(
                uniqueKeysWithValues: values.map { name, value in
                    (AbsoluteConfigKey([name]), ConfigValue(.string(value), isSecret: name == "database"))
                }))
    }

    /// The members of a JSON file as texts.
    private static func file(_ path: String) throws -> [String: String] {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Problem(.invalid, "config", "The configuration file \(path) cannot be read.")
        }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: Array(bytes))
        } catch {
            throw Problem(.invalid, "config", "\(path), line \(error.line), column \(error.column): \(error.detail)")
        }
        guard let object = document.object else {
            throw Problem(.invalid, "config", "\(path) must hold one JSON object.")
        }
        var values: [String: String] = [:]
        for member in object.members {
            guard all.contains(where: { $0.name == member.name }) else {
                let known = all.map(\.name).joined(separator: ", ")
                throw Problem(.invalid, "config", "\(path): “\(member.name)” is no setting. Known: \(known).")
            }
            switch member.value {
            case .string(let text), .number(let text): values[member.name] = text
            case .bool(let flag): values[member.name] = "\(flag)"
            case .null, .array, .object:
                throw Problem(.invalid, "config", "\(path): “\(member.name)” must be a text, a number, true or false.")
            }
        }
        return values
    }

    private static func integer(_ name: String, _ text: String, in range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw refusal(name, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func refusal(_ name: String, _ value: String, _ expected: String) -> Problem {
        Problem(.invalid, "config", "The setting “\(name)” is “\(value)”. It must be \(expected).")
    }
}

/// A database's name without a password, fit for a log.
func hidingSecrets(_ database: String) -> String {
    database
        .replacing(#/(?<head>//[^:@/?]*):[^@/]*@/#) { "\($0.output.head):…@" }
        .replacing(#/password=[^&\s]*/#.ignoresCase()) { _ in "password=…" }
}

/// The flags that most commands share.
struct SettingsOptions: ParsableArguments {
    @Option(help: "A file, or a postgresql:// URL. Keep passwords out of the command line: use LEEWAY_DATABASE.")
    var database: String?
    @Option(help: "A JSON file with settings. LEEWAY_CONFIG names one too.")
    var config: String?
    @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    func settings(_ more: [String: String?] = [:]) throws -> Settings {
        var flags = more.compactMapValues { $0 }
        flags["database"] = database
        flags["logLevel"] = logLevel
        return try Settings(flags: flags, file: config, environment: ProcessInfo.processInfo.environment)
    }
}
