import Assess
import Basis
import Catalog
import Demo
import Evidence
import Hummingbird
import HummingbirdTesting
import Intent
import JSON
import Mastery
import NIOCore
import Paths
import People
import Skills
import Storage
import StorageTesting
import Stores
import Synchronization
import Testing
import Vault
import Web

@testable import Site

/// A clock that the test turns.
final class Hands: Sendable {
    private let moment = Mutex(Moment(microseconds: 1_780_000_000_000_000))
    private let dice = Mutex(Dice(seed: 11))

    func turn(_ span: Duration) { moment.withLock { $0 = $0 + span } }

    var world: World {
        World(
            now: { [self] in
                moment.withLock { moment in
                    moment = moment + .microseconds(1)
                    return moment
                }
            },
            seed: { [self] in dice.withLock { $0.next() } })
    }
}

/// The app before real doors, with a small catalogue and one learner who signs in.
struct LearnersHouse: Sendable {
    static let password = "a quiet harbour at dawn"
    static let nasty = "<script>alert(\"x\")</script> & Söhne"

    let hands = Hands()
    let stores: Stores
    let edge: Edge

    init(on engine: Engine = .memory, isFilled: Bool = true) async throws {
        let database = try await engine.database(WholeSchema.migrations)
        let world = hands.world
        let sessions = Sessions(database: database, world: world, cost: .cheap)
        let clients = ClientBook(database: database, world: world)
        stores = Stores(
            database: database, world: world, sessions: sessions, clients: clients,
            log: StatementLog(database: database, world: world),
            mastery: MasteryBook(database: database, world: world),
            vault: Vault(secret: [UInt8](repeating: 1, count: 32)))
        edge = Edge(
            siteRoutes(stores), doors: Doors(sessions: sessions, clients: clients), settings: EdgeSettings(),
            metrics: Metrics(), world: world, problemPage: problemPage)
        if isFilled { try await fill() }
    }

    private func fill() async throws {
        let tenant = try await stores.directory.createTenant(name: Self.nasty, home: "https://pier.example")
        let lea = try await stores.directory.save(
            PersonDraft(key: "lea", name: "Lea " + Self.nasty, email: "lea@pier.example"), of: tenant)
        let sam = try await stores.directory.save(
            PersonDraft(key: "sam", name: "Sam Sponsor", email: "sam@pier.example", roles: [.sponsor]), of: tenant)
        try await stores.sessions.setPasswords(Self.password, for: [lea.id, sam.id], of: tenant)
        let skills = stores.skills.resolver(of: tenant)
        _ = try await stores.library.importCatalogue(Array(Self.catalogue.utf8), tenant: tenant, skills: skills)
        _ = try await stores.library.importCatalogue(Array(Self.texts.utf8), tenant: tenant, skills: skills)
        _ = try await stores.items.importItems(
            Array(Self.items.utf8), tenant: tenant, contents: stores.library.resolver(of: tenant), skills: skills)
    }

    static let catalogue = """
        {"id":"m","kind":"module","title":"Safe use","language":"en","children":["a","b"],"skills":["checking"],\
        "source":"own"}
        {"id":"a","kind":"article","title":"Checking an answer","description":"How to check.","language":"en",\
        "duration_minutes":5,"level":"beginner","skills":["checking"],"parent":"m","source":"own",\
        "licence":"CC-BY-4.0","attribution":"Pier","provenance":"ai-generated","model":"Quill"}
        {"id":"b","kind":"article","title":"<script>alert(\\"x\\")</script> & Söhne","description":"<b>bold</b>",\
        "language":"en","duration_minutes":3,"skills":["checking"],"parent":"m","source":"own",\
        "provenance":"human-made"}
        {"id":"c","kind":"link","title":"Elsewhere","language":"en","url":"https://elsewhere.example/x?a=1&b=2",\
        "source":"far"}
        """

    static let texts = """
        {"id":"a","language":"en","text":"# Checking\\n\\n## First\\n\\nLook at the *source*.\\n\\n## Then\\n\\n\
        <script>alert(1)</script>"}
        {"id":"b","language":"en","text":"Some words."}
        """

    static let items = """
        {"id":"a#1","learning_object":"a","language":"en","stem":"Which is <right>?","choices":["This","That"],\
        "correct":[0],"explanations":["It is.","It is not."],"skills":["checking"],"level":"beginner"}
        {"id":"a#2","learning_object":"a","language":"en","kind":"multiple","stem":"Which two?",\
        "choices":["One","Two","Three"],"correct":[0,2],"explanations":["Yes.","No.","Yes."],"skills":["checking"]}
        {"id":"a#3","learning_object":"a","language":"en","stem":"And this?","choices":["Yes","No"],"correct":[1],\
        "explanations":[null,null],"skills":["checking"]}
        """

