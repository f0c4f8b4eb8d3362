public import Basis

/// A type with one exact form in a column, and back.
public protocol Storable {
    var stored: Value { get }
    init?(stored: Value)
}

extension Int: Storable {
    public var stored: Value { .integer(Int64(self)) }
    public init?(stored: Value) {
        guard case .integer(let number) = stored else { return nil }
        self.init(exactly: number)
    }
}

extension Double: Storable {
    public var stored: Value { .real(self) }
    public init?(stored: Value) {
        guard case .real(let number) = stored else { return nil }
        self = number
    }
}

extension String: Storable {
    public var stored: Value { .text(self) }
    public init?(stored: Value) {
        guard case .text(let text) = stored else { return nil }
        self = text
    }
}

extension [UInt8]: Storable {
    public var stored: Value { .bytes(self) }
    public init?(stored: Value) {
        guard case .bytes(let bytes) = stored else { return nil }
        self = bytes
    }
}

extension Moment: Storable {
    public var stored: Value { .integer(microseconds) }
    public init?(stored: Value) {
        guard case .integer(let number) = stored else { return nil }
        self.init(microseconds: number)
    }
}

extension ID: Storable {
    public var stored: Value { .text(description) }
    public init?(stored: Value) {
        guard case .text(let text) = stored else { return nil }
        self.init(text)
    }
}

extension Int64: Storable {
    public var stored: Value { .integer(self) }
    public init?(stored: Value) {
        guard case .integer(let number) = stored else { return nil }
        self = number
    }
}

extension Bool: Storable {
    public var stored: Value { .integer(self ? 1 : 0) }
    public init?(stored: Value) {
        switch stored {
        case .integer(0): self = false
        case .integer(1): self = true
        default: return nil
        }
    }
}

extension Day: Storable {
    public var stored: Value { .integer(Int64(number)) }
    public init?(stored: Value) {
        guard case .integer(let number) = stored else { return nil }
        self.init(number: Int(number))
    }
}

extension TenantID: Storable {
    public var stored: Value { .integer(Int64(number)) }
    public init?(stored: Value) {
        guard case .integer(let number) = stored else { return nil }
        self.init(Int(number))
    }
}

/// A closed set of words is stored as its words, with a CHECK in the table.
extension Storable where Self: RawRepresentable, RawValue == String {
    public var stored: Value { .text(rawValue) }
    public init?(stored: Value) {
        guard case .text(let text) = stored else { return nil }
        self.init(rawValue: text)
    }
}

extension Origin: Storable {}
extension Level: Storable {}
