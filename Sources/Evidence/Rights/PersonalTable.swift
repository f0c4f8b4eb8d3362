public import Basis
public import JSON
public import Storage

/// A table whose rows are about people: how they are shown to the person, and what becomes of them when the person is
/// erased.
///
/// Every module lists its own; a test compares the lists with the schema, so that no table is forgotten.
public struct PersonalTable: Sendable {
    /// What becomes of the rows of a person who is erased.
    public enum Fate: Hashable, Sendable {
        /// They go.
        case erased
        /// They stay and no longer say who.
        case cleared
        /// They stay with the number of somebody whose name is gone, on this ground.
        case kept(ground: String)

        /// The word for programs.
        public var word: String {
            switch self {
            case .erased: "erased"
            case .cleared: "cleared"
            case .kept: "kept"
            }
        }
    }

    /// Reads a row into what people understand, where its columns do not say it.
    public typealias Reading = @Sendable (Row, TenantID, any Connection) throws -> JSONObject

    /// What the rows are, in the plural: a heading and a file's name.
    public let kind: String
    public let table: StaticString
    /// The column that holds the person, or the number of the row of `through` that does.
    public let column: StaticString
    public let fate: Fate
    let through: (table: StaticString, key: StaticString, column: StaticString)?
    let secrets: Set<String>
    let order: StaticString
    let reading: Reading?

    /// - Parameters:
    ///   - kind: Such as `goals`.
    ///   - table: Its name, written in the program.
    ///   - column: The one with the person's identity.
    ///   - fate: What erasing the person does.
    ///   - through: Another table that knows the person, its key, and its column with the person's identity.
    ///   - secrets: Columns that nobody is shown.
    ///   - order: Columns that tell rows of one person apart, by number.
    ///   - reading: In place of the columns as they are.
    public init(
        _ kind: String, _ table: StaticString, by column: StaticString = "person", _ fate: Fate = .erased,
        through: (table: StaticString, key: StaticString, column: StaticString)? = nil, secrets: Set<String> = [],
        order: StaticString = "1, 2, 3", reading: Reading? = nil
    ) {
        self.kind = kind
        self.table = table
        self.column = column
        self.fate = fate
        self.through = through
        self.secrets = secrets
        self.order = order
        self.reading = reading
    }

    private var name: SQL { SQL(stringLiteral: "\(table)") }

    private func condition(_ person: ID<Person>, _ tenant: TenantID) -> SQL {
        let own = SQL(stringLiteral: "\(column)")
        guard let through else { return "tenant = \(tenant) AND \(own) = \(person)" }
        let inner = SQL(stringLiteral: "SELECT \(through.key) FROM \(through.table) WHERE \(through.column)")
        return "tenant = \(tenant) AND \(own) IN (\(inner) = \(person) AND tenant = \(tenant))"
    }

    func count(of person: ID<Person>, _ tenant: TenantID, on connection: any Connection) throws -> Int {
        try connection.value("SELECT COUNT(*) AS count FROM " + name + " WHERE " + condition(person, tenant))
    }

    /// Some rows, as objects.
    func page(
        of person: ID<Person>, _ tenant: TenantID, from offset: Int, limit: Int, on connection: any Connection
    ) throws -> [JSONObject] {
        let sql: SQL = "SELECT * FROM " + name + " WHERE " + condition(person, tenant)
        let order = SQL(stringLiteral: " ORDER BY \(order) ")
        return try connection.rows(sql + order + "LIMIT \(limit) OFFSET \(offset)").map { row in
            if let reading { return try reading(row, tenant, connection) }
            return JSONObject(
                row.fields.filter { $0.name != "tenant" && !secrets.contains($0.name) }.map {
                    ($0.name, PersonalTable.shown($0.value, of: $0.name))
                })
        }
    }

    /// Ends what the rows say of a person.
    ///
    /// - Returns: How many rows that were.
    func settle(_ person: ID<Person>, _ tenant: TenantID, on connection: any Connection) throws -> Int {
        switch fate {
        case .erased: try connection.run("DELETE FROM " + name + " WHERE " + condition(person, tenant))
        case .cleared:
            try connection.run(
                "UPDATE " + name + SQL(stringLiteral: " SET \(column) = NULL WHERE ") + condition(person, tenant))
        case .kept: try count(of: person, tenant, on: connection)
        }
    }

    /// A column as people read it: the schema's names say what a number means.
    static func shown(_ value: Value, of name: String) -> JSONValue {
        switch value {
        case .null: .null
        case .real(let number): JSONValue(number)
        case .text(let text): JSONValue(text)
        case .bytes(let bytes): ["bytes": JSONValue(bytes.count)]
        case .integer(let number):
            if name.hasSuffix("_at") || name == "at" {
                JSONValue(Moment(microseconds: number).timestamp)
            } else if name.hasSuffix("_on") || name == "day" || name == "deadline" {
                JSONValue("\(Day(number: Int(number)))")
            } else if name == "month" {
                JSONValue("\(Month(index: Int(number)))")
            } else if name.hasPrefix("is_") {
                JSONValue(number != 0)
            } else {
                JSONValue(number)
            }
        }
    }
}

extension PersonalTable {
    /// Why what somebody decided for the organisation stays.
    public static let accountability = "who decided what for the organisation stays accountable, without the name"

    /// What the directory and the record store keep of people, besides the person's own row and the evidence itself.
    public static let own = [
        PersonalTable("roles", "person_role"),
        PersonalTable("attributes", "person_attribute"),
        PersonalTable("working time", "working_time"),
        PersonalTable("absences", "absence"),
        PersonalTable("absences noted", "absence", by: "noted_by", .kept(ground: accountability)),
        PersonalTable("sign-in", "person_password", secrets: ["hash"]),
        PersonalTable("sessions", "person_session", secrets: ["token_hash", "csrf"]),
        PersonalTable("people managed", "person", by: "manager", .cleared, secrets: managedSecrets),
        PersonalTable(
            "clients limited to the person", "client", by: "learner", .kept(ground: "revoked credentials"),
            secrets: ["secret_hash", "former_hash", "former_until"]),
        PersonalTable("legal holds", "legal_hold", .kept(ground: "the record of holds")),
        PersonalTable("legal holds set", "legal_hold", by: "set_by", .kept(ground: accountability)),
        PersonalTable("legal holds lifted", "legal_hold", by: "lifted_by", .kept(ground: accountability)),
        PersonalTable("erasures ordered", "erasure", by: "ordered_by", .kept(ground: accountability)),
        PersonalTable("retention rules made", "retention_rule", by: "made_by", .kept(ground: accountability)),
        PersonalTable("retention rules ended", "retention_rule", by: "ended_by", .kept(ground: accountability)),
        PersonalTable("retention runs started", "retention_run", by: "started_by", .kept(ground: accountability)),
    ]

    /// Of the people whom one manages only who they are: the rest is theirs.
    private static let managedSecrets: Set<String> = [
        "email", "email_key", "search_text", "language", "is_active", "created_at", "unit",
    ]
}
