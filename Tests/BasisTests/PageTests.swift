import HTML
import Markdown
import Testing

@Suite struct PageTests {
    @Test func `text and attributes are escaped`() {
        let page = p(.title("a\"b<c")) { "1 < 2 & 'x' \"y\"" }
        #expect(page.html == "<p title=\"a&quot;b&lt;c\">1 &lt; 2 &amp; &#39;x&#39; &quot;y&quot;</p>")
    }

    @Test(arguments: ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x"])
    func `other schemes are not linked`(url: String) {
        #expect(a(.href(url)) { "x" }.html == "<a href=\"#\">x</a>")
    }

    @Test(arguments: ["/a?b=c:d", "https://example.org/", "mailto:a@example.org", "#top", "a/b:c"])
    func `plain links stay`(url: String) {
        #expect(a(.href(url)) { "x" }.html == "<a href=\"\(url)\">x</a>")
    }

    @Test func `flags and missing values`() {
        let box = input(.type("checkbox"), .checked(true), .disabled(false), .id(nil))
        #expect(box.html == "<input type=\"checkbox\" checked>")
    }

    @Test func `lists and conditions build`() {
        let list = ul {
            for number in 1...3 where number != 2 { li { "\(number)" } }
            if false { li { "never" } }
        }
        #expect(list.html == "<ul><li>1</li><li>3</li></ul>")
    }

    @Test func `markdown leaves raw HTML and scripts out`() {
        let html = CommonMark.html("# Hi\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) | a |\n")
        #expect(html.contains("<h1>Hi</h1>"))
        #expect(!html.contains("<script"))
        #expect(!html.contains("javascript:"))
    }

    @Test func `markdown makes tables`() {
        #expect(CommonMark.html("| a | b |\n| - | - |\n| 1 | 2 |\n").contains("<table>"))
    }
}
