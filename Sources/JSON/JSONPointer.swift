/// A path into a document.
///
/// - Source: RFC 6901.
public struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    /// With its slashes; empty for the whole document.
    public let description: String

    public init() { description = "" }
    private init(_ text: String) { description = text }

    /// The pointer to a member.
    public func appending(_ name: String) -> JSONPointer {
        JSONPointer(description + "/" + name.replacing("~", with: "~0").replacing("/", with: "~1"))
    }

    /// The pointer to an element, from 0.
    public func appending(_ index: Int) -> JSONPointer { JSONPointer(description + "/\(index)") }
}
