import Basis
import CHaru
import Foundation

/// Why a report could not be written.
public enum PDFError: Error, Hashable, Sendable {
    /// A font file is not there.
    case fontMissing(path: String)
    /// What the library refused, by its number.
    /// - Source: libharu, `hpdf_consts.h`.
    case refused(code: UInt)
}

/// Where the letters come from. They are embedded, so that a file looks the same everywhere.
public struct PDFFonts: Hashable, Sendable {
    public let plain, bold: String

    public init(plain: String, bold: String) {
        self.plain = plain
        self.bold = bold
    }

    /// DejaVu Sans, as Debian and Ubuntu install it.
    public static let installed = PDFFonts(
        plain: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        bold: "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")
}

extension Paper {
    /// The report as a PDF of A4 pages. The same report makes the same bytes.
    ///
    /// - Throws: `PDFError`.
    public func pdf(_ fonts: PDFFonts = .installed) throws(PDFError) -> [UInt8] {
        for path in [fonts.plain, fonts.bold] where !FileManager.default.isReadableFile(atPath: path) {
            throw .fontMissing(path: path)
        }
        guard let document = HPDF_New(nil, nil) else { throw .refused(code: 0) }
        defer { HPDF_Free(document) }
        HPDF_UseUTFEncodings(document)
        HPDF_SetCurrentEncoder(document, "UTF-8")
        HPDF_SetCompressionMode(document, HPDF_UINT(HPDF_COMP_ALL))
        HPDF_SetInfoAttr(document, HPDF_INFO_TITLE, title)
        HPDF_SetInfoAttr(document, HPDF_INFO_CREATOR, "Leeway")
        HPDF_SetInfoDateAttr(document, HPDF_INFO_CREATION_DATE, date.haru)
        let plain = HPDF_GetFont(document, HPDF_LoadTTFontFromFile(document, fonts.plain, 1), "UTF-8")
        let bold = HPDF_GetFont(document, HPDF_LoadTTFontFromFile(document, fonts.bold, 1), "UTF-8")
        try check(document)
        guard let plain, let bold else { throw .refused(code: 0) }
        let layout = PDFLayout(document, plain: plain, bold: bold)
        layout.title(title, subtitle)
        for block in blocks { layout.add(block) }
        layout.finish(footer)
        try check(document)
        HPDF_SaveToStream(document)
        try check(document)
        var size = HPDF_GetStreamSize(document)
        HPDF_ResetStream(document)
        var bytes = [UInt8](repeating: 0, count: Int(size))
        HPDF_ReadFromStream(document, &bytes, &size)
        return Array(bytes.prefix(Int(size)))
    }

    private func check(_ document: HPDF_Doc) throws(PDFError) {
        let code = HPDF_GetError(document)
        if code != 0 { throw .refused(code: UInt(code)) }
    }
}

extension Moment {
    fileprivate var haru: HPDF_Date {
        let (year, month, day) = self.day.civil
        let seconds = (microseconds - self.day.start.microseconds) / 1_000_000
        return HPDF_Date(
            year: HPDF_INT(year), month: HPDF_INT(month), day: HPDF_INT(day), hour: HPDF_INT(seconds / 3_600),
            minutes: HPDF_INT(seconds / 60 % 60), seconds: HPDF_INT(seconds % 60), ind: CChar(UInt8(ascii: "Z")),
            off_hour: 0, off_minutes: 0)
    }
}
