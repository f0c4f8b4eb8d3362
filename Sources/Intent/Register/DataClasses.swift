import Storage

extension Set<AIUseRecord.DataClass> {
    /// As they are kept: words in the order of all of them, with spaces between.
    var stored: String { ordered.map(\.rawValue).joined(separator: " ") }

    /// In the order of all of them.
    var ordered: [AIUseRecord.DataClass] { AIUseRecord.DataClass.allCases.filter(contains) }

    /// Those of a row's `data_classes`.
    init(_ row: Row) throws {
        self.init(
            try row.get("data_classes", as: String.self).split(separator: " ")
                .compactMap { AIUseRecord.DataClass(rawValue: String($0)) })
    }
}
