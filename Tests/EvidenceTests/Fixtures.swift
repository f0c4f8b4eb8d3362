import Basis
import Evidence
import JSON
import People
import Storage
import StorageTesting

/// A log of its own with one tenant and two people, `alice` and `bob`.
struct Bench {
    static let home = "https://example.org"
    let database: any Database
    let world: World
    let log: StatementLog
    let alice: ID<Person>
    let bob: ID<Person>

    init(_ engine: Engine, world: World = .replay()) async throws {
        database = try await engine.database(PeopleSchema.migrations + EvidenceSchema.migrations)
        self.world = world
        log = StatementLog(database: database, world: world)
        let (alice, bob): (ID<Person>, ID<Person>) = (world.id(), world.id())
        (self.alice, self.bob) = (alice, bob)
        try await database.write { connection in
            try connection.run(
                """
                INSERT INTO tenant (tenant, name, home, is_demo, created_at)
                VALUES (\(TenantID.first), 'Example', \(Bench.home), 0, 0)
                """)
            for (id, key) in [(alice, "alice"), (bob, "bob")] {
                try connection.run(
                    """
                    INSERT INTO person (tenant, id, key, name, is_active, search_text, created_at)
                    VALUES (\(TenantID.first), \(id), \(key), \(key), 1, \(key), 0)
                    """)
            }
        }
    }

    /// Stores what was posted, as version 1.
    @discardableResult
    func post(_ text: String, _ version: XAPIVersion = .one) async throws -> [ID<Statement>] {
        let batch = try StatementBatch(posted: Array(text.utf8), version: version, world: world)
        return try await log.store(batch, by: Authority(client: "test"), to: .first)
    }
}

/// A small sound statement, changed at some places: JSON Pointers and JSON texts; nil removes the member.
func statement(_ changes: [(pointer: String, json: String?)] = []) throws -> JSONValue {
    try changes.reduce(try JSONValue(parsing: sound)) { value, change in
        let path: [String] = change.pointer.split(separator: "/").map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
        return set(value, path[...], to: try change.json.map { try JSONValue(parsing: $0) })
    }
}

private func set(_ value: JSONValue, _ path: ArraySlice<String>, to new: JSONValue?) -> JSONValue {
    guard let name = path.first else { return new ?? .null }
    if var array = value.array, let index = Int(name) {
        array[index] = set(array[index], path.dropFirst(), to: new)
        return .array(array)
    }
    var object = value.object ?? JSONObject()
    object[name] =
        path.count == 1 ? new : set(object[name] ?? .object(JSONObject()), path.dropFirst(), to: new)
    return .object(object)
}

let sound = """
    {"actor": {"mbox": "mailto:a@example.org"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}, \
    "object": {"id": "https://example.org/course"}}
    """

let uuid = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"

/// A sound statement drawn by chance from small sets of names, so that filters have something to find.
func chanceStatement(_ dice: inout Dice, id: ID<Statement>, stored: Int) -> JSONValue {
    func agent(_ dice: inout Dice) -> JSONValue {
        let number = Int.random(in: 0..<4, using: &dice)
        switch Int.random(in: 0..<3, using: &dice) {
        case 0: return ["mbox": .string("mailto:p\(number)@example.org")]
        case 1:
            return [
                "objectType": "Agent", "account": ["homePage": "https://example.org", "name": .string("n\(number)")],
            ]
        default: return ["openid": .string("https://id.example.org/\(number)"), "name": "Some “one”"]
        }
    }
    func activity(_ dice: inout Dice) -> JSONValue {
        ["id": .string("https://example.org/a/\(Int.random(in: 0..<5, using: &dice))")]
    }
    var object = JSONObject([("id", .string(id.description))])
    object["actor"] =
        Int.random(in: 0..<5, using: &dice) == 0
        ? ["objectType": "Group", "member": [agent(&dice), agent(&dice)]] : agent(&dice)
    object["verb"] = ["id": .string("https://example.org/v/\(Int.random(in: 0..<3, using: &dice))")]
    switch Int.random(in: 0..<6, using: &dice) {
    case 0:
        var someone = agent(&dice).object ?? JSONObject()
        someone["objectType"] = "Agent"
        object["object"] = .object(someone)
    case 1:
        object["object"] = [
            "objectType": "SubStatement", "actor": agent(&dice), "verb": ["id": "https://example.org/v/9"],
            "object": activity(&dice),
        ]
    default: object["object"] = activity(&dice)
    }
    var context = JSONObject()
    if Bool.random(using: &dice) {
        context["registration"] = .string("6690e6c9-3ef0-4ed3-8b37-7f396473000\(Int.random(in: 0..<3, using: &dice))")
    }
    if Bool.random(using: &dice) { context["contextActivities"] = ["grouping": [activity(&dice), activity(&dice)]] }
    if Int.random(in: 0..<4, using: &dice) == 0 { context["instructor"] = agent(&dice) }
    object["context"] = .object(context)
    if Bool.random(using: &dice) {
        object["result"] = ["score": ["scaled": .number("0.\(Int.random(in: 0..<9, using: &dice))0")], "success": true]
    }
    return .object(object)
}
