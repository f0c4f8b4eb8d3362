import Basis
import Evidence
import JSON
import Storage

/// A set of suggestions as it is stored, with all that ranked it.
struct MadeSet {
    enum Kind {}

    let id: ID<MadeSet.Kind>
    let person: ID<Person>
    let day: Day
    let basis: String
    let settings: LearnerSettings
    let model: String
    let candidates: [RankedCandidate]
    let madeAt: Moment
}

/// One draw from it.
struct Drawn {
    let id: ID<Suggestion>
    let prepared: Scene.Prepared
    let place: Int
    /// Counts the draws of a set, from 0.
    let pick: Int
    let seed: UInt64
    /// The skills that stood beside it when it was drawn to replace another.
    let beside: [String]
    let propensity: Double
}

extension NextStepBook {
    /// The learner's present set, as it stands.
    func current(
        of person: ID<Person>, in tenant: TenantID
    ) async throws -> (id: ID<MadeSet.Kind>, basis: String, steps: NextSteps)? {
        try await database.read { try current(of: person, tenant, on: $0) }
    }

    func current(
        of person: ID<Person>, _ tenant: TenantID, on connection: any Connection
    ) throws -> (id: ID<MadeSet.Kind>, basis: String, steps: NextSteps)? {
        let row = try connection.row(
            """
            SELECT id, basis, is_personal, model, ranker, made_at FROM suggestion_set
            WHERE tenant = \(tenant) AND person = \(person) AND is_current = 1
            """)
        guard let row else { return nil }
        let id: ID<MadeSet.Kind> = try row.get("id")
        let suggestions = try connection.rows(
            """
            SELECT s.*, c.content AS saved FROM suggestion s
            LEFT JOIN saved_content c
                ON c.tenant = s.tenant AND c.person = s.person AND 'content:' || c.content = s.target
            WHERE s.tenant = \(tenant) AND s.set_id = \(id) AND s.state IN ('shown', 'chosen')
            ORDER BY s.place, s.pick
            """
        ).map(SuggestionRecord.init)
        return (
            id, try row.get("basis"),
            NextSteps(
                suggestions: suggestions, isPersonal: try row.get("is_personal"), model: try row.get("model"),
                ranker: try row.get("ranker"), madeAt: try row.get("made_at"))
        )
    }

    func insert(_ made: MadeSet, _ tenant: TenantID, on connection: any Connection) throws {
        try connection.run(
            """
            INSERT INTO suggestion_set (tenant, id, person, day, made_at, basis, is_personal, model, ranker, inputs,
                is_current)
            VALUES (\(tenant), \(made.id), \(made.person), \(made.day), \(made.madeAt), \(made.basis),
                \(made.settings.isPersonal), \(made.model), \(Ranking.version),
                \(RankedCandidate.encoded(made.candidates)), 1)
            """)
    }

