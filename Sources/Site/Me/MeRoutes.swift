import Basis
import Catalog
import Evidence
import HTML
import Hummingbird
import Intent
import JSON
import Mastery
import Paths
import People
import Skills
import Stores
import Web

/// What concerns the person who looks: evidence, data, settings, search, help.
func meRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/evidence", .right(.learn), "What is on record about me.") { visit in
            try await evidence(stores, visit)
        },
        .get("/evidence.jsonl", .right(.learn), "What is on record about me, as JSON Lines.") { visit in
            let agent = try await agentName(stores, visit)
            let tenant = visit.tenant
            return .stream(type: "application/x-ndjson", fileName: "my-evidence.jsonl") { send in
                var query = StatementQuery()
                query.agent = agent
                query.isAscending = true
                repeat {
                    let page = try await stores.log.query(query, of: tenant)
                    let lines = page.statements.reduce(into: [UInt8]()) { $0 += $1.body + [0x0A] }
                    if !lines.isEmpty { try await send(lines) }
                    query.cursor = page.next
                } while query.cursor != nil
            }
        },
        .get("/me", .right(.learn), "My data and controls.") { visit in
            .page(myDataPage(try await myData(stores, visit), in: try await stores.frame(visit)))
        },
        .get("/help", .right(.learn), "How Leeway works, in a few words.") { visit in
            .page(helpPage(in: try await stores.frame(visit)))
        },
        .get("/palette", .right(.learn), "Search over pages, objects and people.") { visit in
            let model = try await search(stores, visit)
            if visit.wantsPiece { return .piece(searchResults(model)) }
            return .page(searchPage(model, in: try await stores.frame(visit)))
        },
        .get("/search", .right(.learn), "The same search under its plain name.") { visit in
            .redirect(to: Address("/palette").with("q", visit.query.text("q")).text)
        },
    ] + settingsRoutes(stores)
}

/// The person who looks as evidence names them.
private func agentName(_ stores: Stores, _ visit: Visit) async throws -> String {
    let home = try await stores.directory.tenant(visit.tenant)?.home ?? ""
    return AgentName(home: home, account: try visit.me.key).canonical
}

/// Statements on one page.
private let evidencePageSize = 50

private func evidence(_ stores: Stores, _ visit: Visit) async throws -> Response {
    var query = StatementQuery()
    query.agent = try await agentName(stores, visit)
    query.limit = evidencePageSize
    query.cursor = Int(visit.query.text("before"))
    let kinds: [(words: String, verb: Verb?)] = [
        ("Everything", nil), ("Completed", .completed), ("Read", .experienced), ("Answered", .answered),
        ("Opened", .initialized), ("Suggested to me", .recommended),
    ]
    let chosen = kinds.first { $0.verb != nil && $0.verb?.name == visit.query.text("verb") }?.verb
    query.verb = chosen?.iri
    let page = try await stores.log.query(query, of: visit.tenant)
    let base = Address("/evidence").with("verb", chosen?.name)
    let model = EvidenceModel(
        rows: page.statements.compactMap(EvidenceRow.init),
        older: page.next.map { base.with("before", "\($0)").text }, isFirstPage: query.cursor == nil && chosen == nil,
        verbs: kinds.map { kind in
            Chip(
                words: kind.words, link: Address("/evidence").with("verb", kind.verb?.name).text,
                isChosen: kind.verb == chosen)
        })
    return .page(evidencePage(model, in: try await stores.frame(visit)))
}

extension EvidenceRow {
    /// What a statement says, in words; nil for one that cannot be read.
    init?(_ stored: StoredStatement) {
        guard let body = try? JSONValue(parsing: stored.body) else { return nil }
        let object = body["object"]
        let iri = object?["id"]?.string ?? ""
        let verb = body["verb"]
        let result = body["result"]
        var parts: [String] = []
        let iriOfVerb = verb?["id"]?.string ?? ""
        if let success = result?["success"]?.bool {
            let isAnswer = iriOfVerb == Verb.answered.iri
            parts.append(success ? isAnswer ? "right" : "passed" : isAnswer ? "not right" : "not passed")
        }
        if let scaled = result?["score"]?["scaled"]?.double { parts.append(Words.percent(max(0, scaled))) }
        if let text = result?["duration"]?.string, let span = Duration(iso8601: text) { parts.append(Words.span(span)) }
        let choice = body["context"]?["extensions"]?[Vocabulary.choice]?.string
        self.init(
            id: stored.id.description, at: stored.timestamp,
            verb: EvidenceRow.words(
                of: iriOfVerb, else: verb?["display"]?.object?.members.first?.value.string ?? iriOfVerb),
            thing: object?["definition"]?["name"]?.object?.members.first?.value.string ?? iri,
            link: EvidenceRow.link(to: iri), result: parts.joined(separator: ", "),
            choice: choice == "own" ? "mine" : choice == "asked" ? "asked of me" : "not stated")
    }

