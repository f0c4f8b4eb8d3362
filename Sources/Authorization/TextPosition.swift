/// A place in a text.
public struct TextPosition: Hashable, Sendable, Comparable {
    /// From 1.
    public let line: Int
    /// From 1, in code points.
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: TextPosition, right: TextPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One thing wrong with a text of policies.
public struct PolicyIssue: Error, Hashable, Sendable, CustomStringConvertible {
    public let position: TextPosition
    /// What stands there, as it stands there; `the end of the text` at its end.
    public let found: String
    /// What is so, and how to mend it.
    public let detail: String

    public init(_ position: TextPosition, found: String, _ detail: String) {
        self.position = position
        self.found = found
        self.detail = detail
    }

    /// Such as `line 3, column 7, at “=”: …`.
    public var description: String { "line \(position.line), column \(position.column), at “\(found)”: \(detail)" }
}

/// All that is wrong with a text of policies, as far as it can be told.
public struct PolicyTextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// In the order of the text; never empty, at most `PolicyLimits.errors`.
    public let issues: [PolicyIssue]
    /// All, those beyond the limit too.
    public let count: Int

    init(_ issues: [PolicyIssue], count: Int? = nil) {
        let sorted = issues.sorted { $0.position < $1.position }
        self.issues = Array(sorted.prefix(PolicyLimits.errors))
        self.count = count ?? issues.count
    }

    public var description: String { issues.map(\.description).joined(separator: "\n") }
}
