public import Basis

extension StorageError: ProblemConvertible {
    /// A failure of the store, told without what the engine said.
    public var problem: Problem {
        switch self {
        case .duplicate: Problem(.conflict, "duplicate", "It is there already.", cause: self)
        case .violated: Problem(.conflict, "constraint", "It clashes with what is stored.", cause: self)
        case .contended: Problem(.unavailable, "contended", "The database is busy. Try again.", cause: self)
        case .unreachable: Problem(.unavailable, "database-unreachable", "The database cannot be reached.", cause: self)
        case .busy: Problem(.unavailable, "busy", "Too many requests wait already. Try again.", cause: self)
        case .full:
            Problem(
                .unavailable, "storage-full",
                "The database's disk is full: nothing of this was stored. Make room, then send it again.", cause: self)
        case .unstorable:
            Problem(.invalid, "text-nul", "A text holds the character U+0000. Take it out.", cause: self)
        case .foreign(let why): Problem(.fault, "foreign-database", why, cause: self)
        case .absent, .mistyped, .engine: Problem(.fault, "fault", "Something broke on our side.", cause: self)
        }
    }
}
