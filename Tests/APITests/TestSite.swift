import API
import Assess
import Basis
import Catalog
import Evidence
import Exchange
import HTML
import Hummingbird
import HummingbirdTesting
import Imports
import Insight
import Intent
import JSON
import Mastery
import NIOCore
import Notices
import Paths
import People
import Skills
import Storage
import StorageTesting
import Stores
import Testing
import Vault
import Web

let migrations =
    JobQueue.migrations + PeopleSchema.migrations + EvidenceSchema.migrations + SkillsSchema.migrations
    + CatalogSchema.migrations + AssessSchema.migrations + MasterySchema.migrations + IntentSchema.migrations
    + PathsSchema.migrations + NoticesSchema.migrations + InsightSchema.migrations + ImportsSchema.migrations
    + ExchangeSchema.migrations

/// The API over a database of its own, with one person of each role; all have the same password.
struct TestSite: Sendable {
    static let password = "correct horse battery staple"

    let stores: Stores
    let edge: Edge
    let people: [Role: PersonRecord]

    init(_ engine: Engine = .memory, limits: XAPILimits = XAPILimits()) async throws {
        let database = try await engine.database(migrations)
        let world = World.replay(seed: 5)
        let sessions = Sessions(database: database, world: world, cost: .cheap)
        let clients = ClientBook(database: database, world: world)
        stores = Stores(
            database: database, world: world, sessions: sessions, clients: clients,
            log: StatementLog(database: database, world: world),
            mastery: MasteryBook(database: database, world: world), limits: limits,
            vault: Vault(secret: [UInt8](repeating: 1, count: 32)))
        _ = try await stores.directory.createTenant(name: "Example", home: "https://example.org")
        var people: [Role: PersonRecord] = [:]
        for role in Role.allCases {
            people[role] = try await stores.directory.save(
                PersonDraft(
                    key: role.rawValue, name: role.label, email: "\(role.rawValue)@example.org",
                    roles: [.learner, role]),
                of: .first)
        }
        self.people = people
        try await sessions.setPasswords(TestSite.password, for: people.values.map(\.id), of: .first)
        let metrics = Metrics()
        let pages: [Route] = [
            .get("/page", .signedIn, "A page.") { visit in
                let name = try visit.me.name
                return .page(p { name })
            },
            .post("/page", .signedIn, "A form.") { visit in
                let form = try visit.form()
                return .text("\(form.text("name")) \(form.file("file")?.bytes.count ?? 0)")
            },
            .post("/big", .anyone, takes: .upload, "An upload.") { visit in .text("\(visit.body.readableBytes)") },
            .get("/broken", .anyone, "A fault.") { _ in throw StorageError.absent(column: "secret") },
            .get("/full", .anyone, "A full disk.") { _ in throw StorageError.full },
        ]
        let routes =
            apiRoutes(stores)
            + operationRoutes(metrics: metrics) {
                _ = try await database.read { try $0.value("SELECT 1 AS one", as: Int.self) }
            }
        var settings = EdgeSettings()
        settings.doors = [.xapi(stores.log, limits: limits)]
        edge = Edge(
            routes + [openAPIRoute(describing: routes)] + pages,
            doors: Doors(sessions: sessions, clients: clients), settings: settings, metrics: metrics, world: world
        ) { problem, status, _ in p { "page \(status): \(problem.detail)" } }
    }

    /// Over a real socket.
    func run(_ body: @escaping @Sendable (Caller) async throws -> Void) async throws {
        try await Application(responder: edge).test(.live) { client in
            try await body(Caller(client: client, site: self))
        }
    }
}

/// A caller that keeps a session, as a browser or a script does.
struct Caller: Sendable {
    let client: any TestClientProtocol
    let site: TestSite
    var cookie: String?
    var csrf: String?

    /// Signed in as somebody with this role.
    func signedIn(_ role: Role) async throws -> Caller {
        let body: JSONValue = [
            "name": .string("\(role.rawValue)@example.org"), "password": .string(TestSite.password),
        ]
        let answer = try await send(.post, "/api/v1/session", body)
        #expect(answer.status == .created)
        var caller = self
        caller.cookie = answer.headers[.setCookie].map { String($0.prefix { $0 != ";" }) }
        caller.csrf = try answer.json["csrf"]?.string
        return caller
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ json: JSONValue? = nil, headers more: [String: String] = [:]
    ) async throws -> Answer {
        var headers = more
        if json != nil, headers["Content-Type"] == nil { headers["Content-Type"] = "application/json" }
        return try await send(method, path, bytes: json?.bytes ?? [], headers: headers)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, bytes: [UInt8], headers more: [String: String]
    ) async throws -> Answer {
        var headers = HTTPFields()
        for (name, value) in more { headers[named: name] = value }
        if let cookie { headers[.cookie] = cookie }
        if let csrf, headers[named: "X-CSRF-Token"] == nil { headers[named: "X-CSRF-Token"] = csrf }
        let response = try await client.execute(
            uri: path, method: method, headers: headers, body: bytes.isEmpty ? nil : ByteBuffer(bytes: bytes))
        return Answer(
            status: response.status, headers: response.headers, bytes: Array(response.body.readableBytesView))
    }
}

struct Answer: Sendable {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: JSONValue { get throws { try JSONValue(parsing: bytes) } }

    /// The code of the problem document that it must be.
    func problem() throws -> String {
        #expect(headers[.contentType] == "application/problem+json")
        let document = try json
        #expect(document["status"]?.integer == status.code)
        #expect(document["title"]?.string?.isEmpty == false)
        #expect(document["instance"]?.string?.hasPrefix("urn:leeway:request:") == true)
        let type = document["type"]?.string ?? ""
        #expect(type.hasPrefix("urn:leeway:problem:"))
        return String(type.dropFirst("urn:leeway:problem:".count))
    }
}
