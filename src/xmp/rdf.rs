//! XMP as a tree, within limits, and the ways in which RDF may write a property. Nothing here knows what a
//! property means.

use roxmltree::{Document, Node};

use super::ns::{META, Ns, RDF};
use crate::photo::MOST_XMP;

/// The most nodes of a document, and how deep they may lie.
const NODES: u32 = 500_000;
const DEPTH: usize = 200;
/// The most attributes in all. The parser compares those of one element with each other, which is bounded too.
const ATTRIBUTES: usize = 200_000;
const COMPARED: usize = 20_000_000;
/// The most declarations of namespaces: the parser may copy the earlier ones for each.
const DECLARED: usize = 2_000;

/// The tree of a document.
///
/// # Errors
/// What is wrong with it, in a few words.
pub(super) fn parse(text: &str) -> Result<Document<'_>, String> {
    if text.len() > MOST_XMP {
        return Err(format!("more than {} MB", MOST_XMP >> 20));
    }
    check_costs(text)?;
    let options = roxmltree::ParsingOptions { nodes_limit: NODES, ..Default::default() };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => "it has a DTD".to_owned(),
        roxmltree::Error::NodesLimitReached => TOO_MUCH.to_owned(),
        // The message quotes a character of the text, which may end a line.
        other => format!("not well-formed XML ({other})").replace(char::is_control, " "),
    })
}

const TOO_MUCH: &str = "too many elements or attributes";

/// Refuse what would cost the parser more than its length.
fn check_costs(text: &str) -> Result<(), String> {
    let (mut depth, mut all, mut compared) = (0_usize, 0, 0);
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let past = |end: &str| rest.find(end).map(|at| &rest[at + end.len()..]);
        let skipped = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
        if let Some((_, end)) = skipped.iter().find(|(begin, _)| rest.starts_with(begin)) {
            // The parser refuses it if it has no end.
            let Some(behind) = past(end) else { return Ok(()) };
            rest = behind;
            continue;
        }
        let (length, attributes) = tag(rest);
        let whole = &rest[..length];
        if whole.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if !whole.ends_with("/>") {
            depth += 1;
        }
        all += attributes;
        compared += attributes * attributes;
        if depth > DEPTH || all > ATTRIBUTES || compared > COMPARED {
            return Err(TOO_MUCH.to_owned());
        }
        rest = &rest[length..];
    }
    let declared = memchr::memmem::find_iter(text.as_bytes(), b"xmlns").take(DECLARED + 1).count();
    if declared > DECLARED { Err(TOO_MUCH.to_owned()) } else { Ok(()) }
}

/// The length of the tag that `text` begins with, and how many attributes it has.
fn tag(text: &str) -> (usize, usize) {
    let (mut quote, mut attributes) = (None, 0);
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return (at + 1, attributes),
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                attributes += 1;
            }
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    (text.len(), attributes)
}

/// Whether an element has this name.
pub(super) fn is(node: Node, ns: Ns, name: &str) -> bool {
    node.is_element()
        && node.tag_name().namespace() == Some(ns.uri)
        && node.tag_name().name() == name
}

/// The element that holds all descriptions.
pub(super) fn root<'a, 'i>(document: &'a Document<'i>) -> Option<Node<'a, 'i>> {
    let top = document.root_element();
    if is(top, RDF, "RDF") {
        return Some(top);
    }
    let inside = is(top, META, "xmpmeta") || is(top, META, "xapmeta");
    top.children().filter(|_| inside).find(|node| is(*node, RDF, "RDF"))
}

/// The descriptions of a document.
pub(super) fn descriptions<'a, 'i>(rdf: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    rdf.children().filter(|node| is(*node, RDF, "Description"))
}

/// A property's element below its holder.
pub(super) fn property<'a, 'i>(holder: Node<'a, 'i>, ns: Ns, name: &str) -> Option<Node<'a, 'i>> {
    holder.children().find(|node| is(*node, ns, name))
}

/// The element that holds the fields of a structure: a description inside, or the property's element itself.
pub(super) fn holder<'a, 'i>(property: Node<'a, 'i>) -> Node<'a, 'i> {
    property.children().find(|node| is(*node, RDF, "Description")).unwrap_or(property)
}

