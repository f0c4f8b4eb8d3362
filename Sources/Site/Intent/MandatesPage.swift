import Basis
import HTML
import Intent
import Paths

/// The mandates of one state.
struct MandatesModel: Sendable {
    struct Entry: Sendable {
        let title, link: String
        let who, why: String
        let minutes: Int
        let deadline: Day
        let status: Status
        /// Nil for drafts.
        let done: Int?
        let asked: Int
        let isOverridden: Bool
    }

    let entries: [Entry]
    let tabs: [Tab]
    let canWrite: Bool
    let today: Day
    /// Whether only what concerns the person who looks is shown.
    let isOwn: Bool
    let sorting: Sorting?
}

func mandatesPage(_ model: MandatesModel, in frame: Frame) -> Fragment {
    page("Mandates", in: frame, crumbs: [Crumb("Intent", "/intent")]) {
        model.isOwn
            ? "What is asked of you, by whom and why. It draws on the organisation's part of your learning time only."
            : "What the organisation asks people to learn. It draws on its part of the learning time, never on leeway."
    } actions: {
        if !model.isOwn { go("Load", to: "/mandates/load", icon: .calendar) }
        if model.canWrite { go("Write mandate", to: "/mandates/new", .primary, icon: .plus) }
        go(
            model.isOwn ? "My certificates" : "Certifications",
            to: model.isOwn ? "/certificates" : "/certifications")
    } content: {
        if !model.tabs.isEmpty { tabs(model.tabs, label: "Mandates by state") }
        if model.entries.isEmpty {
            noMandates(model)
        } else {
            dataTable(
                "Mandates, by deadline", model.entries,
                [
                    Column("Mandate", sort: "title") { entry in
                        a(.href(entry.link)) { entry.title }
                        small { entry.why }
                    },
                    Column("Asked of") { $0.who },
                    Column("Time", .number, sort: "minutes") { Words.minutes($0.minutes) },
                    Column("By", sort: "due") { time($0.deadline, today: model.today) },
                    Column("Done", .number) { entry in
                        entry.done.map { "\(Words.count($0)) of \(Words.count(entry.asked))" } ?? "–"
                    },
                    Column("Status") { entry in
                        badge(entry.status)
                        if entry.isOverridden { badge(.alert("over budget")) }
                    },
                ], sorting: model.sorting, at: model.address)
        }
    }
}

extension MandatesModel {
    fileprivate var address: Address {
        let link = tabs.first(where: \.isCurrent)?.link ?? "/mandates"
        let parts = link.split(separator: "=")
        return Address("/mandates", parts.count > 1 ? [("state", String(parts[1]))] : [])
    }
}

private func noMandates(_ model: MandatesModel) -> Fragment {
    emptyState(
        .mandate, "No mandates here",
        model.isOwn
            ? "Nothing is asked of you. When it is, you read here who asks, why, how long it takes and by when."
            : "A mandate asks a group to learn one thing by a date. It is published only when it fits beside "
                + "everybody's leeway, or with a recorded reason.",
        example: "everyone in Sales does “AI and customer data” by 12 March, because of the priority “safe use”."
    ) {
        if model.canWrite { go("Write mandate", to: "/mandates/new") }
    }
}

/// One mandate, as one person sees it.
struct MandateModel: Sendable {
    struct Revision: Sendable {
        let number: Int
        let at: Moment
        let who: String
        let minutes: Int
        let deadline: Day
        let people: Int
        let peopleOver, minutesOver: Int
        let reason: String?
    }

    let path: String
    let title: String
    let status: Status
    let asker: String
    let audience: String
    let ground: String
    let why: String
    let minutes: Int
    let deadline: Day
    let today: Day
    let state: MandateRecord.State
    var content: (title: String, link: String)?
    /// Why it stands over budget, by whom, and how much.
    var override: (reason: String, who: String, peopleOver: Int, minutesOver: Int)?
    /// How it stands with the person who looks.
    var own: Status?
    /// Whether the person who looks can say that it is done: it asks for no content.
    var canSayDone = false
    /// Whether one may show by a test to know it already; nil for whom it is not asked of.
    var testOut: TestOutView?
    /// Whether a test stands in for it, in words.
    var tests: String?
    /// How many passed the test.
    var testedOut = 0
    /// Only for those who lead.
    var progress: (done: Int, held: Int, open: Int, asked: Int)?
    var revisions: [Revision] = []
    var changes: [ChangeView] = []
    var canWrite = false
    var effect: MandateEffect?
    /// People who joined its audience later and cannot fit it, and by how many minutes.
    var joinersOver: (people: Int, minutes: Int)?
    /// Whom retiring it would free, when that was asked for.
    var freed: MandateEffect?
    var entries = Entries()
}

