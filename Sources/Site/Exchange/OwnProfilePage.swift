import Basis
import Evidence
import HTML
import Hummingbird
import JSON
import Web

/// Leeway's own xAPI Profile: for programs as JSON-LD, for people as a page, whole or one concept.
func ownProfileRoutes() -> [Route] {
    [
        .get(OwnProfile.path, .anyone, "Leeway’s own xAPI Profile, as JSON-LD or as a page.") { visit in
            answer(OwnProfile.document, visit) { ownProfilePage() }
        },
        .get("\(OwnProfile.path)/{iri}", .anyone, "One concept, template or pattern of the profile.") { visit in
            let iri = visit.parameter("iri")
            guard let concept = OwnProfile.describe(iri) else {
                throw Problem(
                    .missing, "missing", "Leeway’s profile has nothing with this IRI. See \(OwnProfile.path).")
            }
            return answer(concept, visit) { conceptPage(concept, iri) }
        },
    ]
}

/// JSON-LD, unless a browser asks.
private func answer(_ value: JSONValue, _ visit: Visit, _ page: () -> Fragment) -> Response {
    let wanted = visit.request.headers[.accept] ?? ""
    var response =
        wanted.contains("text/html")
        ? Response.page(page())
        : Response.bytes(
            value.bytes, type: wanted.contains("application/json") ? "application/json" : "application/ld+json")
    response.headers[.vary] = "Accept"
    response.headers[.cacheControl] = "public, max-age=3600"
    return response
}

private func ownProfilePage() -> Fragment {
    door("Leeway’s xAPI Profile", isWide: true) {
        p { words(OwnProfile.document, "definition") }
        sheet([
            ("IRI", code { OwnProfile.iri }), ("Version", code { OwnProfile.version }),
            ("For programs", a(.href(OwnProfile.path)) { "JSON-LD at this address" }),
        ])
        h2 { "Events" }
        p { "A statement with the verb, and the type if there is one, follows the template." }
        dataTable(
            "Events", OwnProfile.events,
            [
                Column("Event") { event in
                    a(.href(path(event.iri))) { event.label }
                    if !event.isWritten { small { "not written yet" } }
                },
                Column("Verb") { event in code { event.verb.iri } },
                Column("Object’s type") { event in if let type = event.type { code { type } } else { "any" } },
                Column("Meaning") { $0.definition },
            ])
        h2 { "Concepts" }
        dataTable(
            "Concepts", OwnProfile.concepts,
            [
                Column("Concept") { concept in
                    a(.href(path(concept["id"]?.string ?? ""))) { words(concept, "prefLabel") }
                },
                Column("Kind") { $0["type"]?.string ?? "" },
                Column("IRI") { concept in code { concept["id"]?.string ?? "" } },
                Column("Meaning") { words($0, "definition") },
            ])
    }
}

private func conceptPage(_ concept: JSONValue, _ iri: String) -> Fragment {
    let label = words(concept, "prefLabel")
    return door(label.isEmpty ? iri : Words.sentence(label), isWide: true) {
        p { a(.href(OwnProfile.path)) { "Leeway’s xAPI Profile" } }
    } content: {
        p { words(concept, "definition") }
        sheet([("IRI", code { iri }), ("Kind", Fragment(concept["type"]?.string ?? ""))])
        h2 { "As JSON" }
        pre(.init("tabindex", "0")) { code { concept.text } }
    }
}

private func words(_ value: JSONValue, _ name: String) -> String { value[name]?["en"]?.string ?? "" }

private func path(_ iri: String) -> String { "\(OwnProfile.path)/\(iri)" }
