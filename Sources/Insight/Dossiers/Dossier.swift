public import Basis

/// What an organisation shows to those who ask what it does about AI in learning: figures with what they were counted
/// from, tied to a checkpoint of the ledger.
///
/// It holds plain values only, so that page, file and paper say the same, and the same values make the same bytes.
public struct Dossier: Hashable, Sendable {
    /// For whom it is made.
    public enum Kind: String, CaseIterable, Sendable {
        /// The measures for AI literacy.
        /// - Source: Regulation (EU) 2024/1689, Article 4.
        case literacy
        /// What a deployer of high-risk AI does.
        /// - Source: the same, Article 26.
        case deployer
        /// Which evidence there is for the controls of a management system.
        /// - Source: ISO/IEC 42001:2023, Annex A, by number; the words are ours.
        case iso42001 = "iso-42001"
        /// Which evidence there is for the outcomes of the framework.
        /// - Source: NIST AI RMF 1.0, by number; the words are ours.
        case nist = "nist-ai-rmf"

        public var title: String {
            switch self {
            case .literacy: "AI literacy dossier"
            case .deployer: "Deployer's file for high-risk AI"
            case .iso42001: "Evidence for ISO/IEC 42001, Annex A"
            case .nist: "Evidence for the NIST AI RMF"
            }
        }

        /// What it answers, in one sentence.
        public var purpose: String {
            switch self {
            case .literacy:
                "What was done so that the people who work with AI understand it, as Article 4 of the AI Act asks: "
                    + "measures, for whom, when, by whom, and what came of them."
            case .deployer:
                "What is done for each high-risk use of AI, along the paragraphs of Article 26 of the AI Act."
            case .iso42001:
                "Which of Leeway's records are evidence for which control of ISO/IEC 42001:2023, Annex A. It is no "
                    + "statement of applicability by itself."
            case .nist: "Which of Leeway's records are evidence for which outcome of the NIST AI RMF 1.0."
            }
        }
    }

    /// One part.
    public struct Section: Hashable, Sendable {
        public let id, heading: String
        /// What it was counted from, and what it does not say.
        public let note: String
        public let facts: [Fact]
        public let tables: [Table]

        init(_ id: String, _ heading: String, note: String, facts: [Fact] = [], tables: [Table] = []) {
            self.id = id
            self.heading = heading
            self.note = note
            self.facts = facts
            self.tables = tables
        }
    }

    /// A name with what is so; numbers with denominator and interval, in words.
    public struct Fact: Hashable, Sendable {
        public let name, value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Rows under headings.
    public struct Table: Hashable, Sendable {
        public let caption: String
        public let columns: [Column]
        public let rows: [[String]]
    }

    /// One column.
    public struct Column: Hashable, Sendable {
        public let heading: String
        /// Its share of the width of paper.
        public let share: Double
        public let isNumber: Bool

        init(_ heading: String, _ share: Double = 1, isNumber: Bool = false) {
            self.heading = heading
            self.share = share
            self.isNumber = isNumber
        }
    }

    /// The checkpoint that it is tied to.
    public struct Anchor: Hashable, Sendable {
        /// The name of the log.
        public let origin: String
        public let size: Int
        /// The signed note, as served.
        public let note: String
        /// Leaves that wait for the next checkpoint and are counted here already.
        public let waiting: Int
        public let signedAt: Moment
    }

    public let kind: Kind
    public let organisation: String
    /// First and last day of what is counted over time.
    public let period: ClosedRange<Day>
    public let anchor: Anchor
    public let sections: [Section]
}
