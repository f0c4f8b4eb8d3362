import Basis
public import Foundation
import Hummingbird
import NIOCore

/// Style sheets, scripts, fonts and pictures: read once, kept in memory, named by their content.
public struct Assets: Sendable {
    private struct Asset: Sendable {
        let buffer: ByteBuffer
        let type: String
        let tag: EntityTag
        /// The first characters of the hash.
        let version: String
    }

    private let assets: [String: Asset]

    /// Reads every file of some folders and of the folders within; a later folder's file wins.
    ///
    /// - Throws: `Problem` (`assets-missing`) when the first folder is absent or empty.
    public init(folders: [URL]) throws {
        var assets: [String: Asset] = [:]
        for folder in folders {
            assets.merge(try Assets.read(folder.standardizedFileURL.path)) { _, later in later }
            guard !assets.isEmpty else {
                throw Problem(
                    .fault, "assets-missing",
                    "The style sheets are missing: nothing in \(folder.path). "
                        + "Install the program with its resource folders.")
            }
        }
        self.assets = assets
    }

    private static func read(_ root: String) throws -> [String: Asset] {
        var assets: [String: Asset] = [:]
        for path in FileManager.default.enumerator(atPath: root) ?? FileManager.DirectoryEnumerator() {
            guard let path = path as? String, let bytes = FileManager.default.contents(atPath: root + "/" + path),
                let type = Assets.type(of: path)
            else { continue }
            let tag = EntityTag(hashing: Array(bytes))
            let version = String(tag.text.dropFirst().prefix(10))
            assets[path] = Asset(buffer: ByteBuffer(bytes: bytes), type: type, tag: tag, version: version)
        }
        return assets
    }

    /// The address of an asset, such as `/assets/site.css?v=0a1b2c3d4e`: another content, another address.
    ///
    /// An asset that is not there has an address too; it answers 404.
    public func url(_ name: String) -> String {
        "/assets/\(name)" + (assets[name].map { "?v=\($0.version)" } ?? "")
    }

    public var names: [String] { assets.keys.sorted() }

    /// The route that serves them.
    public var route: Route {
        .get("/assets/{name...}", .anyone, "A style sheet, script, font or picture.") { visit in
            guard let asset = assets[visit.parameter("name")] else {
                throw Problem(.missing, "missing", "There is nothing at this address. Check the address.")
            }
            let isNamed = asset.tag.isNamed(in: visit.request.headers[.ifNoneMatch])
            var response =
                isNamed
                ? Response(status: .notModified)
                : Response(
                    status: .ok, headers: [.contentType: asset.type], body: ResponseBody(byteBuffer: asset.buffer))
            response.headers[.eTag] = asset.tag.text
            response.headers[.cacheControl] =
                visit.query.first("v") == asset.version ? "public, max-age=31536000, immutable" : "no-cache"
            return response
        }
    }

    /// Nil for what is not served.
    private static func type(of path: String) -> String? {
        switch path.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "webp": "image/webp"
        case "jpg", "jpeg": "image/jpeg"
        case "woff2": "font/woff2"
        case "txt": "text/plain; charset=utf-8"
        case "json", "webmanifest": "application/json"
        default: nil
        }
    }
}
