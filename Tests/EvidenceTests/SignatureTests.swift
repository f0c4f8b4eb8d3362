import Basis
import Crypto
import CryptoExtras
import Evidence
import Foundation
import JSON
import StorageTesting
import Testing

/// Signed statements: xAPI 1.0.3, part 2, 2.6; IEEE 9274.1.1-2023, 4.2.6.
@Suite struct SignatureTests {
    /// What is signed and sent; each test changes one thing.
    private struct Signing {
        var algorithm = "RS256"
        var chain: [String]?
        var payload: JSONValue
        var key: _RSA.Signing.PrivateKey
        var contentType = "application/octet-stream"
        /// Changes the finished JWS.
        var bend: (String) -> String = { $0 }

        init() throws {
            payload = try statement([
                ("/id", "\"\(uuid)\""), ("/result", #"{"duration": "PT1.2345S", "success": true}"#),
            ])
            key = try _RSA.Signing.PrivateKey(derRepresentation: Data(base64Encoded: signingKey) ?? Data())
        }

        var jws: String {
            get throws {
                var header = JSONObject([("alg", .string(algorithm))])
                if let chain { header["x5c"] = .init(chain) }
                let input = [JSONValue.object(header).bytes, payload.bytes].map(encoded).joined(separator: ".")
                let data = Data(input.utf8)
                let padding = _RSA.Signing.Padding.insecurePKCS1v1_5
                let signature =
                    switch algorithm {
                    case "RS384": try key.signature(for: SHA384.hash(data: data), padding: padding)
                    case "RS512": try key.signature(for: SHA512.hash(data: data), padding: padding)
                    default: try key.signature(for: SHA256.hash(data: data), padding: padding)
                    }
                return bend(input + "." + encoded(Array(signature.rawRepresentation)))
            }
        }

        private func encoded(_ bytes: [UInt8]) -> String {
            Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
                "=", with: "")
        }
    }

    private func send(_ signing: Signing, _ sent: JSONValue, carried: Bool = true) async throws -> XAPIReply {
        let bench = try await Bench(.memory)
        let resource = StatementResource(log: bench.log, world: bench.world, path: "/xapi/statements")
        let jws = Array(try signing.jws.utf8)
        let hash = SHA256.hash(data: jws).map { String(format: "%02x", $0) }.joined()
        var object = sent.object ?? JSONObject()
        object["attachments"] = [
            [
                "usageType": "http://adlnet.gov/expapi/attachments/signature", "display": ["en": "Signature"],
                "contentType": .string(signing.contentType), "length": .init(jws.count), "sha2": .string(hash),
                "fileUrl": "https://example.org/signature",
            ]
        ]
        let statement = JSONValue.object(object)
        var body = "--b\r\nContent-Type: application/json\r\n\r\n\(statement.text)\r\n"
        if carried {
            body += "--b\r\nContent-Type: \(signing.contentType)\r\nContent-Transfer-Encoding: binary\r\n"
            body += "X-Experience-API-Hash: \(hash)\r\n\r\n\(String(decoding: jws, as: UTF8.self))\r\n"
        }
        let request = XAPIRequest(
            method: "POST",
            headers: ["content-type": "multipart/mixed; boundary=b", "x-experience-api-version": "1.0.3"],
            body: Array((body + "--b--\r\n").utf8))
        let caller = XAPICaller(tenant: .first, authority: Authority(client: "test"), scopes: [.all])
        return try await resource.answer(request, for: caller)
    }

