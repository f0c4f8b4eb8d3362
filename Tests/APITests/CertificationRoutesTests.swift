import Basis
import Hummingbird
import HummingbirdTesting
import Intent
import JSON
import People
import StorageTesting
import Stores
import Testing

@testable import API

@Suite struct CertificationRoutesTests {
    private let body: JSONValue = [
        "title": "First aid", "why": "Somebody can help.", "basis": "Safety rules", "audience": "everyone",
        "minutes": 60, "leaveDays": 28,
        "rule": ["activePeriod": "P2Y", "windowDays": 60, "reminders": "person:-7 manager:7"],
    ]

    @Test(arguments: Engine.present)
    func `a certification over budget is previewed, refused and overridden`(_ engine: Engine) async throws {
        let site = try await TestSite(engine)
        try await site.run { caller in
            let steward = try await caller.signedIn(.steward)
            var long = try #require(body.object)
            long["minutes"] = 600
            let wanted = JSONValue.object(long)
            let looked = try await steward.send(.post, "/api/v1/certifications/preview", wanted).json
            #expect(looked["peopleOver"]?.integer == Role.allCases.count && looked["fits"] == false)
            #expect(looked["alternatives"]?["minutes"]?.integer != nil)
            let made = try await steward.send(.post, "/api/v1/certifications", wanted).json
            let path = "/api/v1/certifications/\(try #require(made["id"]?.string))"
            #expect(try await steward.send(.get, "\(path)/preview").json["peopleOver"] == looked["peopleOver"])
            #expect(try await steward.send(.post, "\(path)/publish", [:]).problem() == "over-budget")
            let reason: JSONValue = ["override": "The law has a date of its own."]
            let published = try await steward.send(.post, "\(path)/publish", reason).json
            #expect(published["override"]?["peopleOver"]?.integer == Role.allCases.count)
            let freed = try await steward.send(.get, "\(path)/retirement").json
            #expect(freed["peopleFreed"]?.integer == Role.allCases.count)
            let learner = try await caller.signedIn(.learner)
            let leeway = try await learner.send(.get, "/api/v1/me/leeway").json
            #expect(leeway["certifications"]?.array?.count == 1)
            #expect(leeway["overrides"]?.array?.first?["isCertification"] == true)
        }
    }

    @Test func `a certification is drafted, published, decided and read`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let steward = try await caller.signedIn(.steward)
            let learner = try await caller.signedIn(.learner)
            let made = try await steward.send(.post, "/api/v1/certifications", body).json
            let path = "/api/v1/certifications/\(try #require(made["id"]?.string))"
            #expect(made["rule"]?["activePeriod"] == "P24M" || made["rule"]?["activePeriod"] == "P2Y")
            #expect(try await learner.send(.post, "\(path)/publish", [:]).problem() == "right-needed")
            #expect(try await steward.send(.post, "\(path)/publish", [:]).json["state"] == "published")
            #expect(try await steward.send(.post, "\(path)/publish", [:]).problem() == "certification-not-draft")
            let own = try await learner.send(.get, "/api/v1/certificates").json
            #expect(own["total"] == 1 && own["items"]?.array?.first?["standing"] == "due")
            let notices = try await learner.send(.get, "/api/v1/notices").json
            let notice = try #require(notices["items"]?.array?.first?["id"]?.string)
            #expect(try await learner.send(.put, "/api/v1/notices/\(notice)/seen").status == .noContent)
            #expect(try await steward.send(.put, "/api/v1/notices/\(notice)/seen").problem() == "notice-missing")
            let id = try #require(site.people[.learner]?.id)
            let today = site.stores.world.now().day
            let attested = try await steward.send(
                .post, "\(path)/people/\(id)/attest", ["day": .string("\(today)"), "reason": "Seen"])
            #expect(attested.status == .noContent)
            let why: JSONValue = ["reason": "Not so"]
            let withdraw = "\(path)/people/\(id)/withdraw"
            #expect(try await steward.send(.post, withdraw + "-extension", why).problem() == "extension-missing")
            #expect(try await steward.send(.post, withdraw + "-attestation", why).status == .noContent)
            #expect(try await steward.send(.post, withdraw + "-attestation", why).problem() == "attestation-missing")
            let again: JSONValue = ["day": .string("\(today)"), "reason": "Seen by two"]
            #expect(try await steward.send(.post, "\(path)/people/\(id)/attest", again).status == .noContent)
            let file = try await steward.send(.get, "\(path)/people/\(id)").json
            #expect(file["standing"] == "certified" && file["cycles"]?.array?.count == 1)
            let counts = try await steward.send(.get, path).json["counts"]
            #expect(counts?["certified"] == 1)
            let page = try await steward.send(.get, "\(path)/people?standing=certified").json
            #expect(page["total"] == 1)
            let calendar = try await learner.send(.post, "/api/v1/calendar", [:]).json
            #expect(calendar["path"]?.string?.hasPrefix("/calendar/") == true)
            #expect(try await learner.send(.delete, "/api/v1/calendar").status == .noContent)
            let night = try await steward.send(.post, "/api/v1/certification-runs", [:]).json
            #expect(night["programmes"] == 1)
        }
    }

    @Test func `what is wrong is named by its place`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let steward = try await caller.signedIn(.steward)
            func refused(_ change: (inout JSONObject) -> Void) async throws -> JSONValue {
                var object = try #require(body.object)
                change(&object)
                return try await steward.send(.post, "/api/v1/certifications", .object(object)).json
            }
            let unknown = try await refused { $0["rule"] = ["window": 3] }
            #expect(unknown["pointers"] == ["/rule/window"])
            let mistyped = try await refused { $0["rule"] = ["windowDays": "3"] }
            #expect(mistyped["pointers"] == ["/rule/windowDays"])
            let past = try await refused { $0["rule"] = ["firstDue": "2001-01-01"] }
            #expect(past["pointers"] == ["/rule/firstDue"])
            let nobody = try await refused { $0["audience"] = "not everyone" }
            #expect(nobody["pointers"] == ["/audience"])
            let content = try await refused { $0["content"] = "019b78cc-17c5-7f7c-b889-34be3da970df" }
            #expect(content["pointers"] == ["/content"])
        }
    }
}
