import Basis
import Evidence
import Input
import JSON

/// The first line is the Content-Type, the rest the body. Then the same input as parts of a sound body.
func tryMultipart(_ bytes: [UInt8]) -> CInt {
    let end = bytes.firstIndex(of: 0x0A) ?? bytes.endIndex
    let type = String(decoding: bytes[..<end], as: UTF8.self)
    let body = Array(bytes[end...].dropFirst())
    if let parts = try? Multipart.parts(of: body, type: type) {
        demand(parts.count <= Multipart.partLimit, "more parts than the limit")
        demand(parts.reduce(0) { $0 + $1.bytes.count } <= body.count, "parts are larger than the body")
        for part in parts { _ = part.dispositionParameter("filename") }
    }
    let contents = body.split(separator: 0, omittingEmptySubsequences: false)
    let boundary = "never-in-the-input"
    guard contents.count <= 50, !String(decoding: body, as: UTF8.self).contains(boundary) else { return 0 }
    var whole: [UInt8] = []
    for content in contents { whole += Array("--\(boundary)\r\nContent-Type: a/b\r\n\r\n".utf8) + content + [13, 10] }
    whole += Array("--\(boundary)--\r\n".utf8)
    let read = try? Multipart.parts(of: whole, type: "multipart/mixed; boundary=\"\(boundary)\"")
    demand(read?.map { Array($0.bytes) } == contents.map(Array.init), "parts are not read as they were written")
    return 0
}

/// Records are read or refused; what is read and written again is read as the same.
func tryCSV(_ bytes: [UInt8]) -> CInt {
    guard let (columns, records) = read(bytes) else { return 0 }
    func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
    let lines = ([columns] + records).map { $0.map(quoted).joined(separator: ",") }
    guard let again = read(Array((lines.joined(separator: "\n") + "\n").utf8)) else {
        fail("what is written is refused")
    }
    demand(again.columns == columns && again.records == records, "what is written is not read as the same")
    return 0
}

private func read(_ bytes: [UInt8]) -> (columns: [String], records: [[String]])? {
    do {
        var reader = try CSVReader(bytes: bytes)
        var records: [[String]] = []
        var line = 1
        while let record = try reader.next() {
            demand(record.line >= line, "lines go back")
            line = record.line
            records.append(reader.columns.map { record[$0] })
        }
        return (reader.columns, records)
    } catch {
        demand(error.kind == .invalid || error.kind == .oversize, "\(error.code)")
        return nil
    }
}

/// Statements are taken or refused, in both versions; what is taken is JSON.
func tryStatement(_ bytes: [UInt8]) -> CInt {
    for version in [XAPIVersion.one, .two] {
        do {
            _ = try StatementBatch(posted: bytes, version: version, world: .replay(seed: 3))
            demand((try? JSONValue(parsing: bytes)) != nil, "what is no JSON is taken")
        } catch {
            demand(error.kind == .invalid || error.kind == .oversize, "\(error.kind) \(error.code)")
        }
    }
    return 0
}
