public import Basis

/// A stored state that cannot be read.
public enum StateError: Error, Hashable, Sendable {
    /// Written by a later program.
    case newer(version: Int)
    /// Not a state, or damaged.
    case corrupt(String)
}

extension StateError: ProblemConvertible {
    public var problem: Problem {
        switch self {
        case .newer(let version):
            Problem(
                .fault, "mastery-state-newer",
                "A learner's state has form \(version), which a later Leeway wrote. Start that one.")
        case .corrupt(let what):
            Problem(
                .fault, "mastery-state-corrupt",
                "A learner's state is damaged (\(what)). Compute it again from the evidence.")
        }
    }
}

extension LearnerState {
    /// The compact form: two header bytes, then whole numbers as LEB128 and reals as 32 bits, little end first.
    ///
    /// - Shape: `L`, form 1; tries, wins, ability, form, long form, information; the number of skills, then for each:
    ///   its number less the one before, tries, wins, time shown, ability, three forms, information.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = [mark, UInt8(LearnerState.formNumber)]
        bytes.reserveCapacity(24 + skills.count * 30)
        bytes.append(count: tries)
        bytes.append(count: wins)
        for real in [ability, form, longForm, information] { bytes.append(real: real) }
        bytes.append(count: skills.count)
        var last = 0
        for skill in skills {
            bytes.append(count: skill.number - last)
            last = skill.number
            bytes.append(count: skill.tries)
            bytes.append(count: skill.wins)
            bytes.append(count: Int(skill.shownAt))
            for real in [skill.ability, skill.lastForm, skill.form, skill.longForm, skill.information] {
                bytes.append(real: real)
            }
        }
        return bytes
    }

    /// Reads the compact form.
    ///
    /// - Parameter bytes: All of it and no more.
    /// - Throws: `StateError` when it is of a later form or damaged. A real that is not finite is damage.
    public init(encoded bytes: [UInt8]) throws(StateError) {
        var reader = StateReader(bytes: bytes)
        guard try reader.byte() == mark else { throw .corrupt("it does not begin like one") }
        let number = Int(try reader.byte())
        guard number <= LearnerState.formNumber else { throw .newer(version: number) }
        guard number == LearnerState.formNumber else { throw .corrupt("form \(number) never was") }
        self.init()
        tries = try reader.count()
        wins = try reader.count()
        guard wins <= tries else { throw .corrupt("more right answers than answers") }
        ability = try reader.real()
        form = try reader.real()
        longForm = try reader.real()
        information = try reader.real()
        let count = try reader.count()
        guard count <= bytes.count else { throw .corrupt("more skills than bytes") }
        skills.reserveCapacity(count)
        var last = 0
        for index in 0..<count {
            let step = try reader.count()
            guard index == 0 || step > 0 else { throw .corrupt("a skill stands twice") }
            let (number, overflow) = last.addingReportingOverflow(step)
            if overflow { throw .corrupt("a skill's number") }
            var skill = SkillState(number: number)
            last = number
            skill.tries = try reader.count()
            skill.wins = try reader.count()
            guard skill.wins <= skill.tries else { throw .corrupt("more right answers than answers") }
            skill.shownAt = Int64(try reader.count())
            skill.ability = try reader.real()
            skill.lastForm = try reader.real()
            skill.form = try reader.real()
            skill.longForm = try reader.real()
            skill.information = try reader.real()
            skills.append(skill)
        }
        guard reader.isAtEnd else { throw .corrupt("bytes are left over") }
    }

    static let formNumber = 1
}

private let mark = UInt8(ascii: "L")

extension [UInt8] {
    fileprivate mutating func append(count: Int) {
        var rest = UInt64(Swift.max(0, count))
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    fileprivate mutating func append(real: Float) {
        let bits = real.bitPattern
        for shift in [0, 8, 16, 24] as [UInt32] { append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }
}

private struct StateReader {
    let bytes: [UInt8]
    var place = 0

    var isAtEnd: Bool { place == bytes.count }

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func byte() throws(StateError) -> UInt8 {
        guard place < bytes.count else { throw .corrupt("it ends too early") }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func count() throws(StateError) -> Int {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 56, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return Int(value) }
        }
        throw .corrupt("a count is too large")
    }

    mutating func real() throws(StateError) -> Float {
        var bits: UInt32 = 0
        for shift in [0, 8, 16, 24] as [UInt32] { bits |= UInt32(try byte()) << shift }
        let real = Float(bitPattern: bits)
        guard real.isFinite else { throw .corrupt("a number is not finite") }
        return real
    }
}