    func insert(
        _ drawn: Drawn, into set: ID<MadeSet.Kind>, of person: ID<Person>, _ tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws {
        let prepared = drawn.prepared
        let (kind, subject, name) = prepared.serves.parts
        let reasons = JSONValue.array(
            prepared.reasons.map {
                ["signal": .string($0.signal.rawValue), "text": .string($0.text), "value": JSONValue($0.value)]
            })
        try connection.run(
            """
            INSERT INTO suggestion (tenant, id, set_id, person, place, pick, seed, beside, target, skill, title,
                minutes, chance, score, propensity, reasons, serves_kind, serves, serves_name, state, state_at)
            VALUES (\(tenant), \(drawn.id), \(set), \(person), \(drawn.place), \(drawn.pick), \(String(drawn.seed)),
                \(drawn.beside.joined(separator: " ")), \(prepared.candidate.target), \(prepared.skill),
                \(prepared.offer.title), \(prepared.offer.minutes), \(prepared.chance), \(prepared.candidate.score),
                \(drawn.propensity), \(reasons.text), \(kind), \(subject), \(name), 'shown', \(now))
            """)
    }

    /// Puts in evidence what was suggested, why, and with what chance.
    func tell(_ drawn: [Drawn], _ made: MadeSet, _ tenant: TenantID, on connection: any Connection) throws {
        let drafts = drawn.map { one in
            StatementDraft(
                .system, .recommended,
                ActivityRef(
                    Vocabulary.suggestionIRI(one.id), name: one.prepared.offer.title, type: Vocabulary.suggestionType),
                groupings: [one.prepared.offer.kind.iri],
                extensions: [
                    (Vocabulary.propensity, JSONValue(one.propensity)),
                    (Vocabulary.reason, JSONValue(one.prepared.reasons.map(\.text))),
                    (Vocabulary.version, .string("\(made.model) \(Ranking.version)")),
                ], timestamp: made.madeAt)
        }
        if !drafts.isEmpty { try log.append(drafts, to: tenant, on: connection) }
    }
}

extension SuggestionKind {
    /// What evidence calls it.
    var iri: String {
        switch self {
        case .content(let id): Vocabulary.contentIRI(id)
        case .practice(let id): Vocabulary.skillIRI(id)
        }
    }
}

extension Serves? {
    fileprivate var parts: (kind: String?, subject: String?, name: String?) {
        switch self {
        case .goal(let id, let name): ("goal", id.description, name)
        case .strategy(let id, let name): ("strategy", id.description, name)
        case .mandate(let id, let name): ("mandate", id.description, name)
        case nil: (nil, nil, nil)
        }
    }
}

extension Serves {
    fileprivate init?(kind: String?, subject: String?, name: String?) {
        guard let kind, let subject, let name else { return nil }
        switch kind {
        case "goal":
            guard let id = ID<Goal>(subject) else { return nil }
            self = .goal(id, name: name)
        case "strategy":
            guard let id = ID<Strategy>(subject) else { return nil }
            self = .strategy(id, name: name)
        case "mandate":
            guard let id = ID<Mandate>(subject) else { return nil }
            self = .mandate(id, name: name)
        default: return nil
        }
    }
}

extension RankedCandidate {
    /// A list as JSON: for each its target, its skill and its signals.
    static func encoded(_ candidates: [RankedCandidate]) -> String {
        JSONValue.array(
            candidates.map { one in
                let signals = Signal.allCases.compactMap { signal in
                    one.signals[signal].map { (signal.rawValue, JSONValue($0)) }
                }
                return [.string(one.target), .string(one.skill), .object(JSONObject(signals))]
            }
        ).text
    }

    /// Reads what `encoded` wrote; nil for anything else.
    static func decoded(_ text: String) -> [RankedCandidate]? {
        guard let list = try? JSONValue(parsing: Array(text.utf8)).array else { return nil }
        var candidates: [RankedCandidate] = []
        for one in list {
            guard let parts = one.array, parts.count == 3, let target = parts[0].string, let skill = parts[1].string,
                let members = parts[2].object?.members
            else { return nil }
            var signals: [Signal: Double] = [:]
            for member in members {
                guard let signal = Signal(rawValue: member.name) else { return nil }
                signals[signal] = member.value.double
            }
            candidates.append(RankedCandidate(target: target, skill: skill, signals: signals))
        }
        return candidates
    }
}

extension SuggestionRecord {
    init(_ row: Row) throws {
        guard let kind = SuggestionKind(try row.get("target", as: String.self)) else {
            throw StorageError.mistyped(column: "target")
        }
        guard let state = State(rawValue: try row.get("state")) else { throw StorageError.mistyped(column: "state") }
        let reasons = try JSONValue(parsing: Array(try row.get("reasons", as: String.self).utf8)).array ?? []
        self.init(
            id: try row.get("id"), kind: kind, skill: try row.find("skill"), title: try row.get("title"),
            minutes: try row.find("minutes"), chance: try row.find("chance"),
            reasons: reasons.compactMap { reason in
                guard let signal = reason["signal"]?.string.flatMap(Signal.init), let text = reason["text"]?.string
                else { return nil }
                return Reason(signal: signal, text: text, value: reason["value"]?.double ?? 0)
            },
            serves: Serves(
                kind: try row.find("serves_kind"), subject: try row.find("serves"), name: try row.find("serves_name")),
            score: try row.get("score"), propensity: try row.get("propensity"), state: state,
            isSaved: try row.find("saved", as: String.self) != nil)
    }
}
