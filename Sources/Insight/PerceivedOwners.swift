import Basis
import Intent
import Statistics

/// What people answered when asked who decides about a use of AI, against the register.
///
/// Counted only; nothing is told from fewer than `OwnerQuestionBook.answerMinimum` answers of a use, or people in all.
///
/// - Source: field notes A3.1, 5 and 9.
struct PerceivedOwners {
    /// One use with enough answers.
    struct Use {
        let use: ID<AIUse>
        let answers: Int
        /// The share that says what the register says, drawn towards that of all uses; credible interval.
        let accuracy: Interval?
        let unknown: Interval?
        /// Over those who named somebody, or nobody.
        let spread: Diversity?
    }

    /// Without those who would rather not say.
    private let answers: [OwnerAnswer]
    let uses: [Use]

    init(_ all: [OwnerAnswer]) {
        answers = all.filter { $0.isRight != nil }
        let groups = Dictionary(grouping: answers, by: \.use).sorted { $0.key.description < $1.key.description }
        let fit = BetaBinomial(
            groups.map { (successes: $0.value.count { $0.isRight == true }, trials: $0.value.count) })
        uses = groups.filter { $0.value.count >= OwnerQuestionBook.answerMinimum }.map { use, own in
            Use(
                use: use, answers: own.count,
                accuracy: fit?.interval(own.count { $0.isRight == true }, of: own.count),
                unknown: Proportion.wilson(own.count { $0.answer == .unknown }, of: own.count),
                spread: Diversity(PerceivedOwners.counts(own)))
        }
    }

    /// How often each person, and nobody, was named; the most often first.
    private static func counts(_ answers: [OwnerAnswer]) -> [Int] {
        let named = answers.filter { $0.answer != .unknown }
        return Dictionary(grouping: named, by: \.answer).map(\.value.count).sorted(by: >)
    }

    private var people: Int { Set(answers.map(\.respondent)).count }
    private var isEnough: Bool { people >= OwnerQuestionBook.answerMinimum }
    private var needs: String { "answers of at least \(OwnerQuestionBook.answerMinimum) people to who decides" }

    /// The share of right answers, clustered by person; nil with too few.
    var knowledge: Interval? {
        guard isEnough else { return nil }
        let clusters = byPerson.map { own in
            (part: Double(own.count { $0.isRight == true }), whole: Double(own.count))
        }
        return clusters.allSatisfy { $0.whole == 1 }
            ? Proportion.wilson(answers.count { $0.isRight == true }, of: answers.count)
            : Proportion.ratio(clusters: clusters)
    }

    private var byPerson: [[OwnerAnswer]] {
        Dictionary(grouping: answers, by: \.respondent).sorted { $0.key < $1.key }.map(\.value)
    }

    /// A number for each person named or accountable; 0 is nobody, −1 is not known.
    private var codes: (OwnerQuestion.Answer) -> Int {
        var people = Set(answers.compactMap(\.owner))
        for one in answers { if case .person(let person) = one.answer { people.insert(person) } }
        let places = Dictionary(
            uniqueKeysWithValues: people.sorted { $0.description < $1.description }.enumerated().map { ($1, $0 + 1) })
        return { answer in
            switch answer {
            case .person(let person): places[person] ?? 0
            case .nobody: 0
            case .unknown, .refused: -1
            }
        }
    }

    /// κ between what people say and what the register says; “don't know” never agrees.
    private var agreement: Agreement? {
        let code = codes
        return Agreement(
            clusters: byPerson.map { own in
                own.map { Agreement.Pair(code($0.answer), code($0.owner.map { .person($0) } ?? .nobody)) }
            })
    }

    /// α among those who named somebody or nobody; a person's last answer on a use counts.
    private var alpha: Krippendorff? {
        let code = codes
        let units = Dictionary(
            uniqueKeysWithValues: Set(answers.map(\.use)).sorted { $0.description < $1.description }.enumerated()
                .map { ($1, $0) })
        var ratings: [[Int]: Krippendorff.Rating] = [:]
        for one in answers where one.answer != .unknown {
            let unit = units[one.use] ?? 0
            ratings[[unit, one.respondent]] = Krippendorff.Rating(
                unit: unit, rater: one.respondent, value: Double(code(one.answer)))
        }
        let sorted = ratings.values.sorted { ($0.unit, $0.rater) < ($1.unit, $1.rater) }
        return Krippendorff(sorted, as: .nominal, resampling: .raters)
    }

    /// The figures of the whole organisation. `structure` is C1.
    func figures(structure: Double?) -> [Figure] {
        let knowledge = knowledge
        let clarity = structure.flatMap { c1 in
            knowledge.flatMap { Statistics.Clarity(structure: c1, knowledge: $0) }
        }
        // The report asked more than 2,000 people.
        let stated = Proportion.wilson(0.23 * 2_000, of: 2_000)
        let gap = clarity.flatMap { one in stated.map { one.calibrationGap(stated: $0) } }
        let kappa = isEnough ? agreement?.kappa : nil
        let alpha = isEnough ? alpha : nil
        let right = answers.count { $0.isRight == true }
        let unknown = answers.count { $0.answer == .unknown }
        return [
            Figure(
                "People who say what the register says", knowledge?.estimate,
                numerator: knowledge.map { _ in Double(right) }, denominator: Double(answers.count), of: "answers",
                interval: knowledge, needs: needs),
            isEnough
                ? Figure("People who do not know who decides", unknown, outOf: answers.count, of: "answers")
                : Figure("People who do not know who decides", nil, of: "answers", needs: needs),
            Figure(
                "Answers and register agree beyond chance (κ)", kappa?.estimate, .number,
                of: "\(answers.count) answers of \(people) people", interval: kappa, needs: needs + ", not all alike"),
            Figure(
                "People agree with each other beyond chance (α)", alpha?.alpha, .number,
                of: "\(alpha?.ratings ?? 0) answers on \(alpha?.units ?? 0) uses", interval: alpha?.interval,
                needs: needs + ", at least two about one use, and not all alike"),
            Figure(
                "Clarity index: structure × knowledge", clarity?.index.estimate,
                of: "C1 times the share that says what the register says; the report: 23% “very clear”",
                interval: clarity?.index, needs: "active uses, and " + needs),
            Figure(
                "Calibration gap: the report’s 23% less the clarity index", gap?.estimate,
                of: "stated clarity, until a pulse of your own asks it, less measured clarity", interval: gap,
                needs: "active uses, and " + needs),
        ]
    }

    static let method =
        "Who decides: people in a use’s audience are asked at most once in \(OwnerQuestionBook.pauseDays) days, about "
        + "the use asked about the least. Shares of uses are drawn towards that of all (beta-binomial, credible "
        + "intervals); nothing is told from fewer than \(OwnerQuestionBook.answerMinimum) answers."
}
