import Basis
import Catalog
import Demo
import Evidence
import Foundation
import Hummingbird
import HummingbirdTesting
import Imports
import Intent
import Logging
import Mastery
import NIOCore
import Skills
import Storage
import StorageTesting
import Stores
import Testing
import Vault
import Web

@testable import People
@testable import Site

/// A small organisation behind the whole app, as each of its people sees it. A person's key is the session's token.
struct LeadersHouse: Sendable {
    let stores: Stores
    let tenant: TenantID
    let edge: Edge
    let people: [String: ID<Person>]

    /// Not filled, only the organisation's first person is there.
    init(on engine: Engine = .memory, isFilled: Bool = true, line: UInt64 = #line) async throws {
        let database = try await engine.database(WholeSchema.migrations)
        // Each test has identities of its own: uploads of tests side by side are unpacked into one folder.
        let world = World.replay(seed: line)
        let log = StatementLog(database: database, world: world)
        let stores = Stores(
            database: database, world: world, sessions: Sessions(database: database, world: world),
            clients: ClientBook(database: database, world: world), log: log,
            mastery: MasteryBook(database: database, world: world),
            vault: Vault(secret: [UInt8](repeating: 1, count: 32)))
        let tenant = try await stores.directory.createTenant(name: "Pier & Quay", home: "https://pier.example")
        var people: [String: ID<Person>] = [:]
        let all = Set(Role.allCases)
        people["ada"] = try await stores.directory.save(
            PersonDraft(key: "ada", name: "Ada Root", email: "ada@pier.example", roles: all), of: tenant
        ).id
        if isFilled {
            let sales = try await stores.directory.save(UnitDraft(name: "Sales"), of: tenant)
            let cast: [(key: String, name: String, roles: Set<Role>)] = [
                ("sponsor", "Sam Sponsor", [.sponsor]), ("steward", "Stella Steward", [.steward]),
                ("manager", "Max Manager", [.manager]), ("learner", "Lea <b>Learner</b>", [.learner]),
                ("auditor", "Aud Auditor", [.auditor]),
            ]
            for one in cast {
                people[one.key] = try await stores.directory.save(
                    PersonDraft(
                        key: one.key, name: one.name, email: "\(one.key)@pier.example", unit: sales.id,
                        manager: one.key == "learner" ? people["manager"] : nil, roles: one.roles), of: tenant
                ).id
            }
        }
        (self.stores, self.tenant, self.people) = (stores, tenant, people)
        edge = LeadersHouse.edge(stores, tenant)
    }

    private static func edge(_ stores: Stores, _ tenant: TenantID) -> Edge {
        let doors = Doors(
            session: { token in
                guard let person = try await stores.directory.person(key: token, of: tenant) else { return nil }
                return Session(
                    person: person, tenant: tenant, csrf: "token-\(token)", mustChangePassword: false,
                    expiresAt: stores.world.now() + .hours(1))
            }, client: { _ in nil })
        return Edge(
            siteRoutes(stores), doors: doors, settings: EdgeSettings(), metrics: Metrics(), world: stores.world,
            problemPage: problemPage)
    }

    func id(_ key: String) throws -> ID<Person> { try #require(people[key]) }

    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let location: String
        let body: String
        let type: String
    }

    func get(_ path: String, as person: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send(path, .get, as: person, body: nil, type: nil, headers: headers)
    }

    /// Posts a form with the session's token.
    func post(
        _ path: String, _ fields: [(String, String)] = [], as person: String, csrf: String? = nil
    ) async throws -> Answer {
        let all = [("csrf", csrf ?? "token-\(person)")] + fields
        let body = all.map { "\(Form.encoded($0.0))=\(Form.encoded($0.1))" }.joined(separator: "&")
        return try await send(path, .post, as: person, body: body, type: "application/x-www-form-urlencoded")
    }

    /// Posts a form with one file.
    func upload(
        _ path: String, _ fields: [(String, String)], file: String, text: String, as person: String
    ) async throws -> Answer {
        var body = ""
        for (name, value) in [("csrf", "token-\(person)")] + fields {
            body += "--edge\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        body += "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file)\"\r\n"
        body += "Content-Type: text/csv\r\n\r\n\(text)\r\n--edge--\r\n"
        return try await send(path, .post, as: person, body: body, type: "multipart/form-data; boundary=edge")
    }

    private func send(
        _ path: String, _ method: HTTPRequest.Method, as person: String, body: String?, type: String?,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var fields: HTTPFields = [.accept: "text/html", .cookie: "\(SetCookie.session)=\(person)"]
        if let type { fields[.contentType] = type }
        for (name, value) in headers { fields[try #require(HTTPFields.Element.Name(name))] = value }
        let head = fields
        return try await Application(responder: edge).test(.router) { client in
            try await client.execute(
                uri: path, method: method, headers: head, body: body.map { ByteBuffer(string: $0) }
            ) { response in
                Answer(
                    status: response.status, location: response.headers[.location] ?? "",
                    body: String(buffer: response.body), type: response.headers[.contentType] ?? "")
            }
        }
    }

    /// Does the jobs that wait.
    func work() async throws {
        let runner = JobRunner(queue: stores.jobs, workers: stores.desk.workers) { Issue.record($0) }
        while try await runner.runOne() {}
    }

    // MARK: What there is

    func skill(_ name: String) async throws -> SkillRecord {
        try await stores.skills.ensure(key: SkillName.key(for: name), name: name, tenant: tenant)
    }

    func strategy() async throws -> StrategyRecord {
        let skill = try await skill("Checking answers")
        let sponsor = try id("sponsor")
        let draft = StrategyDraft(
            title: "Safe use of <AI>", text: "We **check** answers.", owner: sponsor, audience: .everyone,
            priorities: [PriorityDraft(name: "Check & say", skills: [skill.id], weight: 60)])
        let record = try await stores.strategies.draft(draft, by: sponsor, of: tenant)
        return try await stores.strategies.publish(record.id, by: sponsor, of: tenant)
    }

    func use() async throws -> AIUseRecord {
        try await stores.register.register(
            AIUseDraft(
                name: "Draft <feedback>", purpose: "Suggests feedback", kind: .tool, data: [.learning],
                status: .live, reviewOn: stores.world.now().day + 30), by: id("steward"), of: tenant)
    }

    func mandateFields(_ changes: [String: String] = [:]) async throws -> [(String, String)] {
        let today = stores.world.now().day
        var fields = [
            "audience": "everyone", "title": "AI & data", "minutes": "200", "deadline": "\(Month(today).lastDay)",
            "rule": "AI Act, Article 4", "why": "Because the law asks.", "asker": "\(try id("sponsor"))",
            "do": "publish",
        ]
        fields.merge(changes) { $1 }
        return fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

/// What every page keeps: one heading, no inline style, a token in each form that changes something.
func expectWellMade(_ page: String, _ path: String) {
    #expect(page.components(separatedBy: "<h1").count == 2, "one h1 on \(path)")
    #expect(!page.contains(" style="), "no inline style on \(path)")
    #expect(!page.contains("<script>"), "no inline script on \(path)")
    let forms = page.components(separatedBy: "method=\"post\"").dropFirst()
    for form in forms {
        let inside = form.components(separatedBy: "</form>").first ?? ""
        #expect(inside.contains("name=\"csrf\""), "a token in each form on \(path)")
    }
    let ids = page.components(separatedBy: " id=\"").dropFirst().compactMap { $0.components(separatedBy: "\"").first }
    #expect(Set(ids).count == ids.count, "each id once on \(path): \(ids.filter { id in ids.count { $0 == id } > 1 })")
}
