public import Basis

/// A whole day in a calendar, with reminders before it.
public struct CalendarEntry: Hashable, Sendable {
    /// The same for the same thing, whenever the calendar is read.
    public let uid: String
    public let day: Day
    public let summary: String
    public let description: String
    /// An absolute address; empty for none.
    public let link: String
    /// Days before at which the reader reminds.
    public let remindDays: [Int]
    /// Grows when the entry changes.
    public let sequence: Int
    /// When it became so.
    public let stamp: Moment

    public init(
        uid: String, day: Day, summary: String, description: String, link: String, remindDays: [Int] = [],
        sequence: Int = 0, stamp: Moment
    ) {
        self.uid = uid
        self.day = day
        self.summary = summary
        self.description = description
        self.link = link
        self.remindDays = remindDays
        self.sequence = sequence
        self.stamp = stamp
    }
}

/// A calendar as calendar programs read it.
///
/// - Source: RFC 5545; `NAME` and `REFRESH-INTERVAL` are of RFC 7986, sections 5.1 and 5.7.
public struct CalendarText: Sendable {
    /// The most octets of a line, without its end (RFC 5545, section 3.1).
    static let octetLimit = 75

    private var lines: [String] = []

    /// Its lines end with CR LF, and long ones are folded.
    public static func of(_ name: String, _ entries: [CalendarEntry]) -> String {
        var text = CalendarText()
        text.lines += [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Leeway//Leeway//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        ]
        text.add("NAME", name)
        text.add("X-WR-CALNAME", name)
        text.lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT6H"]
        for entry in entries { text.add(entry) }
        text.lines.append("END:VCALENDAR")
        return text.lines.map { folded($0) + "\r\n" }.joined()
    }

    private mutating func add(_ name: String, _ value: String) {
        lines.append("\(name):\(CalendarText.escaped(value))")
    }

    private mutating func add(_ entry: CalendarEntry) {
        lines.append("BEGIN:VEVENT")
        add("UID", entry.uid)
        lines += [
            "DTSTAMP:\(CalendarText.stamp(entry.stamp))", "DTSTART;VALUE=DATE:\(CalendarText.date(entry.day))",
            "DTEND;VALUE=DATE:\(CalendarText.date(entry.day + 1))", "SEQUENCE:\(entry.sequence)",
            "TRANSP:TRANSPARENT",
        ]
        add("SUMMARY", entry.summary)
        if !entry.description.isEmpty { add("DESCRIPTION", entry.description) }
        if !entry.link.isEmpty { lines.append("URL:\(entry.link.filter { !$0.isNewline })") }
        for days in entry.remindDays.sorted(by: >) {
            lines += ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P\(days)D"]
            add("DESCRIPTION", entry.summary)
            lines.append("END:VALARM")
        }
        lines.append("END:VEVENT")
    }

    private static func date(_ day: Day) -> String { day.description.replacing("-", with: "") }

    private static func stamp(_ moment: Moment) -> String {
        let seconds = Int(moment.microseconds / 1_000_000) - moment.day.number * 86_400
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return date(moment.day) + "T" + two(seconds / 3_600) + two(seconds / 60 % 60) + two(seconds % 60) + "Z"
    }

    /// A text value (section 3.3.11); control characters have no place in it.
    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": escaped.append(contentsOf: ["\\", scalar])
            case "\n": escaped.append(contentsOf: ["\\", "n"])
            default: if scalar.value >= 0x20, scalar.value != 0x7F { escaped.append(scalar) }
            }
        }
        return String(escaped)
    }

    /// A line in parts of at most 75 octets, each after the first begins with a space. No character is cut.
    static func folded(_ line: String) -> String {
        var folded = String.UnicodeScalarView()
        var octets = 0
        for scalar in line.unicodeScalars {
            let size = UTF8.width(scalar)
            if octets + size > octetLimit {
                folded.append(contentsOf: ["\r", "\n", " "])
                octets = 1
            }
            folded.append(scalar)
            octets += size
        }
        return String(folded)
    }
}
