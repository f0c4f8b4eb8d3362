import Basis
import Evidence
import Foundation
import Hummingbird
import Web

/// A request in the form of a POST, for callers that can send nothing else: the query names the method, the form holds
/// the headers, the parameters and, as `content`, the body.
///
/// - Source: xAPI 1.0.3, part 3, 1.3. IEEE 9274.1.1-2023 has none of it, so version 2.0 is refused.
enum AlternateSyntax {
    /// Fields of the form that are headers.
    private static let headers = [
        "authorization", "x-experience-api-version", "content-type", "content-length", "if-match", "if-none-match",
        "accept-language",
    ]
    private static let methods = ["GET", "HEAD", "PUT", "POST", "DELETE"]

    static func isUsed(by head: HTTPRequest) -> Bool {
        head.method == .post && query(of: head).fields.contains { $0.name == "method" }
    }

    /// - Throws: `Problem` (`alternate-syntax`).
    static func unwrap(_ head: HTTPRequest, _ form: Form) throws -> ProgramDoor.Wrapped {
        let query = query(of: head)
        guard query.fields.count == 1, let name = query.first("method"), methods.contains(name),
            let method = HTTPRequest.Method(name)
        else {
            throw refusal("The query holds method alone: one of \(methods.joined(separator: ", ")).")
        }
        var fields = head.headerFields
        fields[.contentType] = nil
        fields[.contentLength] = nil
        var parameters: [String] = []
        var content: String?
        for (name, value) in form.fields {
            if headers.contains(name.lowercased()) {
                fields[named: name] = value
            } else if name == "content" {
                content = value
            } else {
                parameters.append("\(Form.encoded(name))=\(Form.encoded(value))")
            }
        }
        fields[.contentLength] = nil
        if XAPIVersion(header: fields[named: "X-Experience-API-Version"] ?? "") == .two {
            throw refusal("Version 2.0 has no such syntax. Send the request itself.")
        }
        let takesContent = method == .put || method == .post
        if takesContent, content == nil { throw refusal("The form needs a field content with the request's body.") }
        if !takesContent, content != nil { throw refusal("A \(name) has no content. Remove that field.") }
        if takesContent, fields[.contentType] == nil { fields[.contentType] = "application/json" }
        let path = (head.path ?? "/").prefix { $0 != "?" }
        let inner = HTTPRequest(
            method: method, scheme: head.scheme, authority: head.authority,
            path: parameters.isEmpty ? String(path) : "\(path)?\(parameters.joined(separator: "&"))",
            headerFields: fields)
        return ProgramDoor.Wrapped(head: inner, body: Array((content ?? "").utf8))
    }

    private static func query(of head: HTTPRequest) -> Form {
        let path = head.path ?? ""
        guard let mark = path.firstIndex(of: "?") else { return Form(urlencoded: "") }
        return Form(urlencoded: path[path.index(after: mark)...])
    }

    private static func refusal(_ detail: String) -> Problem { Problem(.invalid, "alternate-syntax", detail) }
}
