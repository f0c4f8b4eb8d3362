import HTML

/// The queues that need a person.
struct DeskModel: Sendable {
    struct Queue: Sendable {
        let heading, id: String
        /// What is so, in one sentence.
        let words: String
        let link: String
        let count: Int
        /// The oldest first, at most a few.
        let items: [Todo]
    }

    let queues: [Queue]
}

func deskPage(_ model: DeskModel, in frame: Frame) -> Fragment {
    let open = model.queues.filter { $0.count > 0 }
    return page("My desk", in: frame) {
        open.isEmpty
            ? "Nothing needs a person now." : "\(Words.count(open.count, "queue needs", "queues need")) a person."
    } content: {
        counters(
            model.queues.map { queue in
                Counter(count: queue.count, words: queue.heading.lowercased(), link: queue.link, tone: .alert)
            })
        for queue in open { queuePart(queue) }
        if open.isEmpty {
            emptyState(
                .check, "All done",
                "Uses without owner, overdue reviews, unstated provenance and failed imports show here.",
                example: "“Meeting summaries has no owner”, with one button to ask somebody.")
        }
    }
}

private func queuePart(_ queue: DeskModel.Queue) -> Fragment {
    part("\(queue.heading) (\(Words.count(queue.count)))", id: queue.id) {
        a(.href(queue.link)) {
            "All"
            spoken(" " + queue.heading.lowercased())
        }
    } content: {
        p { queue.words }
        if !queue.items.isEmpty { todos(queue.items) }
    }
}

func decisionsPage(_ decisions: [Decision], in frame: Frame) -> Fragment {
    page("Decisions asked of you", in: frame, width: .narrow) {
        decisions.isEmpty
            ? "Nothing waits for you." : "\(Words.count(decisions.count, "thing waits", "things wait")) for you."
    } content: {
        if decisions.isEmpty {
            emptyState(
                .check, "Nothing waits for you",
                "When somebody asks you to answer for an AI use, or a strategy is meant for you, it stands here.",
                example: "“Take ownership of Draft feedback on exercises?”")
        } else {
            fragment {
                h2(.class("hidden")) { "To decide" }
                todos(decisions.map { Todo(title: $0.words, link: $0.link, more: $0.more) })
            }
        }
    }
}
