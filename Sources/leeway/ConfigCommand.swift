import ArgumentParser
import Basis

/// `leeway config check`.
struct Config: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Look at the settings.", subcommands: [Check.self])

    struct Check: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print each setting with where it came from. Passwords are hidden.")

        @OptionGroup var options: SettingsOptions

        func work() async throws {
            let settings = try options.settings()
            let width = settings.origins.map(\.name.count).max() ?? 0
            for (name, value, origin) in settings.origins {
                let shown = value.isEmpty ? "(empty)" : value
                print(name.padding(to: width) + "  " + shown.padding(to: 36) + "  " + origin)
            }
        }
    }
}

extension String {
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
