import Basis
import Crypto
import CryptoExtras
import Dispatch
import Synchronization

/// The cost of one password check.
///
/// - Source: RFC 7914, section 2. Memory is 128 · N · r bytes, so 32 MiB a check in production, two at a time.
public struct PasswordCost: Hashable, Sendable {
    /// The binary logarithm of scrypt's N, 1 to 20.
    public let logRounds: Int
    /// scrypt's r, 1 to 32.
    public let blockSize: Int
    /// scrypt's p, 1 to 16.
    public let parallelism: Int

    /// - Precondition: Each number is within its range.
    public init(logRounds: Int, blockSize: Int, parallelism: Int) {
        precondition(PasswordCost.isAllowed(logRounds, blockSize, parallelism), "scrypt's cost is within its limits")
        self.logRounds = logRounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    static func isAllowed(_ logRounds: Int, _ blockSize: Int, _ parallelism: Int) -> Bool {
        (1...20).contains(logRounds) && (1...32).contains(blockSize) && (1...16).contains(parallelism)
    }

    /// N = 2^15, r = 8, p = 1.
    public static let production = PasswordCost(logRounds: 15, blockSize: 8, parallelism: 1)
    /// For tests and for the demonstration, whose passwords are printed anyway. Never for real people.
    public static let cheap = PasswordCost(logRounds: 4, blockSize: 8, parallelism: 1)
}

/// A salted hash of a password, with the cost that made it.
struct PasswordHash: Equatable, Sendable {
    static let saltByteCount = 16
    static let hashByteCount = 32

    let cost: PasswordCost
    let salt: [UInt8]
    let hash: [UInt8]

    init(_ password: String, salt: [UInt8], cost: PasswordCost) throws {
        self.cost = cost
        self.salt = salt
        hash = try PasswordHash.derive(password, salt, cost)
    }

    /// As dear to check as any other, and right for no password.
    init(matchingNothingAt cost: PasswordCost) {
        self.cost = cost
        salt = [UInt8](repeating: 0, count: PasswordHash.saltByteCount)
        hash = []
    }

    /// Reads `$scrypt$ln=15,r=8,p=1$salt$hash`, the form of the Password Hashing Competition.
    init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let salt = bytes(base64: parts[3]), let hash = bytes(base64: parts[4]),
            salt.count == PasswordHash.saltByteCount, hash.count == PasswordHash.hashByteCount
        else { return nil }
        let numbers = parts[2].split(separator: ",").map { $0.split(separator: "=") }
        guard numbers.count == 3, numbers.allSatisfy({ $0.count == 2 }), numbers.map({ $0[0] }) == ["ln", "r", "p"],
            let logRounds = Int(numbers[0][1]), let blockSize = Int(numbers[1][1]),
            let parallelism = Int(numbers[2][1]), PasswordCost.isAllowed(logRounds, blockSize, parallelism)
        else { return nil }
        cost = PasswordCost(logRounds: logRounds, blockSize: blockSize, parallelism: parallelism)
        self.salt = salt
        self.hash = hash
    }

    var text: String {
        let cost = "ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)"
        return "$scrypt$\(cost)$\(base64(salt))$\(base64(hash))"
    }

    /// Takes as long whatever the password is.
    func matches(_ password: String) throws -> Bool {
        isEqualInConstantTime(try PasswordHash.derive(password, salt, cost), hash)
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ cost: PasswordCost) throws -> [UInt8] {
        // A byte in front, because the library cannot take an empty password, and an attempt may be empty.
        let key = try KDF.Scrypt.deriveKey(
            from: [0] + passwordBytes(password), salt: salt, outputByteCount: hashByteCount,
            rounds: 1 << cost.logRounds, blockSize: cost.blockSize, parallelism: cost.parallelism)
        return key.withUnsafeBytes { Array($0) }
    }
}

/// Compares without telling by its time where the first difference stands.
func isEqualInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    var difference: UInt8 = 0
    for index in one.indices { difference |= one[index] ^ other[index] }
    return difference == 0
}

func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

/// Runs password checks on threads of their own, a few at a time: each takes a core and 32 MiB.
final class HashGate: Sendable {
    static let width = 2
    /// The most checks that may wait. More are refused.
    static let waitLimit = 200
    static let shared = HashGate()

    private let queues = (0..<width).map { DispatchQueue(label: "leeway.password.\($0)") }
    private let state = Mutex((waiting: 0, turn: 0))

    /// - Throws: `Problem` (`sign-in-busy`) when too many wait; what `body` throws.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        let turn: Int? = state.withLock { state in
            guard state.waiting < HashGate.waitLimit else { return nil }
            state.waiting += 1
            state.turn = (state.turn + 1) % HashGate.width
            return state.turn
        }
        guard let turn else {
            throw Problem(.unavailable, "sign-in-busy", "Many people are signing in. Try again in a minute.")
        }
        defer { state.withLock { $0.waiting -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queues[turn].async { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }
}
