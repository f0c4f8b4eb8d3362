public import Basis

/// People in the order of their identities, each with a place: what columns about many people share.
public struct PersonRoll: Sendable {
    private let keys: [IDKey]

    /// Sorts them unless they are in order already. Each is named once.
    public init(_ keys: [IDKey]) {
        let isSorted = zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 }
        self.keys = isSorted ? keys : Array(Set(keys)).sorted()
    }

    public init(_ people: some Sequence<ID<Person>>) { self.init(people.map { IDKey($0.uuid) }) }

    public var count: Int { keys.count }

    public subscript(place: Int) -> ID<Person> { ID(keys[place].uuid) }

    /// The place of a person; nil for one who is not among them.
    public func place(of person: ID<Person>) -> Int? { search(IDKey(person.uuid), from: 0) }

    /// A reading of a column of people. Fast when they come in the order of the roll, right in any order.
    public struct Walk {
        private let roll: PersonRoll
        private var next = 0

        public init(_ roll: PersonRoll) { self.roll = roll }

        /// The place of the next person in the column; nil for one who is not among them.
        public mutating func place(of key: IDKey) -> Int? {
            for place in next..<min(next + 8, roll.keys.count) where roll.keys[place] >= key {
                if roll.keys[place] == key {
                    next = place
                    return place
                }
                if place > next { return nil }
                break
            }
            guard let place = roll.search(key, from: 0) else { return nil }
            next = place
            return place
        }
    }

    private func search(_ key: IDKey, from start: Int) -> Int? {
        var (low, high) = (start, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key ? low : nil
    }
}
