public import Basis
import Foundation

/// One plain letter to one person.
public struct MailMessage: Hashable, Sendable {
    /// A mailbox.
    public struct Address: Hashable, Sendable {
        /// Shown; empty for none.
        public let name: String
        /// Such as `ada@pier.example`.
        public let mailbox: String

        /// - Returns: nil for what is no mailbox, so that nothing can smuggle a header or a further recipient in.
        public init?(name: String = "", mailbox: String) {
            let parts = mailbox.split(separator: "@", omittingEmptySubsequences: false)
            let isPlain = mailbox.utf8.allSatisfy {
                $0 > 0x20 && $0 < 0x7F && !Array("<>,;:\"()[]\\".utf8).contains($0)
            }
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, isPlain, mailbox.utf8.count <= 254 else {
                return nil
            }
            self.name = String(name.filter { !$0.isNewline })
            self.mailbox = mailbox
        }

        var header: String { name.isEmpty ? mailbox : "\(encoded(name)) <\(mailbox)>" }
    }

    public let from, to: Address
    public let subject: String
    /// Lines of plain text.
    public let text: String
    /// When it was written.
    public let date: Moment
    /// Unique and stable: sent twice, it is the same letter.
    public let id: String

    public init(from: Address, to: Address, subject: String, text: String, date: Moment, id: String) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.date = date
        self.id = id
    }

    /// The letter as it is sent: headers, an empty line, the text in base64. Every line ends with CR LF and is at most
    /// 78 bytes long.
    ///
    /// - Source: RFC 5322, sections 2.1.1 and 3.6; RFC 2045, section 6.8; RFC 2047; RFC 3834, section 5.
    public var bytes: [UInt8] {
        let domain = from.mailbox.split(separator: "@").last.map(String.init) ?? "localhost"
        let headers = [
            ("Date", MailMessage.date(date)), ("From", from.header), ("To", to.header),
            ("Subject", encoded(subject.filter { !$0.isNewline }, unless: "=?")),
            (
                "Message-ID",
                "<\(id.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) })@\(domain)>"
            ),
            ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"), ("Content-Transfer-Encoding", "base64"),
        ]
        let lines = text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
        let body = Data(lines.utf8).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ])
        let head = headers.map { "\($0): \($1)\r\n" }.joined()
        return Array((head + "\r\n" + body + "\r\n").utf8)
    }

    /// - Source: RFC 5322, section 3.3.
    static func date(_ moment: Moment) -> String {
        let (year, month, day) = moment.day.civil
        let seconds = Int((moment.microseconds - moment.day.start.microseconds) / 1_000_000)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(days[moment.day.weekday - 1]), \(two(day)) \(months[month - 1]) \(year) "
            + "\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60)) +0000"
    }
}

/// A text as a header holds it: as it is, or in encoded words of at most 75 bytes, one a line. It stays as it is when
/// it is short and has none of the `special` characters; in a name they are more than in a subject.
///
/// - Source: RFC 2047, section 2; RFC 5322, section 3.2.3.
private func encoded(_ text: String, unless special: String = "=?<>@,;:\"()[]\\.") -> String {
    let isPlain =
        text.utf8.count <= 60
        && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && !Array(special.utf8).contains($0) }
    if isPlain { return text }
    var (words, piece): ([String], String) = ([], "")
    func close() {
        if !piece.isEmpty { words.append("=?UTF-8?B?\(Data(piece.utf8).base64EncodedString())?=") }
        piece = ""
    }
    // 36 bytes make 48 of base64, so that the line is short enough with the header's name.
    for scalar in text.unicodeScalars {
        let wide = String(scalar).utf8.count
        if piece.utf8.count + wide > 36 { close() }
        piece.unicodeScalars.append(scalar)
    }
    close()
    return words.joined(separator: "\r\n ")
}
