import CHaru

/// Puts blocks onto pages, from the top down.
///
/// - Unit: points, from the lower left corner as PDF counts them.
final class PDFLayout {
    private static let (width, height): (Float, Float) = (595.28, 841.89)
    private static let (margin, foot): (Float, Float) = (50, 56)
    private static let (textSize, tableSize): (Float, Float) = (10, 8)

    private let document: HPDF_Doc
    private let plain, bold: HPDF_Font
    private var pages: [HPDF_Page] = []
    /// The base line of what was written last.
    private var y: Float = 0
    private var widths: [Measured: Float] = [:]

    private struct Measured: Hashable {
        let word: Substring
        let isBold: Bool
    }

    init(_ document: HPDF_Doc, plain: HPDF_Font, bold: HPDF_Font) {
        self.document = document
        self.plain = plain
        self.bold = bold
        turn()
    }

    private var room: Float { PDFLayout.width - 2 * PDFLayout.margin }

    func title(_ title: String, _ subtitle: String) {
        write(title, size: 20, isBold: true, gap: 6)
        write(subtitle, size: PDFLayout.textSize, gap: 14)
    }

    func add(_ block: Paper.Block) {
        switch block {
        case .heading(let words, let level):
            let size: Float = level <= 1 ? 14 : 11
            need(size * 4)
            y -= level <= 1 ? 12 : 6
            write(words, size: size, isBold: true, gap: 5)
        case .paragraph(let words): write(words, size: PDFLayout.textSize, gap: 6)
        case .facts(let facts):
            let columns = [Paper.Column("", share: 1), Paper.Column("", share: 2.4)]
            rows(columns, facts.map { [$0.name, $0.value] }, size: 9, isHeaded: false)
        case .table(let table):
            need(60)
            write(table.caption, size: 9, isBold: true, gap: 3)
            if table.rows.isEmpty {
                write("None.", size: 9, gap: 8)
            } else {
                rows(table.columns, table.rows, size: PDFLayout.tableSize, isHeaded: true)
            }
        }
    }

    /// Writes the footer and the number of each page.
    func finish(_ footer: String) {
        for (place, page) in pages.enumerated() {
            let number = "\(place + 1) of \(pages.count)"
            let numberWidth = width(of: number, 7.5)
            put(number, at: PDFLayout.width - PDFLayout.margin - numberWidth, 32, 7.5, on: page)
            let lines = broken(footer, 7.5, isBold: false, into: room - numberWidth - 20)
            for (row, line) in lines.prefix(2).enumerated() {
                put(line, at: PDFLayout.margin, 32 - Float(row) * 9, 7.5, on: page)
            }
        }
    }

    // MARK: Text

    private func turn() {
        guard let page = HPDF_AddPage(document) else { return }
        HPDF_Page_SetWidth(page, PDFLayout.width)
        HPDF_Page_SetHeight(page, PDFLayout.height)
        HPDF_Page_SetLineWidth(page, 0.4)
        pages.append(page)
        y = PDFLayout.height - PDFLayout.margin
    }

    /// Begins a new page unless that much is left on this one.
    private func need(_ space: Float) { if y - space < PDFLayout.foot { turn() } }

    private func write(_ words: String, size: Float, isBold: Bool = false, gap: Float) {
        for line in broken(words, size, isBold: isBold, into: room) {
            need(size * 1.4)
            y -= size * 1.4
            if let page = pages.last { put(line, at: PDFLayout.margin, y, size, isBold: isBold, on: page) }
        }
        y -= gap
    }

    private func put(_ line: String, at x: Float, _ y: Float, _ size: Float, isBold: Bool = false, on page: HPDF_Page) {
        HPDF_Page_BeginText(page)
        HPDF_Page_SetFontAndSize(page, isBold ? bold : plain, size)
        HPDF_Page_TextOut(page, x, y, line)
        HPDF_Page_EndText(page)
    }

    // MARK: Tables

    private func rows(_ columns: [Paper.Column], _ rows: [[String]], size: Float, isHeaded: Bool) {
        let total = columns.reduce(0) { $0 + $1.share }
        let gap: Float = 8
        let widths = columns.map { Float($0.share / total) * room }
        if isHeaded { row(columns.map(\.heading), columns, widths, gap, size, isBold: true) }
        for cells in rows {
            let height = self.height(cells, widths, gap, size)
            if y - height < PDFLayout.foot {
                turn()
                if isHeaded { row(columns.map(\.heading), columns, widths, gap, size, isBold: true) }
            }
            row(cells, columns, widths, gap, size, isBold: false)
        }
        y -= 10
    }

