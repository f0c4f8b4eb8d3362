import Basis

// A state as text, so that a row holds it: numbers with spaces between, then a line for each reason.

extension CertificationState {
    /// The form that `init(text:)` reads back to an equal state.
    var text: String {
        var numbers: [Int?] = [
            1, today?.number, current?.number, current?.opensOn.number, current?.dueOn.number,
            current.map { $0.isLapsed ? 1 : 0 }, current?.noticedThrough.number, scheduled?.opensOn.number,
            scheduled?.dueOn.number, certificateUntil?.number, completedOn?.number, hiredOn?.number,
            assignedOn?.number, isEmployed ? 1 : 0, isAssigned ? 1 : 0, count, anchor?.number, periods, excuses.count,
        ]
        for excuse in excuses { numbers += [excuse.from.number, excuse.until?.number, excuse.reason == nil ? 0 : 1] }
        numbers.append(pending.count)
        for one in pending { numbers += [one.day.number, one.kind] }
        switch before {
        case .earned(let cycle, let until, let completedOn, let anchor, let periods):
            numbers += [
                1, cycle.number, cycle.opensOn.number, cycle.dueOn.number, cycle.isLapsed ? 1 : 0,
                cycle.noticedThrough.number, until?.number, completedOn?.number, anchor?.number, periods,
            ]
        case .extended(let cycle, let dueOn): numbers += [2, cycle, dueOn.number]
        case nil: break
        }
        let words = numbers.map { $0.map(String.init) ?? "-" }.joined(separator: " ")
        return ([words] + excuses.compactMap(\.reason).map(CertificationState.oneLine)).joined(separator: "\n")
    }

    /// - Returns: nil when the text is of no known form.
    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let head = lines.first else { return nil }
        var reader = NumberReader(head)
        guard reader.next() == 1 else { return nil }
        func day(_ number: Int?) -> Day? { number.map { Day(number: $0) } }
        self.init()
        today = day(reader.next())
        let open = (0..<5).map { _ in reader.next() }
        if let number = open[0], let opensOn = open[1], let dueOn = open[2], let noticed = open[4] {
            current = Current(
                number: number, opensOn: Day(number: opensOn), dueOn: Day(number: dueOn), isLapsed: open[3] == 1,
                noticedThrough: Day(number: noticed))
        }
        let (opensOn, dueOn) = (reader.next(), reader.next())
        if let opensOn, let dueOn {
            scheduled = Scheduled(opensOn: Day(number: opensOn), dueOn: Day(number: dueOn))
        }
        (certificateUntil, completedOn) = (day(reader.next()), day(reader.next()))
        (hiredOn, assignedOn) = (day(reader.next()), day(reader.next()))
        (isEmployed, isAssigned) = (reader.next() == 1, reader.next() == 1)
        count = reader.next() ?? 0
        anchor = day(reader.next())
        periods = reader.next() ?? 0
        var reasons = lines.dropFirst()
        for _ in 0..<(reader.next() ?? 0) {
            guard let from = day(reader.next()) else { return nil }
            let until = day(reader.next())
            let isReasoned = reader.next() == 1
            if isReasoned, reasons.isEmpty { return nil }
            let reason = isReasoned ? CertificationState.manyLines(reasons.removeFirst()) : nil
            excuses.append(CertificationExcuse(from: from, until: until, reason: reason))
        }
        for _ in 0..<(reader.next() ?? 0) {
            guard let day = day(reader.next()), let fact = Pending.fact(reader.next(), day) else { return nil }
            pending.append(Pending(day: day, fact: fact))
        }
        before = Before(&reader)
    }

    private static func oneLine(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": line.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": line.append(contentsOf: "\\n".unicodeScalars)
            case "\r": line.append(contentsOf: "\\r".unicodeScalars)
            default: line.append(scalar)
            }
        }
        return String(line)
    }

    private static func manyLines(_ line: Substring) -> String {
        var text = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if isEscaped {
                text.append(scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }
}

extension CertificationState.Pending {
    /// Only these are known before they take effect.
    fileprivate var kind: Int {
        switch fact {
        case .hired: 0
        case .left: 1
        case .assigned: 2
        case .released: 3
        case .earned, .leave, .returned, .exempted, .readmitted, .extended, .revoked, .unextended: -1
        }
    }

    fileprivate static func fact(_ kind: Int?, _ day: Day) -> CertificationFact? {
        switch kind {
        case 0: .hired(on: day)
        case 1: .left(on: day)
        case 2: .assigned(on: day)
        case 3: .released(on: day)
        default: nil
        }
    }
}

extension CertificationState.Before {
    /// Nil when there are no more numbers.
    fileprivate init?(_ reader: inout NumberReader) {
        switch reader.next() {
        case 1:
            guard let number = reader.next(), let opensOn = reader.next(), let dueOn = reader.next() else { return nil }
            let (isLapsed, noticed) = (reader.next() == 1, reader.next() ?? 0)
            let days = (0..<3).map { _ in reader.next().map { Day(number: $0) } }
            self = .earned(
                CertificationState.Current(
                    number: number, opensOn: Day(number: opensOn), dueOn: Day(number: dueOn), isLapsed: isLapsed,
                    noticedThrough: Day(number: noticed)),
                certificateUntil: days[0], completedOn: days[1], anchor: days[2], periods: reader.next() ?? 0)
        case 2:
            guard let cycle = reader.next(), let dueOn = reader.next() else { return nil }
            self = .extended(cycle: cycle, dueOn: Day(number: dueOn))
        default: return nil
        }
    }
}

/// Reads whole numbers with one space between; `-` is none.
private struct NumberReader {
    private var rest: Substring.UTF8View.SubSequence

    init(_ text: Substring) { rest = text.utf8[...] }

    mutating func next() -> Int? {
        var (value, isNegative, hasDigits) = (0, false, false)
        while let byte = rest.popFirst(), byte != UInt8(ascii: " ") {
            if byte == UInt8(ascii: "-") {
                isNegative = true
            } else {
                value = value &* 10 &+ Int(byte &- UInt8(ascii: "0"))
                hasDigits = true
            }
        }
        return hasDigits ? (isNegative ? -value : value) : nil
    }
}
