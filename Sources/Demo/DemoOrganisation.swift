import Basis
import People
import Storage

/// The people and units of the demonstration: 200 people in 12 units, all of them made up.
struct DemoOrganisation {
    static let name = "Alder & Finch (demonstration)"
    static let headcount = 200
    static let domain = "alder-finch.example"

    /// Who heads a unit comes first of those who stand in it.
    struct Member {
        let id: ID<Person>
        let key: String
        let unit: Int
        let roles: Set<Role>
    }

    /// The units' names and their parents' places, with the number of people who stand in each.
    static let units: [(name: String, parent: Int?, people: Int)] = [
        ("Alder & Finch", nil, 6), ("Operations", 0, 5), ("Production", 1, 46), ("Logistics", 1, 28),
        ("Sales", 0, 4), ("Sales North", 4, 21), ("Sales South", 4, 18), ("Customer Care", 0, 24),
        ("Technology", 0, 22), ("Finance and Legal", 0, 11), ("People and Learning", 0, 9), ("Marketing", 0, 6),
    ]

    /// Whom one may sign in as, by role: the keys follow from the units above.
    static let guides: [(role: String, key: String)] = [
        ("sponsor", key(unit: 0, number: 0)), ("steward", key(unit: 10, number: 0)),
        ("designer", key(unit: 10, number: 2)), ("manager", key(unit: 5, number: 0)),
        ("learner", key(unit: 5, number: 1)), ("auditor", key(unit: 0, number: 2)),
        ("administrator", key(unit: 8, number: 1)),
    ]

    /// The staff number of the person who stands at a place of a unit.
    static func key(unit: Int, number: Int) -> String {
        "AF-\(1_000 + units[..<unit].reduce(0) { $0 + $1.people } + number)"
    }

    let tenant: TenantID
    let units: [ID<Unit>]
    let members: [Member]

    var sponsor: Member { first(.sponsor) }
    var steward: Member { first(.steward) }
    var learners: [Member] { members.filter { !$0.roles.contains(.auditor) } }

    func first(_ role: Role) -> Member {
        // Every role was given to somebody below, so the search cannot fail.
        members.first { $0.roles.contains(role) } ?? members[0]
    }

    /// The head of a unit.
    func head(of unit: Int) -> Member { members.first { $0.unit == unit } ?? members[0] }

    /// Somebody who learns and leads nobody: whose pages show the learner's side.
    var learner: Member { members.first { $0.key == DemoOrganisation.key(unit: 5, number: 1) } ?? members[0] }

    /// Writes the units and the people in one transaction.
    static func make(in tenant: TenantID, directory: Directory, database: any Database, seed: UInt64) async throws
        -> DemoOrganisation
    {
        try await database.write { connection in
            var dice = Dice(seed: seed)
            var unitIDs: [ID<Unit>] = []
            for unit in units {
                let draft = UnitDraft(name: unit.name, parent: unit.parent.map { unitIDs[$0] })
                unitIDs.append(try directory.save(draft, of: tenant, on: connection).id)
            }
            let names = DemoNames.draw(headcount, &dice)
            var members: [Member] = []
            var heads: [Int: ID<Person>] = [:]
            for (place, unit) in units.enumerated() {
                for number in 0..<unit.people {
                    let name = names[members.count]
                    let roles = roles(unit: place, number: number)
                    let above = number == 0 ? unit.parent : place
                    let draft = PersonDraft(
                        key: key(unit: place, number: number), name: "\(name.given) \(name.family)",
                        email: "\(name.given).\(name.family)@\(domain)".lowercased(), unit: unitIDs[place],
                        manager: above.flatMap { heads[$0] }, roles: roles,
                        attributes: attributes(unit: place, &dice), language: "en")
                    let person = try directory.save(draft, of: tenant, on: connection)
                    if number == 0 { heads[place] = person.id }
                    members.append(Member(id: person.id, key: person.key, unit: place, roles: roles))
                }
            }
            return DemoOrganisation(tenant: tenant, units: unitIDs, members: members)
        }
    }

    private static func roles(unit: Int, number: Int) -> Set<Role> {
        switch (unit, number) {
        case (0, 0): [.learner, .manager, .sponsor]
        case (0, 1): [.learner, .sponsor]
        case (0, 2): [.auditor]
        case (10, 0): [.learner, .manager, .steward]
        case (10, 1): [.learner, .steward]
        case (10, 2), (10, 3), (10, 4): [.learner, .designer]
        case (8, 1): [.learner, .administrator]
        case (_, 0): [.learner, .manager]
        default: [.learner]
        }
    }

    private static func attributes(unit: Int, _ dice: inout Dice) -> [String: String] {
        let country = ["DE", "NL", "PL", "SE"][unit == 5 ? 3 : unit == 6 ? 0 : Int.random(in: 0..<4, using: &dice)]
        let contract = dice.happens(0.18) ? "part-time" : "full-time"
        return ["country": country, "contract": contract, "site": unit < 2 ? "head office" : "site \(unit % 4 + 1)"]
    }
}
