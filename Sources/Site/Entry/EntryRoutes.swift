import Basis
import Hummingbird
import People
import Stores
import Web

/// Coming in and going out: sign-in, sign-out, one's own password, the first run.
func entryRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/sign-in", .anyone, "The sign-in page.") { visit in
            if try await stores.directory.isEmpty() { return .redirect(to: "/set-up") }
            let next = localPath(visit.query.text("next")) ?? "/"
            if visit.session != nil { return .redirect(to: next) }
            return .page(signInPage(try await signIn(stores, visit, next: next)))
        },
        .post("/sign-in", .anyone, "Signs a person in.") { visit in try await signIn(stores, visit) },
        .post("/sign-out", .signedIn, "Signs the person out.") { visit in
            if let token = visit.token { try await stores.sessions.signOut(token) }
            return .redirect(to: "/sign-in").setting(.signOut(for: visit))
        },
        .get("/me/password", .signedIn, "The page that asks for a password of one's own.") { visit in
            let next = localPath(visit.query.text("next")) ?? "/"
            return .page(newPasswordPage(NewPasswordModel(next: next, csrf: visit.csrf)))
        },
        .post("/me/password", .signedIn, "Saves a password of one's own.") { visit in
            let form = try visit.form()
            let next = localPath(form.text("next")) ?? "/"
            do {
                try await stores.sessions.changePassword(
                    visit.token ?? "", current: form.first("current") ?? "", new: form.first("password") ?? "")
                return .redirect(to: next)
            } catch {
                let problem = try refused(error)
                let model = NewPasswordModel(next: next, csrf: visit.csrf, entries: Entries([:], refused: problem))
                return .page(newPasswordPage(model), status: problem.formStatus)
            }
        },
        .get("/set-up", .anyone, "The set-up page of a fresh installation.") { visit in
            guard try await stores.directory.isEmpty() else { return .redirect(to: "/sign-in") }
            let scheme = visit.isSecure ? "https" : "http"
            let home = visit.request.head.authority.map { "\(scheme)://\($0)" } ?? ""
            return .page(setUpPage(SetUpModel(entries: Entries(["home": home]))))
        },
        .post("/set-up", .anyone, "Makes the organisation and its first administrator.") { visit in
            try await setUp(stores, visit)
        },
    ]
}

private func signIn(
    _ stores: Stores, _ visit: Visit, next: String, entries: Entries = Entries()
) async throws -> SignInModel {
    let tenant = try await stores.directory.tenant(visit.tenant)
    return SignInModel(
        organisation: tenant?.name ?? "Leeway", isDemo: tenant?.isDemo ?? false, next: next, entries: entries)
}

private func signIn(_ stores: Stores, _ visit: Visit) async throws -> Response {
    let form = try visit.form()
    let next = localPath(form.text("next")) ?? "/"
    let email = form.text("email")
    do {
        let signedIn = try await stores.sessions.signIn(
            email, password: form.first("password") ?? "", tenant: visit.tenant, from: visit.address)
        let goal = signedIn.session.mustChangePassword ? Address("/me/password", [("next", next)]).text : next
        return .redirect(to: goal).setting(.signIn(signedIn.token, age: Sessions.longest, for: visit))
    } catch {
        let problem = try refused(error)
        let entries = Entries(["email": email], refused: problem)
        let model = try await signIn(stores, visit, next: next, entries: entries)
        var response = Response.page(signInPage(model), status: problem.formStatus)
        if let wait = error as? SignInWait { response.headers[.retryAfter] = "\(wait.seconds)" }
        return response
    }
}

private func setUp(_ stores: Stores, _ visit: Visit) async throws -> Response {
    let form = try visit.form()
    let names = ["organisation", "home", "name", "email"]
    let entries = Dictionary(uniqueKeysWithValues: names.map { ($0, form.text($0)) })
    do {
        let signedIn = try await stores.sessions.setUp(
            FirstRun(
                organisation: form.text("organisation"), home: form.text("home"), name: form.text("name"),
                email: form.text("email"), password: form.first("password") ?? ""))
        return .redirect(to: "/").setting(.signIn(signedIn.token, age: Sessions.longest, for: visit))
    } catch {
        let problem = try refused(error)
        var shown = Entries(entries, refused: problem)
        if problem.code == "tenant-invalid", let wrong = shown.errors.removeValue(forKey: "name") {
            shown.errors["organisation"] = wrong
        }
        return .page(setUpPage(SetUpModel(entries: shown)), status: problem.formStatus)
    }
}
