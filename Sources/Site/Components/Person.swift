import HTML

/// A person by initials and name; `nil` is nobody.
func person(_ name: String?) -> Fragment {
    span(.class("person")) {
        avatar(name)
        name ?? "No owner"
    }
}

/// The initials in their disc, decoration beside the name.
func avatar(_ name: String?, isBig: Bool = false) -> Fragment {
    let kind = name == nil ? "avatar none" : isBig ? "avatar big" : "avatar"
    return span(.class(kind), .aria("hidden", "true")) { name.map(Words.initials) ?? "?" }
}
