import Basis
import HTML
import Hummingbird
import Intent
import People
import Stores
import Web

// What the pages of those who lead have in common: reading forms, saying what came of them, naming people.

/// Who states strategy and mandates.
let authors = Access.oneOf([.sponsor, .steward])
/// Who sees how far things came, without changing them.
let overseers: [Right] = [.sponsor, .steward, .audit]

/// What a page says first after a change. By name, so that no link can make a page say something of its own.
enum Said: String, Sendable {
    case acknowledged, saved, published, withdrawn, discarded, asked, accepted, declined, moved, reviewed, retired
    case restored, added, deactivated, reactivated, removed, revoked, cancelled

    var words: String {
        switch self {
        case .acknowledged: "Noted: you have read it."
        case .saved: "Saved."
        case .published: "Published."
        case .withdrawn: "Withdrawn. What was acknowledged stays on record."
        case .discarded: "Draft discarded."
        case .asked: "Asked. It stands among the decisions asked of that person."
        case .accepted: "You answer for it now."
        case .declined: "Declined. The steward reads your reason."
        case .moved: "Status changed."
        case .reviewed: "Review noted."
        case .retired: "Retired. Nobody is asked any longer; you can restore it below."
        case .restored: "Restored."
        case .added: "Added."
        case .deactivated: "Deactivated. You can reactivate the person below."
        case .reactivated: "Reactivated."
        case .removed: "Removed."
        case .revoked: "Revoked. It is refused from now on."
        case .cancelled: "Cancelled. Nothing was changed."
        }
    }
}

extension Stores {
    /// The frame, with the notice that a redirect asked for.
    func framed(_ visit: Visit) async throws -> Frame {
        let said = Said(rawValue: visit.query.text("said")).map { said in notice(.success) { said.words } }
        return try await frame(visit, notice: said)
    }

    /// The present names of units, for examples and word lists.
    func unitPaths(_ visit: Visit, limit: Int = 12) async throws -> [String] {
        let tree = try await directory.unitTree(of: visit.tenant)
        return tree.units.prefix(limit).map { tree.path(of: $0.id) }
    }

    /// Whom the text of a rule means; an empty text is told as such.
    func effect(of text: String, _ visit: Visit) async throws -> (effect: AudienceEffect, rule: AudienceRule?) {
        if text.isEmpty { return (AudienceEffect(fault: "Write who is meant, such as everyone."), nil) }
        do {
            let rule = try await directory.audience(parsing: text, of: visit.tenant)
            let preview = try await directory.preview(of: rule, visit.tenant, limit: 5)
            let effect = AudienceEffect(
                count: preview.count, total: preview.total, names: preview.people.map(\.name),
                sentence: preview.sentence)
            return (effect, rule)
        } catch {
            return (AudienceEffect(fault: try refusal(of: error).detail), nil)
        }
    }

    /// The rule as one edits it.
    func text(of rule: AudienceRule?, _ visit: Visit) async throws -> String {
        guard let rule else { return "" }
        return rule.text(units: try await directory.unitTree(of: visit.tenant))
    }

    /// Active people who hold one of these roles, by name, and the one who is chosen already.
    func people(holding roles: [Role], and chosen: ID<Person>?, _ visit: Visit) async throws -> [Choosable] {
        var found: [ID<Person>: String] = [:]
        for role in roles {
            let page = try await directory.people(
                of: visit.tenant, matching: PeopleFilter(role: role, isActive: true, pageSize: 200))
            for person in page.items { found[person.id] = person.name }
        }
        if let chosen, found[chosen] == nil {
            found[chosen] = try await directory.names(of: [chosen], visit.tenant)[chosen]
        }
        return found.sorted { ($0.value, $0.key.description) < ($1.value, $1.key.description) }
            .map { Choosable($0.key.description, $0.value) }
    }

    func name(of person: ID<Person>?, _ visit: Visit) async throws -> String? {
        guard let person else { return nil }
        return try await directory.names(of: [person], visit.tenant)[person]
    }

    /// The history of one thing, with names.
    func history(of subject: Change.Subject, _ visit: Visit) async throws -> [ChangeView] {
        let changes = try await changes.changes(of: subject, in: visit.tenant, limit: 50)
        let names = try await directory.names(of: Array(Set(changes.map(\.by))), visit.tenant)
        return changes.map { ChangeView($0, names: names) }
    }

    var today: Day { world.now().day }
}

extension Visit {
    /// Whether a script asks for a piece of the page only.
    var wantsPiece: Bool { request.headers.contains { $0.name.canonicalName == "x-fragment" } }

    func holdsAny(_ rights: [Right]) -> Bool { rights.contains(where: holds) }
}

/// What the form may say of an error: what the person can mend. Anything else goes on its way.
func refusal(of error: any Error) throws -> Problem {
    let problem = (error as? Problem) ?? (error as? any ProblemConvertible)?.problem
    guard let problem else { throw error }
    switch problem.kind {
    case .invalid, .conflict, .stale: return problem
    case .anonymous, .forbidden, .missing, .oversize, .unavailable, .fault: throw error
    }
}

/// Nothing is at this address, or not for the person who asks.
func nothingHere(_ noun: String) -> Problem {
    Problem(.missing, "missing", "There is no such \(noun). It may have been taken away.")
}

extension Entries {
    /// What came with a form, but for the token against forgery.
    init(_ form: Form) {
        self.init(
            Dictionary(
                form.fields.filter { $0.name != "csrf" }.map { ($0.name, $0.value) },
                uniquingKeysWith: { one, _ in one }))
    }

    /// The same with what was refused.
    func refused(
        _ problem: Problem, naming: (String) -> String = { $0.split(separator: "/").first.map(String.init) ?? "" }
    ) -> Entries {
        var entries = Entries(values, refused: problem, naming: naming)
        entries.errors.merge(errors) { one, _ in one }
        return entries
    }

    /// A whole number, or the error that it is none.
    mutating func integer(_ name: String, in range: ClosedRange<Int>, whenEmpty: Int? = nil) -> Int? {
        let text = trimmed(name)
        if text.isEmpty, let whenEmpty { return whenEmpty }
        if let number = Int(text), range.contains(number) { return number }
        errors[name] =
            "Write a whole number from \(Words.count(range.lowerBound)) to \(Words.count(range.upperBound))."
        return nil
    }

    /// A day, or the error that it is none; nil without an error when empty.
    mutating func day(_ name: String) -> Day? {
        let text = trimmed(name)
        if text.isEmpty { return nil }
        if let day = Day(text) { return day }
        errors[name] = "“\(text)” is no day. Write it as 2026-03-12."
        return nil
    }

    func trimmed(_ name: String) -> String {
        let text = self[name].drop(while: \.isWhitespace)
        return String(text.reversed().drop(while: \.isWhitespace).reversed())
    }
}
