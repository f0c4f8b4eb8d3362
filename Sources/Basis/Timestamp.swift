extension Moment {
    /// RFC 3339 in UTC, such as `2026-11-23T20:14:08.123Z`.
    ///
    /// Three fractional digits, or six when there is something below the millisecond.
    public var timestamp: String {
        let day = self.day
        let rest = Int(microseconds - Int64(day.number) * 86_400_000_000)
        let (second, fraction) = rest.quotientAndRemainder(dividingBy: 1_000_000)
        let digits = fraction % 1_000 == 0 ? padded(fraction / 1_000, to: 3) : padded(fraction, to: 6)
        let clock = [second / 3_600, second / 60 % 60, second % 60].map { padded($0, to: 2) }
        return "\(day)T\(clock[0]):\(clock[1]):\(clock[2]).\(digits)Z"
    }

    /// Reads an ISO 8601 timestamp with a time of day.
    ///
    /// - Shape: `YYYY-MM-DDTHH:MM:SS[.fraction][Z|±HH[:MM]|±HHMM]`. Without an offset it is taken as UTC.
    ///   An offset of minus zero is refused (RFC 3339, section 4.3: unknown local offset; xAPI 1.0.3, part 2, 4.5).
    /// - Returns: nil when it is malformed or names no real day.
    public init?(timestamp text: some StringProtocol) {
        var text = Substring(text)
        guard text.utf8.count >= 19, let day = Day(text.prefix(10)) else { return nil }
        text = text.dropFirst(10)
        guard let mark = text.first, mark == "T" || mark == "t" || mark == " " else { return nil }
        text = text.dropFirst()
        func two() -> Int? {
            guard let value = Moment.digits(text.prefix(2), count: 2) else { return nil }
            text = text.dropFirst(2)
            return value
        }
        func colon() -> Bool {
            guard text.first == ":" else { return false }
            text = text.dropFirst()
            return true
        }
        guard let hour = two(), colon(), let minute = two(), colon(), let second = two(),
            hour < 24, minute < 60, second < 61
        else { return nil }
        guard let fraction = Moment.fraction(&text), let offset = Moment.offset(text) else { return nil }
        let clock = hour * 3_600 + minute * 60 + second - offset
        self.init(microseconds: day.start.microseconds + Int64(clock) * 1_000_000 + Int64(fraction))
    }

    /// Microseconds after a point or comma; zero without one; nil when no digit follows.
    private static func fraction(_ text: inout Substring) -> Int? {
        guard let mark = text.first, mark == "." || mark == "," else { return 0 }
        text = text.dropFirst()
        let run = text.prefix { $0.isASCII && $0.isNumber }
        guard !run.isEmpty else { return nil }
        text = text.dropFirst(run.count)
        let six = run.prefix(6)
        guard let value = Int(six) else { return nil }
        return (six.count..<6).reduce(value) { scaled, _ in scaled * 10 }
    }

    /// Seconds east of UTC.
    private static func offset(_ text: Substring) -> Int? {
        if text.isEmpty || text == "Z" || text == "z" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let rest = text.dropFirst()
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        let hours, minutes: Int?
        switch (parts.count, rest.count) {
        case (1, 2): (hours, minutes) = (digits(rest, count: 2), 0)
        case (1, 4): (hours, minutes) = (digits(rest.prefix(2), count: 2), digits(rest.suffix(2), count: 2))
        case (2, 5): (hours, minutes) = (digits(parts[0], count: 2), digits(parts[1], count: 2))
        default: return nil
        }
        guard let hours, let minutes, hours < 24, minutes < 60 else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        if sign == "-" { return seconds == 0 ? nil : -seconds }
        return seconds
    }

    private static func digits(_ text: Substring, count: Int) -> Int? {
        guard text.utf8.count == count, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
