import Assess
public import Basis
import Catalog
import Evidence
import JSON
import Storage

// The learner's say. Every control is undoable, and every one is in evidence.

extension NextStepBook {
    /// The learner takes a suggestion up.
    ///
    /// - Throws: `Problem` (`suggestion-missing`).
    @discardableResult
    public func choose(
        _ id: ID<Suggestion>, by person: ID<Person>, of tenant: TenantID
    ) async throws -> SuggestionRecord {
        let now = world.now()
        return try await database.write { connection in
            let record = try found(id, of: person, tenant, on: connection).record
            try move(record, to: .chosen, .chose, by: person, tenant, at: now, on: connection)
            return record
        }
    }

    /// Not for me: it goes, stays away until the learner takes it back, and another takes its place.
    ///
    /// - Throws: `Problem` (`suggestion-missing`).
    public func dismiss(
        _ id: ID<Suggestion>, by person: ID<Person>, of tenant: TenantID
    ) async throws -> NextSteps {
        try await exclude(id, .dismissed, to: .dismissed, .dismissed, by: person, of: tenant)
        return try await steps(for: person, in: tenant)
    }

    /// I know this. Where there are questions, answering them shows it and completes it; where there are none, the
    /// learner's word stands and it is not suggested again.
    ///
    /// - Throws: `Problem` (`suggestion-missing`).
    public func known(
        _ id: ID<Suggestion>, by person: ID<Person>, of tenant: TenantID
    ) async throws -> KnownOutcome {
        let record = try await database.read { try found(id, of: person, tenant, on: $0).record }
        if case .content(let content) = record.kind {
            let items = try await ItemBank(database: database, world: world).items(of: content, tenant: tenant)
            if items.contains(where: { $0.kind != .opaque }) {
                let now = world.now()
                try await database.write { connection in
                    try move(record, to: .chosen, .claimed, by: person, tenant, at: now, on: connection)
                }
                return .testOut(content)
            }
        }
        try await exclude(id, .known, to: .known, .claimed, by: person, of: tenant)
        return .noted
    }

    /// Another one in its place, without a word against it.
    ///
    /// - Throws: `Problem` (`suggestion-missing`).
    public func swap(_ id: ID<Suggestion>, by person: ID<Person>, of tenant: TenantID) async throws -> NextSteps {
        let now = world.now()
        try await database.write { connection in
            let (record, _) = try found(id, of: person, tenant, on: connection)
            try move(record, to: .swapped, .adjusted, by: person, tenant, at: now, on: connection)
        }
        try await refill(id, of: person, in: tenant)
        return try await steps(for: person, in: tenant)
    }

    /// Keeps an object for later. Again does nothing.
    public func save(_ content: ID<Content>, by person: ID<Person>, of tenant: TenantID) async throws {
        let now = world.now()
        try await database.write { connection in
            guard let record = try library.content(content, of: tenant, on: connection) else {
                throw Problem(.missing, "content-missing", "There is no such object in the catalogue.")
            }
            let isNew =
                try connection.bulk(
                    "saved_content", ["tenant", "person", "content", "saved_at"],
                    [[tenant.stored, person.stored, content.stored, now.stored]], on: .skip) == 1
            if isNew {
                try log.append(
                    [
                        StatementDraft(
                            .person(person), .saved, ActivityRef(Vocabulary.contentIRI(content), name: record.title),
                            choice: .own, timestamp: now)
                    ], to: tenant, on: connection)
            }
        }
    }

    /// Takes an object from what is kept for later.
    public func unsave(_ content: ID<Content>, by person: ID<Person>, of tenant: TenantID) async throws {
        try await database.write { connection in
            try connection.run(
                """
                DELETE FROM saved_content
                WHERE tenant = \(tenant) AND person = \(person) AND content = \(content)
                """)
        }
    }

