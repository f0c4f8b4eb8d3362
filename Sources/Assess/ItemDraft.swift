import Basis
import Crypto
import JSON

/// An item as a row states it.
struct ItemDraft: Sendable {
    let line: Int
    let key: String
    let content: String?
    let kind: ItemKind
    let stem: String
    let situation: String
    let choices: [String]
    let matches: [String]
    let correct: [Int]
    let numeric: NumericKey?
    let accepted: [String]
    let feedback: String
    let outcome: String
    let review: ReviewState
    let explanations: [String?]
    let skills: [String]
    let level: Level?
    let language: String
    let licence: String
    let author: String
    let source: String
    let provenance: Provenance

    /// Reads a row; what is wrong stays with the row.
    init(_ row: inout ItemRow) {
        line = row.line
        key = row.text("id", limit: 300)
        if key.isEmpty, row.value("id") == nil || row.value("id") == .string("") {
            row.wrong("/id", "There is no id. Every item needs a stable one.")
        }
        content = row.optional("learning_object")
        stem = row.text("stem")
        situation = row.text("situation")
        kind = ItemDraft.kind(&row)
        choices = kind.hasChoices ? ItemDraft.texts(&row, "choices", "choice", atLeast: 2) : []
        matches = kind == .match ? ItemDraft.texts(&row, "matches", "partner", atLeast: 2) : []
        correct = kind.hasChoices ? ItemDraft.key(&row, kind, choices.count, matches.count) : []
        numeric = kind == .numeric ? ItemDraft.numeric(&row) : nil
        accepted = kind == .short ? ItemDraft.texts(&row, "accepted", "answer", atLeast: 1) : []
        feedback = row.text("feedback")
        outcome = row.text("outcome", limit: 200)
        review = ItemDraft.review(&row)
        if stem.isEmpty { row.wrong("/stem", "There is no question. Write one.") }
        explanations = ItemDraft.explanations(&row, choices.count)
        skills = ItemDraft.words(&row, "skills")
        level = ItemDraft.level(&row)
        language = ItemDraft.language(&row)
        licence = row.text("licence")
        author = row.text("author")
        source = [row.text("source_repo"), row.text("source_path")].filter { !$0.isEmpty }.joined(separator: " ")
        provenance = ItemDraft.provenance(&row)
    }

    /// A list of texts that is needed; `noun` is what one of them is called.
    private static func texts(_ row: inout ItemRow, _ name: String, _ noun: String, atLeast least: Int) -> [String] {
        let values = row.list(name) ?? []
        if values.count < least {
            let count = values.isEmpty ? "is none" : "is \(values.count)"
            row.wrong("/\(name)", "There \(count) of “\(name)”. Write \(least == 1 ? "one" : "two") or more.")
        }
        if values.count > ItemRow.choiceLimit {
            row.wrong("/\(name)", "There are more than \(ItemRow.choiceLimit) of “\(name)”. Leave some out.")
            return []
        }
        return values.enumerated().map { index, value in
            let text = row.text(value, "/\(name)/\(index)")
            if text == "" { row.wrong("/\(name)/\(index)", "The \(noun) is empty. Write it or leave it out.") }
            return text ?? ""
        }
    }

    /// Positions from 0, as the kind has them: of choices once each, in their order where that is the key; of partners
    /// one for each choice.
    private static func key(_ row: inout ItemRow, _ kind: ItemKind, _ choices: Int, _ matches: Int) -> [Int] {
        let values = row.list("correct") ?? []
        if values.isEmpty { row.wrong("/correct", "There is no key. Name the right choice, counting from 0.") }
        let count = kind == .match ? matches : choices
        var key: [Int] = []
        for (index, value) in values.enumerated() {
            guard let position = value.integer else {
                row.wrong("/correct/\(index)", "A whole number is expected here: a choice's place, counting from 0.")
                continue
            }
            guard (0..<count).contains(position) else {
                row.wrong("/correct/\(index)", "There is no choice \(position). The choices are 0 to \(count - 1).")
                continue
            }
            if kind != .match, key.contains(position) {
                row.wrong("/correct/\(index)", "Choice \(position) is named twice. Name it once.")
            }
            key.append(position)
        }
        switch kind {
        case .single, .scenario:
            if key.count > 1 {
                row.wrong("/correct", "A single-answer item has one right choice, but \(key.count) are named.")
            }
        case .order, .match:
            if !values.isEmpty, key.count != choices {
                row.wrong("/correct", "There are \(choices) choices and \(key.count) places. Name one for each.")
            }
        case .multiple, .numeric, .short, .opaque: break
        }
        return kind == .order || kind == .match ? key : Set(key).sorted()
    }

