public import Basis
public import Statistics

/// The seven measures.
public enum MeasureKind: String, CaseIterable, Sendable {
    case ownership, reach, share = "ai-made", upskilling, trial = "ai-against-human", proficiency, divide

    public var name: String {
        switch self {
        case .ownership: "Ownership clarity"
        case .reach: "Strategy reach"
        case .share: "AI-made share"
        case .upskilling: "Upskilling"
        case .trial: "AI against human design"
        case .proficiency: "AI proficiency"
        case .divide: "The divide"
        }
    }

    /// What it says, in one sentence.
    public var what: String {
        switch self {
        case .ownership:
            "Of the learners whom AI in use reaches, how many are reached by uses that exactly one person answers for."
        case .reach: "How far the strategy came with the people it is addressed to."
        case .share: "How much of the content a model made or helped to make."
        case .upskilling: "How much of the gap to their goals people have closed."
        case .trial: "Whether learning designed with AI works as well as learning designed by people."
        case .proficiency: "How many people use AI in learning, and how well."
        case .divide: "How far what people learn lies from what leadership asked for."
        }
    }

    /// The formula in words.
    public var formula: String {
        switch self {
        case .ownership:
            "Learners reached by active uses with exactly one accepted, active owner and no overdue review, divided by "
                + "learners reached by all active uses."
        case .reach: "People who acknowledged a strategy in force, divided by the people it is addressed to."
        case .share: "Content versions that state AI-assisted or AI-generated, divided by all content versions."
        case .upskilling:
            "Gap closed, divided by the gap when the goals were set; a gap is what the mastery lacks to the target."
        case .trial: "The difference in the outcome between the arms of a randomised trial."
        case .proficiency: "People with evidence of using AI in the last 30 days, divided by all active people."
        case .divide:
            "Half the sum, over the strategy's skills, of the differences between its weight and its share of the "
                + "learning hours of the last 90 days: the share of hours that would have to move."
        }
    }

    /// Where it and all that it was counted from is shown.
    public var link: String { "/insight/\(rawValue)" }
}

/// What the report found, to compare with.
public struct Benchmark: Hashable, Sendable {
    /// - Range: 0 to 1.
    public let figure: Double
    public let text: String
    public let source: String

    /// The report behind all benchmarks.
    public static let report = "Go1, Keeping Pace: Leading Learning in the Age of AI"

    init(_ figure: Double, _ text: String) {
        self.figure = figure
        self.text = text
        source = Benchmark.report
    }
}

/// One counted figure.
public struct Figure: Hashable, Sendable {
    /// What a value is told in.
    public enum Unit: String, CaseIterable, Sendable {
        /// Shown as per cent; 0 to 1, or −1 to 1 for a difference.
        case share
        case days
        /// Days times a weight of the risk.
        case riskDays = "risk-days"
        /// A plain number, such as a coefficient.
        case number
    }

    public let name: String
    /// In its unit; points of mastery for upskilling's rates. Nil when it cannot be reckoned yet.
    public let value: Double?
    public let unit: Unit
    /// What was counted.
    public let numerator: Double?
    /// Out of how much.
    public let denominator: Double?
    /// What the denominator counts, such as `people` or `hours`.
    public let of: String
    /// With 95 % confidence, and how it was computed.
    public let interval: Interval?
    /// What it still needs; nil when it has a value.
    public let needs: String?

    init(
        _ name: String, _ value: Double?, _ unit: Unit = .share, numerator: Double? = nil, denominator: Double? = nil,
        of: String, interval: Interval? = nil, needs: String? = nil
    ) {
        self.name = name
        self.unit = unit
        self.value = value.flatMap { $0.isFinite ? $0 : nil }
        self.numerator = numerator
        self.denominator = denominator
        self.of = of
        self.interval = interval
        self.needs = self.value == nil ? needs : nil
    }

