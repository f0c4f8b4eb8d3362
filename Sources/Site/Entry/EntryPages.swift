import HTML

/// The sign-in page.
struct SignInModel: Sendable {
    let organisation: String
    let isDemo: Bool
    /// Where to go afterwards.
    let next: String
    var entries = Entries()
}

func signInPage(_ model: SignInModel) -> Fragment {
    door("Sign in to \(model.organisation)", isDemo: model.isDemo) {
        p(.class("muted small")) { "Trouble signing in? An administrator can give you a temporary password." }
    } content: {
        refusal(model.entries, labels: EntryFields.labels)
        form(.class("stack"), .method("post"), .action("/sign-in")) {
            hidden("next", model.next)
            field(EntryFields.email, model.entries)
            field(EntryFields.password, model.entries)
            press("Sign in", .primary)
        }
    }
}

/// The page after signing in with a password that somebody else chose.
struct NewPasswordModel: Sendable {
    let next: String
    let csrf: String
    var entries = Entries()
}

func newPasswordPage(_ model: NewPasswordModel) -> Fragment {
    door("Choose your own password") {
        form(.method("post"), .action("/sign-out")) {
            hidden("csrf", model.csrf)
            press("Sign out", .quiet)
        }
    } content: {
        p { "Your password was chosen by an administrator. Choose one that only you know, then go on." }
        refusal(model.entries, labels: EntryFields.labels)
        form(.class("stack"), .method("post"), .action("/me/password")) {
            hidden("csrf", model.csrf)
            hidden("next", model.next)
            field(EntryFields.oldPassword, model.entries)
            field(EntryFields.newPassword, model.entries)
            press("Save password", .primary)
        }
    }
}

/// The set-up page of a fresh installation.
struct SetUpModel: Sendable {
    var entries = Entries()
}

func setUpPage(_ model: SetUpModel) -> Fragment {
    door("Set up Leeway", isWide: true) {
        p(.class("muted small")) { "This page is there only while nobody can sign in." }
    } content: {
        p { "Name your organisation and make the first account, an administrator. You can change both later." }
        refusal(model.entries, labels: EntryFields.labels)
        form(.class("stack"), .method("post"), .action("/set-up")) {
            field(EntryFields.organisation, model.entries)
            field(EntryFields.home, model.entries)
            field(EntryFields.name, model.entries)
            field(EntryFields.email, model.entries)
            field(EntryFields.newPassword, model.entries)
            actions { press("Create account", .primary) }
        }
    }
}

/// The fields of these pages, written once.
enum EntryFields {
    static let email = Field(
        name: "email", words: "Work e-mail", kind: .email, isRequired: true, autocomplete: "username")
    static let password = Field(
        name: "password", words: "Password", kind: .password, isRequired: true, autocomplete: "current-password")
    static let oldPassword = Field(
        name: "current", words: "The password you signed in with", kind: .password, isRequired: true,
        autocomplete: "current-password")
    static let newPassword = Field(
        name: "password", words: "New password", hint: "Ten characters or more. A few words make a good one.",
        kind: .password, isRequired: true, autocomplete: "new-password")
    static let organisation = Field(
        name: "organisation", words: "Organisation", isRequired: true, autocomplete: "organization")
    static let home = Field(
        name: "home", words: "Address",
        hint: "Evidence names people by this address and their staff number. It cannot change once there is evidence.",
        kind: .url, isRequired: true)
    static let name = Field(name: "name", words: "Your name", isRequired: true, autocomplete: "name")

    static let labels = Dictionary(
        [email, password, oldPassword, organisation, home, name].map { ($0.name, $0.words) },
        uniquingKeysWith: { one, _ in one })
}
