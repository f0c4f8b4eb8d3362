import Basis
import HTML
import Paths
import Testing

@testable import Site

@Suite struct ComponentTests {
    @Test func `values read as in a sentence`() {
        #expect(Words.minutes(200) == "3 h 20 min" && Words.minutes(60) == "1 h" && Words.minutes(0) == "0 min")
        #expect(Words.count(9_032) == "9,032" && Words.count(-1_234_567) == "−1,234,567" && Words.count(100) == "100")
        #expect(Words.share(23, of: 61, "people") == "23 of 61 people (38%)")
        #expect(Words.share(0, of: 0, "people") == "0 of 0 people", "no share of nothing")
        #expect(Words.percent(0.0001) == "1%" && Words.percent(0.9999) == "99%" && Words.percent(1) == "100%")
        #expect(Words.initials("Mara Keller-Voss") == "MV" && Words.initials("  ") == "?" && Words.initials("Ö") == "Ö")
        #expect(Words.list(["a", "b", "c"]) == "a, b and c")
        #expect(Words.span(.seconds(80)) == "1 min 20 s" && Words.span(.zero) == "0 s")
        #expect(shortened("one two three four", to: 9) == "one two …")
        #expect(inside("It serves your goal.") == "it serves your goal")
    }

    @Test func `an address changes one thing at a time and encodes what it carries`() {
        let address = Address("/learn", [("q", "a & b"), ("level", "x"), ("page", "2")])
        #expect(address.with("page", nil).text == "/learn?q=a%20%26%20b&level=x")
        #expect(address.adding("level", "y").removing("level", "x").without("q", "page").text == "/learn?level=y")
    }

    @Test func `places stay within the drawing`() {
        #expect(place(0.1428) == "14.3%" && place(-1) == "0%" && place(2) == "100%" && place(.nan) == "0%")
        let chart = dots(Dots(observed: Estimate(value: 0.62, low: 0.5, high: 0.74), benchmark: 0.05, target: 0.95))
            .html
        #expect(chart.contains("aria-label=\"Observed 62%, interval 50 to 74. Report 5%. Target 95%.\""))
        #expect(chart.contains("text-anchor=\"start\"") && chart.contains("text-anchor=\"end\""))
        #expect(!chart.contains("style="))
    }

    @Test func `the meter's parts are the whole, and over is said`() {
        let calm = LeewayView(
            budget: 300, asked: 40, used: 40, room: 260, guaranteed: 150, over: 0, period: "this month")
        #expect(leewayMeter(calm).html.contains("<strong>3 h 40 min free</strong> of 4 h 20 min this month"))
        let over = LeewayView(budget: 60, asked: 90, used: 0, room: 0, guaranteed: 30, over: 60, period: "this month")
        #expect(leewayMeter(over).html.contains("meter over") && leewayMeter(over).html.contains("1 h more is asked"))
    }

    @Test func `headings get anchors, and their words lose tags`() {
        let (body, headings) = anchored("<h2>A <em>b</em> &amp; c</h2>\n<p>x</p>\n<h2>D</h2>")
        #expect(headings.map(\.words) == ["A b & c", "D"])
        #expect(body.html.contains("<h2 id=\"part-2\">D</h2>") && body.html.contains("<p>x</p>"))
        let lower = anchored("<h1>T</h1><h2>U</h2>").body.html
        #expect(lower == "<h2 id=\"part-1\">T</h2><h3>U</h3>", "the title is the only first heading")
    }

    @Test func `a refusal stands at its field and on top`() {
        let entries = Entries(["email": "x<y"], refused: Problem(.invalid, "c", "Write an address.", at: ["/email"]))
        let html = field(Field(name: "email", words: "E-mail", kind: .email), entries).html
        #expect(html.contains("aria-invalid=\"true\"") && html.contains("id=\"email-error\""))
        #expect(html.contains("value=\"x&lt;y\""))
        #expect(refusal(entries).html.contains("href=\"#email\""))
        #expect(refusal(Entries()).html.isEmpty)
    }

    @Test func `learning time is believed up to the clock`() {
        func credit(_ claimed: Int?, _ elapsed: Duration, _ stated: Int?) -> Duration {
            LearningTime.credit(claimed: claimed, elapsed: elapsed, stated: stated)
        }
        #expect(credit(30, .minutes(5), 10) == .seconds(30))
        #expect(credit(9_999, .minutes(5), 10) == .minutes(5))
        #expect(credit(nil, .minutes(20), 10) == .minutes(10))
        #expect(credit(0, .hours(9), nil) == .minutes(60))
        #expect(credit(-5, .minutes(1), nil) == .minutes(1))
        #expect(credit(99_999_999, .hours(30), nil) == .hours(4))
        #expect(credit(10, .seconds(-5), 10) == .zero)
    }
}
