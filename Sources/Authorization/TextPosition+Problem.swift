public import Basis

extension PolicyTextError: ProblemConvertible {
    /// `policy-text`, with each place as an `InputIssue`.
    public var problem: Problem {
        let places = count == 1 ? "1 place" : "\(count) places"
        return Problem(
            .invalid, "policy-text", "The policies cannot be read: \(places) must be mended. Nothing was changed.",
            issues: issues.map {
                InputIssue(
                    line: $0.position.line, column: "\($0.position.column)", "At “\($0.found)”: \($0.detail)")
            })
    }
}
