/// One thing wrong with one place of an input file.
///
/// Imports gather these instead of stopping at the first, up to `Issue.limit`.
public struct InputIssue: Hashable, Sendable {
    /// The line of the file, from 1.
    public let line: Int
    /// The column's name (CSV), the JSON Pointer (JSON Lines), or nil for the whole line.
    public let column: String?
    /// What is so, and how to mend it.
    public let detail: String

    public init(line: Int, column: String? = nil, _ detail: String) {
        self.line = line
        self.column = column
        self.detail = detail
    }

    /// The most issues that one import reports.
    public static let limit = 200
}

extension InputIssue: CustomStringConvertible {
    /// Such as `line 7, column email: …`.
    public var description: String {
        "line \(line)\(column.map { ", column \($0)" } ?? ""): \(detail)"
    }
}
