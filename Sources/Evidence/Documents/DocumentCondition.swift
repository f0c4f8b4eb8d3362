import Basis

/// What must be so for a change to happen.
///
/// - Source: RFC 9110, sections 13.1.1 and 13.1.2; xAPI 1.0.3, part 3, 3.1; IEEE 9274.1.1-2023, 4.1.4.
public struct DocumentCondition: Hashable, Sendable {
    /// What a change without If-Match and If-None-Match may do.
    public enum Freedom: Hashable, Sendable {
        /// Anything.
        case any
        /// Make what is not there yet, but overwrite nothing.
        case creating
        /// Nothing at all.
        case none
    }

    private let match: String?
    private let noneMatch: String?
    private let freedom: Freedom

    /// - Parameters:
    ///   - match: The header If-Match.
    ///   - noneMatch: The header If-None-Match.
    ///   - freedom: What may happen when both are absent.
    public init(match: String? = nil, noneMatch: String? = nil, otherwise freedom: Freedom = .any) {
        self.match = match
        self.noneMatch = noneMatch
        self.freedom = freedom
    }

    /// - Parameter tag: Of the document that is there, with its quotes; nil when there is none.
    /// - Throws: `Problem` (`document-changed`, `document-exists`, `document-unguarded`).
    func check(_ tag: String?) throws(Problem) {
        if let match, !tags(match).contains(where: { tag != nil && ($0 == "*" || $0 == tag) }) {
            let found = tag.map { "is now \($0)" } ?? "is not there"
            throw Problem(
                .stale, "document-changed",
                "If-Match says \(match), but the document \(found). Nothing was changed. GET it and try again.")
        }
        if let noneMatch, let tag, names(tag, in: noneMatch) {
            throw Problem(
                .stale, "document-exists",
                """
                If-None-Match says \(noneMatch), but the document is \(tag). Nothing was changed. To overwrite it send \
                If-Match with that tag.
                """)
        }
        guard match == nil, noneMatch == nil else { return }
        if let tag, freedom != .any {
            throw Problem(
                .conflict, "document-unguarded",
                """
                There is a document already, and neither If-Match nor If-None-Match was sent. Nothing was changed. GET \
                it, then send If-Match with its tag \(tag) to overwrite it.
                """)
        }
        if freedom == .none {
            throw Problem(
                .invalid, "document-unguarded",
                """
                Neither If-Match nor If-None-Match was sent. Send If-None-Match: * to make a document, or If-Match \
                with its tag to overwrite one.
                """)
        }
    }

    /// Whether a reader with this If-None-Match has the document already.
    static func isKnown(_ tag: String, to noneMatch: String?) -> Bool {
        noneMatch.map { DocumentCondition().names(tag, in: $0) } ?? false
    }

    /// By the weak comparison.
    private func names(_ tag: String, in header: String) -> Bool {
        tags(header).contains { $0 == "*" || $0 == tag || $0 == "W/" + tag }
    }

    /// A tag without quotes is given them: some clients for 1.0.x send the bare hash.
    private func tags(_ header: String) -> [String] {
        header.split(separator: ",").map { item in
            let text = item.filter { !$0.isWhitespace }
            return text == "*" || text.hasPrefix("\"") || text.hasPrefix("W/") ? text : "\"\(text)\""
        }
    }
}
