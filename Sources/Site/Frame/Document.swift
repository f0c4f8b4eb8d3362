import HTML

/// The document around every page.
func document(_ heading: String, refreshes: Bool = false, @Markup content: () -> Fragment) -> Fragment {
    html(.lang("en"), .init("dir", "ltr")) {
        head {
            meta(.init("charset", "utf-8"))
            meta(.name("viewport"), .init("content", "width=device-width, initial-scale=1"))
            meta(.name("color-scheme"), .init("content", "light dark"))
            if refreshes {
                element("noscript", [], meta(.init("http-equiv", "refresh"), .init("content", "5")))
            }
            title { "\(heading) · Leeway" }
            link(.init("rel", "icon"), .href("/assets/favicon.svg"), .type("image/svg+xml"))
            link(.init("rel", "stylesheet"), .href("/assets/leeway.css"))
            script(.src("/assets/theme.js"))
            script(.type("module"), .src("/assets/leeway.js"))
        }
        content()
    }
}

/// A page without the frame: sign-in and set-up.
func door(
    _ heading: String, isWide: Bool = false, isDemo: Bool = false, steps: [String] = [], step: Int = 0,
    @Markup below: () -> Fragment = { .empty }, @Markup content: () -> Fragment
) -> Fragment {
    document(heading) {
        body(.class(isWide ? "door wide" : "door")) {
            demoBanner(isDemo)
            main(.id("main")) {
                p(.class("mark")) {
                    icon(.leeway)
                    "Leeway"
                }
                if !steps.isEmpty {
                    ol(.class("steps"), .aria("label", "Set-up")) {
                        for (index, words) in steps.enumerated() {
                            li(
                                .class(index < step ? "done" : nil), .aria("current", index == step ? "step" : nil)
                            ) { words }
                        }
                    }
                }
                div(.class("card")) {
                    h1 { heading }
                    content()
                }
                below()
            }
        }
    }
}

/// What every page of a demonstration says.
func demoBanner(_ isDemo: Bool) -> Fragment {
    guard isDemo else { return .empty }
    return aside(.class("demo"), .aria("label", "Demonstration")) {
        p {
            "Demonstration: made-up people, real readings."
        }
    }
}