    func content(_ key: String) async throws -> ContentRecord {
        try #require(try await stores.library.content(key: key, of: .first))
    }

    func person(_ key: String) async throws -> PersonRecord {
        try #require(try await stores.directory.person(key: key, of: .first))
    }

    /// Asks everybody for an object until a day far enough away to fit.
    func mandate(for content: ID<Content>, minutes: Int = 10) async throws -> MandateRecord {
        let sam = try await person("sam").id
        let draft = MandateDraft(
            asker: sam, content: content, title: "Ask " + Self.nasty, rule: "a rule", why: "Because.", minutes: minutes,
            audience: .everyone, deadline: stores.world.now().day + 40)
        let kept = try await stores.mandates.draft(draft, by: sam, of: .first)
        return try await stores.planner.publish(kept.id, by: sam, of: .first)
    }

    /// Statements about an activity and verb, oldest first.
    func statements(_ verb: Verb) async throws -> [JSONValue] {
        var query = StatementQuery()
        query.verb = verb.iri
        query.isAscending = true
        return try await stores.log.query(query, of: .first).statements.map { try JSONValue(parsing: $0.body) }
    }

    /// A browser without cookies.
    func browser() -> Browser { Browser(edge: edge) }

    /// A browser in which somebody has signed in.
    func signedIn(_ key: String = "lea") async throws -> Browser {
        let browser = browser()
        let answer = try await browser.post("/sign-in", ["email": "\(key)@pier.example", "password": Self.password])
        #expect(answer.status == .seeOther)
        return browser
    }
}

/// Keeps the session's cookie and the last page's token, as a browser does.
final class Browser: Sendable {
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let location: String
        let body: String
        let headers: HTTPFields
    }

    private struct Memory {
        var cookie = ""
        var csrf = ""
    }

    private let edge: Edge
    private let memory = Mutex(Memory())

    init(edge: Edge) { self.edge = edge }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send(path, .get, body: nil, headers: headers)
    }

    /// Follows where a form led, as long as it leads on.
    func follow(_ answer: Answer) async throws -> Answer {
        var answer = answer
        for _ in 0..<5 where answer.status == .seeOther { answer = try await get(answer.location) }
        return answer
    }

    func post(_ path: String, _ fields: [String: String] = [:]) async throws -> Answer {
        try await post(path, pairs: fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    func post(_ path: String, pairs: [(String, String)]) async throws -> Answer {
        let all = [("csrf", memory.withLock { $0.csrf })] + pairs
        let body = all.map { "\(Form.encoded($0.0))=\(Form.encoded($0.1))" }.joined(separator: "&")
        return try await send(path, .post, body: body, headers: ["Content-Type": "application/x-www-form-urlencoded"])
    }

    private func send(
        _ path: String, _ method: HTTPRequest.Method, body: String?, headers: [String: String]
    ) async throws -> Answer {
        var fields: HTTPFields = [.accept: "text/html", .cookie: memory.withLock { $0.cookie }]
        for (name, value) in headers {
            if let name = HTTPFields.Element.Name(name) { fields[name] = value }
        }
        let head = fields
        let answer = try await Application(responder: edge).test(.router) { client in
            try await client.execute(
                uri: path, method: method, headers: head, body: body.map { ByteBuffer(string: $0) }
            ) { response in
                Answer(
                    status: response.status, location: response.headers[.location] ?? "",
                    body: String(buffer: response.body), headers: response.headers)
            }
        }
        memory.withLock { memory in
            if let set = answer.headers[.setCookie] { memory.cookie = String(set.prefix { $0 != ";" }) }
            if let token = answer.body.field("csrf") { memory.csrf = token }
        }
        return answer
    }
}

extension String {
    /// The value of a hidden field of a page.
    func field(_ name: String) -> String? {
        guard let range = firstRange(of: "name=\"\(name)\" value=\"") else { return nil }
        return String(self[range.upperBound...].prefix { $0 != "\"" })
    }

    /// The first attribute value that begins like this, such as a form's target.
    func target(_ beginning: String) -> String? {
        guard let range = firstRange(of: "\"\(beginning)") else { return nil }
        return beginning + self[range.upperBound...].prefix { $0 != "\"" }
    }
}
