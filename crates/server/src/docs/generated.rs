//! What the program itself knows: its settings, its commands, the operations of its API.

use std::fmt::Write;

use bluehook_core::{input, language::Language};

use super::frame::escape;
use crate::{cli, config::SETTINGS, openapi, problem::Code};

/// What stands in a generated place of a page.
pub(super) fn part(name: &str) -> Option<String> {
    match name {
        "codes" => Some(codes()),
        "input-codes" => Some(input_codes()),
        "settings" => Some(settings()),
        "commands" => Some(commands()),
        "operations" => Some(openapi::overview()),
        "reference" => Some(openapi::in_full()),
        _ => None,
    }
}

fn codes() -> String {
    let mut out = "<div class=\"table\" tabindex=\"0\"><table><thead><tr><th>Code</th><th>Status</th><th>Title</th></tr>\
                   </thead><tbody>"
        .to_owned();
    for code in Code::ALL {
        let (name, status, title) = (code.name(), code.status().as_u16(), code.title(Language::English));
        let _ = write!(
            out,
            "<tr><td><a href=\"#{name}\"><code>{name}</code></a></td><td>{status}</td><td>{title}</td></tr>"
        );
    }
    out + "</tbody></table></div>"
}

fn input_codes() -> String {
    let mut out = String::from("<p>");
    for code in input::Code::ALL {
        let name = code.name();
        let _ = write!(out, "<code>{name}</code> ");
    }
    out + "</p>"
}

fn settings() -> String {
    let mut out = "<div class=\"table\" tabindex=\"0\"><table><thead><tr><th>Setting</th><th>Variable</th>\
                   <th>Default</th><th>What it is</th></tr></thead><tbody>"
        .to_owned();
    for setting in SETTINGS {
        let default = match setting.default {
            "" => "none".to_owned(),
            default => format!("<code>{}</code>", escape(default)),
        };
        let (name, value, help) = (setting.name, escape(setting.value_name), escape(setting.help));
        let variable = setting.variable();
        let _ = write!(
            out,
            "<tr id=\"{name}\"><td><code>{name}</code></td><td><code>{variable}</code></td><td>{default}</td>\
             <td>{help}: <code>{value}</code></td></tr>"
        );
    }
    out + "</tbody></table></div>"
}

fn commands() -> String {
    let mut out = String::new();
    for (name, help) in cli::helps() {
        let id = name.replace(' ', "-");
        let _ = write!(
            out,
            "<h2 id=\"{id}\"><code>{name}</code></h2><pre tabindex=\"0\">{}</pre>",
            escape(&help)
        );
    }
    out
}
