//! What there is to read, in the order in which it is offered.

/// One page of Markdown.
pub(super) struct Page {
    /// Its file without the ending, which is also the last part of its address.
    pub(super) name: &'static str,
    pub(super) source: &'static str,
}

impl Page {
    /// What its first line calls it.
    pub(super) fn title(&self) -> &'static str {
        self.source.lines().next().unwrap_or_default().trim_start_matches("# ")
    }
}

macro_rules! page {
    ($name:literal) => {
        Page { name: $name, source: include_str!(concat!("../../docs/", $name, ".md")) }
    };
}

/// The page at `/docs` itself.
pub(super) const FIRST: &str = "index";

/// Every page.
pub(super) const PAGES: &[Page] = &[
    page!("index"),
    page!("backend"),
    page!("receiver"),
    page!("operator"),
    page!("webhooks"),
    page!("filters"),
    page!("deliveries"),
    page!("zapier"),
    page!("graphql"),
    page!("errors"),
    page!("settings"),
    page!("commands"),
    page!("api"),
];
