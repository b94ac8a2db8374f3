//! The layers of `www`: what a file may import lies below it, no screen knows another, few know the core.

use std::{fs, path::Path};

use crate::failure::Failure;

/// Folders of `www/src` by layer, the lowest first; what lies in none of them is the shell around all.
const LAYERS: [&[&str]; 5] =
    [&["lib"], &["text", "ui", "api", "router", "core"], &["state"], &["parts"], &["screens"]];

/// Who may ask for the core: it is large, and the list has to do without it.
const KNOW_CORE: [&str; 3] = ["core", "screens/form", "main.ts"];

/// Names the first import that leads upward, sideways, or to the core.
pub(crate) fn imports(root: &Path) -> Result<(), Failure> {
    let src = root.join("www/src");
    look(&src, &src)
}

fn look(src: &Path, folder: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            look(src, &path)?;
        } else if path.extension().is_some_and(|ending| ending == "ts" || ending == "svelte") {
            let from = path.strip_prefix(src)?.to_string_lossy().into_owned();
            if let Some(to) = wrong(&from, &fs::read_to_string(&path)?) {
                return Err(
                    format!("www/src/{from} imports {to}: imports go down, never up or sideways").into()
                );
            }
        }
    }
    Ok(())
}

/// The first import of a file that may not be.
fn wrong(from: &str, text: &str) -> Option<String> {
    let quoted = text.split('"').skip(1).step_by(2).filter(|word| word.starts_with('.'));
    quoted.map(|import| resolved(from, import)).find(|to| !allowed(from, to))
}

/// A relative import as a path below `src`.
fn resolved(from: &str, import: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in import.split('/').filter(|part| *part != ".") {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

fn allowed(from: &str, to: &str) -> bool {
    let knows_core = !to.starts_with("core/") || KNOW_CORE.iter().any(|place| from.starts_with(place));
    knows_core && (home(from) == home(to) || layer(from) > layer(to))
}

fn layer(path: &str) -> usize {
    let top = path.split('/').next().unwrap_or_default();
    LAYERS.iter().position(|layer| layer.contains(&top)).unwrap_or(LAYERS.len())
}

/// What belongs together: a screen with its parts, a folder, the shell.
fn home(path: &str) -> &str {
    let depth = match layer(path) {
        4 => 2,
        5 => return "shell",
        _ => 1,
    };
    path.match_indices('/').nth(depth - 1).map_or(path, |(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn imports_go_down() {
        for (from, import, expected) in [
            ("screens/list/row.svelte", "../../ui/switch.svelte", true),
            ("screens/list/row.svelte", "./text", true),
            ("screens/list/row.svelte", "../webhook/head.svelte", false),
            ("screens/list/row.svelte", "../../core/core", false),
            ("screens/form/verdict.ts", "../../core/core", true),
            ("ui/button.svelte", "../state/words", false),
            ("api/client.ts", "../ui/status", false),
            ("state/words.ts", "../text/en", true),
            ("app.svelte", "./shell/bar.svelte", true),
            ("shell/bar.svelte", "../screens", true),
            ("state/words.ts", "../app.svelte", false),
        ] {
            let text = format!("import x from \"{import}\";");
            assert_eq!(wrong(from, &text).is_none(), expected, "{from} imports {import}");
        }
    }
}
