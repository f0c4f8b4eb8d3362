extension Visit {
    /// The secret of the browser's session, for the stores that end it or change its password.
    public var token: String? { cookie(SetCookie.session, of: request) }
}
