import Basis
import HTML

/// What a person typed and what is wrong with it, by field name.
struct Entries: Sendable {
    var values: [String: String] = [:]
    /// By field name; the empty name is for the whole form.
    var errors: [String: String] = [:]

    init(_ values: [String: String] = [:], errors: [String: String] = [:]) {
        self.values = values
        self.errors = errors
    }

    /// The entries with a refusal: each pointer `/email` is the field `email`, unless `naming` says otherwise.
    init(
        _ values: [String: String], refused problem: Problem,
        naming: (String) -> String = { $0.split(separator: "/").first.map(String.init) ?? "" }
    ) {
        self.values = values
        let names = problem.pointers.isEmpty ? [""] : problem.pointers.map(naming)
        let details = problem.details.isEmpty ? names.map { _ in problem.detail } : problem.details
        errors = Dictionary(zip(names, details), uniquingKeysWith: { $0 == $1 ? $0 : $0 + " " + $1 })
    }

    subscript(name: String) -> String { values[name] ?? "" }
}

/// A field of one line: label, hint, error and input, tied together for assistive technology.
struct Field: Sendable {
    enum Kind: String, Sendable { case text, email, password, date, search, url }
    enum Width: String, Sendable {
        case normal = "field"
        case short = "field short"
    }

    let name, words: String
    var hint: String?
    var kind = Kind.text
    var width = Width.normal
    var isRequired = false
    var isNumber = false
    var autocomplete: String?
    /// Leaves the value out of the page again, as for passwords.
    var isSecret: Bool { kind == .password }
}

/// Draws a field with what was typed and what is wrong.
func field(_ field: Field, _ entries: Entries = Entries()) -> Fragment {
    let error = entries.errors[field.name]
    return shell(field.name, field.words, hint: field.hint, error: error, width: field.width) { describedBy in
        input(
            .id(field.name), .name(field.name), .type(field.kind.rawValue),
            .init("inputmode", field.isNumber ? "numeric" : nil),
            .value(field.isSecret ? nil : entries.values[field.name]), .autocomplete(field.autocomplete),
            .aria("invalid", error == nil ? nil : "true"), .aria("describedby", describedBy),
            .required(field.isRequired))
    }
}

/// A field of several lines.
func area(
    _ name: String, _ words: String, hint: String? = nil, rows: Int = 4, _ entries: Entries = Entries(),
    isRequired: Bool = false
) -> Fragment {
    let error = entries.errors[name]
    return shell(name, words, hint: hint, error: error, width: .normal) { describedBy in
        textarea(
            .id(name), .name(name), .init("rows", "\(rows)"), .aria("invalid", error == nil ? nil : "true"),
            .aria("describedby", describedBy), .required(isRequired)
        ) { entries[name] }
    }
}

/// One thing out of a few: its value, its words, and a word more in small.
struct Choosable: Sendable {
    let value, words: String
    var more: String?

    init(_ value: String, _ words: String, more: String? = nil) {
        self.value = value
        self.words = words
        self.more = more
    }
}

/// A drop-down field.
func dropDown(
    _ name: String, _ words: String, _ options: [Choosable], hint: String? = nil, _ entries: Entries = Entries(),
    width: Field.Width = .normal
) -> Fragment {
    let error = entries.errors[name]
    return shell(name, words, hint: hint, error: error, width: width) { describedBy in
        select(
            .id(name), .name(name), .aria("invalid", error == nil ? nil : "true"), .aria("describedby", describedBy)
        ) {
            for choice in options {
                option(.value(choice.value), .selected(choice.value == entries[name])) { choice.words }
            }
        }
    }
}

/// Radio buttons under a legend.
func radios(_ name: String, _ words: String, _ options: [Choosable], hint: String? = nil, chosen: String?) -> Fragment {
    fieldset(.class("choices")) {
        legend { words }
        if let hint { p(.class("hint")) { hint } }
        for choice in options {
            label {
                input(.type("radio"), .name(name), .value(choice.value), .checked(choice.value == chosen))
                span {
                    choice.words
                    if let more = choice.more { small { " " + more } }
                }
            }
        }
    }
}

/// One box to tick.
func tick(_ name: String, _ words: String, isOn: Bool = false, value: String = "yes") -> Fragment {
    label(.class("check")) {
        input(.type("checkbox"), .name(name), .value(value), .checked(isOn))
        span { words }
    }
}

/// The summary on top of a form that was refused; empty when nothing is wrong.
func refusal(_ entries: Entries, labels: [String: String] = [:]) -> Fragment {
    guard !entries.errors.isEmpty else { return .empty }
    let named = entries.errors.filter { !$0.key.isEmpty }.sorted { $0.key < $1.key }
    return div(.class("notice alert"), .role("alert"), .init("tabindex", "-1")) {
        icon(.warning)
        div {
            if let whole = entries.errors[""] {
                p { whole }
            }
            if !named.isEmpty {
                h2 { named.count == 1 ? "One answer needs a change" : "\(named.count) answers need a change" }
                ul {
                    for (name, detail) in named {
                        li { a(.href("#\(name)")) { (labels[name].map { "\($0): " } ?? "") + detail } }
                    }
                }
            }
        }
    }
}

private func shell(
    _ name: String, _ words: String, hint: String?, error: String?, width: Field.Width,
    control: (_ describedBy: String?) -> Fragment
) -> Fragment {
    let described = [hint.map { _ in "\(name)-hint" }, error.map { _ in "\(name)-error" }].compactMap { $0 }
    return div(.class(width.rawValue + (error == nil ? "" : " invalid"))) {
        label(.for(name)) { words }
        if let hint { p(.class("hint"), .id("\(name)-hint")) { hint } }
        if let error {
            p(.class("error"), .id("\(name)-error")) {
                icon(.warning)
                error
            }
        }
        control(described.isEmpty ? nil : described.joined(separator: " "))
    }
}
