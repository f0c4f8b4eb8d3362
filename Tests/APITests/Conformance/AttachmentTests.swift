import API
import Basis
import Crypto
import Evidence
import Foundation
import Hummingbird
import JSON
import People
import Storage
import StorageTesting
import Testing
import Web

/// Attachments: xAPI 1.0.3, part 2, 2.4.11 and part 3, 1.5; IEEE 9274.1.1-2023, 4.2.2.6 and 4.1.3.
@Suite struct AttachmentTests {
    /// A body of parts, each with its headers.
    struct Mixed {
        var boundary = "bound-ary 1"
        var parts: [(headers: [String], bytes: [UInt8])] = []

        mutating func add(_ statements: JSONValue) {
            parts.append((["Content-Type: application/json"], statements.bytes))
        }

        mutating func add(_ bytes: [UInt8], hash: String? = nil, encoding: String? = "binary") {
            var headers = ["Content-Type: text/plain"]
            if let encoding { headers.append("Content-Transfer-Encoding: \(encoding)") }
            headers.append("X-Experience-API-Hash: \(hash ?? sha256(bytes))")
            parts.append((headers, bytes))
        }

        var bytes: [UInt8] {
            var body = Array("A preamble that nobody reads.".utf8)
            for part in parts {
                body += "\r\n--\(boundary)\r\n\(part.headers.joined(separator: "\r\n"))\r\n\r\n".utf8
                body += part.bytes
            }
            return body + "\r\n--\(boundary)--\r\nAn epilogue.".utf8
        }

        var type: String { "multipart/mixed; boundary=\"\(boundary)\"" }
    }

    static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func attachment(_ sha2: String, url: String? = nil, length: Int = 3) -> String {
        let more = url.map { ", \"fileUrl\": \"\($0)\"" } ?? ""
        return """
            {"usageType": "https://example.org/u", "display": {"en": "File"}, "contentType": "text/plain", \
            "length": \(length), "sha2": "\(sha2)"\(more)}
            """
    }

    static let (one, two) = (Array("one".utf8), Array([0, 13, 10, 45, 45, 255] as [UInt8]))

    private func send(_ mixed: Mixed, _ store: RecordStore, type: String? = nil) async throws -> Answer {
        try await store.ask(.post, [], bytes: mixed.bytes, headers: ["Content-Type": type ?? mixed.type])
    }