func mandatePage(_ model: MandateModel, in frame: Frame) -> Fragment {
    let steps = MandateSteps(
        noun: "mandate", path: model.path, state: model.state, publishing: "",
        retiring: "Nobody is asked any longer; the minutes planned for it are free again. You can undo it.",
        restoring: "It is looked at anew: others may have been published since.")
    return page(model.title, in: frame, crumbs: [Crumb("Intent", "/intent"), Crumb("Mandates", "/mandates")]) {
        "\(Words.minutes(model.minutes)) by \(Words.day(model.deadline, today: model.today)), asked by \(model.asker)."
    } actions: {
        if model.canWrite, model.state != .retired {
            go(model.state == .draft ? "Edit draft" : "Change mandate", to: "\(model.path)/edit", icon: .edit)
        }
        if let content = model.content, model.own != nil { go("Open it", to: content.link, .primary) }
    } content: {
        if let override = model.override { overrideNotice(override) }
        if let joiners = model.joinersOver { joinersNotice(joiners) }
        refusal(model.entries)
        if model.canSayDone {
            frame.form(to: "\(model.path)/done", class: "card asked") {
                p { "When you have done it, say so. It counts as done from then on." }
                actions { press("I have done this", .primary, icon: .check) }
            }
        }
        if let testOut = model.testOut, testOut.standing.offer != .closed { testOutCard(testOut, frame) }
        div(.class("split even")) {
            factsCard(model)
            if let effect = model.effect {
                preview { mandateEffect(effect, form: nil) }
            } else if let progress = model.progress {
                progressCard(progress, testedOut: model.testedOut)
            }
        }
        if model.canWrite, model.state != .published { steps.form(model.freed, model.entries, frame) }
        if !model.revisions.isEmpty { revisionsPart(model) }
        if !model.changes.isEmpty { history(model.changes, of: model.title) }
        if model.canWrite, model.state == .published { steps.form(model.freed, model.entries, frame) }
    }
}

func overrideNotice(
    _ override: (reason: String, who: String, peopleOver: Int, minutesOver: Int)
) -> Fragment {
    notice(.asked) {
        strong { "Published over budget. " }
        "\(Words.count(override.peopleOver, "person is", "people are")) over by \(Words.minutes(override.minutesOver)) "
        "in all. \(override.who) decided it, because: “\(override.reason)”"
    }
}

private func joinersNotice(_ joiners: (people: Int, minutes: Int)) -> Fragment {
    notice(.asked) {
        strong { "More people, not more time. " }
        "\(Words.count(joiners.people, "person", "people")) joined after it was published and cannot fit it, by "
        "\(Words.minutes(joiners.minutes)) in all. Nobody decided so: move the date, shorten it, or leave them out."
    }
}

private func factsCard(_ model: MandateModel) -> Fragment {
    var facts: [(String, Fragment)] = [
        ("Status", badge(model.status)), ("Asked of", Fragment(model.audience)), ("Asked by", person(model.asker)),
        ("Because", Fragment(model.ground)), ("Why", Fragment(model.why)),
        ("Time", Fragment("\(Words.minutes(model.minutes)) a person")),
        ("By", time(model.deadline)),
    ]
    if let content = model.content {
        facts.insert(("What", a(.href(content.link)) { content.title }), at: 1)
    }
    if let tests = model.tests { facts.append(("Test instead", Fragment(tests))) }
    if let own = model.own { facts.insert(("With you", badge(own)), at: 0) }
    return section(.class("card"), .aria("labelledby", "facts")) {
        h2(.id("facts")) { "What is asked" }
        sheet(facts)
    }
}

private func progressCard(
    _ progress: (done: Int, held: Int, open: Int, asked: Int), testedOut: Int
) -> Fragment {
    section(.class("card"), .aria("labelledby", "progress")) {
        h2(.id("progress")) { "How far it is" }
        p {
            strong(.class("figure")) { Words.share(progress.done + progress.held, of: progress.asked, "people") }
        }
        bar("Done", value: progress.done + progress.held, of: progress.asked)
        ul {
            li { "\(Words.count(progress.done, "person", "people")) did it after they were asked" }
            if testedOut > 0 { li { "\(Words.count(testedOut, "person", "people")) of them by test" } }
            li { "\(Words.count(progress.held, "person", "people")) had done it before" }
            li { "\(Words.count(progress.open, "person", "people")) have it before them" }
        }
    }
}

private func revisionsPart(_ model: MandateModel) -> Fragment {
    part("Revisions", id: "revisions") {
        dataTable(
            "Revisions, the newest first", model.revisions,
            [
                Column("Revision") { "\($0.number)" },
                Column("When") { time($0.at) },
                Column("Who") { person($0.who) },
                Column("Time", .number) { Words.minutes($0.minutes) },
                Column("By") { time($0.deadline) },
                Column("People", .number) { Words.count($0.people) },
                Column("Over budget") { revision in
                    if revision.peopleOver == 0 {
                        "nobody"
                    } else {
                        Words.count(revision.peopleOver, "person", "people") + ", "
                        Words.minutes(revision.minutesOver)
                        if let reason = revision.reason { small { "“\(reason)”" } }
                    }
                },
            ])
    }
}
