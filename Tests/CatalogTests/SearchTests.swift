import Basis
import Foundation
import JSON
import Storage
import StorageTesting
import Testing

@testable import Catalog

@Suite struct SearchTests {
    @Test(arguments: Engine.present) func `the title says more than the description`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        try await shelf.take(
            """
            {"id": "body", "title": "One", "description": "nothing here at all", "text": "tutoring machines"}
            {"id": "title", "title": "Tutoring machines", "description": "nothing here at all"}
            {"id": "description", "title": "Two", "description": "tutoring machines"}
            """)
        let result = try await shelf.library.search(SearchQuery(text: "tutoring"), of: shelf.tenant)
        #expect(result.hits.map(\.key) == ["title", "description", "body"])
    }

    @Test(arguments: Engine.present) func `words are found as people type them`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        try await shelf.take(sample)
        let cases: [(typed: String, keys: Set<String>)] = [
            ("prompt", ["a", "b"]), ("PROMPTING", ["a", "b"]), ("prompting sources", ["a"]), ("so", ["a"]),
            ("verifier", ["b"]), ("VÉRIFIER", ["b"]), ("réponses vérif", ["b"]),
            ("c#", ["c"]), ("C++", ["c"]), ("クラウド", ["j"]), ("概念", ["j"]), ("ドラ", []),
            ("\"with sources\"", ["a"]), ("\"sources with\"", []), ("prompting walrus", []),
            ("", ["a", "b", "m", "j", "c"]), ("  ", ["a", "b", "m", "j", "c"]),
        ]
        for (typed, keys) in cases {
            let result = try await shelf.library.search(SearchQuery(text: typed), of: shelf.tenant)
            #expect(Set(result.hits.map(\.key)) == keys, "\(typed)")
            #expect(result.total == keys.count)
        }
    }

    @Test(arguments: Engine.present) func `nothing typed is an error`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        try await shelf.take(sample)
        var hostile = [
            "\"", "\"\"", "\"\"\"", "'", "''; DROP TABLE content; --", "AND", "OR NOT", "NEAR(a b)", "NEAR/3", "a AND",
            "title:", "title : x", "-a", "^a", "a*", "*", "(", ")", "((a)", "{a b}", ":", "&", "|", "!", "<->", "a:*",
            "a & !b", "\\", "\\'", "%", "_", "\u{0}", "a\u{0}b", "\u{202E}a", "🦆", "é", "e\u{301}", "ß", "İ",
            "+", "++", "#", "c+ +", "+c", "#c", "\u{1F469}\u{200D}\u{1F4BB}", "हिन्दी", "ﬁ", "Ⅷ", "½", "a\nb",
            String(repeating: "a ", count: 5_000), String(repeating: "x", count: 100_000), "\u{FFFD}", "content_search",
            "' OR 1=1", "\"unfinished", "a\"b\"c", "١٢٣", "ﷺ", "\u{FDFA}\u{0301}", "ｆｕｌｌ", "ー", "々", "゛",
        ]
        var dice = Dice(seed: 7)
        let alphabet = Array("ab\"'*()-+#:&|!<>\\^{}~%,. \u{301}éク概½\u{0}🦆")
        for _ in 0..<150 {
            let length = Int.random(in: 1...12, using: &dice)
            hostile.append(String((0..<length).map { _ in alphabet.randomElement(using: &dice) ?? "a" }))
        }
        for typed in hostile {
            var query = SearchQuery(text: typed)
            _ = try await shelf.library.search(query, of: shelf.tenant)
            query.languages = [typed.replacing("\u{0}", with: "")]
            query.roles = query.languages
            query.text = ""
            #expect(try await shelf.library.search(query, of: shelf.tenant).total == 0)
        }
        #expect(try await shelf.library.count(of: shelf.tenant) == 5)
    }

    @Test(arguments: Engine.present) func `filters narrow and pages turn`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        try await shelf.take(sample)
        func keys(_ change: (inout SearchQuery) -> Void) async throws -> [String] {
            var query = SearchQuery(order: .title)
            change(&query)
            return try await shelf.library.search(query, of: shelf.tenant).hits.map(\.key)
        }
        #expect(try await keys { _ in } == ["c", "a", "b", "m", "j"])
        #expect(try await keys { $0.languages = ["en", "fr-FR"] } == ["a", "b", "m"])
        #expect(try await keys { $0.levels = [.advanced] } == ["b"])
        #expect(try await keys { $0.origins = [.unknown] } == ["c", "m", "j"])
        #expect(try await keys { $0.kinds = ["unit"] } == ["a", "b", "j"])
        #expect(try await keys { $0.sources = ["theirs"] } == ["c", "j"])
        #expect(try await keys { $0.roles = ["learner"] } == ["a"])
        #expect(try await keys { $0.skills = [Shelf.skill("Checking")] } == ["a", "b"])
        #expect(try await keys { $0.minutes = 10...40 } == ["a", "b"])
        #expect(
            try await keys {
                $0.text = "prompting"; $0.minutes = 20...40
            } == ["b"])
        #expect(
            try await keys {
                $0.text = "prompting"; $0.roles = ["learner"]
            } == ["a"])
        #expect(
            try await keys {
                $0.pageSize = 2; $0.page = 2
            } == ["b", "m"])
        #expect(
            try await keys {
                $0.pageSize = 2; $0.page = 9
            } == [])
        #expect(
            try await keys {
                $0.pageSize = -1; $0.page = .max
            } == [])
        #expect(
            try await keys {
                $0.text = "prompting"; $0.order = .newest
            }.count == 2)
    }

    @Test(arguments: Engine.present) func `facets are the counts of a recount`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        let rows = seededRows(count: 700)
        try await shelf.take(rows.map { JSONValue.object($0).text }.joined(separator: "\n"))
        for (text, languages) in [("", []), ("alpha", []), ("alpha", ["en", "de"]), ("", ["en"]), ("beta gam", [])] {
            var query = SearchQuery(text: text)
            query.languages = languages
            let result = try await shelf.library.search(query, of: shelf.tenant)
            let matching = rows.filter { row in
                let title = row["title"]?.string ?? ""
                let words = title.split(separator: " ")
                let found = text.split(separator: " ").allSatisfy { typed in words.contains { $0.hasPrefix(typed) } }
                return found && (languages.isEmpty || languages.contains(row["language"]?.string ?? ""))
            }
            #expect(result.total == matching.count)
            for (facet, field) in [
                (SearchFacet.language, "language"), (.kind, "kind"), (.level, "level"), (.source, "source"),
                (.provenance, "provenance"), (.role, "roles"), (.skill, "skills"),
            ] {
                var counts: [String: Int] = [:]
                for row in matching {
                    let values = row[field]?.array?.compactMap(\.string) ?? [row[field]?.string].compactMap(\.self)
                    for value in Set(values) {
                        counts[field == "skills" ? Shelf.skill(value).description : value, default: 0] += 1
                    }
                }
                let told = Dictionary(
                    (result.facets[facet] ?? []).map { ($0.value, $0.count) }, uniquingKeysWith: { one, _ in one })
                #expect(told == counts, "\(text) \(languages) \(facet)")
            }
        }
    }

    private func seededRows(count: Int) -> [JSONObject] {
        var dice = Dice(seed: 42)
        func pick(_ values: [String]) -> JSONValue { .string(values.randomElement(using: &dice) ?? "") }
        return (0..<count).map { index in
            let words = (0..<3).map { _ in ["alpha", "beta", "gamma", "delta"].randomElement(using: &dice) ?? "" }
            return JSONObject([
                ("id", .string("row-\(index)")), ("title", .string(words.joined(separator: " "))),
                ("language", pick(["en", "de", "fr"])), ("kind", pick(["unit", "course"])),
                ("level", pick(["beginner", "intermediate", "advanced"])), ("source", pick(["one", "two"])),
                ("provenance", pick(["human", "assisted", "generated", "unknown"])),
                ("roles", .array([pick(["r1", "r2", "r3"]), pick(["r1", "r4"])])),
                ("skills", .array([pick(["s1", "s2", "s3", "s4"])])),
            ])
        }
    }

    @Test(arguments: Engine.present) func `the full-text index leads`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        var rows = ""
        for index in 0..<3_000 {
            let about = (0..<30).map { "v\((index * 31 + $0 * 7) % 997)" }.joined(separator: " ")
            rows += #"{"id": "r\#(index)", "title": "Number w\#(index)", "description": "\#(about)", "language": "en"}"#
            rows += "\n"
        }
        try await shelf.take(rows)
        var query = SearchQuery()
        query.languages = ["en"]
        let index = searchIndex(of: shelf.database.dialect)
        let sql = index.candidates(
            SearchText("\"w17\""), shelf.tenant, where: query.condition(shelf.tenant), limit: 4_001)
        let plan = try await shelf.database.write { connection in
            let explain: SQL = "\(sqlite: "EXPLAIN QUERY PLAN ", postgres: "EXPLAIN ")"
            return try connection.rows(explain + sql).map { row in
                connection.dialect == .sqlite ? try row.get("detail", as: String.self) : try row.first(as: String.self)
            }.joined(separator: "\n")
        }
        switch shelf.database.dialect {
        case .sqlite:
            #expect(plan.contains("content_search VIRTUAL TABLE INDEX"), "\(plan)")
            #expect(plan.contains("SEARCH c USING INDEX"), "\(plan)")
        case .postgres:
            #expect(plan.contains("Bitmap Index Scan on content_search_document"), "\(plan)")
        }
    }

    @Test(arguments: Engine.present) func `a page by title needs no sort`(_ engine: Engine) async throws {
        guard engine != .postgres else { return }
        let shelf = try await Shelf(engine)
        let plan = try await shelf.database.read { connection in
            try connection.rows(
                """
                EXPLAIN QUERY PLAN SELECT c.number FROM content c WHERE c.tenant = \(shelf.tenant) AND 1 = 1
                ORDER BY c.title_folded, c.number LIMIT 20 OFFSET 0
                """
            ).map { try $0.get("detail", as: String.self) }.joined(separator: "\n")
        }
        #expect(plan.contains("content_by_title") && !plan.contains("TEMP B-TREE"), "\(plan)")
    }

    @Test(arguments: Engine.present) func `a very common word is capped`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        var rows = ""
        for index in 0..<(Library.candidateLimit + 50) { rows += #"{"id": "r\#(index)", "title": "Common"}"# + "\n" }
        try await shelf.take(rows)
        let result = try await shelf.library.search(SearchQuery(text: "common"), of: shelf.tenant)
        #expect(result.isCapped)
        #expect(result.total == Library.candidateLimit)
        #expect(result.facets[.kind]?.first?.count == Library.candidateLimit)
        let all = try await shelf.library.search(SearchQuery(), of: shelf.tenant)
        #expect(!all.isCapped)
        #expect(all.total == Library.candidateLimit + 50)
    }

    @Test func `words are cut the same for both engines`() {
        #expect(
            SearchWords("Hello, Wörld! C++ C# a+b #1").words.map(\.text) == [
                "hello", "world", "c++", "c#", "a", "b", "1",
            ])
        #expect(SearchWords("ＡＢＣ ﬁne Ⅷ e\u{301}té").joined == "abc fine viii ete")
        #expect(SearchWords("AIの倫理 x").words.map(\.text) == ["ai", "の", "倫", "理", "x"])
        #expect(SearchWords("हिन्दी").words.count == 1)
        #expect(SearchWords(String(repeating: "é", count: 500)).words[0].text.utf8.count <= SearchWords.byteLimit)
    }

    @Test func `a query is what was typed, made safe`() {
        #expect(SearchText("Prompt eng").fts5 == "\"prompt\" * AND \"eng\" *")
        #expect(SearchText("Prompt eng").tsquery == "'prompt':* & 'eng':*")
        #expect(SearchText("to \"open a\" file").fts5 == "\"to\" AND \"open a\" AND \"file\" *")
        #expect(SearchText("倫理").tsquery == "'倫' <-> '理':*")
        #expect(SearchText("?!").isEmpty)
    }
}
