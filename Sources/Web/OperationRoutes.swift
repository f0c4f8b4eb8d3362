import Basis
import Hummingbird
import JSON
import Logging
import NIOCore

/// The routes that tell operators how the server is: health and metrics. `ping` throws when the database does not
/// answer.
public func operationRoutes(metrics: Metrics, ping: @escaping @Sendable () async throws -> Void) -> [Route] {
    [
        .api(.get, "/health/live", .anyone, "Whether the process answers.") { _ in
            .json(["status": "live"])
        },
        .api(.get, "/health/ready", .anyone, "Whether the database answers.") { visit in
            do {
                try await ping()
            } catch {
                visit.logger.error("not ready", metadata: ["cause": "\(error)"])
                throw Problem(.unavailable, "not-ready", "The database does not answer. Try again later.")
            }
            return .json(["status": "ready"])
        },
        .api(.get, "/metrics", .client(scope: "metrics"), "Counters in the Prometheus text format.") { _ in
            .text(metrics.text, type: "text/plain; version=0.0.4; charset=utf-8")
        },
    ]
}