    /// Bounded, so that a row always fits onto a page.
    private static let lineLimit = 60

    private func lines(_ cell: String, _ width: Float, _ gap: Float, _ size: Float, isBold: Bool) -> [String] {
        let all = broken(cell, size, isBold: isBold, into: width - gap)
        if all.count <= PDFLayout.lineLimit { return all }
        return all.prefix(PDFLayout.lineLimit - 1) + ["…"]
    }

    private func height(_ cells: [String], _ widths: [Float], _ gap: Float, _ size: Float) -> Float {
        let most = zip(cells, widths).map { lines($0, $1, gap, size, isBold: false).count }.max() ?? 1
        return Float(max(1, most)) * size * 1.3 + 5
    }

    private func row(
        _ cells: [String], _ columns: [Paper.Column], _ widths: [Float], _ gap: Float, _ size: Float, isBold: Bool
    ) {
        guard let page = pages.last else { return }
        var x = PDFLayout.margin
        var deepest = y
        for (place, cell) in cells.enumerated() {
            var base = y - 3
            for line in lines(cell, widths[place], gap, size, isBold: isBold) {
                base -= size * 1.3
                let indent =
                    columns[place].isNumber ? widths[place] - gap - width(of: line, size, isBold: isBold) : 0
                put(line, at: x + max(0, indent), base + 2, size, isBold: isBold, on: page)
            }
            deepest = min(deepest, base)
            x += widths[place]
        }
        y = deepest - 2
        HPDF_Page_MoveTo(page, PDFLayout.margin, y)
        HPDF_Page_LineTo(page, PDFLayout.width - PDFLayout.margin, y)
        HPDF_Page_Stroke(page)
    }

    // MARK: Measuring

    private func width(of text: String, _ size: Float, isBold: Bool = false) -> Float {
        text.split(separator: " ", omittingEmptySubsequences: false).enumerated().reduce(0) { sum, part in
            sum + width(of: part.element, size, isBold: isBold) + (part.offset > 0 ? space(size, isBold: isBold) : 0)
        }
    }

    private func space(_ size: Float, isBold: Bool) -> Float { width(of: Substring(" "), size, isBold: isBold) }

    private func width(of word: Substring, _ size: Float, isBold: Bool) -> Float {
        let key = Measured(word: word, isBold: isBold)
        if let known = widths[key] { return known * size }
        let bytes = Array(word.utf8)
        let measured = HPDF_Font_TextWidth(isBold ? bold : plain, bytes, HPDF_UINT(bytes.count))
        let width = Float(measured.width) / 1_000
        widths[key] = width
        return width * size
    }

    /// The text in lines that fit. A word that is too long by itself is broken within.
    private func broken(_ text: String, _ size: Float, isBold: Bool, into room: Float) -> [String] {
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var (line, used): (String, Float) = ("", 0)
            for word in paragraph.split(separator: " ").flatMap({ pieces($0, size, isBold: isBold, of: room) }) {
                let wide = width(of: word, size, isBold: isBold)
                let gap = line.isEmpty ? 0 : space(size, isBold: isBold)
                if !line.isEmpty, used + gap + wide > room {
                    lines.append(line)
                    (line, used) = (String(word), wide)
                } else {
                    line += (line.isEmpty ? "" : " ") + word
                    used += gap + wide
                }
            }
            lines.append(line)
        }
        return lines
    }

    private func pieces(_ word: Substring, _ size: Float, isBold: Bool, of room: Float) -> [Substring] {
        if width(of: word, size, isBold: isBold) <= room { return [word] }
        var (pieces, start): ([Substring], Substring.Index) = ([], word.startIndex)
        var used: Float = 0
        for place in word.indices {
            let wide = width(of: word[place...place], size, isBold: isBold)
            if used + wide > room, place > start {
                pieces.append(word[start..<place])
                (start, used) = (place, 0)
            }
            used += wide
        }
        return pieces + [word[start...]]
    }
}
