import Basis
import Catalog
import Foundation
import Hummingbird
import People
import Testing
import Web

@testable import Site

/// The learner's pages: rendered for nothing and for something, safe against what people type, closed to strangers.
@Suite struct LearnersPagesTests {
    static let paths = [
        "/", "/asked", "/asked?due=overdue", "/asked?due=soon", "/goals", "/goals/new", "/learn", "/learn?saved=yes",
        "/learn?q=check", "/learn?level=beginner&provenance=generated&length=10&sort=title", "/learn?page=3",
        "/evidence", "/evidence?verb=completed", "/me", "/settings", "/help", "/palette", "/palette?q=check",
    ]

    @Test(arguments: paths) func `a page is well made when there is nothing`(path: String) async throws {
        let house = try await LeadersHouse(isFilled: false)
        let answer = try await house.get(path, as: "ada")
        #expect(answer.status == .ok)
        expectWellMade(answer.body, path)
    }

    @Test func `pages are well made when there is something, and what people typed is escaped`() async throws {
        let house = try await LearnersHouse()
        let (a, b, c, m) = (
            try await house.content("a"), try await house.content("b"), try await house.content("c"),
            try await house.content("m")
        )
        _ = try await house.mandate(for: b.id)
        let skill = try #require(a.skills.first)
        let browser = try await house.signedIn()
        _ = try await browser.get("/")
        #expect(
            try await browser.post("/goals", ["skill": "\(skill)", "level": "able", "note": LearnersHouse.nasty]).status
                == .seeOther)
        _ = try await browser.post("/learn/\(b.id)/save", ["on": "yes"])
        for content in [a, c] {
            let opened = try await browser.post("/learn/\(content.id)/start", ["at": "text"])
            let page = try await browser.follow(opened)
            #expect(page.status == .ok)
            expectWellMade(page.body, "reading \(content.key)")
        }
        let more = [a, b, c, m].map { "/learn/\($0.id)" } + ["/practice/\(skill)"]
        for path in Self.paths + more {
            let answer = try await browser.get(path)
            #expect(answer.status == .ok, "\(path)")
            expectWellMade(answer.body, path)
            #expect(!answer.body.contains("<script>alert") && !answer.body.contains("<b>bold"), "\(path)")
        }
        #expect(try await browser.get("/learn?saved=yes").body.contains("1 saved object"))
        #expect(try await browser.get("/goals").body.contains("not measured yet"))
    }

    @Test func `every route turns strangers away`() async throws {
        let house = try await LearnersHouse()
        for route in siteRoutes(house.stores) where route.access != .anyone {
            let path = route.path.replacing(#/\{[a-z.]+\}/#, with: "01234567-89ab-7def-8123-456789abcdef")
            let answer =
                route.method == .get
                ? try await house.browser().get(path) : try await house.browser().post(path)
            if route.method == .get {
                #expect(answer.status == .seeOther && answer.location.hasPrefix("/sign-in?next="), "\(path)")
            } else {
                #expect(answer.status == .unauthorized, "\(path)")
            }
        }
    }

    @Test func `no route breaks on what is not there, and each form needs its token`() async throws {
        let house = try await LeadersHouse()
        for route in siteRoutes(house.stores) {
            for stranger in ["01234567-89ab-7def-8123-456789abcdef", "none"] {
                let path = route.path.replacing(#/\{[a-z.]+\}/#, with: stranger)
                if route.method == .get {
                    let answer = try await house.get(path, as: "ada")
                    #expect(answer.status.code < 500, "\(path)")
                } else {
                    #expect(try await house.post(path, as: "ada").status.code < 500, "\(path)")
                    #expect(try await house.post(path, as: "ada", csrf: "wrong").status == .forbidden, "\(path)")
                }
            }
        }
    }

    @Test func `search links choose and let go, and show what is counted`() async throws {
        let house = try await LearnersHouse()
        let browser = try await house.signedIn()
        let page = try await browser.get("/learn?q=checking")
        #expect(page.body.contains("Checking an answer"))
        #expect(page.body.contains("/learn?q=checking&amp;length=10"))
        #expect(!page.body.contains("level=beginner"), "a facet of one value narrows nothing down")
        let whole = try await browser.get("/learn").body
        #expect(whole.contains("<a href=\"/learn?kind=article\"><span>article</span><span class=\"count\">2</span>"))
        let narrowed = try await browser.get("/learn?level=beginner&provenance=human")
        #expect(narrowed.body.contains("Nothing found"))
        #expect(narrowed.body.contains("href=\"/learn?provenance=human\""))
        let odd = try await browser.get("/learn?level=nonsense&skill=none&page=-4&sort=odd")
        #expect(odd.status == .ok && odd.body.contains("4 found"))
    }

    @Test func `the palette answers with its list alone when a script asks`() async throws {
        let house = try await LearnersHouse()
        let browser = try await house.signedIn()
        let piece = try await browser.get("/palette?q=checking", headers: ["X-Fragment": "1"])
        #expect(piece.body.hasPrefix("<ul class=\"results\">") && piece.body.contains("/learn/"))
        let people = try await browser.get("/palette?q=sam")
        #expect(!people.body.contains("/people/"), "a learner does not search people")
    }
}
