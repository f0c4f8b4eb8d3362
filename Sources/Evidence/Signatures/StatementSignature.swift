import Basis
import Crypto
import CryptoExtras
import Foundation
import JSON

/// Why a signature does not hold, as a sentence.
struct SignatureFlaw: Error {
    let detail: String
}

/// A JSON Web Signature over a statement.
///
/// - Source: xAPI 1.0.3, part 2, 2.6; IEEE 9274.1.1-2023, 4.2.6; RFC 7515, sections 3.1, 4.1.6 and 7.1.
struct StatementSignature {
    private let header: JSONValue
    private let payload: JSONValue
    /// What was signed: the first two parts with the dot between them.
    private let signed: ArraySlice<UInt8>
    private let signature: [UInt8]

    /// - Throws: `SignatureFlaw` for what is no compact JWS of JSON.
    init(_ bytes: ArraySlice<UInt8>) throws(SignatureFlaw) {
        let parts = bytes.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw SignatureFlaw(detail: "A signature is a JWS: header, payload and signature with dots between them.")
        }
        header = try StatementSignature.json(parts[0], "header")
        payload = try StatementSignature.json(parts[1], "payload")
        guard let signature = StatementSignature.decoded(parts[2]), !signature.isEmpty else {
            throw SignatureFlaw(detail: "The JWS's signature is not base64url.")
        }
        self.signature = signature
        signed = bytes[parts[0].startIndex..<parts[1].endIndex]
    }

    /// Checks the algorithm, that the payload is the statement as it was before it was signed, and, if the header
    /// names a certificate, that its key made the signature. Whose certificate it is, the reader must judge.
    /// The position is where the signature stands among the statement's attachments.
    ///
    /// - Throws: `SignatureFlaw`.
    func check(against statement: JSONValue, without position: Int) throws(SignatureFlaw) {
        guard let name = header["alg"]?.string, let algorithm = Algorithm(rawValue: name) else {
            throw SignatureFlaw(detail: "The JWS must be signed by RS256, RS384 or RS512.")
        }
        let unsigned = StatementSignature.unsigned(statement, position)
        let carriesTheSame = StatementSignature.hashes(of: unsigned) == StatementSignature.hashes(of: payload)
        if !carriesTheSame || !StatementComparison.isSame(unsigned, payload) {
            throw SignatureFlaw(detail: "The JWS's payload is not this statement. Sign the statement as it is sent.")
        }
        guard let chain = header["x5c"] else { return }
        guard let text = chain.array?.first?.string, let certificate = Data(base64Encoded: text),
            let key = Certificate.publicKey(in: Array(certificate))
        else { throw SignatureFlaw(detail: "The JWS's x5c does not begin with a certificate of an RSA key.") }
        if !algorithm.holds(signature, over: signed, by: key) {
            throw SignatureFlaw(detail: "The key of the JWS's certificate did not make this signature.")
        }
    }

    private enum Algorithm: String {
        case rs256 = "RS256"
        case rs384 = "RS384"
        case rs512 = "RS512"

        func holds(_ bytes: [UInt8], over signed: ArraySlice<UInt8>, by key: _RSA.Signing.PublicKey) -> Bool {
            let signature = _RSA.Signing.RSASignature(rawRepresentation: bytes)
            let padding = _RSA.Signing.Padding.insecurePKCS1v1_5
            return switch self {
            case .rs256: key.isValidSignature(signature, for: SHA256.hash(data: signed), padding: padding)
            case .rs384: key.isValidSignature(signature, for: SHA384.hash(data: signed), padding: padding)
            case .rs512: key.isValidSignature(signature, for: SHA512.hash(data: signed), padding: padding)
            }
        }
    }

    /// The statement without the signature's own attachment.
    private static func unsigned(_ statement: JSONValue, _ position: Int) -> JSONValue {
        guard var object = statement.object, var attachments = object["attachments"]?.array else { return statement }
        attachments.remove(at: position)
        object["attachments"] = attachments.isEmpty ? nil : .array(attachments)
        return .object(object)
    }

    private static func hashes(of statement: JSONValue) -> [String?] {
        (statement["attachments"]?.array ?? []).map { $0["sha2"]?.string?.lowercased() }
    }

    private static func json(_ part: ArraySlice<UInt8>, _ name: String) throws(SignatureFlaw) -> JSONValue {
        guard let bytes = decoded(part), let value = try? JSONValue(parsing: bytes), value.object != nil else {
            throw SignatureFlaw(detail: "The JWS's \(name) is not a JSON object in base64url.")
        }
        return value
    }

    /// - Source: RFC 7515, appendix C: base64url without padding.
    private static func decoded(_ part: ArraySlice<UInt8>) -> [UInt8]? {
        var text = String(decoding: part, as: UTF8.self).replacing("-", with: "+").replacing("_", with: "/")
        if part.contains(where: { $0 == 0x2B || $0 == 0x2F || $0 == 0x3D }) { return nil }
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text).map { Array($0) }
    }
}
