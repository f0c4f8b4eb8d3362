public import Basis
import Storage

extension DocumentBook {
    /// A document that names a person, with where it lies.
    public struct Held: Sendable {
        public let kind: DocumentKind
        /// Nil for an agent profile.
        public let activity: String?
        public let agent: AgentName
        /// Nil when there is none.
        public let registration: String?
        public let name: String
        public let document: Document

        /// Where it lies, for `change`.
        public var address: DocumentAddress {
            let folder: DocumentFolder =
                if let activity {
                    .state(activity: activity, agent: agent, registration: registration)
                } else {
                    .agentProfile(agent: agent)
                }
            return DocumentAddress(folder, name: name)
        }
    }

    /// Visits every document held about a person, under any of the agents that are known to be this person, in the
    /// order of activity, registration and name.
    public func each(
        of person: ID<Person>, in tenant: TenantID, _ visit: @escaping @Sendable (Held) throws -> Void
    ) async throws {
        try await database.read { connection in
            try connection.each(
                """
                SELECT d.kind, d.registration, d.name, d.type, d.body, d.hash, d.updated_at, a.ifi, c.iri
                FROM agent a
                \(SQL.inOrder) document d ON d.tenant = a.tenant AND d.agent = a.number AND d.agent <> 0
                LEFT JOIN activity c ON c.tenant = d.tenant AND c.number = d.activity
                WHERE a.tenant = \(tenant) AND a.person = \(person)
                ORDER BY d.kind, c.iri, d.registration, d.name, a.ifi
                """
            ) { row in
                let kind = DocumentKind(rawValue: try row.get("kind"))
                guard let kind, let agent = AgentName(canonical: try row.get("ifi")) else {
                    throw StorageError.mistyped(column: "kind")
                }
                let registration: String = try row.get("registration")
                try visit(
                    Held(
                        kind: kind, activity: try row.find("iri"), agent: agent,
                        registration: registration.isEmpty ? nil : registration, name: try row.get("name"),
                        document: try Document(row)))
            }
        }
    }

    /// How many documents are held about a person.
    public func count(of person: ID<Person>, in tenant: TenantID) async throws -> Int {
        try await database.read { connection in
            try connection.value(
                """
                SELECT COUNT(*) AS count FROM agent a
                \(SQL.inOrder) document d ON d.tenant = a.tenant AND d.agent = a.number AND d.agent <> 0
                WHERE a.tenant = \(tenant) AND a.person = \(person)
                """)
        }
    }
}
