public import Basis
import Crypto
import Foundation

/// Seals texts that must be read again, such as passwords for other servers, before they go into a database.
///
/// The installation's secret lies in a file beside the database and never in it: whoever has a copy of the database
/// alone has no password.
///
/// - Shape: 0x01, four bytes that name the key, a nonce of 12 bytes, the text's UTF-8 encrypted, a tag of 16 bytes.
/// - Source: AES-256-GCM (NIST SP 800-38D); the key is HKDF-SHA256 (RFC 5869) of the installation's secret. The place
///   is associated data, so that what is sealed for one row opens in no other.
public struct Vault: Sendable {
    private enum Source: Sendable {
        case none
        case file(String)
        case fixed([UInt8])
    }

    /// How many bytes an installation's secret has.
    public static let secretByteCount = 32
    /// The most secrets that a file holds: the present one and former ones.
    public static let secretLimit = 16

    private static let version: UInt8 = 1
    private static let headByteCount = 1 + VaultKey.idByteCount

    private let source: Source

    /// - Parameter file: Where the installation's secrets lie, the present one first, each a line of 64 hexadecimal
    ///   digits. Nil: none is named, and nothing can be sealed.
    public init(file: String?) { source = file.map { .file($0) } ?? .none }

    /// A vault with a secret of its own, for tests.
    public init(secret: [UInt8]) { source = .fixed(secret) }

    /// Where the secrets lie; nil when no file is named.
    public var path: String? { if case .file(let path) = source { path } else { nil } }

    // MARK: Sealing

    /// - Throws: `Problem` (`secret-key-missing`, `secret-key-damaged`).
    public func seal(_ text: String, for place: VaultPlace, world: World) throws(Problem) -> [UInt8] {
        guard let key = try keys().first else { throw missing }
        do {
            let nonce = try AES.GCM.Nonce(data: world.bytes(12))
            let box = try AES.GCM.seal(Array(text.utf8), using: key.key, nonce: nonce, authenticating: place.bytes)
            return [Vault.version] + key.id + Array(nonce) + Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw Problem(.fault, "secret-seal", "The secret could not be sealed.", cause: error)
        }
    }

