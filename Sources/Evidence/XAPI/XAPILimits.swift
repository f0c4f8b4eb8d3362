/// The most that the record store takes at once. Each limit has a name, and who runs the server may set it.
public struct XAPILimits: Hashable, Sendable {
    /// Bytes of one request's body, attachments included. More is refused with 413.
    public var bodyBytes = 16 << 20
    /// Bytes of one request's headers. More are refused with 400.
    public var headerBytes = 32 << 10
    /// Statements of one request. More are refused with 413.
    public var batchCount = StatementBatch.countLimit
    /// Bytes of one attachment. More are refused with 413.
    public var attachmentBytes = 16 << 20
    /// Bytes of one text within a statement. Longer ones are refused with 400.
    public var textBytes = 1 << 20
    /// Bytes of one document, also after a merge. More are refused with 413.
    public var documentBytes = 8 << 20
    /// Documents of one agent, one activity, or one agent in one activity. More are refused with 413.
    public var documentCount = 10_000
    /// Bytes of the statements on one page of an answer: a page ends early and `more` goes on from there. A single
    /// statement is always shown.
    public var pageBytes = 8 << 20

    public init() {}
}
