import ArgumentParser
import Configuration
import Hummingbird
import ServiceLifecycle

@main
struct Leeway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Room to learn inside a clear intent.")
}
