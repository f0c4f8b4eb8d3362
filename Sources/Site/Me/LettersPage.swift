import Basis
import HTML
import Hummingbird
import Notices
import People
import Stores
import Web

/// How letters reach a person.
struct LettersModel: Sendable {
    let paces: [NoticeTopic: LetterPace]
    /// Nil without one.
    let mailbox: String?
    /// Whether the organisation sends letters at all.
    let isOn: Bool
    var entries = Entries()
}

/// How letters reach whoever looks: everybody's own.
func lettersRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/me/letters", .right(.learn), "How letters reach me.") { visit in
            .page(lettersPage(try await letters(stores, visit), in: try await stores.framed(visit)))
        },
        .post("/me/letters", .right(.learn), "Chooses how letters reach me.") { visit in
            let form = try visit.form()
            var paces: [NoticeTopic: LetterPace] = [:]
            for topic in NoticeTopic.allCases where !topic.paces.isEmpty {
                paces[topic] = LetterPace(rawValue: form.text(topic.rawValue))
            }
            do {
                try await stores.letters.choices.choose(paces, for: visit.me.id, in: visit.tenant)
                return .redirect(to: "/me/letters?said=saved")
            } catch {
                var model = try await letters(stores, visit)
                model.entries = Entries(form).refused(try refusal(of: error))
                return .page(lettersPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
    ]
}

private func letters(_ stores: Stores, _ visit: Visit) async throws -> LettersModel {
    let me = try visit.me
    return LettersModel(
        paces: try await stores.letters.choices.paces(of: me.id, in: visit.tenant), mailbox: me.email,
        isOn: try await stores.letters.book.settings(of: visit.tenant)?.isOn ?? false)
}

func lettersPage(_ model: LettersModel, in frame: Frame) -> Fragment {
    page("How letters reach me", in: frame, width: .narrow, crumbs: [Crumb("Settings", "/settings")]) {
        if let mailbox = model.mailbox {
            "They go to \(mailbox). "
        } else {
            "You have no mailbox here, so none are sent. "
        }
        "Whatever you choose, all of it stands in Leeway, too. Whether you open a letter is not recorded."
    } content: {
        if !model.isOn { notice { "Your organisation does not send letters now. Your choice is kept." } }
        refusal(
            model.entries,
            labels: Dictionary(uniqueKeysWithValues: NoticeTopic.allCases.map { ($0.rawValue, $0.words) }))
        frame.form(to: "/me/letters", class: "stack") {
            for topic in NoticeTopic.allCases where !topic.paces.isEmpty {
                radios(
                    topic.rawValue, topic.words, topic.paces.map { Choosable($0.rawValue, $0.words) },
                    hint: topic.hint, chosen: (model.paces[topic] ?? .daily).rawValue)
            }
            actions { press("Save choice", .primary) }
        }
        part("Always at once", id: "urgent") {
            ul {
                for topic in NoticeTopic.allCases where topic.paces.isEmpty {
                    li {
                        topic.words
                        ". "
                        topic.hint
                    }
                }
            }
        }
    }
}

extension LetterPace {
    fileprivate var words: String {
        switch self {
        case .atOnce: "At once"
        case .daily: "In one letter a day"
        case .never: "Never"
        }
    }
}

extension NoticeTopic {
    fileprivate var words: String {
        switch self {
        case .strategies: "Strategies addressed to you"
        case .mandates: "Mandates: asked, due soon, overdue"
        case .certifications: "Certifications"
        case .policies: "Policies to accept"
        case .ownership: "Being asked to answer for an AI use, or to stand in"
        case .escalations: "What is overdue with others, and questions to you"
        case .news: "Answers to what you asked, and experiments you follow"
        }
    }

    fileprivate var hint: String {
        switch self {
        case .strategies: "When one is published, and once more if you have not acknowledged it after a week."
        case .mandates, .certifications, .policies:
            "These ask something that has to be done, so they can’t be switched off."
        case .ownership: "Somebody waits for your answer, so these go at once and can’t be switched off."
        case .escalations: "Somebody waits for you to act, so these go at once and can’t be switched off."
        case .news: "Nothing is asked of you in these."
        }
    }
}
