import Foundation
import JSON

/// Our reader against Foundation's. Where they differ, the difference must be one of those that docs/fuzzing.md names.
func tryJSON(_ bytes: [UInt8]) -> CInt {
    let theirs = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    do {
        let ours = try JSONValue(parsing: bytes)
        demand((try? JSONValue(parsing: ours.bytes)) == ours, "what is written is not read as the same")
        if let theirs {
            demand(isSame(ours, theirs) || hasMark(bytes), "the readers read different values")
        } else {
            demand(hasUnusualNumber(ours) || bytes.starts(with: [0xEF, 0xBB, 0xBF]), "only ours reads it")
        }
    } catch {
        demand(error.line >= 1 && error.column >= 1, "the place of the fault is none")
        guard theirs != nil else { return 0 }
        demand(isStricter(error, bytes), "only theirs reads it: \(error)")
    }
    return 0
}

/// Numbers that ours keeps as text, and theirs refuses because no double holds them.
private func hasUnusualNumber(_ value: JSONValue) -> Bool {
    switch value {
    case .number(let text):
        guard let number = Double(text), number.isFinite else { return true }
        return number == 0 && text.prefix { $0 != "e" && $0 != "E" }.contains { ("1"..."9").contains($0) }
    case .array(let elements): return elements.contains(where: hasUnusualNumber)
    case .object(let object): return object.members.contains { hasUnusualNumber($0.value) }
    case .null, .bool, .string: return false
    }
}

/// What ours refuses on purpose.
private func isStricter(_ error: JSONError, _ bytes: [UInt8]) -> Bool {
    error.detail.contains("used twice") || error.detail.contains("Nested deeper") || isAfterComma(error, bytes)
        // Theirs guesses UTF-16 and UTF-32, which RFC 8259, section 8.1, does not allow between systems.
        || bytes.prefix(4).contains(0) || bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
}

/// Whether a byte order mark stands anywhere: theirs drops one that begins a text or a name.
private func hasMark(_ bytes: [UInt8]) -> Bool {
    bytes.indices.dropLast(2).contains { bytes[$0...].starts(with: [0xEF, 0xBB, 0xBF]) }
}

/// Whether it is a comma before a closing bracket, which theirs allows and RFC 8259, sections 4 and 5, does not.
private func isAfterComma(_ error: JSONError, _ bytes: [UInt8]) -> Bool {
    let lines = bytes.split(separator: 0x0A, maxSplits: error.line - 1, omittingEmptySubsequences: false)
    guard let place = lines.last.map({ $0.startIndex + error.column - 1 }), place < bytes.count else { return false }
    let before = bytes[..<place].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return before == 0x2C && [0x5D, 0x7D].contains(bytes[place])
}

private func isSame(_ ours: JSONValue, _ theirs: Any) -> Bool {
    switch (ours, theirs) {
    case (.null, is NSNull): return true
    case (.string(let one), let other as String): return one == other
    case (.bool(let one), let other as Bool): return one == other
    case (.number(let text), let other as NSNumber):
        guard let number = Double(text) else { return true }
        return number == other.doubleValue || abs(number - other.doubleValue) <= abs(number) * 1e-13
    case (.array(let some), let others as [Any]):
        return some.count == others.count && zip(some, others).allSatisfy { isSame($0, $1) }
    case (.object(let object), let others as [String: Any]):
        return object.members.count == others.count
            && object.members.allSatisfy { member in others[member.name].map { isSame(member.value, $0) } ?? false }
    default: return false
    }
}
