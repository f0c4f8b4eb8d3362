import Basis

/// How values read in a sentence.
enum Words {
    /// Such as `4,120`.
    static func count(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        return number < 0 ? "−" + grouped : grouped
    }

    /// Such as `1 person` and `4,120 people`.
    static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(count(number)) \(number == 1 ? one : many)"
    }

    /// Such as `3 h 20 min`, `45 min` and `4 h`.
    static func minutes(_ minutes: Int) -> String {
        let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
        let sign = minutes < 0 ? "−" : ""
        if hours == 0 { return "\(sign)\(rest) min" }
        return rest == 0 ? "\(sign)\(count(hours)) h" : "\(sign)\(count(hours)) h \(rest) min"
    }

    /// Such as `1 min 20 s`; seconds below an hour, minutes above.
    static func span(_ span: Duration) -> String {
        let seconds = max(0, Int(span.seconds.rounded()))
        if seconds < 60 { return "\(seconds) s" }
        if seconds >= 3_600 { return minutes(seconds / 60) }
        return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
    }

    /// A share from 0 to 1 as whole per cent, such as `38%`. Never rounds to 0 or 100 what is not.
    static func percent(_ share: Double) -> String { "\(wholePercent(share))%" }

    /// A share that may lie below zero, such as `−17%`.
    static func signedPercent(_ share: Double) -> String { share < 0 ? "−" + percent(-share) : percent(share) }

    /// A share from 0 to 1 as whole per cent, without the sign.
    static func wholePercent(_ share: Double) -> Int {
        guard share.isFinite else { return 0 }
        let whole = Int((share * 100).rounded())
        if whole <= 0, share > 0 { return 1 }
        if whole >= 100, share < 1 { return 99 }
        return min(100, max(0, whole))
    }

    /// With two digits, such as `0.32`.
    static func hundredths(_ value: Double) -> String {
        let count = Int((abs(value) * 100).rounded())
        return (value < 0 && count > 0 ? "−" : "") + "\(count / 100).\(count % 100 < 10 ? "0" : "")\(count % 100)"
    }

    /// Such as `23 of 61 people (38%)`; without a per cent when there is nothing to be a share of.
    static func share(_ part: Int, of whole: Int, _ noun: String) -> String {
        guard whole > 0 else { return "\(count(part)) of 0 \(noun)" }
        return "\(count(part)) of \(count(whole)) \(noun) (\(percent(Double(part) / Double(whole))))"
    }

    /// Such as `12 March 2026`, and `12 March` within the year of `today`.
    static func day(_ day: Day, today: Day? = nil) -> String {
        let (year, month, number) = day.civil
        let short = "\(number) \(months[month - 1])"
        return today.map { $0.civil.year == year } == true ? short : "\(short) \(year)"
    }

    /// A text with each day as people write it: `by 2026-11-27` becomes `by 27 November 2026`.
    static func prose(_ text: String) -> String {
        text.replacing(/\b\d{4}-\d{2}-\d{2}\b/) { found in Day(found.output).map { day($0) } ?? String(found.output) }
    }

    /// Such as `March 2026`.
    static func month(_ month: Month) -> String { "\(months[month.month - 1]) \(month.year)" }

    /// Such as `Mar`.
    static func shortMonth(_ month: Month) -> String { String(months[month.month - 1].prefix(3)) }

    /// Such as `3 March 2026, 06:00 UTC`.
    static func moment(_ moment: Moment) -> String {
        "\(day(moment.day)), \(moment.timestamp.dropFirst(11).prefix(5)) UTC"
    }

    /// `a`, `a and b`, `a, b and c`.
    static func list(_ parts: [String]) -> String {
        guard let last = parts.last else { return "" }
        return parts.count == 1 ? last : parts.dropLast().joined(separator: ", ") + " and " + last
    }

    /// At most two letters that stand for a person: first and last name.
    static func initials(_ name: String) -> String {
        let parts = name.split(whereSeparator: { $0.isWhitespace || $0 == "-" }).filter { $0.first?.isLetter == true }
        let letters = [parts.first?.first, parts.count > 1 ? parts.last?.first : nil].compactMap { $0 }
        return letters.isEmpty ? "?" : String(letters).uppercased()
    }

    /// The first letter in upper case.
    static func sentence(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
