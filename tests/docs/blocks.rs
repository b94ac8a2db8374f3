//! The blocks of a page: fenced, with a language and a word about what is to be done with it.

/// What is to be done with a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Commands that end.
    Command,
    /// The same, and other pages stand on them.
    Directory,
    /// Commands that go on until the page is over, by name.
    Runs(String),
    /// A file, by name.
    File(String),
    /// What the commands before it print.
    Output,
    /// What appears in the output of what runs under this name.
    Shows(String),
}

/// A block, and the line of the page that it begins at.
pub(crate) struct Block {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// The blocks of a page, in their order.
pub(crate) fn of(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let text: String = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| *line != "```")
            .flat_map(|line| [line, "\n"])
            .collect();
        let kind = kind(info).unwrap_or_else(|| panic!("line {}: nobody runs ```{info}", at + 1));
        blocks.push(Block { kind, text, line: at + 1 });
    }
    blocks
}

fn kind(info: &str) -> Option<Kind> {
    let (language, word) = info.split_once(' ').unwrap_or((info, ""));
    match (language, word.split_once('=').unwrap_or((word, ""))) {
        ("sh", ("", _)) => Some(Kind::Command),
        ("sh", ("directory", _)) => Some(Kind::Directory),
        ("sh", ("runs", name)) => Some(Kind::Runs(name.to_owned())),
        ("text", ("shows", name)) => Some(Kind::Shows(name.to_owned())),
        ("text" | "json", ("output", _)) => Some(Kind::Output),
        (_, ("file", name)) => Some(Kind::File(name.to_owned())),
        _ => None,
    }
}

#[test]
fn blocks_say_what_is_to_be_done() {
    let page = "a\n```sh\nb\nc\n```\n\n```sh runs=d\n```\n```json file=e.json\n{}\n```\n```text output\n```";
    let blocks = of(page);
    let kinds: Vec<&Kind> = blocks.iter().map(|block| &block.kind).collect();
    let expected = [Kind::Command, Kind::Runs("d".to_owned()), Kind::File("e.json".to_owned()), Kind::Output];
    assert_eq!(kinds, expected.iter().collect::<Vec<_>>());
    assert_eq!((blocks[0].text.as_str(), blocks[0].line), ("b\nc\n", 2));
    assert_eq!(kind("sh never"), None);
}
