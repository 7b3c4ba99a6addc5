//! Adds elements to an XMP document as text: everything else in it stays as it is, byte for byte.

use std::ops::Range;

use roxmltree::Node;

use super::ns::Ns;

/// Changes to a document, put in all at once.
pub(super) struct Edits<'a> {
    source: &'a str,
    edits: Vec<(Range<usize>, String)>,
}

impl<'a> Edits<'a> {
    pub fn of(source: &'a str) -> Self {
        Self { source, edits: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Put `text` instead of a part of the document.
    pub fn replace(&mut self, range: Range<usize>, text: String) {
        self.edits.push((range, text));
    }

    /// Put elements, which may have several lines, behind all that is in `parent`, indented as the last one
    /// there. Only once for each parent.
    pub fn append(&mut self, parent: Node, elements: &[String]) {
        let range = parent.range();
        let source = &self.source[range.clone()];
        let lead = self.lead(parent);
        let end = lead.strip_suffix(' ').unwrap_or(&lead);
        let elements = elements.iter().map(|element| element.replace('\n', &lead));
        let elements: String = elements.map(|element| format!("{lead}{element}")).collect();
        if let Some(empty) = source.strip_suffix("/>") {
            let at = range.start + empty.trim_end().len();
            return self.replace(at..range.end, format!(">{elements}{end}</{}>", name(source)));
        }
        // Nothing but its own end is behind the last `</` of an element.
        let content = &source[..source.rfind("</").unwrap_or(source.len())];
        let kept = content.trim_end();
        let at = range.start + kept.len();
        let end = if content[kept.len()..].contains('\n') { "" } else { end };
        self.replace(at..at, format!("{elements}{end}"));
    }

    /// The text before an element in `parent`: a line break and some spaces.
    fn lead(&self, parent: Node) -> String {
        let before = |node: Node| {
            let text = &self.source[..node.range().start];
            let spaces = &text[text.trim_end().len()..];
            spaces.rfind('\n').map(|at| spaces[at..].to_owned())
        };
        let sibling = parent.children().rfind(Node::is_element).map(before);
        let inside = || before(parent).map(|spaces| format!("{spaces} "));
        sibling.unwrap_or_else(inside).unwrap_or_else(|| "\n".to_owned())
    }

    /// The document with all changes.
    pub fn done(mut self) -> String {
        self.edits.sort_by_key(|(range, _)| range.start);
        let (mut text, mut at) = (String::with_capacity(self.source.len() + 1_000), 0);
        for (range, new) in self.edits {
            let Some(kept) = self.source.get(at..range.start) else { continue };
            text.push_str(kept);
            text.push_str(&new);
            at = range.end;
        }
        text + &self.source[at..]
    }
}

/// The name of the element that `source` begins with, as it is written.
fn name(source: &str) -> &str {
    let inside = source.trim_start_matches('<');
    let end = inside.find(|c: char| c.is_whitespace() || c == '/' || c == '>');
    &inside[..end.unwrap_or(inside.len())]
}

/// The declarations of the prefixes of `all` that are not declared so at `node` already.
pub(super) fn declared(node: Node, all: &[Ns]) -> String {
    let unknown =
        all.iter().filter(|ns| node.lookup_namespace_uri(Some(ns.prefix)) != Some(ns.uri));
    unknown.map(|ns| format!(" xmlns:{}=\"{}\"", ns.prefix, ns.uri)).collect()
}

/// An element as it is written, with the declarations of all prefixes in it, so that it can stand anywhere.
pub(super) fn detached(source: &str, node: Node) -> String {
    let own = &source[node.range()];
    let head = 1 + name(own).len();
    let start = &own[..own.find('>').unwrap_or(own.len())];
    let missing = node.namespaces().filter_map(|space| {
        let prefix = space.name()?;
        let is_used = own.contains(&format!("{prefix}:"));
        let is_own = start.contains(&format!("xmlns:{prefix}"));
        (is_used && !is_own).then(|| format!(" xmlns:{prefix}=\"{}\"", escaped(space.uri())))
    });
    format!("{}{}{}", &own[..head], missing.collect::<String>(), &own[head..])
}

/// Text without what XML cannot hold, and without space around it.
pub(super) fn plain(text: &str) -> String {
    let held = text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    held.collect::<String>().trim().to_owned()
}

/// Text as it is written in XML.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xmp::ns::{DC, RDF};
    use crate::xmp::rdf::parse;

    fn appended(source: &str) -> String {
        let document = parse(source).unwrap();
        let parent = document.descendants().find(|node| node.has_tag_name("p")).unwrap();
        let mut edits = Edits::of(source);
        edits.append(parent, &["<n>\n <m/>\n</n>".to_owned(), "<o/>".to_owned()]);
        let text = edits.done();
        parse(&text).unwrap();
        text
    }

    #[test]
    fn elements_come_last_and_nothing_else_moves() {
        for (before, after) in [
            (
                "<r>\n  <p>\n    <a/>\n  </p>\n</r>",
                "<r>\n  <p>\n    <a/>\n    <n>\n     <m/>\n    </n>\n    <o/>\n  </p>\n</r>",
            ),
            (
                "<r>\r\n  <p>\r\n  <a/> <!-- ho --></p></r>",
                "<r>\r\n  <p>\r\n  <a/> <!-- ho -->\n  <n>\n   <m/>\n  </n>\n  <o/>\n </p></r>",
            ),
        ] {
            assert_eq!(appended(before), after);
        }
    }

    #[test]
    fn an_element_without_content_is_opened() {
        let mut edits = Edits::of("<r>\n <q:p xmlns:q='u' a='/>' /></r>");
        let document = parse(edits.source).unwrap();
        edits.append(document.root_element().first_element_child().unwrap(), &["<n/>".to_owned()]);
        let text = edits.done();
        assert_eq!(text, "<r>\n <q:p xmlns:q='u' a='/>'>\n  <n/>\n </q:p></r>");
    }

    #[test]
    fn an_element_is_taken_along_with_its_prefixes() {
        let source =
            "<r xmlns:a='u' xmlns:b='v&amp;' xmlns:c='w'><a:p xmlns:b='x'><b:q c:d='1'/></a:p></r>";
        let document = parse(source).unwrap();
        let text = detached(source, document.root_element().first_element_child().unwrap());
        assert_eq!(text, "<a:p xmlns:a=\"u\" xmlns:c=\"w\" xmlns:b='x'><b:q c:d='1'/></a:p>");
        let again = parse(&text).unwrap();
        assert!(again.root_element().has_tag_name(("u", "p")));
        assert_eq!(declared(again.root_element(), &[DC]), format!(" xmlns:dc=\"{}\"", DC.uri));
        let known = format!("<rdf:r xmlns:rdf='{}'/>", RDF.uri);
        assert_eq!(declared(parse(&known).unwrap().root_element(), &[RDF]), "");
    }

    #[test]
    fn names_hold_what_they_like() {
        assert_eq!(escaped(&plain(" A & <B> \"写\"\u{0} \n")), "A &amp; &lt;B&gt; &quot;写&quot;");
    }
}
