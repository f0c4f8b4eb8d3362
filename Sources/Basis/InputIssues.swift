/// Gathers what is wrong with an input file, so that one look mends it all.
public struct InputIssues: Sendable {
    /// At most `InputIssue.limit`.
    public private(set) var list: [InputIssue] = []
    /// All, those beyond the limit too.
    public private(set) var count = 0

    public init() {}

    public var isEmpty: Bool { count == 0 }

    /// Notes what is wrong at a place: the line from 1; the column or pointer, nil for the whole line.
    public mutating func add(_ line: Int, _ column: String?, _ detail: String) {
        count += 1
        if list.count < InputIssue.limit { list.append(InputIssue(line: line, column: column, detail)) }
    }

    /// Ends an import that has issues; does nothing when there are none.
    ///
    /// - Parameter what: What was to come in, with an article, such as “The catalogue”.
    /// - Throws: `Problem` (`import-refused`) with the issues.
    public func refuse(_ what: String) throws(Problem) {
        if isEmpty { return }
        let shown = count > list.count ? " The first \(list.count) are listed." : ""
        let places = count == 1 ? "1 place is" : "\(count) places are"
        throw Problem(
            .invalid, "import-refused", "\(what) did not go in: \(places) wrong.\(shown) Nothing was changed.",
            issues: list)
    }
}
