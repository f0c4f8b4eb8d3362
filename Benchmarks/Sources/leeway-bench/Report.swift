import Foundation

/// Figures in the order they were taken, printed as a Markdown table.
struct Report {
    private var rows: [[String]] = []

    mutating func add(_ what: String, _ value: Double, _ unit: String, goal: String = "", cpu: Double? = nil) {
        let digits = value >= 1_000 ? 0 : value >= 10 ? 1 : 2
        let figure = String(format: "%.\(digits)f", value) + (unit.isEmpty ? "" : " \(unit)")
        rows.append([what, figure, goal, cpu.map { String(format: "%.1f", $0) } ?? ""])
        FileHandle.standardError.write(Data("\(what): \(figure)\n".utf8))
    }

    var markdown: String {
        let head = ["| what | measured | goal | CPU s |", "| --- | --- | --- | --- |"]
        return (head + rows.map { "| " + $0.joined(separator: " | ") + " |" }).joined(separator: "\n")
    }
}