    /// The plain word for a verb of ours; another's display name as it came.
    private static func words(of iri: String, else name: String) -> String {
        switch iri {
        case Verb.initialized.iri: "Opened"
        case Verb.experienced.iri: "Read"
        case Verb.failed.iri: "Answered the questions of"
        case Verb.passed.iri: "Passed the questions of"
        case Verb.progressed.iri: "Got on in"
        case Verb.terminated.iri: "Left"
        case Verb.recommended.iri: "Was offered"
        case Verb.claimed.iri: "Said to know"
        case Verb.aimed.iri: "Set the goal"
        default: Words.sentence(name)
        }
    }

    private static func link(to iri: String) -> String? {
        if iri.hasPrefix("urn:leeway:content:"), let id = Vocabulary.id(Content.self, in: iri) { return "/learn/\(id)" }
        if iri.hasPrefix("urn:leeway:mandate:"), let id = Vocabulary.id(Mandate.self, in: iri) {
            return "/mandates/\(id)"
        }
        if iri.hasPrefix("urn:leeway:strategy:"), let id = Vocabulary.id(Strategy.self, in: iri) {
            return "/strategy/\(id)"
        }
        return nil
    }
}

private func myData(_ stores: Stores, _ visit: Visit) async throws -> MyDataModel {
    let (me, tenant) = (try visit.me, visit.tenant)
    let mastery = try await stores.mastery.mastery(of: me.id, in: tenant).filter { $0.tries > 0 }
    let skills = try await stores.skills.skills(numbered: mastery.map(\.skill), of: tenant)
    let units = try await stores.directory.units(of: tenant)
    let manager = try await me.manager.asyncMap { try await stores.directory.person($0, of: tenant)?.name }
    return MyDataModel(
        name: me.name, key: me.key, email: me.email,
        unit: me.unit.flatMap { unit in units.first { $0.id == unit }?.name },
        manager: manager ?? nil, roles: Role.allCases.filter(me.roles.contains).map(\.label),
        skills: mastery.compactMap { one in
            skills[one.skill].map { skill in
                SkillView(
                    name: skill.name,
                    estimate: Estimate(value: one.probability, low: one.low, high: one.high), right: one.wins,
                    answers: one.tries, lastAt: one.lastAt)
            }
        }.sorted { ($0.name, $0.answers) < ($1.name, $1.answers) },
        modelVersion: stores.mastery.model.version,
        settings: try await stores.nextSteps.settings(of: me.id, in: tenant),
        exclusions: try await stores.nextSteps.exclusions(of: me.id, in: tenant),
        statementCount: try await stores.log.count(by: me.id, of: tenant),
        decisions: try await decisions(stores, visit))
}

/// The latest decisions for the person who looks and about them, with what the rules of that time said.
private func decisions(_ stores: Stores, _ visit: Visit) async throws -> [MyDecisionView] {
    let (me, tenant) = (try visit.me, visit.tenant)
    let entries = try await stores.decisions.decisions(concerning: me.id, of: tenant, limit: 30)
    let names = try await stores.directory.names(
        of: Array(Set(entries.compactMap(\.person).filter { $0 != me.id })), tenant)
    var reasons: [Int: [String: String]] = [:]
    for version in Set(entries.map(\.version)) {
        reasons[version] = try await stores.accessRules.reasons(ofVersion: version, of: tenant)
    }
    return entries.map { one in
        MyDecisionView(
            at: one.lastAt, what: one.action.label,
            who: one.person == me.id
                ? nil : one.person.map { names[$0] ?? "somebody who has left" } ?? "a program",
            isAllowed: one.isAllowed,
            reasons: one.determining.map { id in
                let text = reasons[one.version]?[id] ?? ""
                return text.isEmpty ? "Rule “\(id)”." : "\(text) (\(id))"
            }, times: one.times)
    }
}

extension Optional {
    /// `map` for a transform that suspends.
    func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}

/// Objects and people that one search lists.
private let searchObjectLimit = 8
private let searchPeopleLimit = 5

private func search(_ stores: Stores, _ visit: Visit) async throws -> SearchModel {
    let text = visit.query.text("q")
    let frame = try await stores.frame(visit)
    let words = text.lowercased()
    let places = (Destination.open(to: frame, Destination.main + Destination.more) + Destination.hidden)
        .filter { words.isEmpty || $0.words.lowercased().contains(words) }
    var results = places.map { Found(words: $0.words, link: $0.link, kind: "Page", icon: $0.icon) }
    if !words.isEmpty {
        var query = SearchQuery(text: text)
        query.pageSize = searchObjectLimit
        let objects = try await stores.library.search(query, of: visit.tenant).hits
        results += objects.map { Found(words: $0.title, link: "/learn/\($0.id)", kind: $0.kind, icon: .learn) }
        if frame.holdsAny([.administer, .steward]), try await stores.mayFindPeople(visit) {
            let filter = PeopleFilter(text: text, pageSize: searchPeopleLimit)
            let people = try await stores.directory.people(of: visit.tenant, matching: filter).items
            results += people.map { Found(words: $0.name, link: "/people/\($0.id)", kind: "Person", icon: .person) }
        }
    }
    return SearchModel(text: text, results: results)
}
