import Basis
import JSON

/// A statement that another one points to where a template says what that must be.
///
/// - Source: xAPI Profiles, part two, 8.0, `objectStatementRefTemplate` and `contextStatementRefTemplate`; part three,
///   2.1.
struct TemplateReference: Hashable, Sendable {
    /// The template that says so.
    let place: String
    let name: String
    /// Where the reference stands.
    let pointer: String
    /// Nil where no statement is named.
    let target: ID<Statement>?
    /// The templates one of which the other statement follows.
    let templates: [String]

    /// - Parameters:
    ///   - target: The other statement, with lists as its context activities; nil when it is not here.
    ///   - profile: Whose templates are meant. A template of another profile is taken on trust.
    /// - Returns: What is wrong; `isSure` is false where it cannot be told yet.
    func flaw(_ target: JSONValue?, in profile: XAPIProfile) -> (flaw: ProfileFlaw, isSure: Bool)? {
        func told(_ detail: String) -> ProfileFlaw {
            ProfileFlaw(place: place, name: name, pointer: pointer, detail: detail)
        }
        guard let id = self.target else {
            return (told("It must be a reference to a statement (StatementRef). Name that one."), true)
        }
        guard let target else {
            let detail =
                "The statement \(id) that it points to is not here, so it was not checked. Send that one first."
            return (told(detail), false)
        }
        let known = profile.templates.filter { templates.contains($0.id) }
        if known.count < templates.count || known.contains(where: { $0.isFollowed(by: target) }) { return nil }
        let names = known.prefix(5).map(\.name).joined(separator: ", ")
        return (told("The statement \(id) that it points to follows none of: \(names)."), true)
    }
}

extension StatementTemplate {
    /// Whether it describes the statement and the statement does as its rules say.
    func isFollowed(by statement: JSONValue) -> Bool { describes(statement) && flaws(in: statement).isEmpty }

    /// What a statement that it describes points to.
    func references(in statement: JSONValue) -> [TemplateReference] {
        var found: [TemplateReference] = []
        func add(_ value: JSONValue?, _ pointer: String, _ templates: [String]) {
            if templates.isEmpty { return }
            let isReference = value?["objectType"]?.string == "StatementRef"
            let target = isReference ? value?["id"]?.string.flatMap { ID<Statement>($0) } : nil
            found.append(
                TemplateReference(place: id, name: name, pointer: pointer, target: target, templates: templates))
        }
        add(statement["object"], "/object", objectReferences)
        add(statement["context"]?["statement"], "/context/statement", contextReferences)
        return found
    }
}

extension XAPIProfile {
    /// What a statement points to where a template says what that must be.
    func references(in statement: JSONValue) -> [TemplateReference] {
        if !hasReferences { return [] }
        return templates.filter { $0.describes(statement) }.flatMap { $0.references(in: statement) }
    }

    /// The templates that a statement follows, or why it follows none: each that describes it must be followed.
    ///
    /// - Source: xAPI Profiles, part three, 2.1, `validates`.
    func templates(
        followedBy statement: JSONValue, targets: (ID<Statement>) -> JSONValue?
    ) -> (templates: Set<String>, flaw: String?) {
        let described = templates.filter { $0.describes(statement) }
        if described.isEmpty { return ([], "No template describes it.") }
        for template in described {
            let flaw =
                template.flaws(in: statement).first
                ?? template.references(in: statement).compactMap { reference in
                    reference.flaw(reference.target.flatMap(targets), in: self).flatMap { $0.isSure ? $0.flaw : nil }
                }.first
            if let flaw { return ([], "\(flaw.pointer): \(flaw.detail) (\(template.name))") }
        }
        return (Set(described.map(\.id)), nil)
    }

    /// Whether an IRI names the profile or one of its versions.
    func isNamed(_ iri: String) -> Bool { iri == id || versions.contains(iri) }

    func templateName(_ iri: String) -> String? { templates.first { $0.id == iri }?.name }
}
