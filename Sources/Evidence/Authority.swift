/// Who vouches for a statement: the credential that stored it, as an account of the tenant.
///
/// - Source: xAPI 1.0.3, part 2, 2.4.9. What a client sends as `authority` is replaced by this.
public struct Authority: Hashable, Sendable {
    /// The client's key; `leeway` for Leeway itself.
    public let name: String

    public init(client name: String) { self.name = name }

    /// Leeway itself.
    public static let own = Authority(client: "leeway")
}
