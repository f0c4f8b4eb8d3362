public import Basis
import Crypto
import Storage

/// Who a person is to the directory.
public struct PersonIdentity: Hashable, Sendable {
    public let id: ID<Person>
    public let key: String
    public let name: String
    public let email: String?
    /// The tenant's home page.
    let home: String

    /// - Throws: `Problem` (`person-missing`).
    init(_ person: ID<Person>, of tenant: TenantID, on connection: any Connection) throws {
        let row = try connection.row(
            """
            SELECT p.key AS key, p.name AS name, p.email AS email, t.home AS home
            FROM person p JOIN tenant t ON t.tenant = p.tenant
            WHERE p.tenant = \(tenant) AND p.id = \(person)
            """)
        guard let row else { throw Problem(.missing, "person-missing", "There is no such person.") }
        id = person
        key = try row.get("key")
        name = try row.get("name")
        email = try row.find("email")
        home = try row.get("home")
    }
}

/// Under which names evidence knows a person.
struct PersonAgents {
    struct Agent: Hashable, Sendable {
        let number: Int
        /// Canonical: see `AgentName`.
        let ifi: String
    }

    /// In the order of their numbers.
    let agents: [Agent]

    init(_ agents: [Agent]) { self.agents = agents.sorted { $0.number < $1.number } }

    /// Finds the person's account, mail address in any case, and the hash of the mail address.
    init(_ person: PersonIdentity, of tenant: TenantID, on connection: any Connection) throws {
        var found: Set<Agent> = []
        func add(_ condition: SQL) throws {
            let rows = try connection.rows("SELECT number, ifi FROM agent WHERE tenant = \(tenant) AND " + condition)
            for row in rows { found.insert(Agent(number: try row.get("number"), ifi: try row.get("ifi"))) }
        }
        try add("person = \(person.id)")
        var names = [AgentName(home: person.home, account: person.key).canonical]
        if let email = person.email {
            let mail = AgentName(mail: email).canonical
            for address in Set([email, email.lowercased()]) {
                let hash = Insecure.SHA1.hash(data: Array("mailto:\(address)".utf8))
                names.append("\(AgentName.Form.mboxSHA1.rawValue):\(hexadecimal(hash))")
            }
            try add("ifi LIKE 'mbox:%' AND LOWER(ifi) = \(mail.lowercased())")
        }
        try add("ifi IN (\(SQL.list(names)))")
        self.init(Array(found))
    }

    var numbers: [Int] { agents.map(\.number) }

    /// The numbers of the next statements that name any of them, anywhere, in order.
    func statements(
        after place: Int, limit: Int, of tenant: TenantID, on connection: any Connection
    ) throws -> [Int] {
        var found: Set<Int> = []
        for agent in agents {
            let walks: [SQL] = [
                "SELECT seq FROM statement WHERE tenant = \(tenant) AND actor = \(agent.number)",
                "SELECT seq FROM related_agent WHERE tenant = \(tenant) AND agent = \(agent.number)",
            ]
            for walk in walks {
                let rows = try connection.rows(walk + " AND seq > \(place) ORDER BY seq LIMIT \(limit)")
                for row in rows { found.insert(try row.get("seq")) }
            }
        }
        return Array(found.sorted().prefix(limit))
    }
}
