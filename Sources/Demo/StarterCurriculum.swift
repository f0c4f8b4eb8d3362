import Basis
public import Foundation
import JSON

/// The curriculum that ships with Leeway: our own readings and items on AI literacy, as files.
///
/// The files go in as anybody's would: skills as a framework, readings as catalogue rows, items as items.
public struct StarterCurriculum: Sendable {
    /// Skills as CSV with the columns key, name and description.
    public let framework: [UInt8]
    /// Readings as catalogue rows with their text, one JSON object a line.
    public let catalogue: [UInt8]
    /// Items, one JSON object a line.
    public let items: [UInt8]

    /// Reads the folder `Starter`.
    ///
    /// - Throws: `Problem` (`starter-missing`, `starter-broken`).
    public init(folder: URL) throws {
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "readings").path)) ?? []
        guard let skills = FileManager.default.contents(atPath: folder.appending(path: "skills.json").path),
            let items = FileManager.default.contents(atPath: folder.appending(path: "items.jsonl").path), !names.isEmpty
        else {
            throw Problem(
                .fault, "starter-missing",
                "The starter curriculum is missing: nothing in \(folder.path). Install the program with its folders.")
        }
        self.items = Array(items)
        framework = try StarterCurriculum.framework(JSONValue(parsing: Array(skills)))
        catalogue = try names.sorted().flatMap { name -> [UInt8] in
            let file = folder.appending(path: "readings").appending(path: name)
            let text = String(decoding: FileManager.default.contents(atPath: file.path) ?? Data(), as: UTF8.self)
            return try StarterCurriculum.row(text, file: name).bytes + [0x0A]
        }
    }

    /// The folder beside the program, where the build and the installation put it.
    public static var folder: URL { ShippedFiles.folder("Starter", of: "Demo") }

    private static func framework(_ skills: JSONValue) throws -> [UInt8] {
        func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
        let lines = (skills.array ?? []).compactMap { skill -> String? in
            guard let key = skill["id"]?.string, let name = skill["name"]?.string else { return nil }
            return [key, name, skill["description"]?.string ?? ""].map(quoted).joined(separator: ",")
        }
        guard !lines.isEmpty else { throw Problem(.fault, "starter-broken", "The starter's skills cannot be read.") }
        return Array((["key,name,description"] + lines).joined(separator: "\n").utf8)
    }

    /// One reading: a header of `name: value` lines between `---`, then Markdown.
    static func row(_ text: String, file: String) throws -> JSONValue {
        let parts = text.split(separator: "---\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty else {
            throw Problem(.fault, "starter-broken", "“\(file)” has no header.")
        }
        var header: [String: String] = [:]
        for line in parts[1].split(separator: "\n") {
            let pair = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count == 2 ? pair[1].trimmingCharacters(in: .whitespaces) : ""
            header[pair[0].trimmingCharacters(in: .whitespaces)] = value
        }
        func words(_ name: String) -> JSONValue {
            let parts = (header[name] ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            return JSONValue(parts.filter { !$0.isEmpty })
        }
        func word(_ name: String) -> JSONValue { header[name].flatMap { $0.isEmpty ? nil : .string($0) } ?? .null }
        return [
            "id": word("id"), "source": "leeway-starter", "kind": "article", "title": word("title"),
            "description": word("description"), "language": word("language"),
            "duration_minutes": JSONValue(header["duration"].flatMap { Int($0) }), "level": word("level"),
            "roles": words("roles"), "topics": words("topics"), "skills": words("skills"),
            "provenance": word("provenance"), "model": word("model"), "reviewer": word("reviewer"),
            "licence": word("licence"), "attribution": word("attribution"), "last_modified": word("modified"),
            "text": .string(String(parts[2])),
        ]
    }
}