    @Test(arguments: Engine.present) func `bytes go in with statements and come out with them`(
        engine: Engine
    ) async throws {
        try await RecordStore.serve(engine) { store in
            let (first, second) = (Self.sha256(Self.one), Self.sha256(Self.two))
            var mixed = Mixed()
            mixed.add([
                try statement([
                    ("/id", "\"\(identifier(1))\""),
                    ("/attachments", "[\(Self.attachment(first)), \(Self.attachment(second.uppercased(), length: 6))]"),
                ]),
                try statement([
                    ("/id", "\"\(identifier(2))\""),
                    ("/attachments", "[\(Self.attachment(first, url: "https://e.org/f"))]"),
                ]),
            ])
            mixed.add(Self.one)
            mixed.add(Self.two)
            #expect(try await send(mixed, store).status == .ok)
            // The same again changes nothing.
            #expect(try await send(mixed, store).status == .ok)
            for query in [[("attachments", "true")], [("attachments", "true"), ("limit", "5"), ("ascending", "true")]] {
                let answer = try await store.ask(.get, query)
                let parts = try parts(of: answer)
                #expect(parts.count == 3)
                #expect(try JSONValue(parsing: parts[0].bytes)["statements"]?.array?.count == 2)
                #expect(Set(parts.dropFirst().map(\.bytes)) == [Self.one, Self.two])
                for part in parts.dropFirst() {
                    #expect(part.headers["content-transfer-encoding"] == "binary")
                    #expect(part.headers["x-experience-api-hash"] == Self.sha256(part.bytes))
                    #expect(part.headers["content-type"] == "text/plain")
                }
            }
            let single = try await store.ask(.get, [("statementId", identifier(2)), ("attachments", "true")])
            #expect(try parts(of: single).map(\.bytes).last == Self.one)
            let plain = try await store.ask(.get, [("statementId", identifier(2)), ("attachments", "false")])
            #expect(plain.headers[.contentType] == "application/json")
            #expect(try await store.ask(.get, []).headers[.contentType] == "application/json")
            let head = try await store.ask(.head, [("attachments", "true")])
            #expect(head.status == .ok)
            #expect(head.bytes.isEmpty)
        }
    }

    private func parts(of answer: Answer) throws -> [(headers: [String: String], bytes: [UInt8])] {
        #expect(answer.status == .ok)
        let type = try #require(answer.headers[.contentType])
        let mark = try #require(type.range(of: "boundary=\""))
        let boundary = type[mark.upperBound...].prefix { $0 != "\"" }
        let text = answer.bytes.map { String(UnicodeScalar($0)) }.joined()
        #expect(text.hasSuffix("\r\n--\(boundary)--\r\n"))
        let pieces = text.components(separatedBy: "--\(boundary)")
        return pieces.dropFirst().dropLast().map { piece in
            let halves = piece.dropFirst(1).components(separatedBy: "\r\n\r\n")
            let lines = halves[0].split(separator: "\r\n").map { $0.split(separator: ":", maxSplits: 1) }
            let headers = lines.map { ($0[0].lowercased(), String($0[1].dropFirst())) }
            let content = halves.dropFirst().joined(separator: "\r\n\r\n").unicodeScalars.dropLast(2)
            return (Dictionary(headers) { $1 }, content.map { UInt8($0.value) })
        }
    }

    @Test func `1.5.2 what is not well formed is refused`() async throws {
        let first = Self.sha256(Self.one)
        let sound = try statement([("/attachments", "[\(Self.attachment(first))]")])
        @Sendable func mixed(_ change: (inout Mixed) -> Void) -> Mixed {
            var mixed = Mixed()
            change(&mixed)
            return mixed
        }
        let wrong: [(String, Mixed, String)] = [
            ("no part for it", mixed { $0.add(sound) }, "statement-invalid"),
            (
                "a part too many",
                mixed {
                    $0.add(sound); $0.add(Self.one); $0.add(Self.two)
                }, "attachment-excess"
            ),
            (
                "another hash",
                mixed {
                    $0.add(sound); $0.add(Self.two, hash: first)
                }, "attachment-hash"
            ),
            (
                "no encoding",
                mixed {
                    $0.add(sound); $0.add(Self.one, encoding: nil)
                }, "attachment-part"
            ),
            (
                "base64",
                mixed {
                    $0.add(sound); $0.add(Self.one, encoding: "base64")
                }, "attachment-part"
            ),
            (
                "bytes first",
                mixed {
                    $0.add(Self.one); $0.add(sound)
                }, "attachment-part"
            ),
            (
                "statements twice",
                mixed {
                    $0.add(sound); $0.add(sound); $0.add(Self.one)
                }, "attachment-part"
            ),
            (
                "no hash",
                mixed {
                    $0.add(sound); $0.parts.append((["Content-Transfer-Encoding: binary"], Self.one))
                }, "attachment-part"
            ),
            ("nothing", mixed { _ in }, "attachment-part"),
        ]
        try await RecordStore.serve(.memory) { store in
            for (name, mixed, code) in wrong {
                let answer = try await send(mixed, store)
                #expect(answer.status == .badRequest, "\(name)")
                #expect(try answer.problem() == code, "\(name)")
            }
            let good = mixed {
                $0.add(sound); $0.add(Self.one)
            }
            for type in ["multipart/form-data; boundary=\"\(good.boundary)\"", "multipart/mixed", "text/plain"] {
                #expect(try await send(good, store, type: type).status == .badRequest, "\(type)")
            }
            let cut = Array(good.bytes.dropLast(40))
            let answer = try await store.ask(.post, [], bytes: cut, headers: ["Content-Type": good.type])
            #expect(try answer.problem() == "multipart")
            // Without attachments, or with a file that lies elsewhere, a body of one part will do.
            let elsewhere = try statement([("/attachments", "[\(Self.attachment(first, url: "https://e.org/f"))]")])
            for only in [try statement(), elsewhere] {
                #expect(try await send(mixed { $0.add(only) }, store).status == .ok)
            }
            let json = try await store.ask(.post, [], sound.text)
            #expect(try json.json["pointers"] == ["/attachments/0/fileUrl"])
        }
    }

    /// FIPS 180-4 has four lengths of SHA-2, and statements may use each.
    @Test func `every length of SHA-2 proves its bytes`() async throws {
        let long = Array(String(repeating: "0123456789", count: 20).utf8)
        let table: [([UInt8], String)] = [
            (Self.one, "7371e4047e2a524ba3f417cc5dedd64a5070638c1991b0c0b196f9af"),
            (long, "57e02c5b60351f71d263b0f788fc27af3e5bc6237d3374528953a0b7"),
            (
                Self.one,
                "5dbcbedb00d131a29e0593f976f2b43794293923919ad427" + "66de817fec824a6262799fec8d04cb9b17c48e8eae912658"
            ),
            (
                Self.one,
                "05f70341078acf6a06d423d21720f9643d5f953626d88a02636dc3a9e79582ae"
                    + "b0c820857fd3f8dc502aa8360d2c8fa97a985fda5b629b809cad18ffb62d3899"
            ),
        ]
        try await RecordStore.serve(.memory) { store in
            for (bytes, hash) in table {
                var mixed = Mixed()
                mixed.add(try statement([("/attachments", "[\(Self.attachment(hash, length: bytes.count))]")]))
                mixed.add(bytes, hash: hash)
                #expect(try await send(mixed, store).status == .ok, "\(hash.count * 4)")
                mixed.parts[1].bytes.append(0)
                #expect(try await send(mixed, store).problem() == "attachment-hash")
            }
        }
    }

    @Test func `an attachment has a limit`() async throws {
        var limits = XAPILimits()
        limits.attachmentBytes = 2
        let sound = try statement([("/attachments", "[\(Self.attachment(Self.sha256(Self.one)))]")])
        try await RecordStore.serve(.memory, limits: limits) { store in
            var mixed = Mixed()
            mixed.add(sound)
            mixed.add(Self.one)
            let answer = try await send(mixed, store)
            #expect(answer.status == .contentTooLarge)
            #expect(try answer.problem() == "attachment-too-large")
        }
    }
}
