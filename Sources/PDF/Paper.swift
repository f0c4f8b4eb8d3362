public import Basis

/// A report for paper: what stands on it, without how it is laid out.
public struct Paper: Hashable, Sendable {
    /// One piece of it.
    public enum Block: Hashable, Sendable {
        /// Level 1 is a part, 2 a section of it.
        case heading(String, level: Int)
        case paragraph(String)
        /// Names and what is so, two columns.
        case facts([Fact])
        case table(Table)
    }

    /// One name with what is so.
    public struct Fact: Hashable, Sendable {
        public let name, value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Rows under headings. Long cells are broken into lines; the headings stand again on each page.
    public struct Table: Hashable, Sendable {
        public let caption: String
        public let columns: [Column]
        public let rows: [[String]]

        public init(caption: String, columns: [Column], rows: [[String]]) {
            precondition(rows.allSatisfy { $0.count == columns.count }, "every row has a cell for each column")
            self.caption = caption
            self.columns = columns
            self.rows = rows
        }
    }

    /// One column of a table.
    public struct Column: Hashable, Sendable {
        public let heading: String
        /// Its share of the width, beside the other columns' shares. Above 0.
        public let share: Double
        /// Numbers stand at the right.
        public let isNumber: Bool

        public init(_ heading: String, share: Double = 1, isNumber: Bool = false) {
            self.heading = heading
            self.share = share
            self.isNumber = isNumber
        }
    }

    public let title: String
    /// Below the title, such as for whom and as of when.
    public let subtitle: String
    /// On every page, beside its number.
    public let footer: String
    /// The day the file says it was made.
    public let date: Moment
    public let blocks: [Block]

    public init(title: String, subtitle: String, footer: String, date: Moment, blocks: [Block]) {
        self.title = title
        self.subtitle = subtitle
        self.footer = footer
        self.date = date
        self.blocks = blocks
    }
}
