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

/// A program that keeps documents in the record store, with Basic credentials.
struct DocumentClient: Sendable {
    static let agent = #"{"mbox":"mailto:alice@example.org"}"#

    let caller: Caller
    let credentials: String

    /// Makes a client with these scopes and gives its Authorization header.
    static func credentials(_ scopes: [String], of site: TestSite) async throws -> String {
        let (client, secret) = try await site.stores.clients.create(label: "test", scopes: scopes, for: .first)
        return basic(client.key, secret)
    }

    static func basic(_ key: String, _ secret: String) -> String {
        "Basic " + Data("\(key):\(secret)".utf8).base64EncodedString()
    }

    /// The three resources that keep documents.
    enum Documents: CaseIterable, Sendable {
        case state, activityProfile, agentProfile

        var path: String {
            switch self {
            case .state: "/xapi/activities/state"
            case .activityProfile: "/xapi/activities/profile"
            case .agentProfile: "/xapi/agents/profile"
            }
        }

        /// The parameters that find all documents of one folder.
        var all: [(String, String)] {
            switch self {
            case .state: [("activityId", "https://example.org/a?b=c&d"), ("agent", DocumentClient.agent)]
            case .activityProfile: [("activityId", "https://example.org/a")]
            case .agentProfile: [("agent", DocumentClient.agent)]
            }
        }

        func place(named name: String) -> Place {
            Place(path: path, query: all, key: self == .state ? "stateId" : "profileId", name: name)
        }
    }

    /// Where one document lies.
    struct Place: Sendable {
        let path: String
        let name: String
        let query: String

        init(path: String, query: [(String, String)], key: String, name: String) {
            self.path = path
            self.name = name
            self.query = DocumentClient.encoded(query + [(key, name)])
        }

        var uri: String { path + "?" + query }
    }

    static func encoded(_ query: [(String, String)]) -> String {
        query.map { Form.encoded($0.0) + "=" + Form.encoded($0.1) }.joined(separator: "&")
    }

    @discardableResult
    func send(
        _ method: HTTPRequest.Method, _ uri: String, _ version: String?, bytes: [UInt8] = [],
        _ more: [String: String] = [:]
    ) async throws -> Answer {
        var headers = more
        headers["Authorization"] = credentials
        headers["X-Experience-API-Version"] = version
        return try await caller.send(method, uri, bytes: bytes, headers: headers)
    }

    @discardableResult
    func put(
        _ place: Place, _ text: String, _ version: String, type: String = "application/json",
        _ headers: [String: String] = [:]
    ) async throws -> Answer {
        try await send(
            .put, place.uri, version, bytes: Array(text.utf8), headers.merging(["Content-Type": type]) { $1 })
    }

    func get(_ place: Place, _ version: String, _ headers: [String: String] = [:]) async throws -> Answer {
        try await send(.get, place.uri, version, headers)
    }

    func get(
        _ query: [(String, String)], at path: String = Documents.state.path, _ version: String
    ) async throws -> Answer {
        try await send(.get, path + "?" + DocumentClient.encoded(query), version)
    }

    @discardableResult
    func delete(_ place: Place, _ version: String) async throws -> Answer {
        try await send(.delete, place.uri, version)
    }
}
