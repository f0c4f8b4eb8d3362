import Basis
import Foundation
import Testing

@Suite struct IDTests {
    private enum Thing {}

    @Test func `identifiers read and write as Foundation's UUIDs do`() {
        var dice = Dice(seed: 7)
        for _ in 0..<2_000 {
            let id = ID<Thing>(at: Moment(microseconds: Int64(dice.next() >> 14)), using: &dice)
            #expect(id.description == id.uuid.uuidString.lowercased())
            #expect(ID<Thing>(id.description) == id)
            #expect(ID<Thing>(id.uuid.uuidString) == id)
        }
    }

    @Test(arguments: [
        "", "1", "01a20ad7-96ec-7283-be47-dbdf89d9423", "01a20ad7-96ec-7283-be47-dbdf89d942388",
        "01a20ad796ec-7283-be47-dbdf89d94238-", "01a20ad7-96ec-7283-be47-dbdf89d9423g",
        "01a20ad7+96ec-7283-be47-dbdf89d94238", "01a20ad7-96ec-7283-be47-dbdf89d942é",
        "{01a20ad7-96ec-7283-be47-dbdf89d9423}",
    ])
    func `what is no identifier is refused`(text: String) { #expect(ID<Thing>(text) == nil) }
}
