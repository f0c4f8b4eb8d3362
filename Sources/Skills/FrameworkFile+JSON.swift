import Basis
import Input
import JSON

extension FrameworkFile {
    /// Areas, competences and competence statements of DigComp 3.0. Levels, learning outcomes and the glossary are no
    /// skills and stay out.
    ///
    /// - Source: European Commission, DigComp 3.0, JSON-LD edition.
    init(digComp document: JSONValue) throws(Problem) {
        self.init(.digComp, "DigComp 3.0")
        var issues = FrameworkIssues()
        var ignored: [String: Int] = [:]
        for (index, node) in (document["@graph"]?.array ?? []).enumerated() {
            let type = node["@type"]?.string ?? "?"
            let above: String?
            switch type {
            case "CompetenceArea": above = nil
            case "Competence": above = node["competence_area_id"]?.string
            case "CompetenceStatement": above = node["competence_id"]?.string
            default:
                ignored[type, default: 0] += 1
                continue
            }
            let id = node["@id"]?.string?.trimmed ?? ""
            let description = node["description"]?.string?.trimmed ?? ""
            issues.take(
                Entry(
                    key: id.isEmpty ? "" : "digcomp-3.0:\(id)",
                    name: node["name"]?.string?.trimmed ?? description,
                    description: node["name"] == nil ? "" : description,
                    parent: above.map { "digcomp-3.0:\($0)" }),
                line: 1, columns: ("/@graph/\(index)/@id", "/@graph/\(index)/name"), into: &self)
        }
        issues.checkParents(of: self, column: "/@graph")
        try issues.finish(self)
        let left = ignored.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
        if !left.isEmpty { notes.append("Left out, because they are no skills: \(left.joined(separator: ", ")).") }
    }

    /// The items of a CASE package, with their places from the `isChildOf` associations.
    ///
    /// - Source: 1EdTech, Competencies and Academic Standards Exchange 1.0 and 1.1, `CFPackage`.
    init(casePackage document: JSONValue) throws(Problem) {
        var issues = FrameworkIssues()
        let title = document["CFDocument"]?["title"]?.string?.trimmed ?? ""
        if title.isEmpty { issues.add(1, "/CFDocument/title", "The framework has no title. Add one.") }
        self.init(.casePackage, title)
        var above: [String: (order: Int, parent: String)] = [:]
        let links = document["CFAssociations"]?.array ?? []
        for (index, link) in links.enumerated() where link["associationType"]?.string == "isChildOf" {
            guard let child = link["originNodeURI"]?["identifier"]?.string,
                let parent = link["destinationNodeURI"]?["identifier"]?.string
            else {
                issues.add(1, "/CFAssociations/\(index)", "A child or its parent has no identifier. Add it.")
                continue
            }
            let order = link["sequenceNumber"]?.integer ?? .max
            if order < above[child]?.order ?? .max || above[child] == nil { above[child] = (order, parent) }
        }
        let items = document["CFItems"]?.array ?? []
        let known = Set(items.compactMap { $0["identifier"]?.string })
        for (index, item) in items.enumerated() {
            let statement = item["fullStatement"]?.string?.trimmed ?? ""
            let short = item["abbreviatedStatement"]?.string?.trimmed ?? ""
            let code = item["humanCodingScheme"]?.string?.trimmed ?? ""
            let id = item["identifier"]?.string ?? ""
            let notes = item["notes"]?.string?.trimmed ?? ""
            let details = [code, short.isEmpty ? "" : statement, notes].filter { !$0.isEmpty }
            issues.take(
                Entry(
                    key: id.isEmpty ? "" : "case:\(id)", name: short.isEmpty ? statement : short,
                    description: details.joined(separator: "\n\n"),
                    // A child of the document itself stands at the top.
                    parent: above[id].flatMap { known.contains($0.parent) ? "case:\($0.parent)" : nil }),
                line: 1, columns: ("/CFItems/\(index)/identifier", "/CFItems/\(index)/fullStatement"), into: &self)
        }
        issues.checkParents(of: self, column: "/CFAssociations")
        try issues.finish(self)
        let other = links.count { $0["associationType"]?.string != "isChildOf" }
        if other > 0 { notes.append("\(other) associations other than isChildOf were left out.") }
    }
}
