import Basis
import Merkle
import Testing

@Suite struct NoteTests {
    static let seed = [UInt8](repeating: 0x5A, count: 32)

    /// The example of the package in which Go defined signed notes.
    static let known = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

        """
    static let knownKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    @Test func `a note by others is verified`() throws {
        let key = try NoteVerifier(parsing: Self.knownKey)
        #expect(key.description == Self.knownKey)
        let note = try SignedNote(parsing: Array(Self.known.utf8))
        #expect(note.bytes == Array(Self.known.utf8))
        #expect(try note.verify(by: [key]) == [key])
    }

    @Test func `a checkpoint survives a round trip`() throws {
        let signer = try NoteSigner(name: "learning.example/ledger", seed: Self.seed)
        let checkpoint = Checkpoint(
            origin: "learning.example/ledger", size: 70_000, root: .leaf([1]), extensions: ["time 1"])
        let note = try checkpoint.signed(by: signer)
        let read = try Checkpoint(opening: note.bytes, of: "learning.example/ledger", by: signer.verifier)
        #expect(read == checkpoint)
        #expect(try NoteVerifier(parsing: signer.verifier.description) == signer.verifier)
        #expect(throws: Problem.self) {
            try Checkpoint(opening: note.bytes, of: "learning.example/other", by: signer.verifier)
        }
    }

    @Test func `signatures by strangers count for nothing`() throws {
        let ours = try NoteSigner(name: "ours", seed: Self.seed)
        let theirs = try NoteSigner(name: "theirs", seed: [UInt8](repeating: 3, count: 32))
        let note = try ours.sign("text\n")
        let both = try note.adding(theirs.sign("text\n").signatures[0])
        #expect(try both.verify(by: [ours.verifier]) == [ours.verifier])
        #expect(try both.verify(by: [theirs.verifier]) == [theirs.verifier])
        #expect(throws: Problem.self) { try note.verify(by: [theirs.verifier]) }
        // A stranger's line that means nothing to us harms nothing.
        let odd = try note.adding(.init(name: "witness", keyID: 7, bytes: [1, 2, 3]))
        #expect(try SignedNote(parsing: odd.bytes).verify(by: [ours.verifier]) == [ours.verifier])
        // One under our name and ID that is not ours does.
        let forged = try note.adding(
            .init(name: "ours", keyID: ours.verifier.keyID, bytes: [UInt8](repeating: 1, count: 64)))
        #expect(throws: Problem.self) { try forged.verify(by: [ours.verifier]) }
    }

    @Test func `every flipped bit of a checkpoint is noticed`() throws {
        let signer = try NoteSigner(name: "learning.example/ledger", seed: Self.seed)
        let note = try Checkpoint(origin: "learning.example/ledger", size: 1_234, root: .leaf([9])).signed(by: signer)
        let bytes = note.bytes
        for bit in 0..<bytes.count * 8 {
            var mutant = bytes
            mutant[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: Problem.self, "bit \(bit)") {
                try Checkpoint(opening: mutant, of: "learning.example/ledger", by: signer.verifier)
            }
        }
    }

    @Test func `every cut of a checkpoint is noticed`() throws {
        let signer = try NoteSigner(name: "a.example", seed: Self.seed)
        let bytes = try Checkpoint(origin: "a.example", size: 1, root: .leaf([9])).signed(by: signer).bytes
        for index in bytes.indices {
            #expect(throws: Problem.self) {
                try Checkpoint(opening: Array(bytes[..<index]), of: "a.example", by: signer.verifier)
            }
            var shorter = bytes
            shorter.remove(at: index)
            #expect(throws: Problem.self) {
                try Checkpoint(opening: shorter, of: "a.example", by: signer.verifier)
            }
        }
    }

    @Test(arguments: [
        "", "\n", "text", "text\n", "text\n\n", "text\n\n— name\n", "text\n\n- name AAAAAAA=\n",
        "te\u{1}xt\n\n— n AAAAAAA=\n",
        "text\n\n— n AAAAAAA=", "text\n\n— n AAAA\n", "text\n\n— n+m AAAAAAA=\n", "text\n\n—  AAAAAAA=\n",
        "text\n\n— n AAAAAAB=\n", "text\r\n\r\n— n AAAAAAA=\n", "text\n\n— n AAAAAAA=\n\n", "text\n\n— n AAAAAAA= x\n",
    ])
    func `what is no note is refused`(text: String) {
        #expect(throws: Problem.self) { try SignedNote(parsing: Array(text.utf8)) }
    }

    @Test(arguments: [
        "", "a\n", "a\n1\n", "a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n+1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
        "a\n1\nAAAA\n", "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n99999999999999999999\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\nx\n",
    ])
    func `what is no checkpoint is refused`(text: String) {
        #expect(throws: Problem.self) { try Checkpoint(parsing: text) }
    }

    @Test(arguments: ["", "a b", "a+b", "a\tb", "a\u{A0}b", "a\u{2003}b"])
    func `no key has such a name`(name: String) {
        #expect(throws: Problem.self) { try NoteSigner(name: name, seed: Self.seed) }
    }

    @Test func `a flipped bit of a verifier key is noticed`() throws {
        let key = try NoteSigner(name: "a.example", seed: Self.seed).verifier
        let bytes = Array(key.description.utf8)
        for bit in 0..<bytes.count * 8 {
            var mutant = bytes
            mutant[bit / 8] ^= 1 << (bit % 8)
            guard let text = String(validating: mutant, as: UTF8.self) else { continue }
            // The ID may be written in capitals.
            if text.lowercased() == key.description.lowercased(), text.hasSuffix(key.description.suffix(44)) {
                if text.hasPrefix("a.example") { continue }
            }
            #expect(throws: Problem.self, "\(text)") { try NoteVerifier(parsing: text) }
        }
    }
}
