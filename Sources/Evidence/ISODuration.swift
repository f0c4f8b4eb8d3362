import Basis

/// A span as ISO 8601 writes it.
///
/// - Shape: `P[nY][nM][nD][T[nH][nM][nS]]` or `PnW`; the smallest component may have a fraction after a point or
///   comma. At least one component.
/// - Source: ISO 8601:2004, 4.4.3.2; xAPI 1.0.3, part 2, 4.6.
struct ISODuration: Hashable, Sendable {
    /// Whole microseconds. A year counts as 365.25 days and a month as a twelfth of it.
    let microseconds: Int64

    init(_ duration: Duration) { microseconds = max(0, duration.microseconds) }

    init?(_ text: String) {
        var scanner = Array(text.utf8)[...]
        guard scanner.popFirst() == 0x50 else { return nil }
        var total = 0.0
        var rank = -1
        var isTime = false
        var hasFraction = false
        while let byte = scanner.first {
            if byte == 0x54 {
                guard !isTime, rank < ISODuration.timeRank else { return nil }
                isTime = true
                scanner.removeFirst()
                guard !scanner.isEmpty else { return nil }
                continue
            }
            guard !hasFraction, let (number, isFraction) = ISODuration.number(&scanner),
                let letter = scanner.popFirst(), let unit = ISODuration.unit(letter, isTime: isTime)
            else { return nil }
            guard unit.rank > rank, rank != ISODuration.weekRank else { return nil }
            if unit.rank == ISODuration.weekRank, rank >= 0 { return nil }
            rank = unit.rank
            hasFraction = isFraction
            total += number * unit.seconds
        }
        guard rank >= 0, total < 9e12 else { return nil }
        microseconds = Int64((total * 1_000_000).rounded())
    }

    /// Such as `PT83.25S`.
    var text: String {
        let (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        if fraction == 0 { return "PT\(seconds)S" }
        var digits = String(1_000_000 + fraction).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "PT\(seconds).\(digits)S"
    }

    private static let weekRank = 3
    private static let timeRank = 4

    private static func unit(_ letter: UInt8, isTime: Bool) -> (rank: Int, seconds: Double)? {
        switch (letter, isTime) {
        case (0x59, false): (0, 31_557_600)
        case (0x4D, false): (1, 2_629_800)
        case (0x44, false): (2, 86_400)
        case (0x57, false): (weekRank, 604_800)
        case (0x48, true): (timeRank, 3_600)
        case (0x4D, true): (timeRank + 1, 60)
        case (0x53, true): (timeRank + 2, 1)
        default: nil
        }
    }

    private static func number(_ scanner: inout ArraySlice<UInt8>) -> (value: Double, isFraction: Bool)? {
        let digits = scanner.prefix(while: ASCII.isDigit)
        guard !digits.isEmpty, digits.count <= 15 else { return nil }
        scanner.removeFirst(digits.count)
        var text = String(decoding: digits, as: UTF8.self)
        var isFraction = false
        if let mark = scanner.first, mark == 0x2E || mark == 0x2C {
            scanner.removeFirst()
            let fraction = scanner.prefix(while: ASCII.isDigit)
            guard !fraction.isEmpty else { return nil }
            scanner.removeFirst(fraction.count)
            text += "." + String(decoding: fraction, as: UTF8.self)
            isFraction = true
        }
        return Double(text).map { ($0, isFraction) }
    }
}
