import Hummingbird
public import JSON

/// The description of the API for programs, made from the table of routes.
///
/// - Source: OpenAPI Specification 3.1.0.
public func openAPI(_ routes: [Route]) -> JSONValue {
    let paths = Dictionary(grouping: routes.filter(\.isForMachines), by: \.path)
    let members: [(String, JSONValue)] = paths.sorted { $0.key < $1.key }.map { path, routes in
        let operations = routes.sorted { $0.method.rawValue < $1.method.rawValue }
        return (
            path.replacing("...}", with: "}"),
            .object(JSONObject(operations.map { ($0.method.rawValue.lowercased(), operation($0)) }))
        )
    }
    return [
        "openapi": "3.1.0",
        "info": ["title": "Leeway", "version": "1", "description": "Errors are problem documents (RFC 9457)."],
        "paths": .object(JSONObject(members)),
        "components": [
            "schemas": ["Problem": problemSchema],
            "securitySchemes": [
                "session": ["type": "apiKey", "in": "cookie", "name": .string(SetCookie.session)],
                "client": ["type": "http", "scheme": "basic"],
            ],
        ],
    ]
}

/// The route that serves the description of `routes` and of itself.
public func openAPIRoute(describing routes: [Route]) -> Route {
    let path = "/api/openapi.json"
    let itself = Route.api(.get, path, .anyone, "This document.") { _ in .noContent }
    let document = openAPI(routes + [itself])
    return .api(.get, path, .anyone, "This document.") { visit in visit.taggedJSON(document) }
}

private func operation(_ route: Route) -> JSONValue {
    var operation = JSONObject([("summary", .string(route.summary)), ("operationId", .string(identity(of: route)))])
    let captures = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { captureName(String($0)) }
    let parameters =
        captures.map { parameter($0, in: "path", isRequired: true, schema: ["type": "string"], note: "") }
        + route.queries.map {
            parameter($0.name, in: "query", isRequired: $0.isRequired, schema: $0.shape.schema, note: $0.note)
        }
    if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
    if let body = requestBody(of: route) { operation["requestBody"] = body }
    operation["responses"] = [
        "2XX": ["description": "It worked."],
        "default": [
            "description": "A refusal.",
            "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
        ],
    ]
    operation["security"] = security(of: route.access)
    return .object(operation)
}

private func identity(of route: Route) -> String {
    let words = route.path.split { !$0.isLetter && !$0.isNumber }
    return ([route.method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "_")
}

private func parameter(
    _ name: String, in place: String, isRequired: Bool, schema: JSONValue, note: String
) -> JSONValue {
    var parameter = JSONObject([
        ("name", .string(name)), ("in", .string(place)), ("required", .bool(isRequired)), ("schema", schema),
    ])
    if !note.isEmpty { parameter["description"] = .string(note) }
    return .object(parameter)
}

private func requestBody(of route: Route) -> JSONValue? {
    switch route.payload {
    case .nothing: return nil
    case .form, .upload:
        return ["required": true, "content": ["multipart/form-data": ["schema": ["type": "object"]]]]
    case .statements:
        return ["required": true, "content": ["application/json": ["schema": .object(JSONObject())]]]
    case .document:
        return ["required": true, "content": ["*/*": ["schema": .object(JSONObject())]]]
    case .json:
        let properties = route.members.map { member in
            var schema = member.shape.schema.object ?? JSONObject()
            if !member.note.isEmpty { schema["description"] = .string(member.note) }
            return (member.name, JSONValue.object(schema))
        }
        let schema: JSONValue = [
            "type": "object", "additionalProperties": false,
            "required": .init(route.members.filter(\.isRequired).map(\.name)),
            "properties": .object(JSONObject(properties)),
        ]
        return ["required": true, "content": ["application/json": ["schema": schema]]]
    }
}

private func security(of access: Access) -> JSONValue {
    switch access {
    case .anyone: []
    case .signedIn, .right, .oneOf: [["session": []]]
    case .client: [["client": []]]
    case .reader: [["session": []], ["client": []]]
    }
}

private let problemSchema: JSONValue = [
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": [
        "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
        "detail": ["type": "string"], "instance": ["type": "string"],
        "pointers": ["type": "array", "items": ["type": "string"]],
        "issues": ["type": "array", "items": ["type": "object"]],
    ],
]
