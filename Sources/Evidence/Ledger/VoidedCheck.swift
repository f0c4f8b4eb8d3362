import Basis
import JSON
import Storage

/// Checks that exactly those statements count as voided that a voiding statement names.
///
/// - Cost: memory for the identifiers of voided statements.
struct VoidedCheck {
    let table: LedgerTable

    func run(_ report: inout LedgerReport) throws {
        let (tenant, connection) = (table.tenant, table.connection)
        let verb: Int? = try connection.row(
            "SELECT number FROM verb WHERE tenant = \(tenant) AND iri = \(Verb.voided.iri)")?.get("number")
        var targets: Set<ID<Statement>> = []
        if let verb {
            try connection.each("SELECT body FROM statement WHERE tenant = \(tenant) AND verb = \(verb)") { row in
                let body: [UInt8] = try row.get("body")
                guard let statement = try? JSONValue(parsing: body),
                    statement["verb"]?["id"]?.string == Verb.voided.iri,
                    statement["object"]?["objectType"] == "StatementRef",
                    let target = statement["object"]?["id"]?.string.flatMap({ ID<Statement>($0) })
                else { return }
                targets.insert(target)
            }
        }
        try connection.each(
            "SELECT seq, id FROM statement WHERE tenant = \(tenant) AND voided = 1 ORDER BY seq"
        ) { row in
            let id = ID<Statement>(bytes: try row.get("id"))
            if targets.remove(id) == nil {
                report.add(
                    "statement \(try row.get("seq", as: Int.self))", "It counts as voided, and nothing voids it.")
            }
        }
        for chunk in chunks(targets.map(\.bytes)) {
            let rows = try connection.rows(
                """
                SELECT seq FROM statement WHERE tenant = \(tenant) AND id IN (\(SQL.list(chunk)))
                    AND verb <> \(verb ?? 0) ORDER BY seq
                """)
            for row in rows {
                report.add("statement \(try row.get("seq", as: Int.self))", "It is voided, and does not count as such.")
            }
        }
    }
}
