public import Basis

/// Where a use of AI stands under the EU AI Act, and why.
///
/// - Source: Regulation (EU) 2024/1689, Articles 5, 6 and 50 and Annex III, points 3 and 4, as `LawState.present` names
///   it. It helps an assessor think and keeps what they thought; it is no legal advice.
public struct Classification: Hashable, Sendable {
    /// The result, the gravest first.
    public enum Level: String, CaseIterable, Sendable {
        /// Article 5: it must not be used.
        case prohibited
        /// Annex III, without or against Article 6(3).
        case high
        /// Within Annex III, and one of the conditions of Article 6(3) takes it out: documented and registered.
        case excepted
        /// Article 50: people are told.
        case transparency
        /// None of these.
        case minimal
    }

    /// One answer that led to the result.
    public struct Reason: Hashable, Sendable {
        /// Where the law says it, such as “Annex III, point 3(b)”.
        public let provision: String
        public let sentence: String
    }

    public let level: Level
    /// In the order of the questions; never empty.
    public let reasons: [Reason]
    /// What has to be done for it, each with where the law says so.
    public let duties: [Reason]

    /// Whether it may be tried, piloted or live.
    public var mayRun: Bool { level != .prohibited }

    /// Judges the answers.
    ///
    /// What decides about persons in learning or at work is high-risk unless one of Article 6(3)'s conditions holds,
    /// and it is always high-risk where persons are profiled.
    public init(_ answers: Answers) {
        let marked = { (question: Question) in answers.yes.contains(question) }
        let prohibited = Question.prohibited.filter(marked)
        let areas = Question.areas.filter(marked)
        let exceptions = Question.exceptions.filter(marked)
        let transparency = Question.transparency.filter(marked)
        var reasons = (prohibited + areas).map(\.reason)
        if !prohibited.isEmpty {
            level = .prohibited
            duties = [Reason(provision: "Article 5", sentence: "Do not use it. Stop what runs already.")]
        } else if !areas.isEmpty {
            if marked(.profiling) {
                reasons.append(
                    Reason(
                        provision: "Article 6(3), last sentence",
                        sentence: "It profiles persons, so that no condition of Article 6(3) takes it out."))
                level = .high
            } else if let exception = exceptions.first {
                reasons += exceptions.map(\.reason)
                level = exception.isException ? .excepted : .high
            } else {
                reasons.append(
                    Reason(provision: "Article 6(3)", sentence: "None of the four conditions takes it out."))
                level = .high
            }
            duties = (level == .high ? Self.highDuties : Self.exceptedDuties) + transparency.map(\.duty)
        } else {
            level = transparency.isEmpty ? .minimal : .transparency
            duties = transparency.map(\.duty) + [Self.literacy]
        }
        reasons += transparency.map(\.reason)
        if reasons.isEmpty {
            reasons = [
                Reason(
                    provision: "Articles 5, 6 and 50",
                    sentence: "No prohibited practice, no area of Annex III, no duty to tell people.")
            ]
        }
        self.reasons = reasons
    }

    private static let literacy = Reason(
        provision: "Article 4", sentence: "Take measures that those who work with it understand it.")

    private static let highDuties = [
        literacy,
        Reason(provision: "Article 26(1)", sentence: "Use it as its instructions say, and only for its purpose."),
        Reason(provision: "Article 26(2)", sentence: "Name a competent person who oversees it and can stop it."),
        Reason(provision: "Article 26(4)", sentence: "See to it that what goes in is relevant and representative."),
        Reason(provision: "Article 26(5)", sentence: "Watch how it works, and report serious incidents."),
        Reason(provision: "Article 26(6)", sentence: "Keep its logs for at least six months."),
        Reason(provision: "Article 26(7)", sentence: "Tell the workers and their representatives before it starts."),
        Reason(provision: "Article 26(9)", sentence: "Use the provider's information for the data protection check."),
        Reason(provision: "Article 26(11)", sentence: "Tell the persons about whom it helps to decide."),
        Reason(provision: "Article 27", sentence: "Public bodies assess its effect on fundamental rights first."),
    ]

    private static let exceptedDuties = [
        literacy,
        Reason(provision: "Article 6(4)", sentence: "Document before its use why it is not high-risk."),
        Reason(provision: "Article 49(2)", sentence: "Have it registered in the EU database."),
    ]
}

extension Classification {
    /// What an assessor said of a use.
    public struct Answers: Hashable, Sendable {
        /// The questions answered with yes.
        public var yes: Set<Question>

        public init(yes: Set<Question> = []) { self.yes = yes }
    }

    /// As of which law a classification was made.
    public struct LawState: Hashable, Sendable {
        public let words: String
        /// The day from which that law is in force.
        public let since: Day

        /// Regulation (EU) 2024/1689 with the amendments of Regulation (EU) 2026/1744, in force since 27 July 2026: the
        /// duties for Annex III apply from 2 December 2027.
        public static let present = LawState(
            words: "Regulation (EU) 2024/1689 as amended by Regulation (EU) 2026/1744, in force since 27 July 2026. "
                + "Articles 4, 5 and 50 apply; those for Annex III apply from 2 December 2027.",
            since: Day(year: 2026, month: 7, day: 27) ?? Day(number: 0))
    }
}
