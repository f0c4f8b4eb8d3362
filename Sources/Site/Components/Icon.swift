import HTML

/// The names of `Assets/icons.svg`. Always decoration beside a word.
enum Icon: String, CaseIterable, Sendable {
    case leeway, home, learn, intent, evidence, insight, people, trials, pulse, gateway, settings, person, search, help
    case close, check, plus, minus, next, back, down, up, sort, external, link, download, upload, print, edit, remove
    case undo, copy, lock, key, mail, clock, calendar, pin, save, swap, dismiss, know, eye, filter, columns, note
    case tutor, info, warning, file, video, audio, quiz, play, register, policy, mandate, strategy, goal, skill
    case language, signout, sun, moon, system
    case full, half, empty, triangle, diamond, dashed, square
    case human, assisted, generated, unknown
}

/// One icon, hidden from assistive technology.
func icon(_ icon: Icon) -> Fragment {
    svg(.class("icon"), .aria("hidden", "true")) {
        use(.href("/assets/icons.svg#\(icon.rawValue)"))
    }
}

/// Words that only assistive technology reads.
func spoken(_ words: String) -> Fragment { span(.class("hidden")) { words } }
