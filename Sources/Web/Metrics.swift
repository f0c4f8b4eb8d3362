import Synchronization

/// Requests by route, method and status, and how long they took.
public final class Metrics: Sendable {
    private struct Key: Hashable, Comparable {
        let route, method: String
        let status: Int

        static func < (one: Key, other: Key) -> Bool {
            (one.route, one.method, one.status) < (other.route, other.method, other.status)
        }
    }

    private struct Histogram {
        var counts = [Int](repeating: 0, count: bounds.count + 1)
        var sum = 0.0
    }

    private struct Tally {
        var requests: [Key: Int] = [:]
        var spans: [String: Histogram] = [:]
    }

    /// Upper bounds in seconds.
    private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

    private let tally = Mutex(Tally())

    public init() {}

    func count(route: String, method: String, status: Int, span: Duration) {
        let seconds = Double(span.components.seconds) + Double(span.components.attoseconds) / 1e18
        let bucket = Metrics.bounds.firstIndex { seconds <= $0 } ?? Metrics.bounds.count
        tally.withLock { tally in
            tally.requests[Key(route: route, method: method, status: status), default: 0] += 1
            tally.spans[route, default: Histogram()].counts[bucket] += 1
            tally.spans[route, default: Histogram()].sum += seconds
        }
    }

    /// The Prometheus text format, version 0.0.4.
    public var text: String {
        let (requests, spans) = tally.withLock { ($0.requests, $0.spans) }
        var lines = [
            "# HELP leeway_http_requests_total Requests answered.", "# TYPE leeway_http_requests_total counter",
        ]
        for (key, count) in requests.sorted(by: { $0.key < $1.key }) {
            let labels = "route=\"\(key.route)\",method=\"\(key.method)\",status=\"\(key.status)\""
            lines.append("leeway_http_requests_total{\(labels)} \(count)")
        }
        lines.append("# HELP leeway_http_request_seconds Time from the request to its answer.")
        lines.append("# TYPE leeway_http_request_seconds histogram")
        for (route, histogram) in spans.sorted(by: { $0.key < $1.key }) {
            var total = 0
            for (index, count) in histogram.counts.enumerated() {
                total += count
                let bound = index < Metrics.bounds.count ? "\(Metrics.bounds[index])" : "+Inf"
                lines.append("leeway_http_request_seconds_bucket{route=\"\(route)\",le=\"\(bound)\"} \(total)")
            }
            lines.append("leeway_http_request_seconds_sum{route=\"\(route)\"} \(histogram.sum)")
            lines.append("leeway_http_request_seconds_count{route=\"\(route)\"} \(total)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
