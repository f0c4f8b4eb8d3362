/// Who scored what on which item: as many or as few of the items as each person met, in any order.
///
/// Items that were not answered are left out, as if they were missing at random given the other answers. That holds
/// where an adaptive test chose the items by those answers, but not where people skip what they cannot do.
public struct AnswerTable: Sendable {
    private var peoplePlaces: [String: Int] = [:]
    private var itemPlaces: [String: Int] = [:]
    /// Items by place, in the order in which they came.
    public private(set) var items: [String] = []
    /// People by place, in the order in which they came.
    public private(set) var people: [String] = []
    private var answers: [Answer] = []

    struct Answer { let person: Int32, item: Int32, score: Int32 }

    public init() {}

    /// Answers kept so far, repeated ones too until the table is read.
    public var count: Int { answers.count }

    /// Takes an answer in. The first of a person to an item counts.
    ///
    /// - Returns: false, and nothing is kept, when the score is not from 0 to `GradedItem.scoreLimit`.
    @discardableResult
    public mutating func add(person: String, item: String, score: Int) -> Bool {
        guard 0...GradedItem.scoreLimit ~= score else { return false }
        let personPlace = peoplePlaces[person] ?? enter(person: person)
        let itemPlace = itemPlaces[item] ?? enter(item: item)
        answers.append(Answer(person: Int32(personPlace), item: Int32(itemPlace), score: Int32(score)))
        return true
    }

    private mutating func enter(person: String) -> Int {
        peoplePlaces[person] = people.count
        people.append(person)
        return people.count - 1
    }

    private mutating func enter(item: String) -> Int {
        itemPlaces[item] = items.count
        items.append(item)
        return items.count - 1
    }

    /// Each person's answers in the order of the items, repeated ones left out; and how many those were.
    func rows() -> (rows: [[Answer]], repeated: Int) {
        var rows = Array(repeating: [Answer](), count: people.count)
        var repeated = 0
        // Answers of one item after another, so that each row comes out sorted.
        for answer in byItem() {
            if rows[Int(answer.person)].last?.item == answer.item {
                repeated += 1
            } else {
                rows[Int(answer.person)].append(answer)
            }
        }
        return (rows, repeated)
    }

    private func byItem() -> [Answer] {
        var starts = Array(repeating: 0, count: items.count + 1)
        for answer in answers { starts[Int(answer.item) + 1] += 1 }
        for place in items.indices { starts[place + 1] += starts[place] }
        var sorted = answers
        for answer in answers {
            sorted[starts[Int(answer.item)]] = answer
            starts[Int(answer.item)] += 1
        }
        return sorted
    }
}

extension AnswerTable {
    struct Scored { let item: Int, score: Int }

    /// Each person's answers to these items, by their place in the list.
    func scored(_ names: [String], upTo maxima: [Int]) -> [[Scored]] {
        let places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let placeOf = items.map { places[$0] }
        return rows().rows.map { row in
            row.compactMap { answer in
                guard let place = placeOf[Int(answer.item)], Int(answer.score) <= maxima[place] else { return nil }
                return Scored(item: place, score: Int(answer.score))
            }
        }
    }

    /// The scores of people who answered all of these items, in their order.
    func complete(_ names: [String], upTo maxima: [Int]) -> [[Int]] {
        scored(names, upTo: maxima).compactMap { row in
            guard row.count == names.count else { return nil }
            var scores = names.map { _ in 0 }
            for answer in row { scores[answer.item] = answer.score }
            return scores
        }
    }
}
