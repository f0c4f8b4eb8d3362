public import Basis

/// How long sign-in waits after failures. Pure.
///
/// Each attempt counts as a failure when it starts and is taken back when it succeeds, so that attempts sent
/// together cannot slip past the count.
public struct Throttle: Hashable, Sendable {
    /// Failures without a wait.
    public let free: Int
    /// The wait after the next one; it doubles with each further failure.
    public let first: Duration
    public let longest: Duration

    /// `free` failures without a wait, then `first`, doubling up to `longest`.
    public init(free: Int, first: Duration, longest: Duration) {
        self.free = free
        self.first = first
        self.longest = longest
    }

    /// For one account.
    public static let account = Throttle(free: 5, first: .seconds(2), longest: .minutes(15))
    /// For one address. A whole office may share it.
    public static let address = Throttle(free: 50, first: .seconds(2), longest: .minutes(15))
    /// Failures are forgotten after this long without another.
    public static let memory = Duration.hours(24)

    /// The time from the last failure until another attempt may be made.
    public func wait(after failures: Int) -> Duration {
        guard failures >= free else { return .zero }
        let doublings = min(failures - free, 30)
        return min(longest, first * (1 << doublings))
    }

    /// What is left of the wait, or nil when an attempt may be made now.
    public func remaining(after failures: Int, last: Moment, at now: Moment) -> Duration? {
        let left = last + wait(after: failures) - now
        return left > .zero ? left : nil
    }
}

/// The part of an address that one visitor holds: an IPv4 address, or the first 64 bits of an IPv6 one.
///
/// - Source: RFC 6177: a site is given at least a /64, and so counts as one.
func networkKey(_ address: String) -> String {
    guard address.contains(":") else { return address }
    let bare = address.prefix { $0 != "%" }.lowercased()
    if bare.contains(".") { return bare.split(separator: ":").last.map(String.init) ?? bare }
    let halves = bare.split(separator: "::", omittingEmptySubsequences: false).map {
        $0.split(separator: ":").map { String($0.drop { $0 == "0" }) }
    }
    var groups = halves[0]
    if halves.count > 1 {
        groups += Array(repeating: "", count: max(0, 8 - groups.count - halves[1].count)) + halves[1]
    }
    return groups.prefix(4).joined(separator: ":") + "::/64"
}
