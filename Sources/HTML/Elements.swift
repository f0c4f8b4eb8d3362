// The elements that pages use, each as a function of its attributes and its content.
// The list is HTML's and SVG's own vocabulary: see html.spec.whatwg.org, "Index of elements".

public func html(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("html", attributes, content())
}

public func head(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("head", attributes, content())
}

public func body(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("body", attributes, content())
}

public func header(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("header", attributes, content())
}

public func footer(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("footer", attributes, content())
}

public func main(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("main", attributes, content())
}

public func nav(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("nav", attributes, content())
}

public func section(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("section", attributes, content())
}

public func article(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("article", attributes, content())
}

public func aside(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("aside", attributes, content())
}

public func div(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("div", attributes, content())
}

public func span(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("span", attributes, content())
}

public func p(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("p", attributes, content())
}

public func a(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("a", attributes, content())
}

public func h1(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("h1", attributes, content())
}

public func h2(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("h2", attributes, content())
}

public func h3(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("h3", attributes, content())
}

public func h4(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("h4", attributes, content())
}

public func ul(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("ul", attributes, content())
}

public func ol(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("ol", attributes, content())
}

public func li(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("li", attributes, content())
}

public func dl(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("dl", attributes, content())
}

public func dt(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("dt", attributes, content())
}

public func dd(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("dd", attributes, content())
}

public func table(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("table", attributes, content())
}

public func caption(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("caption", attributes, content())
}

public func thead(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("thead", attributes, content())
}

public func tbody(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("tbody", attributes, content())
}

public func tfoot(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("tfoot", attributes, content())
}

public func tr(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("tr", attributes, content())
}

public func th(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("th", attributes, content())
}

public func td(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("td", attributes, content())
}

public func form(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("form", attributes, content())
}

public func label(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("label", attributes, content())
}

public func button(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("button", attributes, content())
}

public func select(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("select", attributes, content())
}

public func option(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("option", attributes, content())
}

public func optgroup(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("optgroup", attributes, content())
}

public func textarea(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("textarea", attributes, content())
}

public func fieldset(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("fieldset", attributes, content())
}

public func legend(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("legend", attributes, content())
}

public func details(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("details", attributes, content())
}

public func summary(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("summary", attributes, content())
}

public func dialog(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("dialog", attributes, content())
}

public func strong(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("strong", attributes, content())
}

public func em(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("em", attributes, content())
}

public func small(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("small", attributes, content())
}

public func code(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("code", attributes, content())
}

public func ins(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("ins", attributes, content())
}

public func del(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("del", attributes, content())
}

public func pre(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("pre", attributes, content())
}

public func blockquote(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("blockquote", attributes, content())
}

public func time(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("time", attributes, content())
}

public func abbr(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("abbr", attributes, content())
}

public func mark(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("mark", attributes, content())
}

public func output(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("output", attributes, content())
}

public func meter(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("meter", attributes, content())
}

public func progress(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("progress", attributes, content())
}

public func figure(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("figure", attributes, content())
}

public func figcaption(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("figcaption", attributes, content())
}

public func title(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("title", attributes, content())
}

public func script(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("script", attributes, content())
}

public func svg(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("svg", attributes, content())
}

public func g(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("g", attributes, content())
}

public func text(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("text", attributes, content())
}

public func template(_ attributes: Attribute..., @Markup content: () -> Fragment = { .empty }) -> Fragment {
    element("template", attributes, content())
}

public func input(_ attributes: Attribute...) -> Fragment { void("input", attributes) }

public func br(_ attributes: Attribute...) -> Fragment { void("br", attributes) }

public func hr(_ attributes: Attribute...) -> Fragment { void("hr", attributes) }

public func img(_ attributes: Attribute...) -> Fragment { void("img", attributes) }

public func meta(_ attributes: Attribute...) -> Fragment { void("meta", attributes) }

public func link(_ attributes: Attribute...) -> Fragment { void("link", attributes) }

public func path(_ attributes: Attribute...) -> Fragment { element("path", attributes, .empty) }

public func circle(_ attributes: Attribute...) -> Fragment { element("circle", attributes, .empty) }

public func rect(_ attributes: Attribute...) -> Fragment { element("rect", attributes, .empty) }

public func line(_ attributes: Attribute...) -> Fragment { element("line", attributes, .empty) }

public func use(_ attributes: Attribute...) -> Fragment { element("use", attributes, .empty) }
