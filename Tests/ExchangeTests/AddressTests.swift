import Basis
import Testing

@testable import Exchange

@Suite struct AddressTests {
    @Test(
        arguments: [
            ([127, 0, 0, 1], AddressPolicy.Place.machine), ([127, 255, 1, 2], .machine), ([10, 1, 2, 3], .network),
            ([172, 16, 0, 1], .network), ([172, 31, 255, 255], .network), ([172, 32, 0, 1], .world),
            ([192, 168, 1, 1], .network), ([100, 64, 0, 1], .network), ([169, 254, 169, 254], .forbidden),
            ([0, 0, 0, 0], .forbidden), ([224, 0, 0, 1], .forbidden), ([255, 255, 255, 255], .forbidden),
            ([93, 184, 216, 34], .world),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], .machine),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], .forbidden),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1], .machine),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 169, 254, 0, 1], .forbidden),
            ([0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], .forbidden),
            ([0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], .network),
            ([0x20, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], .world),
        ] as [([UInt8], AddressPolicy.Place)]) func `addresses are known for what they are`(
            bytes: [UInt8], place: AddressPolicy.Place
        )
    {
        #expect(AddressPolicy.place(of: bytes) == place)
    }

    @Test func `this machine is reached only when that was allowed`() async throws {
        for policy in [AddressPolicy.public, .private] {
            for host in ["127.0.0.1", "localhost", "::1"] {
                let problem = await #expect(throws: Problem.self) { try await policy.address(of: host) }
                #expect(problem?.code == "address-refused")
            }
        }
        #expect(try await AddressPolicy.loopback.address(of: "127.0.0.1").text == "127.0.0.1")
        let problem = await #expect(throws: Problem.self) {
            try await AddressPolicy.loopback.address(of: "169.254.169.254")
        }
        #expect(problem?.code == "address-refused")
    }

    @Test func `a link to this machine fails where that is not allowed`() async throws {
        let house = try await House(addresses: .private)
        let receiver = try await Receiver { _ in Reply() }
        _ = try await house.book.add(LinkDraft(.webhook, label: "Inside", url: receiver.url), for: .first)
        try await house.post(statements(1))
        try await house.exchange.runOnce()
        let link = try await house.link()
        #expect(link.failures == 1 && link.lastError.contains("may not reach"))
        #expect(receiver.received.isEmpty)
        try await receiver.close()
    }

    @Test func `pauses double, with chance, up to an hour`() {
        for failures in 1...20 {
            let whole = min(3_600, Double(1 << min(failures, 12)))
            for seed in [UInt64.min, .max / 2, .max] {
                let pause = Backoff.pause(after: failures, seed: seed).seconds
                #expect(pause >= whole / 2 && pause <= whole)
            }
        }
    }
}
