import Assess
import Basis
import HTML
import Web

/// The fields that an item is answered with, by its kind; they work without script.
func answerFields(_ item: ItemRecord, _ entries: Entries) -> Fragment {
    switch item.kind {
    case .single, .scenario, .multiple, .opaque:
        return fragment {
            if item.kind == .multiple { p(.class("hint")) { "Several may be right. Choose all of them." } }
            ul(.id("answer"), .class("answers"), .init("tabindex", "-1")) {
                for (index, choice) in item.choices.enumerated() {
                    li {
                        label {
                            input(
                                .type(item.kind == .multiple ? "checkbox" : "radio"), .name("answer"),
                                .value("\(index)"))
                            span { choice }
                        }
                    }
                }
            }
        }
    case .order:
        let places = item.choices.indices.map { Choosable("\($0)", "\($0 + 1)") }
        return fragment {
            p(.class("hint")) { "Give each step its place. 1 comes first." }
            for (index, choice) in item.choices.enumerated() {
                dropDown("answer-\(index)", choice, [Choosable("", "Place")] + places, entries)
            }
        }
    case .match:
        let partners = item.matches.enumerated().map { Choosable("\($0)", $1) }
        return fragment {
            p(.class("hint")) { "Choose what belongs to each. Not all of them need be used." }
            for (index, choice) in item.choices.enumerated() {
                dropDown("answer-\(index)", choice, [Choosable("", "Choose")] + partners, entries)
            }
        }
    case .numeric:
        let unit = item.numeric?.unit ?? ""
        return field(
            Field(
                name: "answer", words: unit.isEmpty ? "Your answer" : "Your answer, in \(unit)",
                hint: "A number. A point or a comma stands before the decimals.", width: .short, isRequired: true,
                isNumber: true), entries)
    case .short:
        return field(
            Field(
                name: "answer", words: "Your answer", hint: "A word or a few. Capitals and accents do not matter.",
                isRequired: true), entries)
    }
}

extension ItemAnswer {
    /// What a form with `answerFields` says.
    ///
    /// - Throws: `Problem` (`answer-number`) for a text where a number is asked for. What is missing the grade tells.
    init(_ form: Form, to item: ItemRecord) throws(Problem) {
        switch item.kind {
        case .single, .multiple, .scenario, .opaque: self = .picks(form.all("answer").compactMap { Int($0) })
        case .order:
            // The form gives each step its place; the answer is the steps by place.
            let places = item.choices.indices.map { Int(form.text("answer-\($0)")) }
            let steps = item.choices.indices.sorted { (places[$0] ?? .max, $0) < (places[$1] ?? .max, $1) }
            let isComplete = Set(places.compactMap(\.self)) == Set(item.choices.indices)
            self = .order(isComplete ? steps : [])
        case .match: self = .pairs(item.choices.indices.map { Int(form.text("answer-\($0)")) })
        case .numeric:
            guard let value = ItemAnswer.number(parsing: form.text("answer")) else {
                throw Problem(.invalid, "answer-number", "This is no number. Write one, such as 12.5.", at: ["/answer"])
            }
            self = .number(value)
        case .short: self = .text(form.text("answer"))
        }
    }
}

/// An answer of a kind without picks beside the key.
func answerBesideKey(_ item: ItemRecord, _ grade: Grade) -> Fragment {
    switch (grade.answer, grade.key) {
    case (.order(let given), .order(let right)):
        return dataTable(
            "Your order beside the right one", Array(zip(given, right)).enumerated().map { ($0, $1.0, $1.1) },
            [
                Column("Place") { "\($0.0 + 1)" }, Column("Yours") { words(item.choices, $0.1) },
                Column("Right") { words(item.choices, $0.2) },
                Column("Result") { badge($0.1 == $0.2 ? .done("right") : .under("not right")) },
            ], isPlain: true)
    case (.pairs(let given), .pairs(let right)):
        return dataTable(
            "Your pairs beside the right ones", Array(zip(given, right)).enumerated().map { ($0, $1.0, $1.1) },
            [
                Column("Of") { words(item.choices, $0.0) },
                Column("Yours") { words(item.matches, $0.1 ?? -1) },
                Column("Right") { words(item.matches, $0.2 ?? -1) },
                Column("Result") { badge($0.1 == $0.2 ? .done("right") : .under("not right")) },
            ], isPlain: true)
    case (.number(let given), .number(let right)):
        let unit = item.numeric.map { $0.unit.isEmpty ? "" : " " + $0.unit } ?? ""
        let spread = item.numeric.flatMap { $0.tolerance > 0 ? ", give or take \(plain($0.tolerance))" : nil } ?? ""
        return sheet([
            ("Your answer", Fragment(plain(given) + unit)), ("Right", Fragment(plain(right) + unit + spread)),
        ])
    case (.text(let given), .text(let right)):
        return sheet([("Your answer", Fragment(given)), ("Right", Fragment(right))])
    default: return .empty
    }
}

private func words(_ texts: [String], _ place: Int) -> String { texts.indices.contains(place) ? texts[place] : "–" }

/// A number without a needless `.0`.
private func plain(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
