import Basis
import Input

extension FrameworkFile {
    /// `key`, `name`, and optionally `description` and `parent`.
    init(own reader: CSVReader, fileName: String) throws(Problem) {
        let stem = fileName.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? ""
        self.init(.own, stem.isEmpty ? SkillRegister.ownFramework : stem)
        var reader = reader
        var issues = FrameworkIssues()
        while let record = try reader.next() {
            let parent = record["parent"]
            issues.take(
                Entry(
                    key: record["key"], name: record["name"], description: record["description"],
                    parent: parent.isEmpty ? nil : parent),
                line: record.line, columns: ("key", "name"), into: &self)
        }
        issues.checkParents(of: self, column: "parent")
        try issues.finish(self)
    }

    /// The columns of the ESCO portal's `skills_en.csv`.
    ///
    /// - Source: European Commission, ESCO 1.2, classification download, CSV.
    init(escoPortal reader: CSVReader) throws(Problem) {
        self.init(.esco, "ESCO")
        var reader = reader
        var issues = FrameworkIssues()
        var obsolete = 0
        while let record = try reader.next() {
            if record["status"].lowercased() == "obsolete" {
                obsolete += 1
                continue
            }
            let text = record["description"].isEmpty ? record["definition"] : record["description"]
            issues.take(
                Entry(key: record["concepturi"], name: record["preferredlabel"], description: text, parent: nil),
                line: record.line, columns: ("conceptUri", "preferredLabel"), into: &self)
        }
        try issues.finish(self)
        if obsolete > 0 { notes.append("\(obsolete) obsolete skills were left out.") }
    }

    /// `id` and `description`, where the description is the labels one after another and then a sentence.
    init(escoRun reader: CSVReader) throws(Problem) {
        self.init(.esco, "ESCO")
        var reader = reader
        var issues = FrameworkIssues()
        var cut = 0
        while let record = try reader.next() {
            let id = record["id"]
            let text = record["description"]
            if !id.isEmpty, !id.contains("://") {
                issues.add(record.line, "id", "“\(id)” is no ESCO address. An ESCO skill's id is its concept URI.")
                continue
            }
            let (name, isCut) = FrameworkFile.name(in: text)
            if isCut { cut += 1 }
            issues.take(
                Entry(key: id, name: name, description: text, parent: nil),
                line: record.line, columns: ("id", "description"), into: &self)
        }
        try issues.finish(self)
        if cut > 0 {
            notes.append(
                """
                The file has no column of labels: \(cut) names are the first words of their descriptions. Import the \
                portal's skills_en.csv for exact names; the identifiers stay the same.
                """)
        }
    }

    /// What stands before the sentence, at most 60 characters of it, cut between words.
    ///
    /// Labels are in lower case and run together, so where one ends cannot be told; the sentence after them
    /// begins with a capital.
    static func name(in text: String) -> (name: String, isCut: Bool) {
        let words = text.split(separator: " ")
        let sentence = words.indices.dropFirst().first { index in
            guard let first = words[index].first else { return false }
            let rest = words[index].dropFirst()
            let isCapitalised = first.isUppercase && rest.allSatisfy { $0.isLowercase || $0 == "," }
            return isCapitalised && (!rest.isEmpty || first == "A")
        }
        var name = ""
        for (index, word) in words[..<(sentence ?? words.endIndex)].enumerated() {
            if name.count + word.count + 1 > 60, index > 0 { return (name + "…", true) }
            name += index == 0 ? word : " " + word
        }
        return (name, sentence == nil)
    }
}
