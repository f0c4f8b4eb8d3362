import Basis
import Evidence
import HTML
import Hummingbird
import People
import Stores
import Web

/// The xAPI Profiles that statements are checked against, for administrators.
func profileRoutes(_ stores: Stores) -> [Route] {
    let book = ProfileBook(log: stores.log)
    return [
        .get("/settings/profiles", .right(.administer), "xAPI Profiles, and what statements do otherwise.") { visit in
            let model = try await profiles(book, visit)
            return .page(profilesPage(model, in: try await stores.framed(visit)))
        },
        .post("/settings/profiles", .right(.administer), takes: .upload, "Loads an xAPI Profile.") { visit in
            let form = try visit.form()
            do {
                guard let file = form.file("file") else {
                    throw Problem(.invalid, "file-missing", "Choose a file.", at: ["/file"])
                }
                guard let mode = ProfileMode(rawValue: form.text("mode")),
                    let reach = ProfileReach(rawValue: form.text("reach"))
                else { throw Problem(.invalid, "profile-mode", "Choose what becomes of statements.") }
                try await book.load(Array(file.bytes), mode: mode, reach: reach, for: visit.tenant)
                return .redirect(to: "/settings/profiles?said=added")
            } catch {
                var model = try await profiles(book, visit)
                let problem = try refusal(of: error)
                // Pointers lead into the file, not to fields of the form.
                model.form = Entries(errors: [problem.code == "file-missing" ? "file" : "": problem.detail])
                return .page(profilesPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
        .post("/settings/profiles/options", .right(.administer), "Says how strict a profile is.") { visit in
            let form = try visit.form()
            guard let mode = ProfileMode(rawValue: form.text("mode")) else { throw nothingHere("mode") }
            try await book.set(mode: mode, of: form.text("id"), visit.tenant)
            return .redirect(to: "/settings/profiles?said=saved")
        },
        .post("/settings/profiles/clear", .right(.administer), "Forgets what a profile found so far.") { visit in
            try await book.clearFindings(of: try visit.form().text("id"), visit.tenant)
            return .redirect(to: "/settings/profiles?said=removed")
        },
        .post("/settings/profiles/remove", .right(.administer), "Removes a profile with what it found.") { visit in
            try await book.remove(try visit.form().text("id"), of: visit.tenant)
            return .redirect(to: "/settings/profiles?said=removed")
        },
    ]
}

private func profiles(_ book: ProfileBook, _ visit: Visit) async throws -> ProfilesModel {
    ProfilesModel(
        profiles: try await book.list(of: visit.tenant), findings: try await book.findings(of: visit.tenant),
        failures: try await book.failedSequences(of: visit.tenant))
}
