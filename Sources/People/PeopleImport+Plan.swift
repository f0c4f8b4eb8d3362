import Basis

extension PeopleImport {
    /// What is to be stored so that the file holds. Pure but for the identifiers it is given.
    struct Plan {
        var units: [UnitRecord] = []
        var unitPaths: [String] = []
        var created: [PersonRecord] = []
        var updated: [PersonRecord] = []
        /// The stored forms of `updated`.
        var replaced: [PersonRecord] = []
        var unchanged = 0

        func report(isDryRun: Bool) -> Report {
            let left = zip(replaced, updated).count { $0.isActive && !$1.isActive }
            return Report(
                created: created.count, updated: updated.count, unchanged: unchanged, deactivated: left,
                unitsCreated: unitPaths, isDryRun: isDryRun)
        }
    }

    /// Holds the records of a file against what is stored.
    ///
    /// `stored` is everybody of the tenant, the inactive among them.
    /// - Throws: `Problem` (`import-refused`), also for what `issues` held before.
    static func plan(
        _ entries: [Entry], stored: [PersonRecord], tree: UnitTree, tenant: TenantID, world: World,
        issues: Issues = Issues()
    ) throws(Problem) -> Plan {
        var issues = issues
        var plan = Plan()
        let before = Dictionary(uniqueKeysWithValues: stored.map { ($0.key, $0) })
        var places = Places(tree: tree)
        let now = world.now()
        var after: [(entry: Entry, record: PersonRecord)] = []
        for entry in entries {
            let old = before[entry.key]
            var draft = old.map { PersonDraft($0) } ?? PersonDraft(key: entry.key, name: entry.name)
            draft.name = entry.name
            if let email = entry.email { draft.email = email }
            if let unit = entry.unit { draft.unit = places.unit(unit, { world.id() }) }
            if let roles = entry.roles { draft.roles = roles }
            if let language = entry.language { draft.language = language }
            if let isActive = entry.isActive { draft.isActive = isActive }
            for (name, value) in entry.attributes { draft.attributes[name] = value }
            draft = PersonRules.tidied(draft)
            let id = old?.id ?? world.id()
            after.append((entry, PersonRecord(draft, id: id, tenant: tenant, createdAt: old?.createdAt ?? now)))
        }
        (plan.units, plan.unitPaths) = (places.made, places.madePaths)
        var people = Roster(stored: stored, changed: after.map(\.record))
        checkEmails(after, people, &issues)
        people.setManagers(after, &issues)
        people.checkCycles(after, &issues)
        try issues.check()
        for (entry, _) in after {
            guard let record = people.byKey[entry.key] else { continue }
            guard let old = before[entry.key] else {
                plan.created.append(record)
                continue
            }
            if old == record {
                plan.unchanged += 1
            } else {
                plan.updated.append(record)
                plan.replaced.append(old)
            }
        }
        return plan
    }

    private static func checkEmails(
        _ after: [(entry: Entry, record: PersonRecord)], _ people: Roster, _ issues: inout Issues
    ) {
        for (entry, record) in after {
            guard let email = record.email, let owner = people.owner(of: email), owner.key != record.key else {
                continue
            }
            // Two lines of the file with one address were reported when the file was read.
            if people.changed.contains(owner.key) { continue }
            let detail = "\(owner.name) (id “\(owner.key)”) has the e-mail “\(email)” already. Give each their own."
            issues.add(entry.line, "email", detail)
        }
    }
}

/// Everybody as they would be after the import.
private struct Roster {
    private(set) var byKey: [String: PersonRecord] = [:]
    private var byEmail: [String: String] = [:]
    private var keys: [ID<Person>: String] = [:]
    /// The keys of the people in the file.
    let changed: Set<String>

