import ArgumentParser
import Basis
import Foundation
import Hummingbird
import Imports
import Logging
import NIOCore
import ServiceLifecycle
import Storage
import UnixSignals
import Web

/// `leeway serve`.
struct Serve: ToldCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the site, the API and the record store.",
        discussion: "Prints its URL on standard output once it listens. SIGTERM and SIGINT end it in order.")

    @OptionGroup var options: SettingsOptions
    @Option(help: "The address to listen on. 127.0.0.1 unless set: only this machine.") var host: String?
    @Option(help: "The port. 0 takes any free one. 8080 unless set.") var port: String?
    @Option(name: .customLong("public-url"), help: "Where people reach it, such as https://learn.example.org.")
    var publicURL: String?

    func work() async throws {
        let settings = try options.settings(["host": host, "port": port, "publicURL": publicURL])
        let world = World.live
        LogOutput.start(level: settings.logLevel, world: world)
        try await withDatabase(settings, world: world) { database in
            try await serve(database, settings, world: world)
        }
    }
}

/// Serves until a signal ends it.
///
/// - Throws: `Problem` (`port-busy`, `address`) when the address cannot be had.
func serve(
    _ database: any Database, _ settings: Settings, world: World, greeting: [String] = []
) async throws {
    var logger = Logger(label: "leeway")
    logger.logLevel = settings.logLevel
    // The libraries' own lines at “info” (service started, server listening) say nothing to whoever runs Leeway.
    var quiet = logger
    quiet.logLevel = max(settings.logLevel, .warning)
    let house = try House(database: database, world: world, settings: settings, logger: logger)
    var limits = settings.connectionLimits
    // Databases, assets and requests outwards need files, too.
    let free = openFileLimit() - reservedFiles
    if limits.connectionCount > free {
        limits.connectionCount = max(1, free)
        logger.notice(
            "fewer connections than httpConnectionCount: raise the limit of open files",
            metadata: ["connections": "\(limits.connectionCount)"])
    }
    let left = house.desk.sweep()
    if left > 0 { logger.info("removed what ended imports left behind", metadata: ["folders": "\(left)"]) }
    let application = Application(
        responder: house.edge,
        server: .guarded(limits),
        configuration: .init(address: .hostname(settings.host, port: settings.port), serverName: nil),
        onServerRunning: { channel in
            let port = channel.localAddress?.port ?? settings.port
            let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
            let url = settings.publicURL.isEmpty ? "http://\(host):\(port)" : settings.publicURL
            // Not `print`: standard output is held back when it is a pipe, and whoever started us waits for the line.
            let lines = (["Leeway is at \(url)"] + greeting).joined(separator: "\n")
            FileHandle.standardOutput.write(Data((lines + "\n").utf8))
        },
        logger: quiet)
    var services = ServiceGroupConfiguration(
        services: [
            house.jobs, house.moving, house.uses, house.ledger, house.watch, house.audiences, house.access,
            house.nights, house.letters, application,
        ],
        gracefulShutdownSignals: [.sigterm, .sigint],
        logger: quiet)
    // Requests in flight are answered first, but one that never ends does not keep the program.
    services.maximumGracefulShutdownDuration = .seconds(10)
    let group = ServiceGroup(configuration: services)
    do {
        try await group.run()
    } catch let error as IOError {
        throw listening(error, settings)
    } catch let error as SocketAddressError.UnknownHost {
        throw Problem(
            .invalid, "address", "There is no address “\(settings.host)”. Name another --host.", cause: error)
    }
}

/// Files that are kept for other things than connections.
private let reservedFiles = 128

/// How many files this process may have open, after asking for as many as the system allows.
private func openFileLimit() -> Int {
    var limit = rlimit()
    #if canImport(Glibc)
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        let kind = RLIMIT_NOFILE
    #endif
    guard getrlimit(kind, &limit) == 0 else { return 1_024 }
    var raised = limit
    raised.rlim_cur = min(limit.rlim_max, 1 << 20)
    if raised.rlim_cur > limit.rlim_cur, setrlimit(kind, &raised) == 0 { limit = raised }
    return Int(clamping: limit.rlim_cur)
}

private func listening(_ error: IOError, _ settings: Settings) -> Problem {
    let place = "\(settings.host):\(settings.port)"
    return switch error.errnoCode {
    case EADDRINUSE:
        Problem(
            .conflict, "port-busy", "Something else listens at \(place). Name another --port, or 0 for any free one.")
    case EACCES:
        Problem(.forbidden, "address", "This user may not listen at \(place). Name a --port above 1023.")
    case EADDRNOTAVAIL:
        Problem(.invalid, "address", "This machine has no address \(settings.host). Name another --host.")
    default:
        Problem(.unavailable, "address", "It cannot listen at \(place): \(error).")
    }
}