    /// What the learner keeps for later, the latest first.
    public func saved(by person: ID<Person>, of tenant: TenantID) async throws -> [ID<Content>] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT content FROM saved_content WHERE tenant = \(tenant) AND person = \(person)
                ORDER BY saved_at DESC, content
                """
            ).map { try $0.get("content") }
        }
    }

    /// What the learner does not want suggested, the latest first.
    public func exclusions(of person: ID<Person>, in tenant: TenantID) async throws -> [ExclusionRecord] {
        try await database.read { try exclusions(of: person, tenant, on: $0) }
    }

    /// Takes back a “not for me” or an “I know this”: it may be suggested again.
    public func restore(_ kind: SuggestionKind, by person: ID<Person>, of tenant: TenantID) async throws {
        try await database.write { connection in
            try connection.run(
                """
                DELETE FROM suggestion_exclusion
                WHERE tenant = \(tenant) AND person = \(person) AND target = \(kind.text)
                """)
        }
    }

    /// Whether a suggestion comes out the same when it is drawn again from what was stored.
    ///
    /// - Throws: `Problem` (`suggestion-missing`).
    public func isReproducible(_ id: ID<Suggestion>, of person: ID<Person>, in tenant: TenantID) async throws -> Bool {
        try await database.read { connection in
            let (record, row) = try found(id, of: person, tenant, on: connection)
            guard let candidates = RankedCandidate.decoded(try row.get("inputs")),
                let seed = UInt64(try row.get("seed", as: String.self))
            else { return false }
            let pick: Int = try row.get("pick")
            let set: String = try row.get("set_id")
            var again: [Ranking.Pick]
            if pick < NextStepBook.count, try row.get("beside", as: String.self).isEmpty {
                again = Array(Ranking.draw(pick + 1, from: candidates, seed: seed).suffix(1))
            } else {
                let earlier = try connection.rows(
                    """
                    SELECT target FROM suggestion
                    WHERE tenant = \(tenant) AND set_id = \(set) AND pick < \(pick)
                    """
                ).map { try $0.get("target", as: String.self) }
                let beside = try row.get("beside", as: String.self).split(separator: " ").map(String.init)
                again = Ranking.draw(
                    1, from: candidates, seed: seed,
                    excluding: Set(candidates.indices.filter { earlier.contains(candidates[$0].target) }),
                    besides: Set(beside))
            }
            guard let drawn = again.first else { return false }
            let candidate = candidates[drawn.index]
            return candidate.target == record.kind.text && abs(candidate.score - record.score) < 1e-9
                && abs(drawn.propensity - record.propensity) < 1e-9
        }
    }
}

extension NextStepBook {
    func exclusions(
        of person: ID<Person>, _ tenant: TenantID, on connection: any Connection
    ) throws -> [ExclusionRecord] {
        try connection.rows(
            """
            SELECT * FROM suggestion_exclusion WHERE tenant = \(tenant) AND person = \(person)
            ORDER BY at DESC, target
            """
        ).compactMap { row in
            guard let kind = SuggestionKind(try row.get("target", as: String.self)),
                let why = ExclusionRecord.Why(rawValue: try row.get("why"))
            else { return nil }
            return ExclusionRecord(kind: kind, why: why, title: try row.get("title"), at: try row.get("at"))
        }
    }

    private func found(
        _ id: ID<Suggestion>, of person: ID<Person>, _ tenant: TenantID, on connection: any Connection
    ) throws -> (record: SuggestionRecord, row: Row) {
        let row = try connection.row(
            """
            SELECT s.*, t.inputs AS inputs, t.is_current AS is_current, NULL AS saved
            FROM suggestion s JOIN suggestion_set t ON t.tenant = s.tenant AND t.id = s.set_id
            WHERE s.tenant = \(tenant) AND s.id = \(id) AND s.person = \(person)
            """)
        guard let row else {
            throw Problem(.missing, "suggestion-missing", "There is no such suggestion. Look at your page again.")
        }
        return (try SuggestionRecord(row), row)
    }

    private func move(
        _ record: SuggestionRecord, to state: SuggestionRecord.State, _ verb: Verb, by person: ID<Person>,
        _ tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws {
        try connection.run(
            """
            UPDATE suggestion SET state = \(state.rawValue), state_at = \(now)
            WHERE tenant = \(tenant) AND id = \(record.id)
            """)
        try log.append(
            [
                StatementDraft(
                    .person(person), verb,
                    ActivityRef(
                        Vocabulary.suggestionIRI(record.id), name: record.title, type: Vocabulary.suggestionType),
                    groupings: [record.kind.iri], choice: .own,
                    extensions: [(Vocabulary.propensity, JSONValue(record.propensity))], timestamp: now)
            ], to: tenant, on: connection)
    }

    private func exclude(
        _ id: ID<Suggestion>, _ why: ExclusionRecord.Why, to state: SuggestionRecord.State, _ verb: Verb,
        by person: ID<Person>, of tenant: TenantID
    ) async throws {
        let now = world.now()
        try await database.write { connection in
            let record = try found(id, of: person, tenant, on: connection).record
            try move(record, to: state, verb, by: person, tenant, at: now, on: connection)
            try connection.run(
                """
                INSERT INTO suggestion_exclusion (tenant, person, target, why, title, at)
                VALUES (\(tenant), \(person), \(record.kind.text), \(why.rawValue), \(record.title), \(now))
                ON CONFLICT (tenant, person, target) DO UPDATE SET why = excluded.why, at = excluded.at
                """)
        }
        try await refill(id, of: person, in: tenant)
    }

    /// Draws one more from the same candidates for the place that came free.
    private func refill(_ gone: ID<Suggestion>, of person: ID<Person>, in tenant: TenantID) async throws {
        let settings = try await settings(of: person, in: tenant)
        let scene = try await scene(of: person, settings, in: tenant)
        let seed = world.seed()
        let fresh: ID<Suggestion> = world.id()
        try await database.write { connection in
            let row = try found(gone, of: person, tenant, on: connection).row
            guard try row.get("is_current"), let candidates = RankedCandidate.decoded(try row.get("inputs")) else {
                return
            }
            let set: ID<MadeSet.Kind> = try row.get("set_id")
            let drawn = try connection.rows(
                """
                SELECT target, state, pick FROM suggestion WHERE tenant = \(tenant) AND set_id = \(set) ORDER BY pick
                """)
            let targets = Set(try drawn.map { try $0.get("target", as: String.self) })
            let taken = Set(candidates.indices.filter { targets.contains(candidates[$0].target) })
            let standing = Set(
                try drawn.filter { ["shown", "chosen"].contains(try $0.get("state", as: String.self)) }
                    .map { try $0.get("target", as: String.self) })
            let beside = candidates.filter { standing.contains($0.target) }.map(\.skill)
            guard
                let pick = Ranking.draw(1, from: candidates, seed: seed, excluding: taken, besides: Set(beside)).first
            else { return }
            let candidate = candidates[pick.index]
            guard let now = scene.prepared().first(where: { $0.candidate.target == candidate.target }) else { return }
            let prepared = Scene.Prepared(
                candidate: candidate, offer: now.offer, skill: now.skill, chance: now.chance, words: now.words,
                serves: now.serves)
            let one = Drawn(
                id: fresh, prepared: prepared, place: try row.get("place"),
                pick: 1 + (try drawn.map { try $0.get("pick", as: Int.self) }.max() ?? 0), seed: seed, beside: beside,
                propensity: pick.propensity)
            try insert(one, into: set, of: person, tenant, at: scene.now, on: connection)
        }
    }
}
