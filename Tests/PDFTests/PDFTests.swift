import Basis
import Foundation
import Testing

@testable import PDF

@Suite struct PDFTests {
    private func paper(rows: Int = 120) -> Paper {
        Paper(
            title: "Dossier – Prüfung", subtitle: "Łódź, Αθήνα, Київ", footer: "Checkpoint 17",
            date: Moment(microseconds: 1_750_000_000_000_000),
            blocks: [
                .heading("Inventory", level: 1), .paragraph(String(repeating: "words that go on ", count: 80)),
                .facts([Paper.Fact("Uses", "17"), Paper.Fact("Owner", "Zoë Ångström")]),
                .table(
                    Paper.Table(
                        caption: "Uses",
                        columns: [Paper.Column("Name", share: 2), Paper.Column("People", isNumber: true)],
                        rows: (0..<rows).map { ["Use number \($0) with a longer name", "\($0 * 37)"] })),
                .table(Paper.Table(caption: "Nothing", columns: [Paper.Column("Name")], rows: [])),
            ])
    }

    @Test func `a report becomes a PDF, and the same report the same bytes`() throws {
        let one = try paper().pdf()
        #expect(one == (try paper().pdf()))
        #expect(one.starts(with: Array("%PDF-".utf8)))
        #expect(String(decoding: one.suffix(16), as: UTF8.self).contains("%%EOF"))
        #expect(one != (try paper(rows: 121).pdf()))
    }

    @Test func `pages grow with the rows, and a monstrous cell does not end in a loop`() throws {
        func pages(_ bytes: [UInt8]) -> Int {
            let text = String(decoding: bytes, as: UTF8.self)
            return text.components(separatedBy: "/Type /Page\n").count - 1
        }
        let (few, many) = (pages(try paper(rows: 5).pdf()), pages(try paper(rows: 400).pdf()))
        #expect(few >= 1 && many > few + 3)
        let wide = Paper(
            title: "x", subtitle: "", footer: "", date: Moment(microseconds: 0),
            blocks: [
                .table(
                    Paper.Table(
                        caption: "c", columns: [Paper.Column("A"), Paper.Column("B")],
                        rows: [[String(repeating: "W", count: 20_000), "b\nc"], ["", ""]]))
            ])
        #expect((1...2).contains(pages(try wide.pdf())))
    }

    @Test func `a font that is not there is named`() {
        let absent = PDFFonts(plain: "/nowhere/a.ttf", bold: "/nowhere/b.ttf")
        #expect(throws: PDFError.fontMissing(path: "/nowhere/a.ttf")) { try paper().pdf(absent) }
    }
}
