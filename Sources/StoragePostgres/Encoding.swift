import Storage

/// Rows in the text format of COPY, gathered into large pieces.
///
/// - Source: PostgreSQL 15 manual, COPY, "Text Format".
struct CopyBuffer {
    private(set) var bytes: [UInt8] = []

    var isFull: Bool { bytes.count > 1 << 18 }

    mutating func empty() { bytes.removeAll(keepingCapacity: true) }

    mutating func append(_ row: [Value]) {
        for (index, value) in row.enumerated() {
            if index > 0 { bytes.append(0x09) }
            switch value {
            case .null:
                bytes.append(0x5C)
                bytes.append(0x4E)
            case .integer(let number): bytes.append(contentsOf: String(number).utf8)
            case .real(let number): bytes.append(contentsOf: real(number).utf8)
            case .text(let text): append(escaping: text)
            case .bytes(let data):
                bytes.append(0x5C)
                bytes.append(0x5C)
                bytes.append(0x78)
                bytes.append(hex: data)
            }
        }
        bytes.append(0x0A)
    }

    private mutating func append(escaping text: String) {
        for byte in text.utf8 {
            switch byte {
            case 0x5C: bytes += [0x5C, 0x5C]
            case 0x09: bytes += [0x5C, 0x74]
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0x0D: bytes += [0x5C, 0x72]
            default: bytes.append(byte)
            }
        }
    }
}

extension [UInt8] {
    /// Two lower-case digits a byte.
    fileprivate mutating func append(hex data: [UInt8]) {
        let text = [UInt8](unsafeUninitializedCapacity: 2 * data.count) { digits, count in
            for (index, byte) in data.enumerated() {
                digits[2 * index] = digit(byte >> 4)
                digits[2 * index + 1] = digit(byte & 15)
            }
            count = 2 * data.count
        }
        append(contentsOf: text)
    }
}

private func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }

private func real(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return "\(number)"
}

/// Calls `body` with one C string a value, nil for null; they live as long as the call.
///
/// - Throws: `StorageError.violated` for text with a NUL, which PostgreSQL cannot hold.
func withParameters<Result>(
    _ values: [Value], _ body: ([UnsafePointer<CChar>?]) throws -> Result
) throws -> Result {
    var arena: [UInt8] = []
    var starts: [Int?] = []
    for value in values {
        if value == .null {
            starts.append(nil)
            continue
        }
        starts.append(arena.count)
        switch value {
        case .null: break
        case .integer(let number): arena.append(contentsOf: String(number).utf8)
        case .real(let number): arena.append(contentsOf: real(number).utf8)
        case .text(let text):
            let start = arena.count
            arena.append(contentsOf: text.utf8)
            if arena[start...].contains(0) { throw StorageError.violated(constraint: "text without NUL") }
        case .bytes(let data):
            arena += [0x5C, 0x78]
            arena.append(hex: data)
        }
        arena.append(0)
    }
    return try arena.withUnsafeBytes { buffer in
        let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        return try body(starts.map { start in start.flatMap { base?.advanced(by: $0) } })
    }
}

/// Reads `\x` and pairs of lower-case hexadecimal digits, the form that PostgreSQL writes.
func bytes(hex start: UnsafePointer<CChar>, count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count / 2)
    func nibble(_ digit: CChar) -> UInt8 {
        let byte = UInt8(bitPattern: digit)
        return byte < 0x3A ? byte - 0x30 : byte - 0x57
    }
    var index = 2
    while index + 1 < count {
        bytes.append(nibble(start[index]) << 4 | nibble(start[index + 1]))
        index += 2
    }
    return bytes
}
