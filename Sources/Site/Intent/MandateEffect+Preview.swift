import Basis
import Intent
import Paths
import People
import Stores
import Web

/// What stands in place of a name that the access rules do not let somebody read.
let heldBack = "Name held back by the access rules"

extension MandateEffect {
    /// The planner's preview of a mandate with names, by unit and month.
    init(
        _ preview: MandatePreview, of draft: MandateDraft, changing id: ID<Mandate>?, _ stores: Stores, _ visit: Visit
    ) async throws {
        let resource = id.map { AccessResource.mandate($0) } ?? .newMandate
        try await self.init(preview, of: draft.audience, as: resource, stores, visit) { person, titles in
            let why = try await stores.planner.shortfall(of: person, with: draft, changing: id, in: visit.tenant)
            return why.map { MandateEffect.words($0.shortfall, draft: $0.draft, "this mandate", titles) } ?? ""
        }
    }

    /// The planner's preview of a certification. When everybody is asked alike, each person shown has the smallest set
    /// that cannot fit.
    init(
        _ preview: MandatePreview, of draft: CertificationDraft, changing id: ID<Mandate>?, _ stores: Stores,
        _ visit: Visit
    ) async throws {
        let ask = Planner.Ask(
            mandate: id ?? stores.world.id(), minutes: preview.minutes, deadline: preview.deadline)
        let resource = id.map { AccessResource.certification($0) } ?? .newMandate
        try await self.init(preview, of: draft.audience, as: resource, stores, visit) { person, titles in
            let why = try await stores.planner.shortfall(of: person, asking: ask, in: visit.tenant)
            return why.map { MandateEffect.words($0, draft: ask.mandate, "this certification", titles) } ?? ""
        }
    }

    private init(
        _ preview: MandatePreview, of rule: AudienceRule?, as resource: AccessResource, _ stores: Stores,
        _ visit: Visit,
        why: (ID<Person>, [ID<Mandate>: Named]) async throws -> String
    ) async throws {
        self.init()
        let tenant = visit.tenant
        let tree = try await stores.directory.unitTree(of: tenant)
        let units = preview.over.isEmpty ? [:] : try await stores.directory.unitsByPerson(of: tenant)
        func unit(_ person: ID<Person>) -> String { units[person].map { tree.path(of: $0) } ?? "Without unit" }
        let shown = preview.over.prefix(MandateEffect.overLimit)
        let dayless = preview.withoutDay.prefix(MandateEffect.nameLimit)
        let isNamed = try await stores.mayName(resource, visit)
        let names =
            isNamed ? try await stores.directory.names(of: Array(Set(shown.map(\.person) + dayless)), tenant) : [:]
        let nameless = isNamed ? "Somebody who has left" : heldBack
        audience = try await stores.directory.sentence(of: rule ?? .everyone, tenant)
        reached = preview.audience
        held = preview.held
        minutes = preview.minutes
        peopleOver = preview.peopleOver
        minutesOver = preview.minutesOver
        deadline = preview.deadline
        withoutDay = (preview.withoutDay.count, dayless.map { names[$0] ?? nameless })
        let titles = try await MandateEffect.titles(stores, visit)
        for one in shown {
            over.append(
                Over(
                    name: names[one.person] ?? nameless, unit: unit(one.person), minutes: one.minutes,
                    when: one.months.map { "\(Words.month($0.month)): \(Words.minutes($0.minutes))" }
                        .joined(separator: ", "),
                    why: try await why(one.person, titles)))
        }
        let last = preview.months.lastIndex { $0.peopleOver > 0 || $0.minutesPlanned > 0 } ?? -1
        let loaded = preview.months.prefix(min(12, last + 1))
        months = loaded.map(\.month)
        loads = loaded.map { Load(month: $0.month, planned: $0.minutesPlanned, ceiling: $0.minutesCeiling) }
        deadlineMonth = Month(preview.deadline)
        heat = MandateEffect.heat(preview.over, months, unit: unit)
        alternatives = MandateEffect.alternatives(preview, titles)
        relief = preview.alternatives.relief.compactMap { one in
            titles[one.mandate].map { Relief(title: $0.title, link: "\($0.path)#retire", people: one.people) }
        }
    }

    /// What a mandate or certification is called, and where it is.
    struct Named: Sendable {
        let title, path: String
    }

    private static func titles(_ stores: Stores, _ visit: Visit) async throws -> [ID<Mandate>: Named] {
        let records = try await stores.mandates.list(of: visit.tenant, state: .published).map {
            ($0.id, Named(title: $0.title, path: "/mandates/\($0.id)"))
        }
        let programmes = try await stores.certifications.list(of: visit.tenant, state: .published).map {
            ($0.id, Named(title: $0.title, path: "/certifications/\($0.id)"))
        }
        return Dictionary(records + programmes) { first, _ in first }
    }

    /// Such as `By 31 May 2026, 120 min are due and 60 min can be done. Too much: this mandate, 60 min.`
    private static func words(
        _ shortfall: Shortfall, draft: ID<Mandate>, _ name: String, _ titles: [ID<Mandate>: Named]
    ) -> String {
        let parts = shortfall.unplaceable.map { ask in
            let title = ask.mandate == draft ? name : titles[ask.mandate].map { "“\($0.title)”" } ?? "another"
            return "\(title), \(Words.minutes(ask.minutes))"
        }
        return shortfallWords(shortfall) + " Too much: \(Words.list(parts))."
    }

    /// The units with most people over first, the rest together.
    private static func heat(
        _ over: [MandatePreview.Over], _ months: [Month], unit: (ID<Person>) -> String
    ) -> [(name: String, counts: [Int])] {
        let byUnit = Dictionary(grouping: over) { unit($0.person) }
        func counts(_ people: [MandatePreview.Over]) -> [Int] {
            months.map { month in people.count { $0.months.contains { $0.month == month } } }
        }
        let ordered = byUnit.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        var rows = ordered.prefix(6).map { (name: $0.key, counts: counts($0.value)) }
        let rest = ordered.dropFirst(6).flatMap(\.value)
        if !rest.isEmpty { rows.append((name: "Other units", counts: counts(rest))) }
        if rows.count > 1 { rows.append((name: "All", counts: counts(over))) }
        return rows
    }

    private static func alternatives(_ preview: MandatePreview, _ titles: [ID<Mandate>: Named]) -> [Alternative] {
        let found = preview.alternatives
        var list: [Alternative] = []
        if let day = found.deadline, day > preview.deadline {
            list.append(Alternative(words: "Move to \(Words.day(day))", value: "deadline:\(day)"))
        }
        if let minutes = found.minutes, minutes < preview.minutes {
            list.append(Alternative(words: "Shorten to \(Words.minutes(minutes))", value: "minutes:\(minutes)"))
        }
        for option in found.options where option.minutes > 0 {
            list.append(
                Alternative(
                    words: "\(Words.minutes(option.minutes)) by \(Words.day(option.deadline))",
                    value: "both:\(option.deadline):\(option.minutes)"))
        }
        for id in found.retiring.prefix(3) {
            guard let one = titles[id] else { continue }
            list.append(Alternative(words: "Retire “\(one.title)”", link: "\(one.path)#retire"))
        }
        return list
    }
}

/// Such as `By 31 May 2026, 120 min are due and 60 min can be done.`
func shortfallWords(_ shortfall: Shortfall) -> String {
    "By \(Words.day(shortfall.deadline)), \(Words.minutes(shortfall.asked)) are due and "
        + "\(Words.minutes(shortfall.capacity)) can be done."
}
