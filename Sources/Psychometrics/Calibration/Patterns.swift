/// Answers as the EM algorithm reads them: people who answered the same items alike are one pattern with a weight.
struct Patterns {
    /// Each answer as a row of the table of probabilities: one row for each score of each item.
    private(set) var cells: [Int32] = []
    /// Where each pattern begins in `cells`, and the end.
    private(set) var starts: [Int] = [0]
    /// How many people answered so.
    private(set) var weights: [Double] = []

    init(_ people: [[Int32]]) {
        var places: [[Int32]: Int] = [:]
        for row in people where !row.isEmpty {
            if let place = places[row] {
                weights[place] += 1
            } else {
                places[row] = weights.count
                weights.append(1)
                cells += row
                starts.append(cells.count)
            }
        }
    }

    var count: Int { weights.count }
}
