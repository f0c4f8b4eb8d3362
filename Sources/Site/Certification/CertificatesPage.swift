import Basis
import HTML
import Intent

/// What a learner holds and must hold.
struct CertificatesModel: Sendable {
    struct Entry: Sendable {
        let title, asker, ground, why: String
        let place: CertificationPlace
        let cycles: [CertificationCycle]
        /// What to do now, and where; nil when there is nothing.
        let step: (words: String, link: String?, minutes: Int)?
    }

    struct Told: Sendable {
        let id, words: String
        let day: Day
        let isSeen: Bool
    }

    let entries: [Entry]
    let told: [Told]
    let feed: CalendarFeed?
    /// The whole address, once, when it was just made.
    var address: String?
    let today: Day
}

func certificatesPage(_ model: CertificatesModel, in frame: Frame) -> Fragment {
    page("My certificates", in: frame) {
        "What you hold, until when, and what is asked of you: by whom, why, and by when."
    } content: {
        if !model.told.filter({ !$0.isSeen }).isEmpty { toldPart(model, frame) }
        if model.entries.isEmpty {
            emptyState(
                .mandate, "No certificates yet",
                "When a certification is asked of you, it stands here with every cycle: when it opened, when it is "
                    + "due, when you did it and until when it holds.",
                example: "“First aid”, valid until 5 February 2027, can be renewed from 7 December.")
        }
        div(.class("section stack")) {
            for (place, entry) in model.entries.enumerated() { certificate(entry, place, model.today) }
        }
        calendarPart(model, frame)
    }
}

private func certificate(_ entry: CertificatesModel.Entry, _ number: Int, _ today: Day) -> Fragment {
    section(
        .class(entry.place.standing.isOpen ? "card asked" : "card"), .aria("labelledby", "certificate-\(number)")
    ) {
        div(.class("spread")) {
            h2(.id("certificate-\(number)")) { entry.title }
            badge(entry.place.standing.badge)
        }
        p { standing(entry.place, today) }
        p(.class("muted")) { "Asked by \(entry.asker), because of \(entry.ground). \(entry.why)" }
        if let step = entry.step {
            p {
                step.words
                " (\(Words.minutes(step.minutes)))"
            }
            if let link = step.link {
                actions {
                    go("Open it", to: link, entry.place.standing.isOpen ? .primary : .plain, spoken: entry.title)
                }
            }
        }
        details(.class("why")) {
            summary {
                "Every cycle"
                spoken(" of \(entry.title)")
            }
            cycleTable(entry.cycles, of: entry.title, today)
        }
    }
}

private func standing(_ place: CertificationPlace, _ today: Day) -> Fragment {
    func day(_ day: Day?) -> Fragment { dayCell(day, today) }
    return fragment {
        switch place.standing {
        case .certified:
            "Your certificate holds until "
            day(place.certifiedUntil)
            if place.opensOn != nil {
                ". You can renew it from "
                day(place.opensOn)
            }
            "."
        case .window:
            "Your certificate holds until "
            day(place.certifiedUntil)
            ". Renew it by "
            day(place.dueOn)
            "."
        case .due:
            "Do it by "
            day(place.dueOn)
            "."
        case .overdue:
            "It was due by "
            day(place.dueOn)
            "; it still counts as in time for a few days."
        case .lapsed:
            "It was due by "
            day(place.dueOn)
            ". Do it now: it counts from the day you do."
        case .excused:
            "Nothing is due: you are on leave or exempted"
            if let last = place.excusedUntil, last < place.endless {
                " until "
                time(last, today: today)
            }
            "."
        case .waiting:
            "Nothing is open yet"
            if place.opensOn != nil {
                "; it opens on "
                day(place.opensOn)
            }
            "."
        case .ended:
            "It is no longer asked of you."
            if let until = place.certifiedUntil, until >= today {
                " Your certificate holds until "
                day(until)
                "."
            }
        }
    }
}

extension CertificationPlace {
    /// Excuses without end are kept as a day that no calendar reaches.
    fileprivate var endless: Day { Day(number: 3_000_000) }
}

private func toldPart(_ model: CertificatesModel, _ frame: Frame) -> Fragment {
    part("New for you", id: "told") {
        frame.form(to: "/certificates/notices/seen") { press("Mark all as seen", .small) }
    } content: {
        noticeList(model.told.filter { !$0.isSeen }, back: "/certificates", model.today, frame)
    }
}

/// Notices, each with the way to put it aside.
func noticeList(_ told: [CertificatesModel.Told], back: String, _ today: Day, _ frame: Frame) -> Fragment {
    ul(.class("plain")) {
        for one in told {
            li(.class("spread")) {
                span {
                    one.words
                    " "
                    small(.class("muted")) { time(one.day, today: today) }
                }
                frame.form(to: "/certificates/notices/\(one.id)/seen") {
                    hidden("back", back)
                    press("Seen", .small, spoken: one.words)
                }
            }
        }
    }
}

private func calendarPart(_ model: CertificatesModel, _ frame: Frame) -> Fragment {
    part("In your calendar", id: "calendar") {
        p {
            "Your calendar program can read these days from a secret address. Whoever knows the address can read them, "
            "so keep it to yourself; you can change or end it here."
        }
        if let address = model.address {
            div(.class("notice success"), .role("status")) {
                icon(.check)
                div {
                    p { "This is your address. It is shown this once:" }
                    p { code { address } }
                }
            }
        }
        if let feed = model.feed {
            p(.class("muted")) {
                "Made on "
                time(feed.createdAt)
                if let readAt = feed.readAt {
                    ", last read about "
                    time(readAt)
                } else {
                    ", not read yet"
                }
                "."
            }
        }
        div(.class("row")) {
            frame.form(to: "/certificates/calendar") {
                press(model.feed == nil ? "Make calendar address" : "Change calendar address")
            }
            if model.feed != nil {
                frame.form(to: "/certificates/calendar/end") { press("End calendar address", .danger) }
            }
        }
    }
}