    @Test(arguments: ["RS256", "RS384", "RS512"]) func `a sound signature is taken`(algorithm: String) async throws {
        var signing = try Signing()
        signing.algorithm = algorithm
        for chain in [nil, [certificate], [certificate, otherCertificate]] {
            signing.chain = chain
            #expect(try await send(signing, signing.payload).status == 200)
        }
        // Durations are compared to a hundredth of a second, identifiers without regard to case.
        let close = try statement([
            ("/id", "\"\(uuid.uppercased())\""), ("/result", #"{"success": true, "duration": "PT1.23S"}"#),
        ])
        #expect(try await send(signing, close).status == 200)
    }

    @Test func `whatever does not hold is refused at the attachment`() async throws {
        let sound = try Signing()
        let otherKey = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        func changed(_ change: (inout Signing) -> Void) -> Signing {
            var signing = sound
            change(&signing)
            return signing
        }
        let other = try statement([("/id", "\"\(uuid)\""), ("/result", #"{"duration": "PT1.25S", "success": true}"#)])
        let wrong: [(String, Signing)] = [
            ("no RSA", changed { $0.algorithm = "HS256" }), ("nothing", changed { $0.algorithm = "none" }),
            ("another statement", changed { $0.payload = other }),
            ("no JSON", changed { $0.bend = { _ in "e30.e30" } }),
            ("two parts", changed { $0.bend = { String($0.prefix { $0 != "." }) + ".e30" } }),
            ("no base64url", changed { $0.bend = { "=" + $0 } }),
            ("no signature", changed { $0.bend = { $0.split(separator: ".").prefix(2).joined(separator: ".") + "." } }),
            (
                "another key",
                changed {
                    $0.chain = [certificate]; $0.key = otherKey
                }
            ),
            (
                "bent under a certificate",
                changed {
                    $0.chain = [certificate]; $0.bend = { String($0.dropLast(4)) + "AAAA" }
                }
            ),
            ("no RSA key", changed { $0.chain = [otherCertificate] }),
            ("no certificate", changed { $0.chain = ["AAAA"] }), ("no chain", changed { $0.chain = [] }),
            ("cut certificate", changed { $0.chain = [String(certificate.prefix(400))] }),
        ]
        for (name, signing) in wrong {
            let problem = await #expect(throws: Problem.self, "\(name)") { try await send(signing, sound.payload) }
            #expect(problem?.code == "statement-invalid", "\(name)")
            #expect(problem?.pointers == ["/attachments/0"], "\(name)")
        }
        let plain = changed { $0.contentType = "text/plain" }
        let type = await #expect(throws: Problem.self) { try await send(plain, sound.payload) }
        #expect(type?.pointers.first == "/attachments/0/contentType")
        let absent = await #expect(throws: Problem.self) { try await send(sound, sound.payload, carried: false) }
        #expect(absent?.pointers == ["/attachments/0/sha2"])
    }
}

/// A key made for these tests alone: RSA, 2,048 bits, PKCS #1.
private let signingKey = """
    MIIEogIBAAKCAQEAihmhxq9EnQNgQyt1Z2XjmFpAV5PS6evqP/BtxR+RbQpYE4tn9B3FS9mDmw99UrnjpS9VsFHEFC2NUEEWasfW/DqtNoi+I4\
    OdPBEHIP3vXmOYGHU4BQTI+2HCHK1HGjoqUyxHmkf5sjJ7Y2obRLl1LyJ3XeGD4Uhcm1VtgIHBM06GBCamjCS5K3pNNiHyViY8y1m+RukcHhrl\
    HiAi3mOl2nl6kpmYDpC43DAJ8BdKmswq5SMlnjQyJYQFgv0792f0+DKjNviGlnZJGnHU9kbCZtFEzD36ox8ZRQ26scegAU995xSUxWf+05Yzut\
    8C542iZfbVNfAUanN2LlqbQlbBtwIDAQABAoIBADO5fvzeV6ohghQWem5EXNcK8q96qBRCbuYM5OhgtwTqy2timwh1gBi1OxRAXHW4Nzn+/S7B\
    qVnPZ+7nugA7olutlIPo+qJtoN5HGG70fYvSbLy4ZseGb8qr5lr8UbXSlFi7rIPuMmlafBmTu+vlNK13UNMibNVb14e8mvt3Xggbc791fA/wsZ\
    H6+jotDPmW+J7sumU13I4VuIFgARruFPLFN0Nj0w3oGcSIp3Q+pUzetmc191sSeqGoUl63RICuHEWQa1HDaUGWBCsHBqp27CnNxQIp0yV9cOWa\
    sIYsbanKybWRpAI4nqDEZia/Aiz0giNFlOKsfyfb/Nc8ld+vz3ECgYEAvSE/hf4YKnXWWQRsr1PKyQnbaBorC/wDTy6bI4OQYm52x+Fdu1wd45\
    wLVnUw41MmsK4czD/AzCUe6xQbH9eh0q6OQj8NlosuGtSDAO6T0H4+qsabPyJ0qUmrtM2bRSCHSTM4UZTbXktCVtkbstYzJDWGh12sR+U3rSJq\
    RT0bC5ECgYEAuu2Eb4EtQLqMAEet8FtAPtWCOS6p9+rLMOLhFl9oLCvtPAHQY9IFdIIOf1snDFuqQvTqYe5QC+2veoxRdGxhX3P44JP6R191Ui\
    IrUhp3JIYwjGRK7lzJ2JoT5DTam4a5/v+9UCOQS2UiTzSBpW5ZPuQ9ozB54u3WNqJZa1m6hMcCgYAtIbz95ZewsjP3RBYHdLBkbwS7f9sb3gSQ\
    JagBvoh65K9VnVL3vdCoGvmdpROIe7Q03yeiGeiRDp6lLEQYwiUsmFj8N/2vGgFjh6jHVSdSzn131TMAyuEZ8KmX2KSfx1ZhQmbDGQmMI9ttzB\
    tO/sxvbJJwxQqykWFK4HaJlT5Z8QKBgEZzVkKgMOoAZNuGKGw6OBB2b8oVaEHj4AjguWyxMJXVSGghVuUINr4edlBRjnn94kGyBNQ7+TdFsalC\
    UUDLyDctglNB8kYMGC+IaUNcbiL54DpJYmRL3FciWvTbZrjPIjKVOEiH3s5Lo46uf15WJJSreP+UOZvpf56/uWvYOY/pAoGAIxOz3JKkkRiTlc\
    BnVOVjzvqbb64jo8LVWzRjcHrK16phoHgfAJCA9t7xhsXowigG/e22fwUwK1rASI1+2tca7cj7izXliwst/8ODIyTVjlfBN35tsCmXEFdlJfKA\
    hZSasPkW/oNo0oXCzUcq//oAfkpSI6Arm90I0hWEN0ncDto=
    """

/// Its certificate, which it signed itself.
private let certificate = """
    MIIDFTCCAf2gAwIBAgIUGOWyxb1gOf81n0Y8D5pdtTpwh8EwDQYJKoZIhvcNAQELBQAwGTEXMBUGA1UEAwwORXhhbXBsZSBzaWduZXIwIBcNMj\
    YxMTI0MDAwNDI4WhgPMjEyNjEwMzEwMDA0MjhaMBkxFzAVBgNVBAMMDkV4YW1wbGUgc2lnbmVyMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIB\
    CgKCAQEAihmhxq9EnQNgQyt1Z2XjmFpAV5PS6evqP/BtxR+RbQpYE4tn9B3FS9mDmw99UrnjpS9VsFHEFC2NUEEWasfW/DqtNoi+I4OdPBEHIP\
    3vXmOYGHU4BQTI+2HCHK1HGjoqUyxHmkf5sjJ7Y2obRLl1LyJ3XeGD4Uhcm1VtgIHBM06GBCamjCS5K3pNNiHyViY8y1m+RukcHhrlHiAi3mOl\
    2nl6kpmYDpC43DAJ8BdKmswq5SMlnjQyJYQFgv0792f0+DKjNviGlnZJGnHU9kbCZtFEzD36ox8ZRQ26scegAU995xSUxWf+05Yzut8C542iZf\
    bVNfAUanN2LlqbQlbBtwIDAQABo1MwUTAdBgNVHQ4EFgQUtuhgUHm6RnWjiA221tZiohGjSSYwHwYDVR0jBBgwFoAUtuhgUHm6RnWjiA221tZi\
    ohGjSSYwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEAU0nSmgmiwvN3vMV4tG524tzLXH4KGajKL+MfsrI9qq0xMDw4oS57xQ\
    2wd/fIbxhAmxgQJpZV5S87z9xJZyLBTULdLR9Y8N7WjQSRLWGtX9U/7ohdvjQldDJcdt6EKXEiVWQ90Ui87hTytArF/3iOnLsBV5I/40rLZU7V\
    /tTEvJowTYvSaP+AG+KI4h1My4H2PeSe+AuK06OkjmDxnXESqCI/3+8okfFm7TiED/lWUsw0H8lo22uqu4yWsQ+qbaTGBr/J9UadltZa/60acJ\
    nS8tsQQwar928yeLNp1tzvITH98XYyi/FbwmqZlACv6XgJdDnAsCkXaAc1iFD+HXtcuQ==
    """

/// A certificate of a key on the curve P-256.
private let otherCertificate = """
    MIIBejCCASGgAwIBAgIUXlQkxC9z2KJMnFS7yM016ryx1hAwCgYIKoZIzj0EAwIwEjEQMA4GA1UEAwwHRXhhbXBsZTAgFw0yNjExMjQwMDA0Mj\
    haGA8yMTI2MTAzMTAwMDQyOFowEjEQMA4GA1UEAwwHRXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPG9/3KjGb1nKwZJgul+iYPZ\
    XgRRlODJwJZ/4M4MyQ4H5/oxt3Oltfz8WKDSz3eaN1mC1i5Ff6/tRvwgv/wkIhujUzBRMB0GA1UdDgQWBBS5CHIWePw3fUCS4cusiZEUg3nM4T\
    AfBgNVHSMEGDAWgBS5CHIWePw3fUCS4cusiZEUg3nM4TAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIBSe4iUhTRFeGDrVbvVu\
    1Yk/lgRgvT7NOWJOWWkPOkYWAiA/h/Sq7jQIUgl6/aodJExrtoOfnR3nSTLT716oQG/BzQ==
    """
