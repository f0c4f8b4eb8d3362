import Foundation
import Synchronization

/// Several users who each fetch one page again and again over a connection of their own, at once or after a pause of
/// random length.
struct Load {
    let port: UInt16
    let path: String
    let cookie: String
    let users: Int
    let requests: Int
    /// Seconds between an answer and the next request, on average; 0 for none.
    var pause = 0.0

    struct Outcome {
        let seconds: [Double]
        let rate: Double

        func percentile(_ share: Double) -> Double {
            seconds.isEmpty ? .nan : seconds[min(seconds.count - 1, Int(share * Double(seconds.count)))]
        }
    }

    /// - Throws: when any page is not 200, so that an error page is never measured as a fast one.
    func run() throws -> Outcome {
        for _ in 0..<20 { _ = try HTTPClient(port: port).get(path, cookie: cookie) }
        let samples = Mutex<[Double]>([])
        let faults = Mutex<[String]>([])
        let group = DispatchGroup()
        let start = Date()
        for _ in 0..<users {
            group.enter()
            Thread {
                defer { group.leave() }
                do {
                    let client = try HTTPClient(port: port)
                    var own: [Double] = []
                    for _ in 0..<requests {
                        if pause > 0 { Thread.sleep(forTimeInterval: Double.random(in: 0...(2 * pause))) }
                        let begin = DispatchTime.now().uptimeNanoseconds
                        let answer = try client.get(path, cookie: cookie)
                        own.append(Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e9)
                        if answer.status != 200 { throw BenchError("\(path) answered \(answer.status)") }
                    }
                    samples.withLock { $0 += own }
                } catch {
                    faults.withLock { $0.append("\(error)") }
                }
            }.start()
        }
        group.wait()
        if let fault = faults.withLock({ $0.first }) { throw BenchError(fault) }
        let sorted = samples.withLock { $0.sorted() }
        return Outcome(seconds: sorted, rate: Double(sorted.count) / Date().timeIntervalSince(start))
    }
}
