public import Basis
import Crypto
public import JSON
public import PDF

extension Dossier {
    /// The format's version: a reader can tell what it reads.
    public static let format = "urn:leeway:dossier:1"

    /// All of it as JSON.
    public var json: JSONValue {
        [
            "format": .string(Dossier.format), "kind": .string(kind.rawValue), "title": .string(kind.title),
            "organisation": .string(organisation),
            "period": ["from": .string("\(period.lowerBound)"), "until": .string("\(period.upperBound)")],
            "checkpoint": [
                "origin": .string(anchor.origin), "size": JSONValue(anchor.size), "note": .string(anchor.note),
                "waiting": JSONValue(anchor.waiting), "signedAt": .string(anchor.signedAt.timestamp),
            ],
            "sections": .array(sections.map(\.json)),
        ]
    }

    /// The file: canonical JSON, a line.
    ///
    /// - Source: RFC 8785.
    public var bytes: [UInt8] { json.canonical + [0x0A] }

    /// SHA-256 of the file in lower-case hexadecimal: what the ledger holds of it.
    public var digest: String { Dossier.digest(of: bytes) }

    /// Of any file.
    public static func digest(of bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    /// Reads a file back.
    ///
    /// - Throws: `Problem` (`dossier-unreadable`) for anything but such a file.
    public init(file: [UInt8]) throws(Problem) {
        let refusal = Problem(
            .invalid, "dossier-unreadable", "This is no dossier of Leeway. Take the JSON file as it was downloaded.")
        guard let json = try? JSONValue(parsing: file), json["format"]?.string == Dossier.format,
            let kind = (json["kind"]?.string).flatMap(Kind.init(rawValue:)),
            let organisation = json["organisation"]?.string,
            let from = (json["period"]?["from"]?.string).flatMap({ Day($0) }),
            let until = (json["period"]?["until"]?.string).flatMap({ Day($0) }), from <= until,
            let anchor = json["checkpoint"].flatMap(Anchor.init(json:)),
            let sections = json["sections"]?.array
        else { throw refusal }
        var parts: [Section] = []
        for section in sections {
            guard let part = Section(json: section) else { throw refusal }
            parts.append(part)
        }
        self.init(
            kind: kind, organisation: organisation, period: from...until, anchor: anchor, sections: parts)
    }

    /// The same for paper.
    public var paper: Paper {
        var blocks: [Paper.Block] = [.paragraph(kind.purpose)]
        for section in sections {
            blocks += [.heading(section.heading, level: 1), .paragraph(section.note)]
            if !section.facts.isEmpty { blocks.append(.facts(section.facts.map { Paper.Fact($0.name, $0.value) })) }
            blocks += section.tables.map { table in
                .table(
                    Paper.Table(
                        caption: table.caption,
                        columns: table.columns.map {
                            Paper.Column($0.heading, share: $0.share, isNumber: $0.isNumber)
                        }, rows: table.rows))
            }
        }
        blocks += [.heading("Checkpoint", level: 1), .paragraph(anchor.note)]
        return Paper(
            title: kind.title,
            subtitle:
                "\(organisation), \(period.lowerBound) to \(period.upperBound), as of \(anchor.signedAt.timestamp)",
            footer: "\(anchor.origin), checkpoint of \(anchor.size) leaves. SHA-256 of the JSON file: \(digest)",
            date: anchor.signedAt, blocks: blocks)
    }
}

extension Dossier.Section {
    fileprivate var json: JSONValue {
        [
            "id": .string(id), "heading": .string(heading), "note": .string(note),
            "facts": .array(facts.map { ["name": .string($0.name), "value": .string($0.value)] }),
            "tables": .array(
                tables.map { table in
                    [
                        "caption": .string(table.caption),
                        "columns": .array(
                            table.columns.map {
                                [
                                    "heading": .string($0.heading), "share": JSONValue($0.share),
                                    "number": .bool($0.isNumber),
                                ]
                            }),
                        "rows": .array(table.rows.map { .array($0.map { .string($0) }) }),
                    ]
                }),
        ]
    }

    fileprivate init?(json: JSONValue) {
        guard let id = json["id"]?.string, let heading = json["heading"]?.string, let note = json["note"]?.string,
            let facts = json["facts"]?.array, let tables = json["tables"]?.array
        else { return nil }
        var (read, listed): ([Dossier.Fact], [Dossier.Table]) = ([], [])
        for fact in facts {
            guard let name = fact["name"]?.string, let value = fact["value"]?.string else { return nil }
            read.append(Dossier.Fact(name, value))
        }
        for table in tables {
            guard let table = Dossier.Table(json: table) else { return nil }
            listed.append(table)
        }
        self.init(id, heading, note: note, facts: read, tables: listed)
    }
}

extension Dossier.Table {
    fileprivate init?(json: JSONValue) {
        guard let caption = json["caption"]?.string, let columns = json["columns"]?.array,
            let rows = json["rows"]?.array
        else { return nil }
        var (heads, cells): ([Dossier.Column], [[String]]) = ([], [])
        for column in columns {
            guard let heading = column["heading"]?.string, let share = column["share"]?.double, share > 0,
                let isNumber = column["number"]?.bool
            else { return nil }
            heads.append(Dossier.Column(heading, share, isNumber: isNumber))
        }
        for row in rows {
            guard let row = row.array, row.count == heads.count else { return nil }
            let texts = row.compactMap(\.string)
            guard texts.count == row.count else { return nil }
            cells.append(texts)
        }
        self.init(caption: caption, columns: heads, rows: cells)
    }
}

extension Dossier.Anchor {
    fileprivate init?(json: JSONValue) {
        guard let origin = json["origin"]?.string, let size = json["size"]?.integer, let note = json["note"]?.string,
            let waiting = json["waiting"]?.integer,
            let signedAt = (json["signedAt"]?.string).flatMap({ Moment(timestamp: $0) })
        else { return nil }
        self.init(origin: origin, size: size, note: note, waiting: waiting, signedAt: signedAt)
    }
}

extension Dossier {
    /// The report as a PDF.
    ///
    /// - Throws: `Problem` (`fonts-missing`, `pdf-refused`).
    public func printed(_ fonts: PDFFonts = .installed) throws(Problem) -> [UInt8] {
        do throws(PDFError) {
            return try paper.pdf(fonts)
        } catch {
            switch error {
            case .fontMissing(let path):
                throw Problem(
                    .unavailable, "fonts-missing",
                    "The font \(path) is not installed on the server. Install Debian's fonts-dejavu-core, or take the "
                        + "page or the JSON file.")
            case .refused:
                throw Problem(.fault, "pdf-refused", "The PDF could not be written.", cause: error)
            }
        }
    }
}