/// The list of a property.
pub(super) fn list<'a, 'i>(property: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    property.children().find(|node| ["Bag", "Seq", "Alt"].iter().any(|kind| is(*node, RDF, kind)))
}

/// The items of a property's list.
pub(super) fn items<'a, 'i>(property: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    list(property).into_iter().flat_map(|list| list.children()).filter(|node| is(*node, RDF, "li"))
}

/// The text of a field, which is an attribute or an element.
pub(super) fn text(holder: Node, ns: Ns, name: &str) -> Option<String> {
    if let Some(value) = holder.attribute((ns.uri, name)) {
        return Some(value.trim().to_owned());
    }
    property(holder, ns, name).map(text_of)
}

/// The text of an element; with qualifiers it is one of several fields.
pub(super) fn text_of(node: Node) -> String {
    let inner = holder(node);
    let value = property(inner, RDF, "value").unwrap_or(node);
    let texts = value.children().filter(Node::is_text);
    let text: String = texts.filter_map(|node| node.text()).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_cost_too_much_is_refused_at_once() {
        let begun = std::time::Instant::now();
        let deep = "<a>".repeat(100_000);
        let wide = "<a/>".repeat(1_000_000);
        let attributes = format!("<a{}/>", " b=\"\"".repeat(300_000));
        let many = (0..10_000).map(|i| format!(" b{i}='>'")).collect::<String>();
        let spaces = (0..3_000).map(|i| format!("<a xmlns:n{i}='u{i}'>")).collect::<String>();
        let bomb = "<!DOCTYPE a [<!ENTITY b 'cc'><!ENTITY c '&b;&b;'>]><a>&c;</a>";
        for (text, reason) in [
            (deep, "too many"),
            (format!("<r>{wide}</r>"), "too many"),
            (attributes, "too many"),
            (format!("<r><a{many}/></r>"), "too many"),
            (spaces, "too many"),
            (bomb.to_owned(), "DTD"),
            (" ".repeat(MOST_XMP + 1), "8 MB"),
            ("<a><b></a>".to_owned(), "not well-formed"),
            ("<a>&c;</a>".to_owned(), "not well-formed"),
            ("<a".to_owned(), "not well-formed"),
            ("<a/\n".to_owned(), "not well-formed XML (expected '>' not ' ' at 1:4)"),
            ("<!-- ".to_owned(), "not well-formed"),
            (String::new(), "not well-formed"),
        ] {
            let error = parse(&text).map(drop).unwrap_err();
            assert!(error.contains(reason), "{error}: {}", &text[..text.len().min(60)]);
        }
        assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    }

    #[test]
    fn what_looks_like_tags_in_comments_and_values_does_not_count() {
        let text = format!("<a b='{0}'><!--{0}--><![CDATA[{0}]]><?c {0}?>d</a>", ">".repeat(3));
        assert_eq!(parse(&text).unwrap().root_element().attribute("b"), Some(">>>"));
        assert_eq!(tag("<a b='>' c=\"'\">d"), (15, 2));
        let comments = format!("<a>{}</a>", "<!--<b><b>-->".repeat(1000));
        assert!(parse(&comments).is_ok());
    }

    #[test]
    fn a_field_is_an_attribute_or_an_element_of_whatever_form() {
        let rdf = RDF.uri;
        let field = |xml: &str| {
            let xml = format!("<r xmlns:rdf='{rdf}' xmlns:q='{}'>{xml}</r>", META.uri);
            let document = parse(&xml).unwrap();
            let first = document.root_element().first_element_child().unwrap();
            text(holder(first), META, "n")
        };
        for xml in [
            "<p q:n=' A &amp; B '/>",
            "<p rdf:parseType='Resource'><q:n>A &amp; B</q:n></p>",
            "<p><rdf:Description q:n='A &amp; B'/></p>",
            "<p><rdf:Description><q:n>A <!-- and -->&amp;<![CDATA[ B]]></q:n></rdf:Description></p>",
            "<p><q:n rdf:parseType='Resource'><rdf:value>A &amp; B</rdf:value><q:o/></q:n></p>",
        ] {
            assert_eq!(field(xml).as_deref(), Some("A & B"), "{xml}");
        }
        assert_eq!(field("<p n='A'><n>B</n></p>"), None, "of another namespace");
    }
}
