public import Basis
import Storage

extension SkillRegister {
    /// Takes a framework in: all of it or none of it. What is there already and says the same is left alone; what says
    /// something else is brought up to date; nothing is ever taken away, because evidence may be about it.
    ///
    /// - Throws: `Problem`: `framework-unknown`, or `import-refused` with an issue a place.
    public func importFramework(
        _ bytes: [UInt8], fileName: String, tenant: TenantID, dryRun: Bool = false
    ) async throws -> FrameworkReport {
        let file = try FrameworkFile(bytes: bytes, fileName: fileName)
        do {
            return try await database.write { connection in
                var report = try take(file, tenant, on: connection)
                if !dryRun { return report }
                report.isDryRun = true
                throw Rehearsal(report: report)
            }
        } catch let rehearsal as Rehearsal {
            return rehearsal.report
        }
    }

    /// Undoes a dry run.
    private struct Rehearsal: Error { let report: FrameworkReport }

    private func take(
        _ file: FrameworkFile, _ tenant: TenantID, on connection: any Connection
    ) throws -> FrameworkReport {
        var report = FrameworkReport(format: file.format, framework: file.framework, notes: file.notes)
        var there: [String: SkillRecord] = [:]
        for chunk in chunks(file.entries.map(\.key)) {
            let rows = try connection.rows(
                "SELECT \(columns) FROM skill WHERE tenant = \(tenant) AND key IN (\(SQL.list(chunk)))")
            for row in rows {
                let skill = try SkillRecord(row)
                there[skill.key] = skill
            }
        }
        var last: Int = try connection.value(
            "SELECT COALESCE(MAX(number), 0) AS last FROM skill WHERE tenant = \(tenant)")
        var ids = there.mapValues(\.id)
        for entry in file.entries where ids[entry.key] == nil { ids[entry.key] = world.id() }
        var new: [SkillRecord] = []
        for entry in file.entries {
            guard let id = ids[entry.key] else { continue }
            let old = there[entry.key]
            let skill = SkillRecord(
                id: id, number: old?.number ?? last + 1, key: entry.key, name: entry.name,
                description: entry.description, framework: file.framework, parent: entry.parent.flatMap { ids[$0] })
            if old == nil {
                last += 1
                new.append(skill)
                report.created += 1
            } else if old == skill {
                report.unchanged += 1
            } else {
                try update(skill, tenant, on: connection)
                report.updated += 1
            }
        }
        try insert(new, tenant, on: connection)
        return report
    }

    private func update(_ skill: SkillRecord, _ tenant: TenantID, on connection: any Connection) throws {
        try connection.run(
            """
            UPDATE skill SET name = \(skill.name), folded = \(SkillName.folded(skill.name)),
                description = \(skill.description), framework = \(skill.framework), parent = \(skill.parent),
                changed_at = \(world.now())
            WHERE tenant = \(tenant) AND id = \(skill.id)
            """)
    }
}
