import Basis

/// What is wrong with a form, gathered so that its author sees all of it at once.
struct Findings {
    private var list: [(code: String, pointer: String, sentence: String)] = []

    /// Notes what is so, then what to do, unless the claim holds.
    mutating func expect(_ holds: Bool, _ code: String, at pointer: String, _ sentence: @autoclosure () -> String) {
        if !holds { list.append((code, pointer, sentence())) }
    }

    /// A text within its limit, which holds more than space unless `allowingEmpty`.
    mutating func expect(
        text: String, atMost limit: Int, needed: Need, called name: String, at pointer: String
    ) {
        expect(
            text.count <= limit, "text-too-long", at: pointer,
            "\(name) has \(text.count) characters. Use at most \(limit).")
        if needed == .always {
            expect(
                text.contains { !$0.isWhitespace }, "text-missing", at: pointer, "\(name) is empty. Write it.")
        }
        expect(!text.contains("\0"), "text-invalid", at: pointer, "\(name) holds a NUL character. Take it out.")
    }

    enum Need { case always, maybe }

    /// Refuses with all of it. The code is that of the one thing wrong, or the one given when there are several.
    ///
    /// - Throws: `Problem` of kind `invalid` when anything is wrong.
    func settle(_ code: String) throws {
        guard let first = list.first else { return }
        throw Problem(
            .invalid, list.count == 1 ? first.code : code, list.map(\.sentence).joined(separator: " "),
            at: list.map(\.pointer), details: list.map(\.sentence))
    }

    /// Refuses a reason that is empty or longer than the limit.
    ///
    /// - Throws: `Problem` (`text-missing`, `text-too-long`, `text-invalid`) at `/reason`.
    static func expect(reason: String, atMost limit: Int = 2_000) throws {
        var findings = Findings()
        findings.expect(text: reason, atMost: limit, needed: .always, called: "The reason", at: "/reason")
        try findings.settle("reason-invalid")
    }
}

extension String {
    /// Without space at either end.
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
