import HTML

/// A column: its heading, how it sorts, and what a cell holds.
struct Column<Row> {
    enum Kind { case words, number, actions }

    let heading: String
    var kind = Kind.words
    /// The value of `sort=` that orders by this column.
    var sort: String?
    let cell: (Row) -> Fragment

    init(_ heading: String, _ kind: Kind = .words, sort: String? = nil, @Markup cell: @escaping (Row) -> Fragment) {
        self.heading = heading
        self.kind = kind
        self.sort = sort
        self.cell = cell
    }
}

/// What a table is sorted by: `due` upwards, `-due` downwards.
struct Sorting: Hashable, Sendable {
    let column: String
    let isDescending: Bool

    init(_ text: String) {
        isDescending = text.hasPrefix("-")
        column = isDescending ? String(text.dropFirst()) : text
    }
}

/// A table in its box. The first column names the row; on phones each row becomes a card.
func dataTable<Row>(
    _ caption: String, _ rows: [Row], _ columns: [Column<Row>], sorting: Sorting? = nil, at address: Address? = nil,
    isPlain: Bool = false
) -> Fragment {
    div(.class("box")) {
        table(.class(isPlain ? "table plain" : "table")) {
            HTML.caption(.class("hidden")) { caption }
            thead { tr { for column in columns { heading(column, sorting, address) } } }
            tbody {
                for row in rows {
                    tr {
                        for (index, column) in columns.enumerated() {
                            cell(column, row, isFirst: index == 0)
                        }
                    }
                }
            }
        }
    }
}

private func heading<Row>(_ column: Column<Row>, _ sorting: Sorting?, _ address: Address?) -> Fragment {
    let isSorted = column.sort != nil && sorting?.column == column.sort
    let isDown = isSorted && sorting?.isDescending == true
    return th(
        .scope("col"), .class(column.kind == .number ? "number" : nil),
        .aria("sort", isSorted ? (isDown ? "descending" : "ascending") : nil)
    ) {
        if let sort = column.sort, let address {
            a(.href(address.with("sort", isSorted && !isDown ? "-\(sort)" : sort).without("page").text)) {
                column.heading
                icon(isSorted ? (isDown ? .down : .up) : .sort)
            }
        } else if column.kind == .actions {
            spoken(column.heading)
        } else {
            column.heading
        }
    }
}

private func cell<Row>(_ column: Column<Row>, _ row: Row, isFirst: Bool) -> Fragment {
    if isFirst { return th(.scope("row")) { column.cell(row) } }
    return switch column.kind {
    case .words: td(.data("label", column.heading)) { column.cell(row) }
    case .number: td(.data("label", column.heading), .class("number")) { column.cell(row) }
    case .actions: td(.class("actions")) { column.cell(row) }
    }
}
