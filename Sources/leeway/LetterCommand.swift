import ArgumentParser
import Basis
import Exchange
import JSON

extension LinkCommands {
    struct Letters: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what could not be delivered or stored, the newest first.",
            discussion: "At most \(ExchangeBook.letterLimit) are shown.")

        @Argument(help: "Only those of this link, by id or name.") var link: String?
        @Flag(help: "Print JSON, one line a letter.") var json = false
        @OptionGroup var options: LinkOptions

        func work() async throws {
            try await options.open { exchange, tenant in
                var id: ID<Link>?
                if let link { id = try await exchange.book.link(called: link, of: tenant).id }
                for letter in try await exchange.book.letters(of: tenant, link: id) {
                    print(json ? letter.json.text : letter.line)
                }
            }
        }
    }

    struct Retry: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try letters again at the link’s next turn, which is now.")

        @Argument(help: "The link’s id or name.") var link: String
        @Argument(help: "The letter, by its statement. All of the link unless set.") var statement: String?
        @OptionGroup var options: LinkOptions

        func work() async throws {
            try await options.open { exchange, tenant in
                let found = try await exchange.book.link(called: link, of: tenant)
                var count = 1
                if let statement {
                    try await exchange.book.retry(statement, of: found.id, tenant)
                } else {
                    count = try await exchange.book.retryAll(of: found.id, tenant)
                }
                print("Letters to be tried again: \(count).")
            }
        }
    }

    struct Drop: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget letters. The statements stay where they are.")

        @Argument(help: "The link’s id or name.") var link: String
        @Argument(help: "The letter, by its statement.") var statement: String?
        @Flag(help: "Every letter of the link.") var all = false
        @OptionGroup var options: LinkOptions

        func validate() throws {
            if (statement == nil) != all { throw ValidationError("Name a letter by its statement, or --all.") }
        }

        func work() async throws {
            try await options.open { exchange, tenant in
                let found = try await exchange.book.link(called: link, of: tenant)
                var count = 1
                if let statement {
                    try await exchange.book.discard(statement, of: found.id, tenant)
                } else {
                    count = try await exchange.book.discardAll(of: found.id, tenant)
                }
                print("Letters forgotten: \(count).")
            }
        }
    }
}

extension DeadLetter {
    fileprivate var line: String {
        let state = isQueued ? "to be tried again" : "dead"
        return "\(link)\t\(statement)\t\(count)\t\(state)\t\(failedAt.timestamp)\t\(label)\t\(error)"
    }
}