    private static func kind(_ row: inout ItemRow) -> ItemKind {
        let right = row.value("correct")?.array?.count ?? 0
        guard let word = row.optional("kind") else { return right > 1 ? .multiple : .single }
        guard let kind = ItemKind(rawValue: word.lowercased()), kind != .opaque else {
            let kinds = ItemKind.allCases.filter { $0 != .opaque }.map(\.rawValue).joined(separator: ", ")
            row.wrong("/kind", "“\(word)” is no kind of item. Write one of \(kinds), or leave it out.")
            return .single
        }
        return kind
    }

    private static func numeric(_ row: inout ItemRow) -> NumericKey {
        func number(_ name: String) -> Double? {
            guard let value = row.value(name) else { return nil }
            if let number = value.double, number.isFinite { return number }
            row.wrong("/\(name)", "A number is expected here.")
            return nil
        }
        let value = number("value")
        if value == nil, row.value("value") == nil { row.wrong("/value", "There is no key. Write the right number.") }
        let tolerance = number("tolerance") ?? 0
        if tolerance < 0 { row.wrong("/tolerance", "The tolerance is below 0. Write 0 or more.") }
        return NumericKey(value: value ?? 0, tolerance: tolerance, unit: row.text("unit", limit: 40))
    }

    private static func review(_ row: inout ItemRow) -> ReviewState {
        guard let word = row.optional("state") else { return .unreviewed }
        if let state = ReviewState(rawValue: word.lowercased()) { return state }
        row.wrong("/state", "“\(word)” is no review state. Write unreviewed, reviewed or rejected, or leave it out.")
        return .unreviewed
    }

    private static func explanations(_ row: inout ItemRow, _ count: Int) -> [String?] {
        let values = row.list("explanations") ?? []
        if !values.isEmpty, values.count != count {
            row.wrong(
                "/explanations",
                "There are \(values.count) explanations for \(count) choices. Write one a choice, or null.")
            return []
        }
        let texts = values.enumerated().map { index, value -> String? in
            if value == .null { return nil }
            let text = row.text(value, "/explanations/\(index)")
            return text == "" ? nil : text
        }
        return texts.allSatisfy { $0 == nil } ? [] : texts
    }

    private static func words(_ row: inout ItemRow, _ name: String) -> [String] {
        (row.list(name) ?? []).enumerated().compactMap { index, value in
            let text = row.text(value, "/\(name)/\(index)", limit: 300)
            if text == "" { row.wrong("/\(name)/\(index)", "The entry is empty. Write it or leave it out.") }
            return text
        }
    }

    private static func level(_ row: inout ItemRow) -> Level? {
        guard let word = row.optional("level") else { return nil }
        let plain = word.lowercased().replacing("-", with: " ")
        if let level = Level(rawValue: plain == "basic" ? "beginner" : plain) { return level }
        row.wrong(
            "/level",
            "“\(word)” is no level. Write beginner, intermediate, advanced or highly advanced, or leave it out.")
        return nil
    }

