//! Markdown to HTML: headings that can be linked to, links between files turned into links between pages, tables and
//! code that scroll by themselves on a narrow screen.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html::push_html};

use super::pages::FIRST;

/// A place that the program fills in is a comment that begins so.
const GENERATED: &str = "<!-- generated: ";

/// Renders a page. `part` gives what stands in a generated place.
pub(super) fn html(source: &str, part: impl Fn(&str) -> Option<String>) -> String {
    let events: Vec<Event<'_>> = Parser::new_ext(source, Options::ENABLE_TABLES).collect();
    let ids = heading_ids(&events);
    let mut ids = ids.into_iter();
    let events = events.into_iter().map(|event| match event {
        Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
            Event::Start(Tag::Heading { level, id: ids.next().map(CowStr::from), classes, attrs })
        }
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = address(&dest_url).into();
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::Html(html) => Event::Html(filled(&html, &part).into()),
        other => other,
    });
    let mut out = String::new();
    push_html(&mut out, events.flat_map(around_tables));
    // A code block scrolls; the keyboard has to be able to reach it.
    out.replace("<pre>", "<pre tabindex=\"0\">")
}

/// The ids of the headings, in their order.
pub(super) fn heading_ids(events: &[Event<'_>]) -> Vec<String> {
    let (mut ids, mut text) = (Vec::new(), None::<String>);
    for event in events {
        match (event, &mut text) {
            (Event::Start(Tag::Heading { .. }), _) => text = Some(String::new()),
            (Event::End(TagEnd::Heading(_)), Some(_)) => {
                ids.extend(text.take().map(|text| id(&text)));
            }
            (Event::Text(part) | Event::Code(part), Some(text)) => text.push_str(part),
            _ => {}
        }
    }
    ids
}

/// `what-to-watch` for `What to watch`; error codes stay as they are.
fn id(heading: &str) -> String {
    if heading.chars().all(|c| c.is_ascii_uppercase() || c == '_') {
        return heading.to_owned();
    }
    let letter = |c: char| match c {
        ' ' | '-' => Some('-'),
        c if c.is_alphanumeric() => Some(c.to_ascii_lowercase()),
        _ => None,
    };
    heading.chars().filter_map(letter).collect()
}

/// Where a link leads: `/docs/filters#operators` for `filters.md#operators`.
pub(super) fn address(link: &str) -> String {
    let (file, place) = link.split_once('#').map_or((link, None), |(file, place)| (file, Some(place)));
    let Some(name) = file.strip_suffix(".md") else { return link.to_owned() };
    let page = if name == FIRST { "/docs".to_owned() } else { format!("/docs/{name}") };
    place.map_or(page.clone(), |place| format!("{page}#{place}"))
}

fn filled(html: &str, part: impl Fn(&str) -> Option<String>) -> String {
    let name = html.trim().strip_prefix(GENERATED).and_then(|rest| rest.strip_suffix(" -->"));
    name.and_then(part).unwrap_or_else(|| html.to_owned())
}

/// A box around each table, which scrolls in the table's place.
fn around_tables(event: Event<'_>) -> Vec<Event<'_>> {
    match event {
        Event::Start(Tag::Table(_)) => {
            vec![Event::Html("<div class=\"table\" tabindex=\"0\">".into()), event]
        }
        Event::End(TagEnd::Table) => vec![event, Event::Html("</div>".into())],
        _ => vec![event],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_get_ids() {
        for (heading, expected) in [
            ("What to watch", "what-to-watch"),
            ("BAD_USER_INPUT", "BAD_USER_INPUT"),
            ("`$in`, `$nin`", "in-nin"),
        ] {
            let html = html(&format!("## {heading}"), |_| None);
            assert!(html.starts_with(&format!("<h2 id=\"{expected}\">")), "{html}");
        }
    }

    #[test]
    fn links_between_files_are_links_between_pages() {
        assert_eq!(address("filters.md#operators"), "/docs/filters#operators");
        assert_eq!(address("index.md"), "/docs");
        assert_eq!(address("https://example.com/a.html"), "https://example.com/a.html");
        assert_eq!(address("#here"), "#here");
    }

    #[test]
    fn generated_places_are_filled() {
        let html = html("a\n\n<!-- generated: b -->\n\n`<pre>`", |name| Some(format!("<i>{name}</i>")));
        assert_eq!(html, "<p>a</p>\n<i>b</i>\n<p><code>&lt;pre&gt;</code></p>\n");
    }
}
