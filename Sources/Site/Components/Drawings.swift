import HTML

/// A value with its interval, each from 0 to 1.
struct Estimate: Hashable, Sendable {
    let value, low, high: Double
}

/// One row of the dot-and-interval chart, all shares from 0 to 1.
struct Dots: Sendable {
    var observed: Estimate?
    var perceived: Estimate?
    var benchmark: Double?
    var target: Double?
    var intervalLevel = 95

    /// The chart in words, for assistive technology and for the table behind it.
    var words: String {
        var parts: [String] = []
        if let observed { parts.append("Observed \(Dots.said(observed)).") }
        if let perceived { parts.append("Perceived \(Dots.said(perceived)).") }
        if let benchmark { parts.append("Report \(Words.percent(benchmark)).") }
        if let target { parts.append("Target \(Words.percent(target)).") }
        return parts.joined(separator: " ")
    }

    private static func said(_ estimate: Estimate) -> String {
        "\(Words.signedPercent(estimate.value)), interval \(Words.signedPercent(estimate.low).dropLast()) to "
            + "\(Words.signedPercent(estimate.high).dropLast())"
    }
}

/// The drawing: observed filled at y 25, perceived hollow at y 39, target labelled above, benchmark below.
func dots(_ dots: Dots) -> Fragment {
    svg(
        .class("dots"), .role("img"), .aria("label", dots.words), .init("width", "100%"), .init("height", "64")
    ) {
        line(.class("axis"), .init("x1", "0%"), .init("x2", "100%"), .init("y1", "48"), .init("y2", "48"))
        if let target = dots.target { tickMark("target", "target", target, from: "15", to: "48", label: "11") }
        if let benchmark = dots.benchmark {
            tickMark("benchmark", "report", benchmark, from: "15", to: "51", label: "62")
        }
        if let observed = dots.observed { interval(observed, series: "s1", y: 25, radius: "5") }
        if let perceived = dots.perceived { interval(perceived, series: "s5 hollow", y: 39, radius: "4.5") }
    }
}

/// The scale above a column of such drawings: 0, 50 and 100%.
func dotScale() -> Fragment {
    svg(.class("scale"), .aria("hidden", "true"), .init("width", "100%"), .init("height", "16")) {
        for (place, words, anchor) in [("0%", "0", "start"), ("50%", "50", "middle"), ("100%", "100%", "end")] {
            text(.init("x", place), .init("y", "12"), .init("text-anchor", anchor)) { words }
        }
    }
}

/// Estimates one under another, each with its name, and the same numbers as a table.
func dotChart(_ caption: String, _ rows: [(name: String, count: String, estimate: Estimate)], level: Int) -> Fragment {
    figure(.class("chart")) {
        figcaption { caption }
        div(.class("box")) {
            table(.class("table measures")) {
                HTML.caption(.class("hidden")) { caption }
                thead {
                    tr {
                        th(.scope("col")) { "Skill" }
                        th(.scope("col")) { "Now, \(level)% interval" }
                        th(.scope("col"), .class("drawing")) {
                            spoken("Drawing")
                            dotScale()
                        }
                    }
                }
                tbody {
                    for row in rows {
                        tr {
                            th(.scope("row")) {
                                row.name
                                small { row.count }
                            }
                            td(.data("label", "Now")) {
                                strong(.class("number")) { Words.percent(row.estimate.value) }
                                small {
                                    "\(Words.wholePercent(row.estimate.low)) to "
                                    "\(Words.wholePercent(row.estimate.high))"
                                }
                            }
                            td(.class("drawing")) { dots(Dots(observed: row.estimate)) }
                        }
                    }
                }
            }
        }
    }
}

/// A share from 0 to 1 as a place in a drawing, such as `14.3%`.
func place(_ share: Double) -> String {
    let tenths = Int((min(1, max(0, share.isFinite ? share : 0)) * 1_000).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
}

private func anchor(_ share: Double) -> String { share < 0.12 ? "start" : share > 0.88 ? "end" : "middle" }

private func tickMark(
    _ kind: String, _ words: String, _ share: Double, from top: String, to bottom: String, label y: String
) -> Fragment {
    fragment {
        line(
            .class(kind), .init("x1", place(share)), .init("x2", place(share)), .init("y1", top), .init("y2", bottom))
        text(.class(kind), .init("x", place(share)), .init("y", y), .init("text-anchor", anchor(share))) {
            "\(words) \(Words.wholePercent(share))"
        }
    }
}

private func interval(_ estimate: Estimate, series: String, y: Int, radius: String) -> Fragment {
    g(.class(series)) {
        line(
            .class("interval"), .init("x1", place(estimate.low)), .init("x2", place(estimate.high)),
            .init("y1", "\(y)"), .init("y2", "\(y)"))
        for end in [estimate.low, estimate.high] where (0...1).contains(end) {
            line(
                .class("cap"), .init("x1", place(end)), .init("x2", place(end)), .init("y1", "\(y - 4)"),
                .init("y2", "\(y + 4)"))
        }
        if (0...1).contains(estimate.value) {
            circle(.class("mark"), .init("cx", place(estimate.value)), .init("cy", "\(y)"), .init("r", radius))
        } else {
            beyond(estimate.value, y: y)
        }
    }
}

/// An arrow at the edge for a value that lies beyond the scale, with the value beside it.
private func beyond(_ value: Double, y: Int) -> Fragment {
    let isLow = value < 0
    return fragment {
        svg(.class("mark"), .init("x", isLow ? "0%" : "100%"), .init("y", "\(y)")) {
            path(.init("d", isLow ? "M0 0 9-6v12z" : "M0 0-9-6v12z"))
        }
        text(
            .class("value"), .init("x", isLow ? "0%" : "100%"), .init("dx", isLow ? "14" : "-14"),
            .init("y", "\(y + 4)"), .init("text-anchor", isLow ? "start" : "end")
        ) { Words.signedPercent(value) }
    }
}
