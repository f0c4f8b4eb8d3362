import Basis
import Crypto
import Input

/// One answer of a responses file.
struct Response: Hashable, Sendable {
    /// Of the file, from 1; the header is line 1.
    let line: Int
    let learner: String
    let item: String
    let skills: [String]
    let isCorrect: Bool
    /// Seconds since 1970; nil when the file says 0 or nothing.
    let seconds: Double?
}

/// Reads `learner item skills correct ts`, tab-separated, plain or gzip.
///
/// - Shape: a header with these names in any order, `ts` optional. `skills` are joined by `~`; `correct` is 0 or 1.
struct ResponsesFile {
    /// The longest name of a learner, an item or a skill.
    static let nameByteLimit = 200
    static let skillLimit = 50

    private var lines: LineReader
    private let columns: Columns
    /// Of the lines read so far, each with a line feed after it.
    private(set) var hash = SHA256()
    /// Lines read so far, the header included.
    var linesRead: Int { lines.number }

    private struct Columns {
        var learner = 0, item = 0, skills = 0, correct = 0
        var time: Int?
        var count = 0
    }

    /// - Throws: `Problem` (`responses-header`), or what the file's reader throws.
    init(path: String) throws(Problem) {
        lines = try LineReader(path: path)
        guard let first = try lines.next() else {
            throw Problem(.invalid, "responses-header", "The file is empty. Its first line must name the columns.")
        }
        hash.update(data: first)
        hash.update(data: [0x0A])
        let names = first.split(separator: 0x09, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self).trimmed.lowercased() }
        var columns = Columns()
        columns.count = names.count
        func index(_ name: String) throws(Problem) -> Int {
            guard let index = names.firstIndex(of: name), names.lastIndex(of: name) == index else {
                let detail = "The header must name “\(name)” once. Write: learner item skills correct ts, with tabs."
                throw Problem(
                    .invalid, "responses-header", "Line 1: " + detail,
                    issues: [InputIssue(line: 1, column: name, detail)])
            }
            return index
        }
        columns.learner = try index("learner")
        columns.item = try index("item")
        columns.skills = try index("skills")
        columns.correct = try index("correct")
        if names.contains("ts") { columns.time = try index("ts") }
        let known: Set<String> = ["learner", "item", "skills", "correct", "ts"]
        if let stranger = names.first(where: { !known.contains($0) }) {
            let detail = "“\(stranger)” is no column of a responses file. Leave it out."
            throw Problem(
                .invalid, "responses-header", "Line 1: " + detail,
                issues: [InputIssue(line: 1, column: stranger, detail)])
        }
        self.columns = columns
    }

    enum Entry {
        case response(Response)
        case issue(InputIssue)
    }

    /// The next line that is not blank; nil at the end.
    mutating func next() throws(Problem) -> Entry? {
        while let line = try lines.next() {
            hash.update(data: line)
            hash.update(data: [0x0A])
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
            do {
                return .response(try read(line))
            } catch {
                return .issue(error.issue)
            }
        }
        return nil
    }

    /// Reads on to the end of a line, for a file that was read before.
    mutating func skip(to line: Int) throws(Problem) {
        while lines.number < line, let bytes = try lines.next() {
            hash.update(data: bytes)
            hash.update(data: [0x0A])
        }
    }

    private func read(_ line: ArraySlice<UInt8>) throws(LineFault) -> Response {
        let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
        guard fields.count == columns.count else {
            throw issue(nil, "There are \(fields.count) fields but \(columns.count) columns.")
        }
        let correct = fields[columns.correct]
        guard correct.count == 1, let digit = correct.first, digit == 0x30 || digit == 0x31 else {
            throw issue("correct", "“\(String(decoding: correct, as: UTF8.self))” is neither 0 nor 1.")
        }
        let skills = fields[columns.skills].split(separator: 0x7E)
        guard skills.count <= ResponsesFile.skillLimit else {
            throw issue("skills", "There are \(skills.count) skills; \(ResponsesFile.skillLimit) are the most.")
        }
        var names: [String] = []
        for skill in skills {
            let name = try text(skill, "skills")
            if !names.contains(name) { names.append(name) }
        }
        return Response(
            line: lines.number,
            learner: try text(fields[columns.learner], "learner"),
            item: try text(fields[columns.item], "item"),
            skills: names, isCorrect: digit == 0x31,
            seconds: try columns.time.map { index throws(LineFault) in try seconds(fields[index]) } ?? nil)
    }

    private func text(_ bytes: ArraySlice<UInt8>, _ column: String) throws(LineFault) -> String {
        guard !bytes.isEmpty else { throw issue(column, "It is empty. Fill it in.") }
        guard bytes.count <= ResponsesFile.nameByteLimit else {
            throw issue(column, "It is longer than \(ResponsesFile.nameByteLimit) bytes.")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw issue(column, "It is not UTF-8.") }
        guard text.utf8.allSatisfy({ $0 >= 0x20 }) else { throw issue(column, "It holds a control character.") }
        return text
    }

    private func seconds(_ bytes: ArraySlice<UInt8>) throws(LineFault) -> Double? {
        let text = String(decoding: bytes, as: UTF8.self)
        if text.isEmpty || text == "0" { return nil }
        guard let seconds = Double(text), seconds.isFinite, seconds >= 0, seconds < 32_503_680_000 else {
            throw issue("ts", "“\(text)” is no time in seconds since 1970.")
        }
        return seconds == 0 ? nil : seconds
    }

    private func issue(_ column: String?, _ detail: String) -> LineFault {
        LineFault(issue: InputIssue(line: lines.number, column: column, detail))
    }
}

private struct LineFault: Error {
    let issue: InputIssue
}

/// A name for the data set of a file: its file name without folders and endings.
func dataSetName(_ fileName: String) -> String {
    let last = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? fileName
    var name = last
    for ending in [".gz", ".tsv", ".txt", ".csv"] where name.lowercased().hasSuffix(ending) {
        name = String(name.dropLast(ending.count))
    }
    return name.isEmpty ? last : name
}