    init(stored: [PersonRecord], changed: [PersonRecord]) {
        for record in stored { byKey[record.key] = record }
        for record in changed { byKey[record.key] = record }
        self.changed = Set(changed.map(\.key))
        for record in changed { add(record) }
        // Whoever held an address before holds it against the file.
        for record in stored where !self.changed.contains(record.key) { add(record) }
    }

    private mutating func add(_ record: PersonRecord) {
        keys[record.id] = record.key
        if let email = record.email { byEmail[emailKey(email)] = record.key }
    }

    func owner(of email: String) -> PersonRecord? { byEmail[emailKey(email)].flatMap { byKey[$0] } }

    mutating func setManagers(
        _ after: [(entry: PeopleImport.Entry, record: PersonRecord)], _ issues: inout PeopleImport.Issues
    ) {
        for (entry, record) in after {
            guard let name = entry.manager else { continue }
            let manager = byKey[name] ?? owner(of: name)
            if !name.isEmpty, manager == nil {
                let detail =
                    "There is no person with the id or e-mail “\(name)”. Add that person, or correct the field."
                issues.add(entry.line, "manager", detail)
                continue
            }
            if manager?.key == record.key {
                issues.add(entry.line, "manager", "Nobody is their own manager. Name somebody else, or leave it empty.")
                continue
            }
            var draft = PersonDraft(record)
            draft.manager = manager?.id
            byKey[record.key] = PersonRecord(
                draft, id: record.id, tenant: record.tenant, createdAt: record.createdAt)
        }
    }

    /// Reports each circle of managers once, on the first line of the file that is in it.
    func checkCycles(
        _ after: [(entry: PeopleImport.Entry, record: PersonRecord)], _ issues: inout PeopleImport.Issues
    ) {
        var cleared: Set<String> = []
        for (entry, record) in after {
            var walked: [String] = []
            var places: [String: Int] = [:]
            var next: String? = record.key
            while let key = next, !cleared.contains(key) {
                if let start = places[key] {
                    report(Array(walked[start...]), entry, after, &issues)
                    break
                }
                places[key] = walked.count
                walked.append(key)
                next = byKey[key]?.manager.flatMap { keys[$0] }
            }
            cleared.formUnion(walked)
        }
    }

    private func report(
        _ circle: [String], _ entry: PeopleImport.Entry,
        _ after: [(entry: PeopleImport.Entry, record: PersonRecord)], _ issues: inout PeopleImport.Issues
    ) {
        let members = Set(circle)
        let line = after.first { members.contains($0.entry.key) }?.entry.line ?? entry.line
        let names = circle.prefix(6).compactMap { byKey[$0]?.name } + (circle.count > 6 ? ["…"] : [])
        let chain = (names + [byKey[circle[0]]?.name ?? ""]).joined(separator: " → ")
        issues.add(line, "manager", "Managers go round in a circle: \(chain). Change one of them.")
    }
}

/// Finds units by path and makes those that are not there.
private struct Places {
    private var tree: UnitTree
    private var known: [[String]: ID<Unit>] = [:]
    private var keys: [String: ID<Unit>] = [:]
    private(set) var made: [UnitRecord] = []
    private(set) var madePaths: [String] = []

    init(tree: UnitTree) {
        self.tree = tree
        for unit in tree.units {
            known[tree.line(from: unit.id).reversed().map(\.name)] = unit.id
            keys[unit.key] = unit.id
        }
    }

    /// The unit of the path, by its names or else by its key, which outlives a renaming.
    mutating func unit(_ names: [String], _ id: () -> ID<Unit>) -> ID<Unit>? {
        if names.isEmpty { return nil }
        let path = names.joined(separator: UnitTree.separator)
        if let found = known[names] ?? keys[path] { return found }
        let parent = unit(Array(names.dropLast()), id)
        let record = UnitRecord(id: id(), key: path, name: names[names.count - 1], parent: parent)
        known[names] = record.id
        keys[path] = record.id
        made.append(record)
        madePaths.append(path)
        return record.id
    }
}
