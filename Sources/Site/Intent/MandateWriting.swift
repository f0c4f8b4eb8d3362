import Basis
import Catalog
import HTML
import Hummingbird
import Intent
import Paths
import People
import Stores
import Web

/// One round of the mandate form: what was typed, what is asked of it, and what it would do.
struct MandateWriting: Sendable {
    let stores: Stores
    let visit: Visit
    /// Nil for a new mandate.
    let record: MandateRecord?
    var entries: Entries

    private var isPublished: Bool { record?.state == .published }

    /// Does what the pressed button asks, and answers with the next page or the same form.
    mutating func answer() async throws -> Response {
        let wish = entries["do"]
        let parts = wish.split(separator: ":").map(String.init)
        if parts.count == 2, ["deadline", "minutes"].contains(parts[0]) {
            entries.values[parts[0]] = parts[1]
            return try await shown(.ok)
        }
        if parts.count == 3, parts[0] == "both" {
            (entries.values["deadline"], entries.values["minutes"]) = (parts[1], parts[2])
            return try await shown(.ok)
        }
        guard ["save", "publish"].contains(wish) else { return try await shown(.ok) }
        let draft = try await draft()
        if !entries.errors.isEmpty { return try await shown(.unprocessableContent) }
        do {
            return try await keep(draft, publishing: wish == "publish")
        } catch {
            let problem = try refusal(of: error)
            entries = entries.refused(problem, naming: mandateField(problem))
            return try await shown(problem.kind == .conflict ? .conflict : .unprocessableContent)
        }
    }

    /// The form as it stands, with its effect.
    private mutating func shown(_ status: HTTPResponse.Status) async throws -> Response {
        .page(mandateFormPage(try await model(), in: try await stores.framed(visit)), status: status)
    }

    private func keep(_ draft: MandateDraft, publishing: Bool) async throws -> Response {
        let me = try visit.me.id
        let override = entries.trimmed("override")
        let reason = override.isEmpty ? nil : override
        if let record, isPublished {
            _ = try await stores.planner.revise(record.id, to: draft, override: reason, by: me, of: visit.tenant)
            return .redirect(to: "/mandates/\(record.id)?said=published")
        }
        if publishing {
            // Refused before anything is kept, so that pressing again does not make a second draft.
            let preview = try await stores.planner.preview(draft, changing: record?.id, of: visit.tenant)
            if !preview.fits, reason == nil { throw Problem.overBudget(preview) }
            if let reason, reason.count < Override.reasonMinimum, !preview.fits {
                throw Problem(
                    .invalid, "override-reason-short",
                    "The reason has \(reason.count) characters. Write at least \(Override.reasonMinimum).",
                    at: ["/override"])
            }
        }
        let kept =
            if let record {
                try await stores.mandates.edit(record.id, to: draft, by: me, of: visit.tenant)
            } else { try await stores.mandates.draft(draft, by: me, of: visit.tenant) }
        if publishing { _ = try await stores.planner.publish(kept.id, override: reason, by: me, of: visit.tenant) }
        return .redirect(to: "/mandates/\(kept.id)?said=\(publishing ? "published" : "saved")")
    }

    /// What the fields say; faults of single fields go to `entries.errors`.
    mutating func draft() async throws -> MandateDraft {
        let (effect, rule) = try await stores.effect(of: entries.trimmed("audience"), visit)
        if let fault = effect.fault { entries.errors["audience"] = fault }
        let minutes = entries.integer("minutes", in: MandateDraft.minutesRange)
        let deadline = entries.day("deadline")
        if entries.trimmed("deadline").isEmpty { entries.errors["deadline"] = "Choose a day." }
        let mark =
            entries["testMark"].isEmpty
            ? TestOutTerms().mark : entries.integer("testMark", in: TestOutTerms.markRange)
        var draft = MandateDraft(
            asker: ID<Person>(entries["asker"]), content: ID<Content>(entries["content"]),
            title: entries.trimmed("title"), priority: ID<Priority>(entries["priority"]),
            rule: entries.trimmed("rule"), why: entries.trimmed("why"), minutes: minutes ?? 1, audience: rule,
            deadline: deadline)
        draft.testOut = TestOutTerms(mark: mark ?? TestOutTerms().mark, refusal: entries.trimmed("testRefusal"))
        return draft
    }

    /// What it would do; what is missing for that is said instead of an error.
    mutating func effect() async throws -> MandateEffect {
        let kept = entries.errors
        let draft = try await draft()
        let faults = ["audience", "minutes", "deadline"].compactMap { entries.errors[$0] }
        entries.errors = kept
        if let fault = faults.first { return MandateEffect(missing: fault) }
        do {
            let preview = try await stores.planner.preview(draft, changing: record?.id, of: visit.tenant)
            var effect = try await MandateEffect(preview, of: draft, changing: record?.id, stores, visit)
            if let record, isPublished {
                let still = Set(preview.over.map(\.person))
                let before = try await stores.planner.preview(record.id, of: visit.tenant)
                effect.freed = before.over.count { !still.contains($0.person) }
            }
            return effect
        } catch {
            return MandateEffect(missing: try refusal(of: error).detail)
        }
    }

    func model() async throws -> MandateFormModel {
        var copy = self
        let chosen = ID<Content>(entries["content"])
        let content = try await chosen.flatMapAsync { try await stores.library.content($0, of: visit.tenant) }
        let search = entries.trimmed("find")
        var found: [ContentRecord] = []
        if !search.isEmpty {
            found = try await stores.library.search(SearchQuery(text: search, pageSize: 8), of: visit.tenant).hits
        }
        return MandateFormModel(
            path: record.map { "/mandates/\($0.id)" }, title: record?.title ?? "", isPublished: isPublished,
            entries: entries,
            askers: try await stores.people(
                holding: [.sponsor, .steward, .manager], and: ID<Person>(entries["asker"]), visit),
            priorities: try await priorities(), units: try await stores.unitPaths(visit, limit: 40),
            effect: try await copy.effect(), content: content.map(choice), found: found.map(choice),
            today: stores.today)
    }

    private func choice(_ content: ContentRecord) -> Choosable {
        let facts = [content.kind, content.minutes.map(Words.minutes), content.language].compactMap { $0 }
        return Choosable("\(content.id)", content.title, more: facts.joined(separator: " · "))
    }

    private func priorities() async throws -> [Choosable] {
        let inForce = try await stores.strategies.inForce(of: visit.tenant)
        let choices = inForce.flatMap { strategy in
            strategy.priorities.map { Choosable("\($0.id)", "priority: \($0.name)") }
        }
        return choices + [Choosable("", "a rule (named below)")]
    }
}

extension Optional where Wrapped: Sendable {
    /// `flatMap` for a closure that waits.
    func flatMapAsync<Result>(_ body: (Wrapped) async throws -> Result?) async rethrows -> Result? {
        if let self { try await body(self) } else { nil }
    }
}

extension Problem {
    fileprivate static func overBudget(_ preview: MandatePreview) -> Problem {
        Problem(
            .conflict, "over-budget",
            """
            \(Words.count(preview.peopleOver, "person", "people")) would be over budget, by \
            \(Words.minutes(preview.minutesOver)) in all. Choose a later deadline or fewer minutes, retire another \
            mandate, or override with a reason.
            """)
    }
}