    /// A share of counted things with Wilson's interval.
    init(_ name: String, _ count: Int, outOf total: Int, of: String) {
        self.init(
            name, total == 0 ? nil : Double(count) / Double(total), numerator: Double(count),
            denominator: Double(total), of: of, interval: Proportion.wilson(count, of: total),
            needs: total == 0 ? "there are no \(of) yet" : nil)
    }

    /// A share of all there is, counted in full: without interval.
    init(census name: String, _ count: Int, outOf total: Int, of: String) {
        self.init(
            name, total == 0 ? nil : Double(count) / Double(total), numerator: Double(count),
            denominator: Double(total), of: of, needs: total == 0 ? "there are no \(of) yet" : nil)
    }

    /// Such as “23 of 61 people (38 %, 95 % interval 27 to 50)”.
    public var sentence: String {
        guard let value else { return "\(name): not measured yet: \(needs ?? "nothing was counted")" }
        var text = unit.words(value)
        if let interval { text += ", 95 % interval \(unit.figure(interval.low)) to \(unit.figure(interval.high))" }
        if let numerator, let denominator {
            return "\(Insight.number(numerator)) of \(Insight.number(denominator)) \(of) (\(text))"
        }
        return unit == .share ? text : "\(text); \(of)"
    }
}

extension Figure.Unit {
    /// Without the unit, such as `38`.
    fileprivate func figure(_ value: Double) -> String {
        switch self {
        case .share: percent(value)
        case .days, .riskDays: Insight.number(value)
        case .number: hundredths(value)
        }
    }

    /// With it, such as `38 %`.
    fileprivate func words(_ value: Double) -> String {
        switch self {
        case .share: figure(value) + " %"
        case .days: figure(value) + " days"
        case .riskDays: figure(value) + " days × risk"
        case .number: figure(value)
        }
    }
}

/// One figure over time.
public struct Series: Hashable, Sendable {
    /// One month of it.
    public struct Point: Hashable, Sendable {
        public let month: Month
        /// 0 to 1; nil when nothing was there to count.
        public let value: Double?
        public let numerator: Double
        public let denominator: Double
    }

    public let name: String
    /// What the denominators count, such as `active AI uses`.
    public let of: String
    /// The earliest first. The month that is not over counts up to now.
    public let points: [Point]
}

/// One of the seven measures, as it stands.
public struct Measure: Hashable, Sendable {
    public let kind: MeasureKind
    /// The figure that stands for it.
    public let headline: Figure
    /// What belongs to it: steps of a funnel, parts of a whole.
    public let parts: [Figure]
    /// How it came to this, where the record tells.
    public let series: [Series]
    public let benchmark: Benchmark?
    /// How it was counted, a sentence each.
    public let method: [String]
    public let asOf: Moment

    init(
        kind: MeasureKind, headline: Figure, parts: [Figure], series: [Series] = [], benchmark: Benchmark?,
        method: [String], asOf: Moment
    ) {
        (self.kind, self.headline, self.parts, self.series) = (kind, headline, parts, series)
        (self.benchmark, self.method, self.asOf) = (benchmark, method, asOf)
    }

    public var id: String { kind.rawValue }
    public var name: String { kind.name }
    public var link: String { kind.link }
    public var value: Double? { headline.value }
    public var interval: Interval? { headline.interval }
    /// What it still needs before it can be reckoned; nil when it has a value.
    public var needs: String? { headline.value == nil ? headline.needs ?? "evidence" : nil }
}

/// What a measure was counted from, a page of it.
public struct DrillDown: Hashable, Sendable {
    public let columns: [String]
    /// The places of the columns that hold numbers.
    public let numbers: Set<Int>
    public let rows: [[String]]
    /// Rows on all pages.
    public let total: Int
}

/// Whole percent.
func percent(_ share: Double) -> String { String(Int((share * 100).rounded())) }

/// Whole, or with one digit.
func number(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return String(whole) }
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() ? String(Int(tenths)) : String(tenths)
}

/// With at most two digits.
func hundredths(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
}
