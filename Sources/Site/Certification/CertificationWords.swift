import Basis
import Foundation
import HTML
import Intent

// How certifications read on pages.

/// A day in a table, or a dash where there is none.
func dayCell(_ day: Day?, _ today: Day) -> Fragment { day.map { time($0, today: today) } ?? Fragment("–") }

extension CertificationStanding {
    var words: String {
        switch self {
        case .certified: "certified"
        case .window: "in the window"
        case .due: "due"
        case .overdue: "overdue"
        case .lapsed: "lapsed"
        case .excused: "excused"
        case .waiting: "not open yet"
        case .ended: "no longer asked"
        }
    }

    var badge: Status {
        switch self {
        case .certified: .done(words)
        case .window: .asked(words)
        case .due: .asked(words)
        case .overdue, .lapsed: .alert(words)
        case .excused: .ended(words)
        case .waiting: .idle(words)
        case .ended: .ended(words)
        }
    }

    /// In which somebody has something to do.
    var isOpen: Bool {
        switch self {
        case .window, .due, .overdue, .lapsed: true
        case .certified, .excused, .waiting, .ended: false
        }
    }
}

extension CertificationCycle.State {
    var badge: Status {
        switch self {
        case .open: .under("open")
        case .completed: .done("completed")
        case .lapsed: .alert("lapsed")
        case .excused: .ended("excused")
        case .ended: .ended("ended")
        }
    }
}

extension CertificationWay {
    var pageWords: String {
        switch self {
        case .completion: "completed"
        case .equivalence: "something equivalent"
        case .testOut: "by test"
        }
    }
}

extension CalendarPeriod {
    var words: String {
        switch self {
        case .days(let days): Words.count(days, "day", "days")
        case .months(let months):
            months % 12 == 0 ? Words.count(months / 12, "year", "years") : Words.count(months, "month", "months")
        }
    }
}

extension CertificationRule {
    /// Each part of the rule in plain words.
    var facts: [(name: String, words: String)] {
        let base =
            switch base {
            case .completion: "counted from the day it is completed"
            case .expiry: "counted from the end of the earlier certificate, when it was in time"
            case .fixed(let day): "up to the same day for everybody, counted from \(Words.day(day))"
            }
        var facts = [
            ("Valid for", "\(activePeriod.words), \(base)"),
            (
                "Window",
                windowDays == 0
                    ? "opens when the certificate ends"
                    : "opens \(Words.count(windowDays, "day", "days")) before the certificate ends"
            ), ("First due", firstDue.words), ("Due again", renewalDue.words),
        ]
        if graceDays > 0 { facts.append(("Grace", "\(Words.count(graceDays, "day", "days")) still count as in time")) }
        if minimumDays > 0 {
            facts.append(
                ("At least", "\(Words.count(minimumDays, "day", "days")) for everybody, also after leave or rehire"))
        }
        facts.append(("Days in", zone.identifier == "GMT" ? "UTC" : zone.identifier))
        facts.append(("Told", reminders.words))
        return facts.map { (name: $0.0, words: $0.1) }
    }
}

extension CertificationRule.Due {
    var words: String {
        switch self {
        case .on(let day): "on \(Words.day(day))"
        case .after(let anchor, let period):
            switch period {
            case .days(0), .months(0): "on \(anchor.words)"
            case .days(let days) where days < 0: "\(Words.count(-days, "day", "days")) before \(anchor.words)"
            case .months(let months) where months < 0:
                "\(Words.count(-months, "month", "months")) before \(anchor.words)"
            default: "\(period.words) after \(anchor.words)"
            }
        }
    }
}

extension CertificationRule.Anchor {
    var words: String {
        switch self {
        case .hired: "the first day of employment"
        case .assigned: "the day it is first asked"
        case .previousExpiry: "the last day of the certificate"
        case .previousCompletion: "the day it was completed"
        }
    }
}

extension ReminderRule {
    var words: String {
        let parts = steps.map { step in
            let who =
                switch step.recipient {
                case .person: "the person"
                case .manager: "the manager"
                case .owner: "who asks"
                }
            let when =
                step.days == 0
                ? "on the due day"
                : "\(Words.count(abs(step.days), "day", "days")) \(step.days < 0 ? "before" : "after")"
            return "\(who) \(when)"
        }
        return parts.isEmpty ? "nobody is reminded" : Words.list(parts)
    }
}

extension CertificationNotice {
    /// A sentence for the page of whoever it tells.
    func words(_ title: String, about name: String?, today: Day) -> String {
        let due = dueOn.map { " It is due by \(Words.day($0, today: today))." } ?? ""
        return switch kind {
        case .asked: "“\(title)” can be done from now on.\(due)"
        case .reminder: "“\(title)” is still to do.\(due)"
        case .overdue: "“\(title)” was due by \(dueOn.map { Words.day($0, today: today) } ?? "now")."
        case .escalated:
            "\(name ?? "Somebody who has left") has not done “\(title)”, due by "
                + "\(dueOn.map { Words.day($0, today: today) } ?? "now")."
        case .excused:
            "You are exempted from “\(title)” until \(dueOn.map { Words.day($0, today: today) } ?? "further notice")."
        case .extended: "You have more time for “\(title)”.\(due)"
        }
    }
}
