import Foundation
import Hummingbird

/// The routes of the server, found by method and path.
public struct RouteTable: Sendable {
    public let routes: [Route]
    private var root = Node()

    /// - Precondition: No two routes answer the same method and path.
    public init(_ routes: [Route]) {
        self.routes = routes
        for (index, route) in routes.enumerated() {
            root.insert(index, route.method.rawValue, segments(of: route.path)[...], path: route.path)
        }
    }

    enum Finding {
        case found(Route, [String: String])
        /// The path is there, for other methods.
        case otherMethods([String])
        case nothing
    }

    /// Finds the route. A HEAD is answered by the GET of the same path.
    func find(_ method: String, _ path: String) -> Finding {
        var taken: [String] = []
        let parts = segments(of: path).map { $0.removingPercentEncoding ?? $0 }
        guard let node = root.find(parts[...], &taken) else { return .nothing }
        let index = node.routes[method] ?? (method == "HEAD" ? node.routes["GET"] : nil)
        guard let index else { return .otherMethods(node.methods) }
        let route = routes[index]
        let names = segments(of: route.path).filter { $0.hasPrefix("{") }.map { captureName($0) }
        return .found(route, Dictionary(uniqueKeysWithValues: zip(names, taken)))
    }

    /// The methods that a path takes; nil when nothing is there.
    func methods(of path: String) -> [String]? {
        var taken: [String] = []
        let parts = segments(of: path).map { $0.removingPercentEncoding ?? $0 }
        return root.find(parts[...], &taken)?.methods
    }
}

private struct Node: Sendable {
    var plain: [String: Node] = [:]
    private var captured: [Node] = []
    private var rest: [Node] = []
    /// Indices into the table, by method.
    var routes: [String: Int] = [:]

    var methods: [String] { Set(routes.keys).union(routes["GET"] == nil ? [] : ["HEAD"]).sorted() }

    mutating func insert(_ index: Int, _ method: String, _ parts: ArraySlice<String>, path: String) {
        guard let part = parts.first else {
            precondition(routes.updateValue(index, forKey: method) == nil, "\(method) \(path) is in the table twice")
            return
        }
        if part.hasSuffix("...}") {
            if rest.isEmpty { rest = [Node()] }
            rest[0].insert(index, method, [], path: path)
        } else if part.hasPrefix("{") {
            if captured.isEmpty { captured = [Node()] }
            captured[0].insert(index, method, parts.dropFirst(), path: path)
        } else {
            plain[part, default: Node()].insert(index, method, parts.dropFirst(), path: path)
        }
    }

    /// A plain segment goes before a captured one, and that before the rest of the path.
    func find(_ parts: ArraySlice<String>, _ taken: inout [String]) -> Node? {
        guard let part = parts.first else { return routes.isEmpty ? nil : self }
        if let node = plain[part]?.find(parts.dropFirst(), &taken) { return node }
        let mark = taken.count
        if !part.isEmpty, let next = captured.first {
            taken.append(part)
            if let node = next.find(parts.dropFirst(), &taken) { return node }
            taken.removeSubrange(mark...)
        }
        guard let node = rest.first else { return nil }
        taken.append(parts.joined(separator: "/"))
        return node
    }
}

/// Without the empty segment before the first slash, nor one after a last slash; the root has none.
private func segments(of path: String) -> [String] {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if parts.first == "" { parts.removeFirst() }
    if parts.last == "" { parts.removeLast() }
    return parts
}

func captureName(_ segment: String) -> String {
    segment.filter { $0 != "{" && $0 != "}" }.replacing("...", with: "")
}
