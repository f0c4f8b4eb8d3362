/// The two engines' tongues.
public enum Dialect: String, CaseIterable, Sendable {
    case sqlite, postgres
}

/// A value as both engines can hold it.
///
/// - Shape: integers are 64-bit signed, reals are IEEE 754 doubles, text is UTF-8 without NUL.
///   Booleans are 0 or 1. Times are microseconds (see `Moment`), days are day numbers (see `Day`).
public enum Value: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
}

/// The kinds of column that both engines hold exactly.
public enum ColumnType: Sendable {
    case integer, real, text, bytes
}

/// One SQL statement whose interpolated values are always bound, never spliced.
///
///     "SELECT name FROM unit WHERE tenant = \(tenant) AND id = \(unit)"
///
/// Where the engines differ, write both: `\(sqlite: "IFNULL", postgres: "COALESCE")`.
/// In table definitions write `\(type: .integer)` and end with `\(SQL.strict)`.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Piece: Sendable {
        case plain(String)
        case split(sqlite: String, postgres: String)
        case bound(Value)
    }

    private(set) var pieces: [Piece]

    public init(stringLiteral value: String) { pieces = [.plain(value)] }
    public init(stringInterpolation: Interpolation) { pieces = stringInterpolation.pieces }

    /// Ends a table definition: SQLite checks column types, as PostgreSQL always does.
    public static let strict: SQL = "\(sqlite: " STRICT", postgres: "")"

    /// A join that SQLite makes in the order written, where its planner, which keeps no figures about the data,
    /// would begin with the larger table. PostgreSQL keeps figures and is left to choose.
    public static let inOrder: SQL = "\(sqlite: "CROSS JOIN", postgres: "JOIN")"

    /// Pieces one after another with `separator` between, such as conditions with ` AND `.
    public static func join(_ parts: [SQL], _ separator: StaticString) -> SQL {
        var joined: SQL = ""
        for (index, part) in parts.enumerated() {
            if index > 0 { joined.pieces.append(.plain("\(separator)")) }
            joined.pieces += part.pieces
        }
        return joined
    }

    /// Bound values with commas between, for `IN (…)`. Never empty: an empty list becomes NULL, which matches nothing.
    public static func list(_ values: [some Storable]) -> SQL {
        values.isEmpty ? "NULL" : join(values.map { "\($0)" as SQL }, ", ")
    }

    public static func += (sql: inout SQL, more: SQL) { sql.pieces += more.pieces }
    public static func + (sql: SQL, more: SQL) -> SQL {
        var sum = sql
        sum += more
        return sum
    }

    public struct Interpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(2 * interpolationCount + 1)
        }

        public mutating func appendLiteral(_ text: String) { pieces.append(.plain(text)) }
        public mutating func appendInterpolation(_ value: some Storable) { pieces.append(.bound(value.stored)) }
        public mutating func appendInterpolation(_ value: (some Storable)?) {
            pieces.append(.bound(value?.stored ?? .null))
        }
        public mutating func appendInterpolation(_ other: SQL) { pieces += other.pieces }
        public mutating func appendInterpolation(sqlite: String, postgres: String) {
            pieces.append(.split(sqlite: sqlite, postgres: postgres))
        }
        public mutating func appendInterpolation(type: ColumnType) {
            switch type {
            case .integer: pieces.append(.split(sqlite: "INTEGER", postgres: "BIGINT"))
            case .real: pieces.append(.split(sqlite: "REAL", postgres: "DOUBLE PRECISION"))
            case .text: pieces.append(.plain("TEXT"))
            case .bytes: pieces.append(.split(sqlite: "BLOB", postgres: "BYTEA"))
            }
        }
    }

    /// The text and the values to bind, in order.
    ///
    /// Placeholders are `?` for SQLite and `$1`, `$2`, … for PostgreSQL.
    public func rendered(for dialect: Dialect) -> (text: String, values: [Value]) {
        var text = ""
        var values: [Value] = []
        for piece in pieces {
            switch piece {
            case .plain(let part): text += part
            case .split(let sqlite, let postgres): text += dialect == .sqlite ? sqlite : postgres
            case .bound(let value):
                values.append(value)
                text += dialect == .sqlite ? "?" : "$\(values.count)"
            }
        }
        return (text, values)
    }
}
