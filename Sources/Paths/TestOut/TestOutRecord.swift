public import Basis
import Storage

/// One try of one person at the test of a mandate.
public struct TestOut: Hashable, Sendable {
    /// How many questions each test has.
    public static let questionCount = 6
    /// The most tries at one mandate.
    public static let tryLimit = 2
    /// Days from the end of a try until the next one.
    public static let waitDays = 7
    /// The most of a test's time that is credited for each question.
    public static let questionLimit = Duration.minutes(2)

    /// The registration of its statements.
    public let id: ID<Registration>
    public let mandate: ID<Mandate>
    public let person: ID<Person>
    /// From 1.
    public let number: Int
    /// - Unit: per cent. Range: 1…100.
    public let mark: Int
    /// In the order in which they are asked.
    public let items: [ID<Item>]
    public let begunAt: Moment
    /// What it came to; nil while it is open.
    public let end: End?

    /// What a test came to.
    public struct End: Hashable, Sendable {
        public let at: Moment
        /// The picks of each item that was answered, by item; an item that was left out is not here.
        public let answers: [ID<Item>: [Int]]
        public let correct: Int
        public let isPassed: Bool
    }

    /// The fewest right answers of so many questions that reach a mark.
    ///
    /// With six questions of four choices each and a mark of 80%, five must be right. Guessing reaches that with a
    /// chance of 19 / 4,096, which is 0.5% (the binomial distribution).
    public static func fewestRight(of count: Int, mark: Int) -> Int { (count * mark + 99) / 100 }
}

/// Whether somebody may show by a test to know what a mandate asks.
public enum TestOutOffer: Hashable, Sendable {
    /// It may begin, as the try of that number.
    case ready(number: Int)
    case underWay
    /// Another try may begin on that day.
    case waiting(until: Day)
    case passed
    /// Every try was used.
    case exhausted
    /// Whoever asks said why no test counts.
    case refused(reason: String)
    /// There are too few questions about what is asked.
    case short(found: Int)
    /// Nothing is open: not asked, done, or no longer in force.
    case closed

    /// The word for programs.
    public var word: String {
        switch self {
        case .ready: "ready"
        case .underWay: "underWay"
        case .waiting: "waiting"
        case .passed: "passed"
        case .exhausted: "exhausted"
        case .refused: "refused"
        case .short: "short"
        case .closed: "closed"
        }
    }
}

/// How one person stands with the test of one mandate.
public struct TestOutStanding: Hashable, Sendable {
    public let offer: TestOutOffer
    /// - Unit: per cent.
    public let mark: Int
    /// The tries, in order.
    public let tests: [TestOut]

    public var underWay: TestOut? { tests.last { $0.end == nil } }
    /// The newest try that has ended.
    public var latest: TestOut? { tests.last { $0.end != nil } }
    /// Whether a later try could profit from being told the answers.
    public var mayTryAgain: Bool {
        switch offer {
        case .ready, .underWay, .waiting: true
        case .passed, .exhausted, .refused, .short, .closed: false
        }
    }
}

extension TestOut {
    init(_ row: Row) throws {
        let items = try row.get("items", as: String.self).split(separator: " ").compactMap { ID<Item>($0) }
        let parts = try row.get("answers", as: String.self).split(separator: ";", omittingEmptySubsequences: false)
        var answers: [ID<Item>: [Int]] = [:]
        for (item, part) in zip(items, parts) where !part.isEmpty {
            answers[item] = part.split(separator: ",").compactMap { Int($0) }
        }
        let correct: Int? = try row.find("correct")
        let isPassed: Bool? = try row.find("is_passed")
        var end: End?
        if let at: Moment = try row.find("ended_at"), let correct, let isPassed {
            end = End(at: at, answers: answers, correct: correct, isPassed: isPassed)
        }
        self.init(
            id: try row.get("id"), mandate: try row.get("mandate"), person: try row.get("person"),
            number: try row.get("number"), mark: try row.get("mark"), items: items, begunAt: try row.get("begun_at"),
            end: end)
    }
}
