import API
import Basis
import Evidence
import Foundation
import Hummingbird
import JSON
import People
import Storage
import StorageTesting
import Stores
import Testing
import Web

/// The record store as a client meets it: a real socket, credentials, nothing else.
struct RecordStore: Sendable {
    let caller: Caller
    let authorization: String

    /// Serves an empty store, with a client that has these scopes.
    static func serve(
        _ engine: Engine, scopes: [String] = ["all"], limits: XAPILimits = XAPILimits(),
        _ body: @escaping @Sendable (RecordStore) async throws -> Void
    ) async throws {
        let site = try await TestSite(engine, limits: limits)
        let (client, secret) = try await site.stores.clients.create(
            label: "Conformance", scopes: scopes, for: .first)
        try await site.run { caller in
            try await body(RecordStore(caller: caller, authorization: basic(client.key, secret)))
        }
    }

    static func basic(_ key: String, _ secret: String) -> String {
        "Basic " + Data("\(key):\(secret)".utf8).base64EncodedString()
    }

    /// Another client of the same store.
    func client(scopes: [String]) async throws -> RecordStore {
        let (client, secret) = try await caller.site.stores.clients.create(
            label: "Another", scopes: scopes, for: .first)
        return RecordStore(caller: caller, authorization: RecordStore.basic(client.key, secret))
    }

    /// Sends a request. Values of the query are encoded here. An empty header is left out.
    func ask(
        _ method: HTTPRequest.Method, _ query: [(String, String)] = [], _ body: String? = nil,
        version: String? = "2.0.0", path: String = "/xapi/statements", headers more: [String: String] = [:]
    ) async throws -> Answer {
        try await ask(method, query, bytes: Array((body ?? "").utf8), version: version, path: path, headers: more)
    }

    func ask(
        _ method: HTTPRequest.Method, _ query: [(String, String)] = [], bytes: [UInt8], version: String? = "2.0.0",
        path: String = "/xapi/statements", headers more: [String: String] = [:]
    ) async throws -> Answer {
        var headers = ["Authorization": authorization]
        headers["X-Experience-API-Version"] = version
        if !bytes.isEmpty { headers["Content-Type"] = "application/json" }
        headers.merge(more) { $1 }
        let text = query.map { "\(Form.encoded($0))=\(Form.encoded($1))" }.joined(separator: "&")
        let answer = try await caller.send(
            method, text.isEmpty ? path : "\(path)?\(text)", bytes: bytes,
            headers: headers.filter { !$0.value.isEmpty })
        #expect(answer.status.code < 500, "\(method) \(path)?\(text): \(answer.text)")
        return answer
    }

    /// Stores statements.
    ///
    /// - Returns: Their identifiers.
    @discardableResult
    func post(_ statements: [JSONValue], version: String = "2.0.0") async throws -> [String] {
        let answer = try await ask(.post, [], JSONValue.array(statements).text, version: version)
        #expect(answer.status == .ok, "\(answer.text)")
        return try answer.json.array?.compactMap(\.string) ?? []
    }

    func find(_ id: String, version: String = "2.0.0") async throws -> Answer {
        try await ask(.get, [("statementId", id)], version: version)
    }

    /// The identifiers of every statement that a query finds, over all pages, in their order.
    func identifiers(_ query: [(String, String)], version: String = "2.0.0") async throws -> [String] {
        var answer = try await ask(.get, query, version: version)
        var found: [String] = []
        while true {
            let result = try answer.json
            found += result["statements"]?.array?.compactMap { $0["id"]?.string } ?? []
            guard let more = result["more"]?.string, !more.isEmpty else { return found }
            answer = try await caller.send(
                .get, more, bytes: [],
                headers: ["Authorization": authorization, "X-Experience-API-Version": version])
        }
    }
}

/// A small sound statement, changed at some places: JSON Pointers and JSON texts; nil removes the member.
func statement(_ changes: [(pointer: String, json: String?)] = []) throws -> JSONValue {
    let sound: JSONValue = [
        "actor": ["mbox": "mailto:learner@example.org"],
        "verb": ["id": "http://adlnet.gov/expapi/verbs/completed"],
        "object": ["id": "https://example.org/course"],
    ]
    return try changes.reduce(sound) { value, change in
        let path: [String] = change.pointer.split(separator: "/").map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
        return changed(value, path[...], to: try change.json.map { try JSONValue(parsing: $0) })
    }
}

private func changed(_ value: JSONValue, _ path: ArraySlice<String>, to new: JSONValue?) -> JSONValue {
    guard let name = path.first else { return new ?? .null }
    if var array = value.array, let index = Int(name) {
        array[index] = changed(array[index], path.dropFirst(), to: new)
        return .array(array)
    }
    var object = value.object ?? JSONObject()
    object[name] = path.count == 1 ? new : changed(object[name] ?? .object(JSONObject()), path.dropFirst(), to: new)
    return .object(object)
}

/// A fresh identifier, told apart from others by a number.
func identifier(_ number: Int) -> String {
    let digits = String(number)
    return "6690e6c9-3ef0-4ed3-8b37-" + String(repeating: "0", count: 12 - digits.count) + digits
}

func reference(to id: String) -> String { #"{"objectType": "StatementRef", "id": "\#(id)"}"# }
