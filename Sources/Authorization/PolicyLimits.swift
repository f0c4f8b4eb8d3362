/// How much the language takes at once.
public enum PolicyLimits {
    /// The longest text of policies or of tests, in bytes of UTF-8.
    public static let textBytes = 1 << 20
    /// The most policies in one set.
    public static let policies = 5_000
    /// How deep an expression may be nested: a parenthesis, an operator around another, each `.attribute` of a chain.
    public static let nesting = 64
    /// The most errors that are reported of one text.
    public static let errors = 200
    /// The most `!` or `-` before one value, as in Cedar.
    public static let signs = 4
}
