/// A refusal that the caller may read.
///
/// Becomes a problem document (RFC 9457) at the HTTP edge and a message with an
/// exit status at the command line. Knows nothing of either.
public struct Problem: Error, Sendable {
    /// What the caller can do about it. Each kind has one HTTP status.
    public enum Kind: String, CaseIterable, Sendable {
        /// The input breaks a rule: change it.
        case invalid
        /// Nobody is signed in: sign in.
        case anonymous
        /// Somebody else may: ask them.
        case forbidden
        /// There is no such thing, or the caller may not know of it.
        case missing
        /// It clashes with what is already there.
        case conflict
        /// It changed since the caller last looked: look again.
        case stale
        /// It is larger than the limit.
        case oversize
        /// Not now: try again later.
        case unavailable
        /// Our mistake.
        case fault
    }

    public let kind: Kind
    /// A stable word for programs, such as `trial-closed`. Part of the API.
    public let code: String
    /// One sentence for people. Free to change.
    public let detail: String
    /// Where in the input, as JSON Pointers (RFC 6901).
    public let pointers: [String]
    /// What is wrong at each of `pointers`, in their order; empty when `detail` says it for all of them.
    public let details: [String]
    /// The places of an input file that are wrong; empty for anything but an import.
    public let issues: [InputIssue]
    /// For the log only. Never leaves the server.
    public let cause: (any Error)?

    public init(
        _ kind: Kind, _ code: String, _ detail: String,
        at pointers: [String] = [], details: [String] = [], issues: [InputIssue] = [], cause: (any Error)? = nil
    ) {
        self.kind = kind
        self.code = code
        self.detail = detail
        self.pointers = pointers
        self.details = details.count == pointers.count ? details : []
        self.issues = issues
        self.cause = cause
    }
}

/// An error that knows how to explain itself.
public protocol ProblemConvertible: Error {
    var problem: Problem { get }
}
