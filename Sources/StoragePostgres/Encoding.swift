import Storage

/// Rows in the binary format of COPY, gathered into large pieces.
///
/// - Shape: integers are `bigint`, reals `double precision`, texts `text`, bytes `bytea`: a column must be of its
///   value's type.
/// - Source: PostgreSQL 15 manual, COPY, "Binary Format".
struct CopyBuffer {
    private(set) var bytes: [UInt8]

    init() {
        bytes = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
    }

    var isFull: Bool { bytes.count > 1 << 18 }

    mutating func empty() { bytes.removeAll(keepingCapacity: true) }

    /// - Throws: `StorageError.unstorable`.
    mutating func append(_ row: [Value]) throws {
        append(Int16(row.count))
        for value in row {
            switch value {
            case .null: append(Int32(-1))
            case .integer(let number):
                append(Int32(8))
                append(number)
            case .real(let number):
                append(Int32(8))
                append(number.bitPattern)
            case .text(var text):
                try text.withUTF8 { utf8 in
                    if utf8.contains(0) { throw StorageError.unstorable }
                    append(Int32(utf8.count))
                    bytes.append(contentsOf: utf8)
                }
            case .bytes(let data):
                append(Int32(data.count))
                bytes.append(contentsOf: data)
            }
        }
    }

    /// Says that no row follows.
    mutating func finish() { append(Int16(-1)) }

    private mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

private func real(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return "\(number)"
}

/// The parameters of one statement, as libpq takes them.
struct Parameters {
    /// Null-terminated text, or the bytes themselves; nil for null.
    let values: [UnsafePointer<CChar>?]
    let lengths: [Int32]
    /// 1 for bytes, 0 for text.
    let formats: [Int32]

    var count: Int32 { Int32(values.count) }
}

/// Calls `body` with one parameter a value; they live as long as the call.
///
/// - Throws: `StorageError.unstorable`.
func withParameters<Result>(_ values: [Value], _ body: (Parameters) throws -> Result) throws -> Result {
    var arena: [UInt8] = []
    var starts: [Int?] = []
    var lengths: [Int32] = []
    var formats: [Int32] = []
    for value in values {
        let start = arena.count
        starts.append(value == .null ? nil : start)
        switch value {
        case .null: break
        case .integer(let number): arena.append(contentsOf: String(number).utf8)
        case .real(let number): arena.append(contentsOf: real(number).utf8)
        case .text(let text):
            arena.append(contentsOf: text.utf8)
            if arena[start...].contains(0) { throw StorageError.unstorable }
        case .bytes(let data): arena.append(contentsOf: data)
        }
        lengths.append(Int32(arena.count - start))
        if case .bytes = value { formats.append(1) } else { formats.append(0) }
        arena.append(0)
    }
    return try arena.withUnsafeBytes { buffer in
        let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        let pointers = starts.map { start in start.flatMap { base?.advanced(by: $0) } }
        return try body(Parameters(values: pointers, lengths: lengths, formats: formats))
    }
}

extension Value {
    /// A field of a result in binary; nil for a type that Leeway does not use. Types have object identifiers that are
    /// fixed by PostgreSQL: see its `pg_type.dat`.
    init?(binary field: UnsafeRawBufferPointer, type: UInt32) {
        switch (type, field.count) {
        case (20, 8): self = .integer(number(field))
        case (23, 4): self = .integer(Int64(number(field) as Int32))
        case (21, 2): self = .integer(Int64(number(field) as Int16))
        case (16, 1): self = .integer(field[0] == 0 ? 0 : 1)
        case (701, 8): self = .real(Double(bitPattern: number(field)))
        case (700, 4): self = .real(Double(Float(bitPattern: number(field))))
        case (1700, 8...): self = .real(numeric(field))
        case (17, _): self = .bytes(Array(field))
        case (18, _), (19, _), (25, _), (1042, _), (1043, _): self = .text(String(decoding: field, as: UTF8.self))
        case (2278, _): self = .null
        default: return nil
        }
    }
}

extension RawValue {
    /// The same where it lies. Nil for a type that Leeway does not use.
    init?(binary field: UnsafeRawBufferPointer, type: UInt32) {
        switch (type, field.count) {
        case (20, 8): self = .integer(number(field))
        case (17, _): self = .bytes(field)
        case (18, _), (19, _), (25, _), (1042, _), (1043, _): self = .text(field)
        default:
            switch Value(binary: field, type: type) {
            case .integer(let number): self = .integer(number)
            case .real(let number): self = .real(number)
            case .null: self = .null
            case .text, .bytes, nil: return nil
            }
        }
    }
}

/// A big-endian number within `field`.
private func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ field: UnsafeRawBufferPointer, at offset: Int = 0
) -> Number {
    Number(bigEndian: field.loadUnaligned(fromByteOffset: offset, as: Number.self))
}

/// The double nearest to a `numeric`, which sums and averages of integers are.
///
/// - Shape: the number of digits, the weight of the first, the sign, the scale, then digits to the base of 10,000, all
///   in two bytes.
/// - Source: PostgreSQL 15, `numeric_send` in numeric.c.
private func numeric(_ field: UnsafeRawBufferPointer) -> Double {
    let parts = stride(from: 0, to: field.count - 1, by: 2).map { number(field, at: $0) as Int16 }
    let sign = UInt16(bitPattern: parts[2])
    if sign == 0xC000 { return .nan }
    if sign == 0xD000 || sign == 0xF000 { return sign == 0xD000 ? .infinity : -.infinity }
    // Through decimal text, so that it is rounded once.
    let digits = parts.dropFirst(4).map { String(Int($0) + 10_000).dropFirst() }.joined()
    let power = 4 * (Int(parts[1]) - Int(parts[0]) + 1)
    return Double("\(sign == 0x4000 ? "-" : "")0\(digits)e\(power)") ?? 0
}