    /// - Throws: `Problem` (`secret-key-missing`, `secret-key-damaged`, `secret-key-wrong`, `secret-damaged`).
    public func open(_ sealed: [UInt8], at place: VaultPlace) throws(Problem) -> String {
        let keys = try keys()
        if keys.isEmpty { throw missing }
        guard let id = Vault.keyID(of: sealed) else { throw Vault.damaged }
        guard let key = keys.first(where: { $0.id == id }) else { throw wrong(id) }
        guard let box = try? AES.GCM.SealedBox(combined: sealed[Vault.headByteCount...]),
            let bytes = try? AES.GCM.open(box, using: key.key, authenticating: place.bytes),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw Vault.damaged }
        return text
    }

    /// Which key sealed it; nil for what no vault sealed.
    public static func keyID(of sealed: [UInt8]) -> [UInt8]? {
        guard sealed.first == version, sealed.count >= headByteCount + 12 + 16 else { return nil }
        return Array(sealed[1..<headByteCount])
    }

    /// Which key seals now; nil before there is one.
    ///
    /// - Throws: `Problem` (`secret-key-damaged`).
    public func presentKeyID() throws(Problem) -> [UInt8]? { try keys().first?.id }

    // MARK: Keys

    /// Makes the installation's first secret, unless there is one. Call it only while nothing is sealed.
    ///
    /// - Throws: `Problem` (`secret-key-missing`, `secret-key-damaged`, `secret-key-unwritable`).
    public func prepare(world: World) throws(Problem) {
        if try !keys().isEmpty { return }
        guard let path else { throw missing }
        let text = Vault.text([world.bytes(Vault.secretByteCount)])
        let file = Foundation.open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        if file < 0, errno == EEXIST { return }
        try write(text, to: file, at: path)
    }

    /// Puts a new secret before those that are there.
    ///
    /// - Parameters:
    ///   - needed: The keys that still seal something. The present one is kept besides, because another node may seal
    ///     with it at this moment; all others are forgotten.
    ///   - world: Gives the secret.
    /// - Throws: `Problem` (`secret-key-missing`, `secret-key-damaged`, `secret-key-unwritable`).
    public func renew(keeping needed: Set<[UInt8]>, world: World) throws(Problem) {
        guard let path else { throw missing }
        let former = try secrets()
        if former.isEmpty { throw missing }
        let kept = former.enumerated().filter { $0.offset == 0 || needed.contains(VaultKey($0.element).id) }
        let text = Vault.text([world.bytes(Vault.secretByteCount)] + kept.map(\.element))
        let draft = path + ".new"
        unlink(draft)
        try write(text, to: Foundation.open(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600), at: draft)
        if rename(draft, path) != 0 { throw Vault.unwritable(path) }
    }

    /// Whether others than the file's owner can read it. False for no file.
    public var isExposed: Bool {
        guard let path, let facts = try? FileManager.default.attributesOfItem(atPath: path),
            let mode = facts[.posixPermissions] as? NSNumber
        else { return false }
        return mode.intValue & 0o077 != 0
    }

    private func keys() throws(Problem) -> [VaultKey] { try secrets().map(VaultKey.init) }

    /// Read at each use: a new secret holds at once, in every program that reads the file.
    private func secrets() throws(Problem) -> [[UInt8]] {
        switch source {
        case .none: return []
        case .fixed(let secret): return [secret]
        case .file(let path):
            guard FileManager.default.fileExists(atPath: path) else { return [] }
            let text = FileManager.default.contents(atPath: path).flatMap { String(validating: $0, as: UTF8.self) }
            let lines = (text ?? "").split(whereSeparator: \.isNewline).map { Vault.secret(String($0)) }
            let secrets = lines.compactMap { $0 }
            guard !secrets.isEmpty, secrets.count == lines.count, secrets.count <= Vault.secretLimit else {
                throw Problem(
                    .unavailable, "secret-key-damaged",
                    "\(path) holds no keys, or this program may not read it. Put it back from a backup.")
            }
            return secrets
        }
    }

    private static func secret(_ line: String) -> [UInt8]? {
        let digits = line.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
        guard digits.count == line.count, digits.count == 2 * secretByteCount else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    private static func text(_ secrets: [[UInt8]]) -> String {
        secrets.map { secret in secret.map { hexadecimal($0) }.joined() + "\n" }.joined()
    }

    private func write(_ text: String, to file: Int32, at path: String) throws(Problem) {
        if file < 0 { throw Vault.unwritable(path) }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data(text.utf8))
            // Before anything that needs it is stored.
            try handle.synchronize()
            try handle.close()
        } catch {
            throw Vault.unwritable(path)
        }
    }

    // MARK: Problems

    private var missing: Problem {
        let detail =
            path.map { "There is no key for secrets: \($0) is missing. Put it back from a backup." }
            ?? "There is no key for secrets. Name a file for it by the setting secretKeyFile (LEEWAY_SECRET_KEY_FILE)."
        return Problem(.unavailable, "secret-key-missing", detail)
    }

    private func wrong(_ id: [UInt8]) -> Problem {
        let name = id.map(hexadecimal).joined()
        return Problem(
            .unavailable, "secret-key-wrong",
            "The secret was sealed with key \(name), which is not in \(path ?? "the vault"). "
                + "Put that key back from a backup, or make the link anew.")
    }

    private static let damaged = Problem(
        .unavailable, "secret-damaged",
        "The sealed secret was changed or moved outside Leeway. Make the link anew.")

    private static func unwritable(_ path: String) -> Problem {
        Problem(
            .unavailable, "secret-key-unwritable",
            "The key for secrets cannot be written to \(path). Check who may write there.")
    }
}

/// Where a sealed text lies. It opens nowhere else.
public struct VaultPlace: Hashable, Sendable {
    let bytes: [UInt8]

    /// - Parameters:
    ///   - table: The table.
    ///   - column: What of the row it is.
    ///   - tenant: Whose row.
    ///   - row: The row's identity within table and tenant.
    public init(table: StaticString, column: StaticString, tenant: TenantID, row: String) {
        bytes = Array("\(table)\n\(column)\n\(tenant.number)\n\(row)".utf8)
    }
}

/// A key derived from an installation's secret.
private struct VaultKey {
    static let idByteCount = 4

    /// Names the key, and tells nothing of it.
    let id: [UInt8]
    let key: SymmetricKey

    init(_ secret: [UInt8]) {
        let input = SymmetricKey(data: secret)
        func derive(_ purpose: String, _ count: Int) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: input, info: Array(purpose.utf8), outputByteCount: count)
        }
        key = derive("leeway sealed column 1", 32)
        id = derive("leeway sealed column 1 key id", VaultKey.idByteCount).withUnsafeBytes { Array($0) }
    }
}

private func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
