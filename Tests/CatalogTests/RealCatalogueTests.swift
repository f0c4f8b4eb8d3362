import Basis
import Catalog
import Foundation
import Input
import JSON
import Storage
import StorageTesting
import Testing

@Suite(.serialized, .enabled(if: Shared.isPresent, "the real catalogue is not on this machine"))
struct RealCatalogueTests {
    @Test(arguments: Engine.present) func `the real catalogue goes in and is found`(_ engine: Engine) async throws {
        let shelf = try await Shelf(engine)
        let clock = ContinuousClock()
        let contents = try Shared.bytes("data/catalogue/catalogue.jsonl.gz")
        let texts = try Shared.bytes("data/catalogue/texts.jsonl.gz")
        var report = CatalogueReport?.none
        let first = try await clock.measure {
            report = try await shelf.library.importCatalogue(contents, tenant: shelf.tenant, skills: Shelf.skills)
        }
        #expect(report?.created == 9_032)
        #expect(report?.warningCount == 119)
        let second = try await clock.measure {
            report = try await shelf.library.importCatalogue(texts, tenant: shelf.tenant, skills: Shelf.skills)
        }
        #expect(report?.created == 3_732)
        let again = try await clock.measure {
            report = try await shelf.library.importCatalogue(contents, tenant: shelf.tenant, skills: Shelf.skills)
        }
        #expect(report?.unchanged == 9_032)
        for text in ["azure", "machine learning", "cosmos", "データ", "", "a", "business ethics"] {
            var found = SearchResult?.none
            let time = try await clock.measure {
                found = try await shelf.library.search(SearchQuery(text: text), of: shelf.tenant)
            }
            Figures.note("\(engine) search “\(text)”: \(found?.total ?? -1) in \(time)")
        }
        Figures.note("\(engine): objects \(first), texts \(second), objects again \(again)")
        let rows = try recount(contents)
        let all = try await shelf.library.search(SearchQuery(), of: shelf.tenant)
        #expect(all.total == 9_032)
        for (facet, field) in [(SearchFacet.language, "language"), (.kind, "kind"), (.level, "level")] {
            for count in all.facets[facet] ?? [] { #expect(count.count == rows[field]?[count.value], "\(count)") }
        }
        #expect(try await shelf.library.composition(of: shelf.tenant).unknown == 9_032)
    }

    private func recount(_ bytes: [UInt8]) throws -> [String: [String: Int]] {
        var counts: [String: [String: Int]] = [:]
        var reader = LineReader(bytes: bytes)
        while let line = try reader.next() {
            let row = try JSONValue(parsing: Array(line))
            for field in ["language", "kind", "level"] {
                if let value = row[field]?.string { counts[field, default: [:]][value, default: 0] += 1 }
            }
        }
        return counts
    }
}

/// Measured figures, for whoever asks for them by naming a file.
enum Figures {
    static func note(_ line: String) {
        guard let path = ProcessInfo.processInfo.environment["LEEWAY_TEST_FIGURES"] else { return }
        let old = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        try? (old + line + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
}