    /// - Source: RFC 5646, section 2.1: the shape of a tag, not its registration.
    private static func language(_ row: inout ItemRow) -> String {
        guard let tag = row.optional("language") else { return "und" }
        let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
        let isWellFormed = parts.enumerated().allSatisfy { index, part in
            let isWord = part.allSatisfy { $0.isASCII && ($0.isLetter || (index > 0 && $0.isNumber)) }
            return isWord && (index == 0 ? 2...8 : 1...8).contains(part.count)
        }
        if isWellFormed { return tag }
        row.wrong("/language", "“\(tag)” is no language tag. Write one such as en, de-CH or pt-BR.")
        return "und"
    }

    /// What is stated and no more.
    private static func provenance(_ row: inout ItemRow) -> Provenance {
        var origin = Origin.unknown
        if let word = row.optional("provenance") {
            if let stated = Origin(word: word) {
                origin = stated
            } else {
                row.wrong(
                    "/provenance",
                    "“\(word)” is no provenance. Write human-made, ai-assisted, ai-generated or unknown.")
            }
        }
        let iri = row.optional("digital_source_type")
        if let iri, Origin.term(of: iri) == nil {
            row.wrong(
                "/digital_source_type",
                """
                “\(iri.prefix(80))” is no IPTC digital source type. One begins with \
                http://cv.iptc.org/newscodes/digitalsourcetype/.
                """)
        }
        if origin == .unknown, let iri, let told = Origin(digitalSourceType: iri) { origin = told }
        var reviewed: Day?
        if let text = row.optional("reviewed") {
            reviewed = Day(text) ?? Moment(timestamp: text)?.day
            if reviewed == nil { row.wrong("/reviewed", "“\(text)” is no day. Write it as 2026-11-23.") }
        }
        return Provenance(
            origin, digitalSourceType: iri, model: row.optional("model"), reviewer: row.optional("reviewer"),
            reviewed: reviewed)
    }

    /// What was said, as one JSON object, and its hash.
    func sealed() -> (body: String, hash: [UInt8]) {
        let statement = JSONValue.object(
            JSONObject(
                [
                    ("id", JSONValue(key)), ("learning_object", JSONValue(content)), ("kind", JSONValue(kind.rawValue)),
                    ("stem", JSONValue(stem)), ("choices", JSONValue(choices)),
                    ("correct", .array(correct.map { JSONValue($0) })),
                    ("explanations", .array(explanations.map { JSONValue($0) })), ("skills", JSONValue(skills)),
                    ("level", JSONValue(level?.rawValue)), ("language", JSONValue(language)),
                    ("licence", JSONValue(licence)), ("author", JSONValue(author)), ("source", JSONValue(source)),
                    ("provenance", JSONValue(provenance.origin.rawValue)),
                    ("digital_source_type", JSONValue(provenance.digitalSourceType)),
                    ("model", JSONValue(provenance.model)), ("reviewer", JSONValue(provenance.reviewer)),
                    ("reviewed", JSONValue(provenance.reviewed?.description)),
                ] + furtherMembers))
        let bytes = statement.bytes
        return (String(decoding: bytes, as: UTF8.self), Array(SHA256.hash(data: bytes)))
    }

    /// Only what is said: an item that says none of it keeps the hash it had before these members were known.
    private var furtherMembers: [(String, JSONValue)] {
        var members: [(String, JSONValue)] = []
        if !situation.isEmpty { members.append(("situation", JSONValue(situation))) }
        if !matches.isEmpty { members.append(("matches", JSONValue(matches))) }
        if let numeric {
            members.append(("value", JSONValue(numeric.value)))
            members.append(("tolerance", JSONValue(numeric.tolerance)))
            members.append(("unit", JSONValue(numeric.unit)))
        }
        if !accepted.isEmpty { members.append(("accepted", JSONValue(accepted))) }
        if !feedback.isEmpty { members.append(("feedback", JSONValue(feedback))) }
        if !outcome.isEmpty { members.append(("outcome", JSONValue(outcome))) }
        if review != .unreviewed { members.append(("state", JSONValue(review.rawValue))) }
        return members
    }
}

extension ItemKind {
    /// Whether its key stands in choices.
    fileprivate var hasChoices: Bool { isPicked || self == .order || self == .match }
}
